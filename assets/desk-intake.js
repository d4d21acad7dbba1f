/*
 * dashboard.Intake: a file is dropped, chosen or picked from the inbox; its job begins at once.
 *
 * What is on its way, what was refused and what was chosen for it outlive the drawing of the page.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const MEGABYTE = 1e6;
  const NOTHING = { at: null, profile: null, sending: null, error: null };
  let intake = NOTHING;
  let place = null;

  function set(part) {
    intake = { ...intake, ...part };
    window.dispatchEvent(new CustomEvent("gridboard:intake"));
  }

  /** The same about the place where one is. */
  function setHere(part) {
    place = gridboard.whereabouts();
    set({ ...(intake.at === place ? {} : NOTHING), at: place, ...part });
  }

  for (const kind of ["popstate", "_dashprivate_pushstate"]) {
    window.addEventListener(kind, () => {
      const isLeft = intake.at === place && place !== gridboard.whereabouts();
      if (isLeft && !intake.sending) intake = NOTHING;
      place = gridboard.whereabouts();
    });
  }

  function useIntake() {
    const [, redraw] = React.useReducer((times) => times + 1, 0);
    React.useEffect(() => {
      window.addEventListener("gridboard:intake", redraw);
      return () => window.removeEventListener("gridboard:intake", redraw);
    }, []);
    const own = intake.at === gridboard.whereabouts() ? intake : NOTHING;
    return { ...own, sending: intake.sending };
  }

  /** Whether a file is on its way: drawing the page anew would take its progress away. */
  gridboard.isUploading = () => intake.sending !== null;

  /** What a server in between answers may be no JSON. */
  function read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }

  /** Bytes with three figures: 12.3 MB. */
  gridboard.size = function (bytes, lang) {
    const units = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]];
    const [unit, size] = units.find((entry) => bytes >= entry[1]) || units[3];
    const options = { style: "unit", unit, maximumSignificantDigits: 3 };
    return new Intl.NumberFormat(lang, options).format(bytes / size);
  };

  /** Send a file as it is; fetch tells nothing of what has left, so the older way is taken. */
  function send(file, tell) {
    const request = new XMLHttpRequest();
    const done = new Promise((resolve, reject) => {
      request.upload.onprogress = (event) => tell(event.loaded);
      request.onload = () => {
        const answer = read(request.responseText);
        if (request.status === 201) resolve(answer.upload);
        else reject(new Error(answer.error || `${request.status}`));
      };
      request.onerror = () => reject(new Error(""));
      request.onabort = () => reject(new DOMException("", "AbortError"));
    });
    request.open("PUT", `/data/uploads?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "text";
    request.send(file);
    return { done, abort: () => request.abort() };
  }

  function Sending({ sending, text, lang, stop }) {
    const share = sending.total ? sending.sent / sending.total : 1;
    const seconds = (Date.now() - sending.since) / 1000;
    const left = share > 0.02 && share < 1 ? (seconds * (1 - share)) / share : null;
    const words = `${gridboard.size(sending.sent, lang)} / ${gridboard.size(sending.total, lang)}`;
    return h(
      "div",
      { className: "progress" },
      h(
        "p",
        { className: "progress-head" },
        h("b", null, text.sending.replace("{name}", sending.name)),
        h("span", { className: "number" }, words, left !== null && ` · ${text.left} ${gridboard.clock(left)}`),
      ),
      h(
        "div",
        { className: "progress-track", role: "progressbar", "aria-label": text.sending.replace("{name}", sending.name), "aria-valuenow": Math.round(100 * share), "aria-valuemin": 0, "aria-valuemax": 100 },
        h("i", { style: { width: `${100 * share}%` } }),
      ),
      h("button", { type: "button", className: "action quiet-action", onClick: stop }, text.stop),
    );
  }

  function Inbox({ inbox, take, busy, text, lang }) {
    if (!inbox.length) return null;
    return h(
      React.Fragment,
      null,
      h("h3", { className: "desk-label" }, text.inbox),
      h(
        "ul",
        { className: "inbox" },
        inbox.map((file) =>
          h(
            "li",
            { key: file.name },
            h("button", { type: "button", disabled: busy, onClick: () => take({ inbox: file.name }) },
              h("b", null, file.name),
              h("span", { className: "quiet number" }, gridboard.size(file.bytes, lang)),
              h("span", { className: "quiet number" }, file.changed)),
          ),
        ),
      ),
    );
  }

  function Profiles({ profiles, profile, fixed, setProfile, text }) {
    if (!profiles.length) return null;
    return h(
      "label",
      { className: "field" },
      h("span", null, text.profile),
      h(
        "select",
        { value: profile, disabled: fixed, onChange: (event) => setProfile(event.target.value) },
        profiles.map(({ value, label }) => h("option", { key: value, value }, label)),
      ),
      h("small", { className: "quiet" }, text.profileHint),
    );
  }

  /** @param props what, profiles ([{value, label}]), like (a batch), limit_mb, inbox, text, lang */
  dashboard.Intake = function Intake(props) {
    const { text, lang } = props;
    const [over, setOver] = React.useState(false);
    const { sending, error, profile: chosen } = useIntake();
    const [busy, setBusy] = React.useState(false);
    const profile = chosen ?? (props.profiles.length ? props.profiles[0].value : "");
    const chooser = React.useRef(null);
    const refused = (reason) => `${text.failed} ${reason || text.away}`;

    const take = async (file, from) => {
      const like = props.like || Number(profile) || null;
      const draft = like ? { kind: "draft", like } : { kind: "draft" };
      const rest = props.what === "boundaries" ? { kind: "check", profile } : draft;
      await gridboard.askForJob({ ...rest, file }, from);
    };
    const pick = async (file) => {
      if (intake.sending) return;
      setHere({ error: null });
      setBusy(true);
      try {
        // Until its job is drawn a second press would begin another one.
        await take(file);
      } catch (problem) {
        set({ error: refused(problem.message) });
        setBusy(false);
      }
    };
    const bring = async (file) => {
      if (!file || busy || intake.sending) return;
      if (file.size > props.limit_mb * MEGABYTE) {
        setHere({ error: refused(text.tooLarge) });
        return;
      }
      const upload = send(file, (sent) => intake.sending && set({ sending: { ...intake.sending, sent } }));
      const begun = { name: file.name, sent: 0, total: file.size, since: Date.now(), stop: upload.abort };
      setHere({ sending: begun, error: null });
      const from = intake.at;
      try {
        await take({ upload: await upload.done }, from);
        set(NOTHING);
      } catch (problem) {
        const error = problem.name === "AbortError" ? null : refused(problem.message);
        set({ at: from, sending: null, error });
      }
    };
    const drop = (event) => {
      event.preventDefault();
      setOver(false);
      bring(event.dataTransfer.files[0]);
    };
    return h(
      "div",
      { id: props.id, className: "intake" },
      h(Profiles, { profiles: props.profiles, profile, fixed: Boolean(sending), setProfile: (value) => setHere({ profile: value }), text }),
      h(
        "div",
        {
          className: `drop${over ? " over" : ""}`,
          onDragOver: (event) => {
            event.preventDefault();
            setOver(true);
          },
          onDragLeave: () => setOver(false),
          onDrop: drop,
        },
        sending
          ? h(Sending, { sending, text, lang, stop: sending.stop })
          : h(
              React.Fragment,
              null,
              h("p", { className: "drop-head" }, text.drop),
              h("button", { type: "button", className: "action primary", onClick: () => chooser.current.click() }, text.choose),
              h("p", { className: "quiet" }, text.kinds),
              h("p", { className: "quiet" }, text.limit),
            ),
        h("input", {
          ref: chooser,
          type: "file",
          className: "unseen",
          tabIndex: -1,
          "aria-label": text.choose,
          onChange: (event) => {
            bring(event.target.files[0]);
            event.target.value = "";
          },
        }),
      ),
      error && h("p", { className: "problem", role: "alert" }, error),
      h(Inbox, { inbox: props.inbox, take: pick, busy, text, lang }),
    );
  };

  window.addEventListener("beforeunload", (event) => intake.sending && event.preventDefault());
})();
