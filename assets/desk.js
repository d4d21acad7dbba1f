/*
 * The operator's desk: asking for jobs, hearing how they get on.
 *
 * dashboard.Watch asks for news and tells the callbacks only when something else must be
 * drawn; how a job gets on goes straight to dashboard.Progress. dashboard.Action is a button
 * that asks for a job, after a question where it changes what is there.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const BUSY_MS = 1000;
  const CALM_MS = 10000;
  const TIMEOUT_MS = 15000;
  const PARTS = ["side", "work"];

  /** Ask a route of ours; what it refuses becomes an error with its words. */
  gridboard.ask = async function (url, body) {
    const options = body === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw Object.assign(new Error(answer.error || `${response.status}`), { status: response.status });
  };

  /** Address of the data page with the same language and theme. */
  gridboard.deskHref = function (shown) {
    const now = new URLSearchParams(window.location.search);
    const query = new URLSearchParams(shown);
    for (const name of ["lang", "theme"]) if (now.has(name)) query.set(name, now.get(name));
    return `/data${query.size ? `?${query}` : ""}`;
  };

  /** Where one is, in whatever language and theme. */
  gridboard.whereabouts = function () {
    const { pathname, search } = window.location;
    const kept = [...new URLSearchParams(search)].filter(([name]) => name !== "lang" && name !== "theme");
    return `${pathname}?${new URLSearchParams(kept)}`;
  };

  /** Ask for a job and go to it, unless whoever asked has gone elsewhere since. */
  gridboard.askForJob = async function (request, from = gridboard.whereabouts()) {
    const { job } = await gridboard.ask("/data/jobs", request);
    if (gridboard.whereabouts() === from) gridboard.go(gridboard.deskHref({ job }));
  };

  const latest = new Map();

  function publish(jobs) {
    jobs.forEach((job) => latest.set(job.job, { ...job, heard: Date.now() }));
    window.dispatchEvent(new CustomEvent("gridboard:jobs"));
  }

  /**
   * Asks for news, and has drawn anew what is not as the last news says.
   *
   * @param props url, text ({title, away}), lang; side_drawn and work_drawn ({at, mark}): what
   *   was drawn, for which address; sets side and work to the mark of what must be drawn
   */
  dashboard.Watch = function Watch(props) {
    const [failed, setFailed] = React.useState(false);
    const now = React.useRef(props);
    const heard = React.useRef({ at: null });
    now.current = props;
    const settle = () => {
      const { at, marks } = heard.current;
      for (const part of PARTS) {
        const drawn = now.current[`${part}_drawn`];
        // What was drawn or heard for another address says nothing about this one.
        if (!drawn || drawn.at !== at || at !== window.location.search) continue;
        const stale = drawn.mark !== marks[part] && now.current[part] !== marks[part];
        const held = part === "work" && (gridboard.isUploading() || gridboard.isOccupied("#desk-work"));
        if (stale && !held) now.current.setProps({ [part]: marks[part] });
      }
    };
    // What was asked for and missed: the page may show less than its address says.
    const drawAnew = () => {
      heard.current = { at: null };
      const anew = `again ${Date.now()}`;
      return gridboard.whenFree("#desk-work", () => now.current.setProps({ side: anew, work: anew }));
    };
    React.useEffect(settle, [props.side_drawn, props.work_drawn]);
    React.useEffect(() => {
      if (props.text) document.title = `${props.text.title} · gridboard`;
    }, [props.text && props.text.title]);
    React.useEffect(() => {
      let timer = 0;
      let gone = false;
      const poll = async () => {
        clearTimeout(timer);
        let wait = CALM_MS;
        try {
          const at = window.location.search;
          const query = new URLSearchParams({ lang: props.lang });
          const shown = new URLSearchParams(at).get("job");
          if (shown) query.set("job", shown);
          const news = await gridboard.ask(`${props.url}?${query}`);
          if (gone) return;
          publish(news.jobs);
          heard.current = { at, marks: news };
          settle();
          setFailed(false);
          if (news.jobs.some((each) => each.state === "waiting" || each.state === "running")) wait = BUSY_MS;
        } catch (error) {
          // A session that has ended is told of by its own bar: the server did answer.
          if (!gone) setFailed(error.status !== 401);
        }
        clearTimeout(timer);
        if (!gone) timer = setTimeout(poll, wait);
      };
      const back = () => document.hidden || poll();
      const retry = () => poll();
      // What a load changed is looked at when it commits; the first time it is only told.
      let told = false;
      let callOff = () => {};
      const forgive = gridboard.onMissed(() => (callOff = drawAnew()));
      const hush = gridboard.live("/live", { revision: () => (told ? poll() : (told = true)) });
      document.addEventListener("visibilitychange", back);
      window.addEventListener("gridboard:retry", retry);
      window.addEventListener("_dashprivate_pushstate", retry);
      poll();
      return () => {
        gone = true;
        hush();
        forgive();
        callOff();
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", back);
        window.removeEventListener("gridboard:retry", retry);
        window.removeEventListener("_dashprivate_pushstate", retry);
      };
    }, [props.url, props.lang]);
    return failed && props.text ? gridboard.awayNotice(props.text) : null;
  };

  function useJob(number) {
    const [job, setJob] = React.useState(latest.get(number));
    const [now, setNow] = React.useState(Date.now());
    React.useEffect(() => {
      const heard = () => setJob(latest.get(number));
      const timer = setInterval(() => setNow(Date.now()), 1000);
      heard();
      window.addEventListener("gridboard:jobs", heard);
      return () => {
        clearInterval(timer);
        window.removeEventListener("gridboard:jobs", heard);
      };
    }, [number]);
    return { job, now };
  }

  /** Seconds as a clock: 0:07, 12:30, 1:02:03. */
  gridboard.clock = function (seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };

  /** @param props job (number), small, text ({waiting, of, rows, perSecond, elapsed, left}), lang */
  dashboard.Progress = function Progress(props) {
    const { job, now } = useJob(props.job);
    const { text } = props;
    const number = (value) => new Intl.NumberFormat(props.lang, { maximumFractionDigits: 0 }).format(value);
    if (!job) return h("div", { className: "progress", "data-state": "unknown" }, h("div", { className: "progress-track" }));
    const share = job.total > 0 ? Math.min(1, job.done / job.total) : null;
    const waits = job.state === "waiting";
    const elapsed = job.seconds + (now - job.heard) / 1000;
    const bar = h(
      "div",
      {
        className: `progress-track${share === null && !waits ? " unknown" : ""}`,
        role: "progressbar",
        "aria-label": waits ? text.waiting : job.step || text.working,
        "aria-valuemin": 0,
        "aria-valuemax": 100,
        "aria-valuenow": share === null ? null : Math.round(100 * share),
      },
      h("i", { style: { width: share === null ? (waits ? "0" : "30%") : `${100 * share}%` } }),
    );
    if (props.small) return h("div", { className: "progress small", "data-state": job.state }, bar);
    const facts = [
      job.total > 0 && [text.done, `${number(job.done)} / ${number(job.total)} ${text.rows}`],
      job.total <= 0 && job.done > 0 && [text.done, `${number(job.done)} ${text.rows}`],
      job.rows_per_s > 0 && [text.speed, `${number(job.rows_per_s)} ${text.perSecond}`],
      [waits ? text.waitingFor : text.elapsed, gridboard.clock(elapsed)],
      job.eta_s !== null && [text.left, gridboard.clock(Math.max(0, job.eta_s - (now - job.heard) / 1000))],
    ].filter(Boolean);
    return h(
      "div",
      { className: "progress", "data-state": job.state },
      h(
        "p",
        { className: "progress-head" },
        h("b", null, waits ? text.waiting : job.step || text.working),
        share !== null && h("span", { className: "number" }, `${Math.floor(100 * share)} %`),
      ),
      bar,
      h("dl", { className: "facts left" }, facts.map(([name, value]) =>
        h("div", { key: name }, h("dt", null, name), h("dd", null, value)))),
    );
  };

  /**
   * A button that does something, after a question where it changes what is there; what is
   * refused is said beside it. Once it is done the button stays pressed: the page is drawn anew
   * by that, and until then a second press would do it twice.
   *
   * @param props id, label, look, question ({title, words, yes, no}), failed; act does it
   */
  gridboard.ActionButton = function ActionButton({ props, act }) {
    const [state, setState] = React.useState({ busy: false, error: null });
    const dialog = React.useRef(null);
    const go = async () => {
      if (dialog.current) dialog.current.close();
      setState({ busy: true, error: null });
      try {
        await act();
      } catch (error) {
        setState({ busy: false, error: error.message });
      }
    };
    const question = props.question;
    return h(
      React.Fragment,
      null,
      h(
        "button",
        {
          type: "button",
          id: props.id,
          className: `action ${props.look || ""}`,
          disabled: state.busy,
          onClick: () => (question ? dialog.current.showModal() : go()),
        },
        props.label,
      ),
      state.error && h("p", { className: "problem", role: "alert" }, `${props.failed} ${state.error}`),
      question &&
        h(
          "dialog",
          { ref: dialog, className: "question", "aria-label": question.title },
          h("h2", null, question.title),
          question.words.map((words) => h("p", { key: words }, words)),
          h(
            "div",
            { className: "buttons" },
            h("button", { type: "button", className: "action", autoFocus: true, onClick: () => dialog.current.close() }, question.no),
            h("button", { type: "button", className: "action danger", onClick: go }, question.yes),
          ),
        ),
    );
  };

  /** @param props label, request, look ("primary"), question ({title, words, yes, no}), failed, stay */
  dashboard.Action = function Action(props) {
    const act = async () => {
      if (!props.stay) return gridboard.askForJob(props.request);
      await gridboard.ask("/data/jobs", props.request);
      window.dispatchEvent(new CustomEvent("gridboard:retry"));
    };
    return h(gridboard.ActionButton, { props, act });
  };
})();
