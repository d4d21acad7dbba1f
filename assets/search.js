/* dashboard.Search: find an area by name or code; a combobox after the ARIA pattern. */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const PAUSE_MS = 180;

  function useOutside(box, close) {
    React.useEffect(() => {
      const listen = (event) => {
        if (box.current && !box.current.contains(event.target)) close();
      };
      document.addEventListener("pointerdown", listen);
      return () => document.removeEventListener("pointerdown", listen);
    }, []);
  }

  function Results({ props, active, go, setActive }) {
    const { results, text, id } = props;
    if (!results.length) return h("p", { className: "results none", role: "status" }, text.none);
    return h(
      "ul",
      { id: `${id}-list`, className: "results", role: "listbox", "aria-label": text.label },
      results.map((found, i) =>
        h(
          "li",
          {
            key: found.code,
            id: `${id}-${i}`,
            role: "option",
            title: found.name,
            "aria-selected": i === active,
            onPointerDown: (event) => event.preventDefault(),
            onPointerEnter: () => setActive(i),
            onClick: () => go(found),
          },
          h("b", null, found.name),
          h("span", { className: "quiet" }, found.path),
          h("span", { className: "result-code quiet" }, `${found.level} ${found.code}`),
        ),
      ),
    );
  }

  /** @param props id, results ([{code, name, path, level, href}]), asked (query answered), text */
  dashboard.Search = function Search(props) {
    const [typed, setTyped] = React.useState("");
    const [active, setActive] = React.useState(0);
    const [open, setOpen] = React.useState(false);
    const box = React.useRef(null);
    const timer = React.useRef(0);
    useOutside(box, () => setOpen(false));
    React.useEffect(() => setActive(0), [props.results]);

    const ask = (value) => {
      setTyped(value);
      setOpen(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => props.setProps({ query: value.trim() }), PAUSE_MS);
    };
    const go = (found) => {
      setOpen(false);
      setTyped("");
      gridboard.go(found.href ? gridboard.leadsTo(found.href, found.drawn) : gridboard.areaHref(found.code));
    };
    const answered = open && typed.trim() !== "" && props.asked === typed.trim();
    const onKeyDown = (event) => {
      const n = props.results.length;
      if (event.key === "Escape") setOpen(false);
      if (!answered || !n) return;
      if (event.key === "ArrowDown") setActive((active + 1) % n);
      else if (event.key === "ArrowUp") setActive((active + n - 1) % n);
      else if (event.key === "Enter") go(props.results[active]);
      else return;
      event.preventDefault();
    };
    // Where nothing could be found there are no words, and nothing to ask.
    if (!props.text) return null;
    return h(
      "div",
      { className: "search", ref: box, role: "search" },
      h("input", {
        id: props.id,
        type: "text",
        role: "combobox",
        autoComplete: "off",
        spellCheck: false,
        placeholder: props.text.placeholder,
        title: props.text.label,
        "aria-label": props.text.label,
        "aria-expanded": answered,
        "aria-controls": `${props.id}-list`,
        "aria-autocomplete": "list",
        "aria-activedescendant": answered && props.results.length ? `${props.id}-${active}` : null,
        value: typed,
        onChange: (event) => ask(event.target.value),
        onFocus: () => setOpen(true),
        onKeyDown,
      }),
      answered && h(Results, { props, active, go, setActive }),
    );
  };
})();
