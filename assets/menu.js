/*
 * dashboard.Menu: a button that opens a small panel, and dashboard.DateRange: two days.
 *
 * Escape, a press elsewhere and leaving by keyboard close the panel; what it holds are
 * links, so choosing is going to another URL.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;

  /** @param props id, label, value (what is chosen), chosen (how many), children */
  dashboard.Menu = function Menu(props) {
    // New props mount a new menu: what was open a moment ago stays open.
    const [open, setState] = React.useState(gridboard.openMenu === props.id);
    const box = React.useRef(null);
    const button = React.useRef(null);
    const setOpen = (next) => {
      if (next) gridboard.openMenu = props.id;
      else if (gridboard.openMenu === props.id) gridboard.openMenu = null;
      setState(next);
    };
    React.useEffect(() => {
      const press = (event) => {
        if (box.current && !box.current.contains(event.target)) setOpen(false);
      };
      document.addEventListener("pointerdown", press);
      return () => document.removeEventListener("pointerdown", press);
    }, []);
    const close = () => {
      setOpen(false);
      button.current.focus();
    };
    return h(
      "div",
      {
        className: "menu",
        ref: box,
        onKeyDown: (event) => event.key === "Escape" && open && close(),
        onBlur: (event) => {
          if (event.relatedTarget && !box.current.contains(event.relatedTarget)) setOpen(false);
        },
      },
      h(
        "button",
        {
          id: props.id,
          ref: button,
          type: "button",
          className: "menu-button" + (props.chosen ? " chosen" : ""),
          "aria-expanded": open,
          "aria-controls": `${props.id}-panel`,
          onClick: () => setOpen(!open),
        },
        h("span", { className: "menu-label" }, props.label),
        props.value && h("span", { className: "menu-value" }, props.value),
        h("span", { className: "chevron", "aria-hidden": true }),
      ),
      h(
        "div",
        { id: `${props.id}-panel`, className: "menu-panel", hidden: !open, role: "group", "aria-label": props.label },
        props.children,
      ),
    );
  };

  /**
   * @param props first, last (ISO days shown), min, max, text, writes: the names that going
   *   sets (by default from and to), and those it voids
   */
  dashboard.DateRange = function DateRange(props) {
    const [first, setFirst] = React.useState(props.first);
    const [last, setLast] = React.useState(props.last);
    React.useEffect(() => {
      setFirst(props.first);
      setLast(props.last);
    }, [props.first, props.last]);
    const [since, until] = [gridboard.readDay(first), gridboard.readDay(last)];
    const valid = Boolean(since && until && since <= until);
    const go = (event) => {
      event.preventDefault();
      if (!valid) return;
      const parameters = new URLSearchParams(window.location.search);
      const [from, to, ...voided] = props.writes || ["from", "to", "period", "scale_from", "scale_to"];
      for (const name of voided) parameters.delete(name);
      parameters.set(from, since);
      parameters.set(to, until);
      gridboard.go("?" + parameters.toString().replaceAll("%2C", ","));
    };
    const { text, min, max } = props;
    const day = (label, value, set) => h(gridboard.DayField, { label, value, set, min, max, text });
    return h(
      "form",
      { id: props.id, className: "range", onSubmit: go },
      day(props.text.first, first, setFirst),
      day(props.text.last, last, setLast),
      h("button", { type: "submit", className: "action", disabled: !valid }, props.text.apply),
    );
  };
})();
