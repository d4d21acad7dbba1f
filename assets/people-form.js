/*
 * dashboard.AccountForm: name, role and scopes of an account.
 *
 * What is typed is kept while the page around it is drawn anew, and forgotten when the account is
 * left or saved. Only what was typed is asked for: the rest may have been changed by somebody else.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const PAUSE_MS = 180;
  const SAVED_MS = 5000;
  const forms = new Map();

  const shown = () => {
    const parameters = new URLSearchParams(window.location.search);
    return parameters.get("new") === "1" ? "new" : parameters.get("account");
  };

  const forgetOthers = () => [...forms.keys()].forEach((key) => key !== shown() && forms.delete(key));
  window.addEventListener("_dashprivate_pushstate", forgetOthers);
  window.addEventListener("popstate", forgetOthers);

  const blank = (typed) => ({ typed, saved: null, savedAt: 0, busy: false, error: null });

  const plain = (value) => (Array.isArray(value) ? String(value.map((each) => each.code)) : value);
  /** What of the typed parts is not as it stands. */
  const differing = (typed, value) =>
    Object.fromEntries(Object.entries(typed).filter(([name, part]) => plain(part) !== plain(value[name])));

  /**
   * A form that outlives its drawing: what is typed, what was saved over which state (until the
   * page shows it), whether an answer is awaited, and what was refused.
   */
  function useForm(props) {
    const key = props.account === null ? "new" : String(props.account);
    const [, redraw] = React.useReducer((times) => times + 1, 0);
    React.useEffect(() => {
      window.addEventListener("gridboard:form", redraw);
      return () => window.removeEventListener("gridboard:form", redraw);
    }, []);
    const form = forms.get(key) || blank({});
    forms.set(key, form);
    const drawn = { login: props.login, name: props.name, role: props.role, scopes: props.scopes };
    const over = JSON.stringify(drawn);
    const before = form.saved && form.saved.over === over ? { ...drawn, ...form.saved.parts } : drawn;
    const set = (part) => {
      Object.assign(form, part);
      window.dispatchEvent(new CustomEvent("gridboard:form"));
    };
    return {
      key,
      form,
      set,
      value: { ...before, ...form.typed },
      changed: differing(form.typed, before),
      type: (part) => set({ typed: { ...form.typed, ...part } }),
      forget: () => set({ typed: {}, error: null }),
      /** What was typed since it was sent is not saved yet. */
      keep: (sent) => {
        const parts = { ...(before === drawn ? {} : form.saved.parts), ...sent };
        set({ typed: differing(form.typed, { ...before, ...parts }), saved: { over, parts }, savedAt: Date.now() });
      },
    };
  }

  function useFound(typed, lang) {
    const [found, setFound] = React.useState(null);
    React.useEffect(() => {
      setFound(null);
      const wanted = typed.trim();
      if (!wanted) return undefined;
      let gone = false;
      const timer = setTimeout(async () => {
        try {
          const query = new URLSearchParams({ q: wanted, lang });
          const answer = await gridboard.ask(`/people/areas.json?${query}`);
          if (!gone) setFound(answer.areas);
        } catch {
          if (!gone) setFound(null);
        }
      }, PAUSE_MS);
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, [typed, lang]);
    return found;
  }

  function ScopeFinder({ id, scopes, add, text, lang }) {
    const [typed, setTyped] = React.useState("");
    const [active, setActive] = React.useState(0);
    const found = useFound(typed, lang);
    const offered = found && found.filter((each) => !scopes.some((scope) => scope.code === each.code));
    React.useEffect(() => setActive(0), [found]);
    const take = (place) => {
      setTyped("");
      add(place);
    };
    const onKeyDown = (event) => {
      if (event.key === "Escape") setTyped("");
      // Here it takes what was found, and never sends the form: also before anything is found.
      if (event.key === "Enter") event.preventDefault();
      if (!offered || !offered.length) return;
      if (event.key === "ArrowDown") setActive((active + 1) % offered.length);
      else if (event.key === "ArrowUp") setActive((active + offered.length - 1) % offered.length);
      else if (event.key === "Enter") take(offered[active]);
      else return;
      event.preventDefault();
    };
    return h(
      "div",
      { className: "search scope-finder" },
      h("input", {
        id: `${id}-find`,
        type: "text",
        role: "combobox",
        autoComplete: "off",
        spellCheck: false,
        maxLength: 64,
        placeholder: text.placeholder,
        "aria-label": text.find,
        "aria-expanded": Boolean(offered),
        "aria-controls": `${id}-found`,
        "aria-autocomplete": "list",
        "aria-activedescendant": offered && offered.length ? `${id}-found-${active}` : null,
        value: typed,
        onChange: (event) => setTyped(event.target.value),
        onKeyDown,
        onBlur: () => setTyped(""),
      }),
      offered && !offered.length && h("p", { className: "results none", role: "status" }, text.none),
      offered && offered.length > 0 &&
        h(
          "ul",
          { id: `${id}-found`, className: "results", role: "listbox", "aria-label": text.find },
          offered.map((place, i) =>
            h(
              "li",
              {
                key: place.code,
                id: `${id}-found-${i}`,
                role: "option",
                "aria-selected": i === active,
                onPointerDown: (event) => event.preventDefault(),
                onPointerEnter: () => setActive(i),
                onClick: () => take(place),
              },
              h("b", null, place.name),
              h("span", { className: "quiet" }, place.path),
              h("span", { className: "result-code quiet" }, `${place.level} ${place.code}`),
            ),
          ),
        ),
    );
  }

  function Scopes({ id, scopes, isNew, fixed, set, text, lang }) {
    return h(
      "div",
      { className: "field wide" },
      h("span", { id: `${id}-scopes` }, text.scopes),
      h(
        "ul",
        { className: "scopes", "aria-labelledby": `${id}-scopes` },
        scopes.map((scope) =>
          h(
            "li",
            { key: scope.code },
            h("b", null, scope.name),
            h("span", { className: "quiet" }, [scope.level, scope.path].filter(Boolean).join(" · ")),
            !fixed &&
              h("button", {
                type: "button",
                className: "scope-out",
                "aria-label": text.remove.replace("{name}", scope.name),
                title: text.remove.replace("{name}", scope.name),
                onClick: () => set(scopes.filter((each) => each.code !== scope.code)),
              }, "×"),
          ),
        ),
      ),
      !scopes.length && h("p", { className: isNew ? "quiet" : "problem" }, text.noScope),
      !fixed && h(ScopeFinder, { id, scopes, add: (place) => set([...scopes, place]), text, lang }),
      !fixed && h("small", { className: "quiet" }, text.scopesHint),
    );
  }

  function Line({ id, label, hint, ...rest }) {
    return h(
      "label",
      { className: "field wide", htmlFor: id },
      h("span", null, label),
      h("input", { id, type: "text", maxLength: 64, autoComplete: "off", spellCheck: false, ...rest }),
      hint && h("small", { className: "quiet" }, hint),
    );
  }

  function Role({ id, roles, role, fixed, set, text }) {
    const chosen = roles.find((each) => each.value === role);
    return h(
      "label",
      { className: "field wide", htmlFor: `${id}-role` },
      h("span", null, text.role),
      h(
        "select",
        { id: `${id}-role`, value: role, disabled: Boolean(fixed), onChange: (event) => set(event.target.value) },
        roles.map(({ value, label }) => h("option", { key: value, value }, label)),
      ),
      h("small", { className: "quiet" }, chosen && chosen.may),
    );
  }

  /** What the server must be asked for: all of a new account, of another one what has changed. */
  function requestOf(account, parts) {
    const request = account === null ? { kind: "add" } : { kind: "change", account };
    for (const [name, part] of Object.entries(parts)) {
      request[name] = Array.isArray(part) ? part.map((each) => each.code) : part.trim();
    }
    return request;
  }

  /** Go to an account that was added; what was typed since is not saved yet. */
  function open(account, { login, ...typed }) {
    gridboard.go(gridboard.peopleHref({ account }));
    forms.set(String(account), blank(typed));
  }

  /** @param props id, account (null for a new one), login, name, role, scopes, roles, fixed (why), text, lang */
  dashboard.AccountForm = function AccountForm(props) {
    const { text, lang, id, fixed } = props;
    const isNew = props.account === null;
    const { key, form, set, value, changed, type: change, forget, keep } = useForm(props);
    const dirty = Object.keys(changed).length > 0;
    const [now, setNow] = React.useState(Date.now());
    const justSaved = !isNew && !dirty && now - form.savedAt < SAVED_MS;
    React.useEffect(() => {
      if (!justSaved) return undefined;
      const timer = setTimeout(() => setNow(Date.now()), SAVED_MS);
      return () => clearTimeout(timer);
    }, [justSaved]);
    const whole = value.name.trim() && value.scopes.length && (!isNew || value.login.trim());
    const submit = async (event) => {
      event.preventDefault();
      if (form.busy) return;
      const sent = isNew ? value : changed;
      set({ busy: true, error: null });
      try {
        const answer = await gridboard.changePeople(requestOf(props.account, sent), lang);
        setNow(Date.now());
        if (!isNew) keep(sent);
        else if (forms.get(key) === form) open(answer.account, differing(form.typed, sent));
      } catch (error) {
        set({ error: error.message || text.away });
      }
      set({ busy: false });
    };
    const type = (name) => (event) => change({ [name]: event.target.value });
    const foreign = fixed && props.nameFixed;
    return h(
      "form",
      { id, className: "account-form", onSubmit: submit },
      isNew && h(Line, { id: `${id}-login`, label: text.login, hint: text.loginHint, value: value.login, autoFocus: true, autoCapitalize: "none", onChange: type("login") }),
      h(Line, { id: `${id}-name`, label: text.name, hint: isNew && text.nameHint, value: value.name, readOnly: Boolean(foreign), onChange: type("name") }),
      h(Role, { id, roles: props.roles, role: value.role, fixed, set: (role) => change({ role }), text }),
      h(Scopes, { id, scopes: value.scopes, isNew, fixed, set: (scopes) => change({ scopes }), text, lang }),
      fixed && h("p", { className: "quiet people-note" }, fixed),
      form.error && h("p", { className: "problem", role: "alert" }, `${text.failed} ${form.error}`),
      !foreign &&
        h(
          "div",
          { className: "buttons" },
          h("button", { type: "submit", className: "action primary", disabled: form.busy || !whole || !(isNew || dirty) }, isNew ? text.add : text.save),
          !isNew && dirty && h("button", { type: "button", className: "action quiet-action", disabled: form.busy, onClick: forget }, text.undo),
          justSaved && h("span", { className: "saved", role: "status" }, text.saved),
        ),
    );
  };

  /** Address of the admin's page with the same language and theme. */
  gridboard.peopleHref = function (place) {
    const now = new URLSearchParams(window.location.search);
    const query = new URLSearchParams(place);
    for (const name of ["lang", "theme"]) if (now.has(name)) query.set(name, now.get(name));
    return `/people${query.size ? `?${query}` : ""}`;
  };
})();
