/*
 * dashboard.ProfileEditor: a profile as a form, and as the text it is.
 *
 * The text is the profile, the form a view of it; gridboard.useProfile keeps both as edited.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;

  function Field({ field, value, doubt, props, change }) {
    const id = `field-${field.name.replaceAll(".", "-")}`;
    const { text } = props;
    const columns = props.columns.map((column) => column.name);
    const common = { id, "aria-describedby": doubt ? `${id}-doubt` : null };
    const set = (event) => change(field.name, event.target.value);
    let control;
    if (field.kind === "column") {
      const strange = value && !columns.includes(value);
      control = h("select", { ...common, value, onChange: set },
        h("option", { value: "" }, props.constant ? text.always.replace("{term}", props.constant) : text.none),
        strange && h("option", { value }, `${value} ${text.missing}`),
        columns.map((name) => h("option", { key: name, value: name }, name)));
    } else if (field.kind === "choice") {
      const listed = field.options.some((option) => option.value === value);
      control = h(React.Fragment, null,
        h("select", { ...common, value: listed ? value : "other", onChange: (event) => event.target.value !== "other" && set(event) },
          h("option", { value: "" }, text.choose),
          field.options.map((option) => h("option", { key: option.value, value: option.value }, option.label)),
          !listed && value && h("option", { value: "other" }, value)));
    } else if (field.kind === "columns") {
      control = h("div", { className: "ticks", role: "group", "aria-label": field.label },
        columns.map((name) =>
          h("label", { key: name },
            h("input", {
              type: "checkbox",
              checked: value.includes(name),
              onChange: (event) =>
                change(field.name, event.target.checked ? [...value, name] : value.filter((each) => each !== name)),
            }),
            name)));
    } else if (field.name === "source") {
      control = h(React.Fragment, null,
        h(Lazy, { common: { ...common, list: "known-sources" }, value, set: (next) => change(field.name, next), placeholder: field.hint }),
        h("datalist", { id: "known-sources" }, props.sources.map((name) => h("option", { key: name, value: name }))));
    } else {
      control = h(Lazy, { common, value, set: (next) => change(field.name, next), placeholder: field.hint });
    }
    return h("div", { className: `field${doubt ? " doubtful" : ""}${field.kind === "columns" ? " wide" : ""}` },
      field.kind === "columns" ? h("span", null, field.label) : h("label", { htmlFor: id }, field.label),
      control,
      field.note && h("small", { className: "quiet" }, field.note),
      doubt && h("small", { id: `${id}-doubt`, className: "doubt" }, doubt));
  }

  /** A text that is passed on when its field is left, or on Enter. */
  function Lazy({ common, value, set, placeholder }) {
    const [typed, setTyped] = React.useState(value);
    const passed = React.useRef(value);
    React.useEffect(() => {
      // What is being typed is newer than what comes back.
      if (typed === passed.current) setTyped(value);
      passed.current = value;
    }, [value]);
    const go = () => {
      if (typed === passed.current) return;
      passed.current = typed;
      set(typed);
    };
    return h("input", {
      ...common,
      type: "text",
      value: typed,
      placeholder,
      spellCheck: false,
      onChange: (event) => setTyped(event.target.value),
      onBlur: go,
      onKeyDown: (event) => event.key === "Enter" && go(),
    });
  }

  function Terms({ kind, terms, create, open, text, change, lang }) {
    if (!terms.length) return null;
    const filled = terms.filter((term) => term.values.length).length;
    return h("details", { className: "field wide", open },
      h("summary", null, `${text.terms}: ${kind.label} `, h("span", { className: "quiet" }, `${filled} / ${terms.length}`)),
      h("table", { className: "desk-table terms" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, kind.label), h("th", { scope: "col" }, text.values))),
        h("tbody", null, terms.map((term) =>
          h("tr", { key: term.code },
            h("th", { scope: "row" }, (lang === "en" ? term.en : term.zh) || term.code, " ", h("small", { className: "quiet" }, term.code)),
            h("td", null, h(Lazy, {
              common: { "aria-label": `${kind.label} ${term.code}` },
              value: term.values.join(", "),
              set: (next) => change(`${kind.name}.values.${term.code}`, next.split(/[,，、]/).map((each) => each.trim()).filter(Boolean)),
            })))))),
      h("label", { className: "tick-label" },
        h("input", { type: "checkbox", checked: Boolean(create), onChange: (event) => change(`${kind.name}.create`, event.target.checked ? "yes" : "") }),
        text.create));
  }

  function Form({ props, fields, change }) {
    return props.groups.map((group) =>
      h("fieldset", { key: group.label, className: "group" },
        h("legend", null, group.label),
        h("div", { className: "grid" },
          group.fields.map((field) => {
            const terms = fields[`${field.name}.terms`];
            return h(React.Fragment, { key: field.name },
              h(Field, {
                field,
                value: fields[field.name] ?? "",
                doubt: props.unsure[field.name],
                props: { ...props, constant: fields[`${field.name}.constant`] },
                change,
              }),
              terms && h(Terms, {
                kind: field,
                terms,
                create: fields[`${field.name}.create`],
                open: Boolean(props.unsure[field.name]) && field.name === "status",
                text: props.text,
                change,
                lang: props.lang,
              }));
          }))));
  }

  function Toml({ toml, write, text }) {
    const [typed, setTyped] = React.useState(toml);
    React.useEffect(() => setTyped(toml), [toml]);
    const type = (event) => {
      setTyped(event.target.value);
      write(event.target.value);
    };
    return h("textarea", {
      id: "profile-toml",
      className: "toml",
      value: typed,
      onChange: type,
      spellCheck: false,
      rows: Math.min(40, typed.split("\n").length + 2),
      "aria-label": text.toml,
    });
  }

  /** @param props job, file, toml, fields, problem, columns, unsure, groups, text, lang */
  dashboard.ProfileEditor = function ProfileEditor(props) {
    const { text } = props;
    const [tab, setTab] = React.useState("form");
    const { profile, error, change, write, settled } = gridboard.useProfile(props);
    const [busy, setBusy] = React.useState(false);
    const [refused, setRefused] = React.useState(null);
    const names = new Set(props.columns.map((column) => column.name));
    const problemOf = ({ lacks, fields, problem }) => {
      const lost = fields && props.groups.flatMap((group) => group.fields).find((field) =>
        field.kind === "column" && fields[field.name] && !names.has(fields[field.name]));
      return (lacks && text.lacksCrs) || (lost && text.lacksColumn.replace("{field}", lost.label)) || problem;
    };
    const submit = (request, whole) => async () => {
      setBusy(true);
      setRefused(null);
      const from = gridboard.whereabouts();
      try {
        // What was typed just before the button was pressed counts, too.
        const known = await settled();
        if (whole && problemOf(known)) setBusy(false);
        // Until its job is drawn a second press would ask for it twice.
        else await gridboard.askForJob({ ...request, file: props.file, profile: known.toml }, from);
      } catch (problem) {
        setRefused(problem.message);
        setBusy(false);
      }
    };
    const edited = profile.toml !== props.toml;
    const problem = problemOf(profile);
    const tabs = [["form", text.form], ["toml", text.toml]];
    return h("section", { id: props.id, className: "editor" },
      h("div", { className: "editor-head" },
        h("div", { className: "segments", role: "tablist", "aria-label": text.profile },
          tabs.map(([key, label]) =>
            h("button", { key, type: "button", role: "tab", "aria-selected": tab === key, onClick: () => setTab(key) }, label))),
        h("span", { className: "quiet", role: "status" }, edited ? text.edited : text.proposed)),
      tab === "form" && profile.fields && h(Form, { props, fields: profile.fields, change }),
      tab === "form" && !profile.fields && h("p", { className: "problem" }, text.noForm),
      tab === "toml" && h(Toml, { toml: profile.toml, write, text }),
      h("div", { className: "buttons sticky" },
        h("button", { type: "button", className: "action primary", disabled: busy || Boolean(problem), onClick: submit({ kind: "load", what: "incidents", dry_run: true }, true) }, text.dryRun),
        h("button", { type: "button", className: "action", disabled: busy || !edited, onClick: submit({ kind: "draft" }, false) }, text.again),
        problem && h("p", { className: "problem", role: "alert" }, `${text.notYet} ${problem}`),
        (error || refused) && h("p", { className: "problem", role: "alert" }, `${text.failed} ${error || refused}`)));
  };

  /** @param props job, file, profile, today, clean_m, blocked, text: load an edition, or check it cleaned */
  dashboard.EditionForm = function EditionForm(props) {
    const { text } = props;
    const [day, setDay] = React.useState(props.today);
    const [clean, setClean] = React.useState(props.clean_m ? String(props.clean_m) : "");
    const [state, setState] = React.useState({ busy: false, error: null });
    const tolerance = Number(clean);
    const valid = clean === "" || (tolerance > 0 && tolerance <= 1000);
    const submit = (request) => async () => {
      setState({ busy: true, error: null });
      const more = clean ? { clean_m: tolerance } : {};
      try {
        await gridboard.askForJob({ file: props.file, profile: props.profile, ...more, ...request });
      } catch (problem) {
        setState({ busy: false, error: problem.message });
      }
    };
    const load = (dry_run) => submit({ kind: "load", what: "boundaries", dry_run, ...(day ? { valid_from: day } : {}) });
    return h("form", { id: props.id, className: "edition", onSubmit: (event) => event.preventDefault() },
      h("div", { className: "grid" },
        h("label", { className: "field" }, h("span", null, text.validFrom),
          h("input", { type: "date", value: day, max: props.today, onChange: (event) => setDay(event.target.value) }),
          h("small", { className: "quiet" }, text.validHint)),
        h("label", { className: "field" }, h("span", null, text.clean),
          h("input", { type: "number", min: 0, max: 1000, step: "any", inputMode: "decimal", value: clean, placeholder: text.noClean, onChange: (event) => setClean(event.target.value) }),
          h("small", { className: "quiet" }, text.cleanHint))),
      h("div", { className: "buttons" },
        h("button", { type: "button", className: "action primary", disabled: state.busy || !valid || props.blocked, onClick: load(true) }, text.dryRun),
        h("button", { type: "button", className: "action", disabled: state.busy || !valid || clean === "", onClick: submit({ kind: "check" }) }, text.checkCleaned)),
      props.blocked && h("p", { className: "problem" }, text.blocked),
      state.error && h("p", { className: "problem", role: "alert" }, `${text.failed} ${state.error}`));
  };
})();
