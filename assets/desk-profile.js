/*
 * gridboard.useProfile: a profile while it is edited.
 *
 * Whoever edits is ahead of the server, which writes the changes of the form into the text. What
 * it has not answered yet goes along with what is changed next, and outlives a reload in the
 * tab's storage; an answer to something earlier takes nothing back.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const React = window.React;
  const PAUSE_MS = 500;

  const keyOf = (job) => `gridboard:edits:${job}`;

  function kept(job) {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(job)));
    } catch {
      return null; // Storage may be shut; then a reload begins anew.
    }
  }

  function keep(job, { toml, changes }) {
    try {
      sessionStorage.setItem(keyOf(job), JSON.stringify({ toml, changes }));
    } catch {
      // As above.
    }
  }

  /**
   * @param props job, toml, fields, problem, lacks: the profile as the draft proposes it
   * @returns {{profile, error, change, write, settled}} the profile as it stands; change(name,
   *   value) a field; write(text) anew; settled() waits until the server knows all edits, and
   *   gives what it made of them
   */
  gridboard.useProfile = function (props) {
    const proposed = { toml: props.toml, fields: props.fields, problem: props.problem, lacks: props.lacks };
    const [before] = React.useState(() => kept(props.job) || { toml: props.toml, changes: [] });
    // What was edited before stands there at once: who edits on does so on top of that.
    const [profile, setProfile] = React.useState({
      ...proposed, toml: before.toml, fields: props.fields && { ...props.fields, ...Object.fromEntries(before.changes) },
    });
    const [error, setError] = React.useState(null);
    const edit = React.useRef({
      ...before, turn: 0, timer: 0, answered: proposed, failure: null, asking: null,
    }).current;

    const take = (answer) => {
      edit.toml = answer.toml;
      // A text that is no TOML has no fields to change, until it is.
      if (answer.fields) edit.changes = [];
      edit.answered = { ...answer, fields: answer.fields || edit.answered.fields };
      keep(props.job, edit);
      setProfile(edit.answered);
    };
    const fail = (problem) => {
      // What the server refused it would refuse again; without an answer it is asked again.
      if (problem.status === 400) {
        edit.changes = [];
        setProfile(edit.answered);
      }
    };
    const ask = async () => {
      clearTimeout(edit.timer);
      edit.timer = 0;
      const mine = (edit.turn += 1);
      const { toml, changes } = edit;
      edit.failure = null;
      let failure = null;
      try {
        const answer = await gridboard.ask("/data/profile", { toml, changes });
        if (mine === edit.turn) take(answer);
      } catch (problem) {
        failure = problem;
        if (mine === edit.turn) fail(problem);
      }
      if (mine !== edit.turn) return;
      edit.failure = failure;
      setError(failure && failure.message);
    };
    const start = () => {
      edit.asking = ask();
    };
    const change = (name, value) => {
      edit.changes = [...edit.changes, [name, value]];
      keep(props.job, edit);
      setProfile((last) => ({ ...last, fields: { ...last.fields, [name]: value } }));
      start();
    };
    const write = (text) => {
      edit.toml = text;
      edit.turn += 1;
      keep(props.job, edit);
      clearTimeout(edit.timer);
      edit.timer = setTimeout(start, PAUSE_MS);
    };
    const settled = async () => {
      if (edit.timer || edit.failure) start();
      for (let turn = -1; turn !== edit.turn; ) {
        turn = edit.turn;
        await edit.asking;
      }
      if (edit.failure) throw edit.failure;
      return edit.answered;
    };
    React.useEffect(() => {
      if (before.toml !== props.toml || before.changes.length) start();
      // The server answers again: what it has not answered is asked for once more.
      const heard = () => edit.failure && !(edit.failure.status < 500) && start();
      window.addEventListener("gridboard:jobs", heard);
      return () => {
        window.removeEventListener("gridboard:jobs", heard);
        clearTimeout(edit.timer);
      };
    }, []);
    return { profile, error, change, write, settled };
  };
})();
