/*
 * dashboard.AccountForm: name, role and scopes of an account.
 *
 * What is typed is kept while the page around it is drawn anew, and forgotten when the account is
 * left or saved.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const PAUSE_MS = 180;
  const SAVED_MS = 5000;
  const drafts = new Map();
  let saved = { account: null, at: 0 };

  const shown = () => {
    const parameters = new URLSearchParams(window.location.search);
    return parameters.get("new") === "1" ? "new" : parameters.get("account");
  };

  const forgetOthers = () => [...drafts.keys()].forEach((key) => key !== shown() && drafts.delete(key));
  window.addEventListener("_dashprivate_pushstate", forgetOthers);
  window.addEventListener("popstate", forgetOthers);

  const same = (one, other) =>
    ["login", "name", "role"].every((name) => one[name] === other[name]) &&
    String(one.scopes.map((each) => each.code)) === String(other.scopes.map((each) => each.code));

  /** What the account is, what is typed over it, and how to type. */
  function useDraft(props) {
    const key = props.account === null ? "new" : String(props.account);
    const before = { login: props.login, name: props.name, role: props.role, scopes: props.scopes };
    const [draft, setDraft] = React.useState(drafts.get(key) || null);
    const keep = (next) => {
      if (next) drafts.set(key, next);
      else drafts.delete(key);
      setDraft(next);
    };
    const value = draft || before;
    return { value, dirty: draft !== null && !same(draft, before), change: (part) => keep({ ...value, ...part }), forget: () => keep(null) };
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
  function requestOf(props, value) {
    const scopes = value.scopes.map((each) => each.code);
    const { login, name, role } = value;
    if (props.account === null) return { kind: "add", login: login.trim(), name: name.trim(), role, scopes };
    const rest = props.fixed ? {} : { role, scopes };
    return { kind: "change", account: props.account, name: name.trim(), ...rest };
  }

  /** @param props id, account (null for a new one), login, name, role, scopes, roles, fixed (why), text, lang */
  dashboard.AccountForm = function AccountForm(props) {
    const { text, lang, id, fixed } = props;
    const isNew = props.account === null;
    const { value, dirty, change, forget } = useDraft(props);
    const [state, setState] = React.useState({ busy: false, error: null });
    const [now, setNow] = React.useState(Date.now());
    const justSaved = !isNew && !dirty && saved.account === props.account && now - saved.at < SAVED_MS;
    React.useEffect(() => {
      if (!justSaved) return undefined;
      const timer = setTimeout(() => setNow(Date.now()), SAVED_MS);
      return () => clearTimeout(timer);
    }, [justSaved]);
    const whole = value.name.trim() && value.scopes.length && (!isNew || value.login.trim());
    const submit = async (event) => {
      event.preventDefault();
      setState({ busy: true, error: null });
      try {
        const answer = await gridboard.changePeople(requestOf(props, value), lang);
        forget();
        if (isNew) gridboard.go(gridboard.peopleHref({ account: answer.account }));
        else saved = { account: props.account, at: Date.now() };
        setNow(Date.now());
        setState({ busy: false, error: null });
      } catch (error) {
        setState({ busy: false, error: error.message || text.away });
      }
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
      state.error && h("p", { className: "problem", role: "alert" }, `${text.failed} ${state.error}`),
      !foreign &&
        h(
          "div",
          { className: "buttons" },
          h("button", { type: "submit", className: "action primary", disabled: state.busy || !whole || !(isNew || dirty) }, isNew ? text.add : text.save),
          !isNew && dirty && h("button", { type: "button", className: "action quiet-action", onClick: forget }, text.undo),
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
