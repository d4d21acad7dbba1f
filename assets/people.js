/*
 * The admin's page: hearing that somebody did something, looking for accounts, changing them.
 *
 * dashboard.PeopleWatch asks for news and tells the callbacks when something must be drawn anew;
 * a change made here asks at once. A one-time link lives in this script alone, until it was shown
 * and is handed over or left: the server cannot say it a second time.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const EVERY_MS = 20000;
  const PAUSE_MS = 300;
  const COPIED_MS = 2500;
  const FOCUS_WAIT_MS = 4000;
  const DRAWN = "#people-head, #people-work";
  /** One-time links by account: those of several may be under way at once. */
  const links = new Map();

  /**
   * What was pressed is drawn anew by what it did. Whoever came by keyboard finds the focus on the
   * same button again, or on the first one that is left.
   */
  function keepFocus(button) {
    const place = button && button.closest("#people-work, #people-head");
    if (!place) return;
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body) return;
      const again = button.id && document.getElementById(button.id);
      const first = place.querySelector(".people-grid .buttons .action:not(:disabled)");
      if (again || first) (again || first).focus({ preventScroll: true });
    });
    observer.observe(place, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), FOCUS_WAIT_MS);
  }

  /** Ask for a change; what comes back may hold a one-time link, which is kept to be shown. */
  gridboard.changePeople = async function (request, lang) {
    keepFocus(document.activeElement);
    const pressedAt = Date.now();
    const answer = await gridboard.ask(`/people/changes?lang=${lang}`, request);
    if (answer.link) links.set(answer.account, new URL(answer.link, window.location.origin).href);
    window.dispatchEvent(new CustomEvent("gridboard:people", { detail: pressedAt }));
    return answer;
  };

  /**
   * Asks for news. They wait while somebody is at what they would draw anew; what somebody did
   * here waits only for what was begun since.
   *
   * @param props url, text ({title, away, stays, retry}), lang; sets mark when it changes
   */
  dashboard.PeopleWatch = function PeopleWatch(props) {
    const [failed, setFailed] = React.useState(false);
    const seen = React.useRef({ mark: null, tries: 0 });
    React.useEffect(() => {
      if (props.text) document.title = `${props.text.title} · gridboard`;
    }, [props.text && props.text.title]);
    React.useEffect(() => {
      const last = seen.current;
      let timer = 0;
      let owedSince = null;
      let turn = 0;
      let callOff = () => {};
      const draw = (mark) => {
        last.mark = mark;
        last.tries += 1;
        owedSince = null;
        props.setProps({ mark: `${mark} ${last.tries}` });
      };
      const poll = async () => {
        clearTimeout(timer);
        const mine = (turn += 1);
        try {
          const { mark } = await gridboard.ask(props.url);
          if (mine !== turn) return;
          last.mark ??= mark;
          callOff();
          if (owedSince !== null || last.mark !== mark) callOff = gridboard.whenFree(DRAWN, () => draw(mark), owedSince ?? 0);
          setFailed(false);
        } catch (error) {
          // A session that has ended is told of by its own bar: the server did answer.
          if (mine !== turn) return;
          setFailed(error.status !== 401);
        }
        timer = setTimeout(poll, EVERY_MS);
      };
      const again = ({ detail } = {}) => {
        owedSince = detail || Date.now();
        poll();
      };
      // The page may now show less than its address says.
      const forgive = gridboard.onMissed(again);
      // It tells when this session ends or may see something else; the bar says so.
      const hush = gridboard.live("/live", {});
      const back = () => document.hidden || poll();
      document.addEventListener("visibilitychange", back);
      window.addEventListener("gridboard:retry", again);
      window.addEventListener("gridboard:people", again);
      poll();
      return () => {
        turn = -1;
        hush();
        forgive();
        callOff();
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", back);
        window.removeEventListener("gridboard:retry", again);
        window.removeEventListener("gridboard:people", again);
      };
    }, [props.url]);
    return failed && props.text ? gridboard.awayNotice(props.text) : null;
  };

  /** The same address with one thing looked for, from its first page, without another entry in the history. */
  function look(name, value) {
    const parameters = new URLSearchParams(window.location.search);
    for (const other of ["page", "before", "account", "new"]) parameters.delete(other);
    if (value) parameters.set(name, value);
    else parameters.delete(name);
    window.history.replaceState({}, "", window.location.pathname + (parameters.size ? `?${parameters}` : ""));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /** Another page of a list, or another account, is read from its top. */
  window.addEventListener("_dashprivate_pushstate", () => {
    const page = document.querySelector(".people .desk-work");
    if (page) [page, document.scrollingElement].forEach((each) => each.scrollTo(0, 0));
  });

  /** The list that an address shows, whatever is looked for in it. */
  function listShown() {
    const parameters = new URLSearchParams(window.location.search);
    return String([window.location.pathname, parameters.get("account"), parameters.get("new")]);
  }

  /**
   * What is typed into a field that looks for something. It follows the address alone, which
   * knows at once what is looked for: what is drawn comes when the server has answered, and
   * neither takes back what was typed since nor leaves what somebody has gone away from.
   *
   * @returns [typed, type, seek]: what stands in the field; type into it; look for a value
   */
  function useTyped(field, moved = () => {}) {
    const asked = () => new URLSearchParams(window.location.search).get(field.name) || "";
    const [typed, setTyped] = React.useState(asked);
    const sought = React.useRef(typed);
    const list = React.useRef(null);
    React.useEffect(() => {
      list.current = listShown();
    }, [field]);
    React.useEffect(() => {
      const follow = () => {
        moved();
        if (asked() === sought.current) return;
        sought.current = asked();
        setTyped(sought.current);
      };
      const kinds = ["popstate", "_dashprivate_pushstate"];
      kinds.forEach((kind) => window.addEventListener(kind, follow));
      return () => kinds.forEach((kind) => window.removeEventListener(kind, follow));
    }, [field.name]);
    const seek = (value) => {
      // Whoever has gone to something else is not taken back by a field that is still drawn.
      if (value === asked() || listShown() !== list.current) return;
      sought.current = value;
      look(field.name, value);
      list.current = listShown();
    };
    return [typed, setTyped, seek];
  }

  /** A day is looked for once it is whole: left, entered, or chosen in the calendar. */
  function QueryDay({ field }) {
    const [typed, type, seek] = useTyped(field);
    const now = (value) => {
      const day = gridboard.readDay(value);
      if (day) type(day);
      if (day || !value.trim()) seek(day || "");
    };
    const picked = (value) => {
      type(value);
      now(value);
    };
    return h(
      "div",
      {
        className: "query-field date",
        onBlur: () => now(typed),
        onKeyDown: (event) => event.key === "Enter" && event.target.type === "text" && now(typed),
      },
      h(gridboard.DayField, {
        id: `query-${field.name}`,
        label: field.label,
        value: typed,
        set: type,
        picked,
        text: field.text,
      }),
    );
  }

  function QueryField({ field }) {
    const timer = React.useRef(0);
    const hold = () => clearTimeout(timer.current);
    const [typed, setTyped, seek] = useTyped(field, hold);
    React.useEffect(() => hold, []);
    const now = (value) => {
      hold();
      seek(value.trim());
    };
    const type = (event) => {
      const { value } = event.target;
      setTyped(value);
      hold();
      if (field.kind !== "whole") timer.current = setTimeout(() => now(value), PAUSE_MS);
    };
    return h(
      "label",
      { className: `query-field ${field.kind}` },
      h("span", { className: "quiet" }, field.label),
      h("input", {
        id: `query-${field.name}`,
        type: "search",
        autoComplete: "off",
        spellCheck: false,
        maxLength: 64,
        value: typed,
        onChange: type,
        onBlur: () => now(typed),
        onKeyDown: (event) => event.key === "Enter" && now(typed),
      }),
    );
  }

  /** @param props id, fields ([{name, label, value, kind: text | whole | date, text of a date}]) */
  dashboard.QueryFields = function QueryFields(props) {
    if (!props.fields || !props.fields.length) return null;
    return h(
      "div",
      { id: props.id, className: "query-fields", role: "search" },
      props.fields.map((field) => h(field.kind === "date" ? QueryDay : QueryField, { key: field.name, field })),
    );
  };

  /** @param props id, label, request, look, question, failed, lang */
  dashboard.PeopleAction = function PeopleAction(props) {
    return h(gridboard.ActionButton, { props, act: () => gridboard.changePeople(props.request, props.lang) });
  };

  async function copy(field) {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Without https the browser has no clipboard to give; the older way needs none.
      return document.execCommand("copy");
    }
  }

  /** @param props account, text ({title, words, until, copy, copied, done, select}) */
  dashboard.OneTimeLink = function OneTimeLink(props) {
    const own = () => links.get(props.account) || null;
    const [link, setLink] = React.useState(own);
    const [copied, setCopied] = React.useState(null);
    const field = React.useRef(null);
    React.useEffect(() => {
      const heard = () => setLink(own());
      const left = () => {
        const shown = new URLSearchParams(window.location.search).get("account");
        if (shown !== String(props.account)) links.delete(props.account);
      };
      heard();
      window.addEventListener("gridboard:people", heard);
      window.addEventListener("popstate", left);
      window.addEventListener("_dashprivate_pushstate", left);
      return () => {
        window.removeEventListener("gridboard:people", heard);
        window.removeEventListener("popstate", left);
        window.removeEventListener("_dashprivate_pushstate", left);
      };
    }, [props.account]);
    if (!link) return null;
    const { text } = props;
    const take = async () => {
      setCopied(await copy(field.current));
      setTimeout(() => setCopied(null), COPIED_MS);
    };
    const done = () => {
      links.delete(props.account);
      setLink(null);
    };
    return h(
      "section",
      { id: "people-link", className: "desk-block one-time", role: "status" },
      h("h2", { className: "block-title" }, text.title),
      h("p", { className: "quiet" }, `${text.words} ${text.until}`),
      h(
        "div",
        { className: "one-time-row" },
        h("input", {
          ref: field,
          type: "text",
          readOnly: true,
          "aria-label": text.title,
          value: link,
          onFocus: (event) => event.target.select(),
        }),
        h("button", { type: "button", className: "action primary", onClick: take }, copied ? text.copied : text.copy),
      ),
      copied === false && h("p", { className: "problem" }, text.select),
      h("button", { type: "button", className: "action quiet-action", onClick: done }, text.done),
    );
  };
})();
