/*
 * dashboard.Page: one page of several in one application.
 *
 * All pages are in the layout, but only the one the address belongs to is mounted: the map's
 * canvas is given back while the operator works, and a page costs nothing while another shows.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;

  /** What a page says when its server does not answer. @param text {away, stays, retry} */
  gridboard.awayNotice = (text) =>
    h(
      "div",
      { className: "desk-away", role: "alert" },
      h("b", null, text.away),
      " ",
      h("span", null, text.stays),
      " ",
      h("button", { type: "button", className: "action", "data-retry": "" }, text.retry),
    );

  const under = (path) => window.location.pathname === path || window.location.pathname.startsWith(`${path}/`);

  function useAddress() {
    const now = () => ({ pathname: window.location.pathname, search: window.location.search });
    const [address, setAddress] = React.useState(now);
    React.useEffect(() => {
      const moved = () => setAddress(now());
      const kinds = ["popstate", "_dashprivate_pushstate"];
      kinds.forEach((kind) => window.addEventListener(kind, moved));
      return () => kinds.forEach((kind) => window.removeEventListener(kind, moved));
    }, []);
    return address;
  }

  /**
   * A page with a map names itself by what the map shows, any other by its `title`.
   *
   * @param props id, path, others (null unless it is the page of all other addresses), title,
   *   children
   */
  dashboard.Page = function Page(props) {
    const address = useAddress();
    const shown = props.others ? !props.others.some(under) : under(props.path);
    React.useEffect(() => {
      if (shown) props.setProps({ address });
    }, [shown, address.pathname, address.search]);
    React.useEffect(() => {
      if (shown && props.title) document.title = props.title;
    }, [shown, props.title]);
    return shown ? props.children : null;
  };
})();
