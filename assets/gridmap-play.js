/*
 * The bar under the map that plays a period: step by step, under classes that stay.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const React = window.React;
  const h = React.createElement;
  const MODULE = new URL("gridmap/play.js", document.currentScript.src).href;
  const DAY_MS = 86_400_000;
  /** How long a step stays at speed 1. */
  const STEP_MS = 900;
  const SPEEDS = [0.5, 1, 2, 4];

  const moment = (day) => new Date(`${day}T00:00:00Z`);

  /** A step in words: its days, or its month where it is a whole one. */
  function stepWords([first, last], key, lang) {
    const [from, to] = [moment(first), moment(last)];
    const locale = lang === "en" ? "en" : "zh-CN";
    const whole = from.getUTCDate() === 1 && new Date(to.getTime() + DAY_MS).getUTCDate() === 1;
    if (key === "month" && whole) {
      return new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" }).format(from);
    }
    return first === last ? first : `${first} – ${last}`;
  }

  const daysOf = ([first, last]) => 1 + (moment(last) - moment(first)) / DAY_MS;
  /** Whether the period begins or ends amid a step. */
  function isCut(days, key) {
    if (key === "week") return daysOf(days) < 7;
    const [from, to] = [moment(days[0]), new Date(moment(days[1]).getTime() + DAY_MS)];
    return key === "month" && (from.getUTCDate() !== 1 || to.getUTCDate() !== 1);
  }

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /** Ask for the steps of a scene; another scene or step makes it ask anew. */
  function useFrames(scene, step) {
    const [found, setFound] = React.useState({ frames: null, failed: false });
    React.useEffect(() => {
      const abort = new AbortController();
      setFound({ frames: null, failed: false });
      if (!step) return undefined;
      import(MODULE)
        .then((play) => play.readFrames(scene, step, abort.signal).then((frames) => ({ play, frames })))
        .then(
          ({ play, frames }) => setFound({ frames, countsOf: play.countsOf, failed: false }),
          (error) => error.name !== "AbortError" && setFound({ frames: null, failed: true }),
        );
      return () => abort.abort();
    }, [scene, step]);
    return found;
  }

  /** How many incidents each step has, as bars over the scrubber. */
  function Totals({ totals, at }) {
    const highest = Math.max(1, ...totals);
    const bars = totals.map((total, i) => {
      const height = (20 * total) / highest;
      return h("rect", {
        key: i, x: i + 0.08, y: 20 - height, width: 0.84, height, className: i === at ? "current" : null,
      });
    });
    const box = { viewBox: `0 0 ${totals.length} 20`, preserveAspectRatio: "none", "aria-hidden": true };
    return h("svg", { className: "play-totals", ...box }, bars);
  }

  const Tool = ({ label, sign, act, ...more }) =>
    h("button", { type: "button", className: "tool", "aria-label": label, title: label, onClick: act, ...more }, sign);

  function Choices({ name, label, choices, current, choose }) {
    return h(
      "div",
      { className: "play-choices", role: "group", "aria-label": label },
      choices.map(({ key, words, why }) =>
        h(
          "button",
          {
            key, type: "button", className: `play-${name}`, "aria-pressed": key === current,
            disabled: Boolean(why), title: why || null, onClick: () => choose(key),
          },
          words,
        ),
      ),
    );
  }

  /** Step on while playing; a step is never left before the map has drawn it. */
  function useClock(playing, setPlaying, at, setAt, last, drawn, speed) {
    React.useEffect(() => {
      if (!playing) return undefined;
      if (at >= last) {
        setPlaying(false);
        return undefined;
      }
      let gone = false;
      const rest = new Promise((done) => setTimeout(done, STEP_MS / speed));
      Promise.all([drawn.current, rest]).then(() => !gone && setAt(at + 1));
      return () => {
        gone = true;
      };
    }, [playing, at, last, speed]);
  }

  function Steps({ scene, found, step, view, text, lang }) {
    const { frames, countsOf } = found;
    const last = frames.steps.length - 1;
    const [at, setAt] = React.useState(0);
    const [playing, setPlaying] = React.useState(false);
    const [speed, setSpeed] = React.useState(1);
    const drawn = React.useRef(null);
    const words = stepWords(frames.steps[at], step, lang);

    React.useEffect(() => {
      const shown = { scene, counts: countsOf(frames, at), scales: frames.scales, period: words };
      drawn.current = view.current.frame(shown);
    }, [scene, frames, at, words]);
    React.useEffect(() => {
      // The bar takes room from the map, unless the user chose what to look at.
      if (!new URLSearchParams(window.location.search).has("at")) view.current.fit();
    }, []);
    useClock(playing, setPlaying, at, setAt, last, drawn, speed);

    const go = (to) => {
      setPlaying(false);
      setAt(Math.min(last, Math.max(0, to)));
    };
    const toggle = () => {
      if (!playing && at === last) setAt(0);
      setPlaying(!playing);
    };
    const total = new Intl.NumberFormat(lang).format(frames.totals[at]);
    const [first, end] = frames.steps[at];
    const cut = isCut(frames.steps[at], step) && daysOf(frames.steps[at]);
    return h(
      React.Fragment,
      null,
      h(
        "div",
        { className: "play-line" },
        h(Tool, { label: text.stepBack, sign: "‹", act: () => go(at - 1), disabled: at === 0 }),
        h(Tool, { label: playing ? text.pause : text.start, sign: playing ? "❚❚" : "▶", act: toggle }),
        h(Tool, { label: text.stepOn, sign: "›", act: () => go(at + 1), disabled: at === last }),
        h(
          "div",
          { className: "play-track" },
          h(Totals, { totals: frames.totals, at }),
          h("input", {
            type: "range", min: 0, max: last, step: 1, value: at, "aria-label": text.scrubber,
            "aria-valuetext": words, onChange: (event) => go(Number(event.target.value)),
            onKeyDown: (event) => {
              if (event.key !== " ") return;
              event.preventDefault();
              toggle();
            },
          }),
        ),
      ),
      h(
        "div",
        { className: "play-line" },
        h(
          "p",
          { className: "play-now", role: "status", "aria-live": playing ? "off" : "polite" },
          h("b", null, words),
          " ",
          h("span", null, fill(text.total, { n: total })),
          cut ? h("span", { className: "quiet" }, ` · ${fill(text.cut, { n: cut })}`) : null,
        ),
        h(Choices, {
          name: "speed", label: text.speed, current: speed, choose: setSpeed,
          choices: SPEEDS.map((key) => ({ key, words: `${key}×` })),
        }),
        h(
          "button",
          { type: "button", className: "action", onClick: () => gridboard.goWith({ from: first, to: end, period: null, play: null }) },
          text.choose,
        ),
      ),
    );
  }

  /**
   * @param {object} props scene, step (the length of one), view (a ref to the map's view), text, lang
   */
  gridboard.Play = function Play({ scene, step, view, text, lang }) {
    const words = text.play;
    const { why = null } = scene.play.steps.find(({ key }) => key === step) || {};
    const found = useFrames(scene, why ? null : step);
    React.useEffect(() => () => view.current && view.current.frame(null), []);
    const empty = found.frames && !found.frames.steps.length;
    return h(
      "section",
      { className: "play", "aria-label": words.name, "data-play": found.frames ? "ready" : "waiting" },
      h(
        "div",
        { className: "play-line" },
        h("h2", { className: "play-title" }, words.name),
        h(Choices, {
          name: "step", label: words.step, current: step,
          choose: (key) => gridboard.goWith({ play: key }),
          choices: scene.play.steps.map(({ key, name, why }) => ({ key, words: name, why })),
        }),
        h(Tool, { label: words.close, sign: "×", act: () => gridboard.goWith({ play: null }) }),
      ),
      found.failed && h("p", { role: "alert" }, words.failed),
      empty && h("p", { role: "status" }, text.noData),
      why && h("p", { role: "status" }, why),
      !why && !found.failed && !found.frames && h("p", { className: "quiet", role: "status" }, words.loading),
      found.frames && !empty && h(Steps, { key: step, scene, found, step, view, text: words, lang }),
    );
  };
})();
