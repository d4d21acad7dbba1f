"""A profile as a form: its important fields read from the TOML text, and changes written back.

The text is the profile; the form is a view of it. So whoever edits either sees the other.
"""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

from dashboard.errors import BadRequestError
from etl.profiles import parse_profile
from etl.toml import to_toml
from geo.errors import GridboardError

TEXT_LIMIT = 100_000
_TEXTS = ("source", "time_zone", "crs", "lon", "lat", "address", "method", "organisation", "people")
_LISTS = ("incident_id", "leave_out")
_TIMES = ("occurred_at", "received_at", "deadline", "resolved_at")
OUTCOMES = (
    {"code": "open", "name_zh": "办理中", "name_en": "open"},
    {"code": "resolved", "name_zh": "已化解", "name_en": "resolved"},
    {"code": "failed", "name_zh": "未化解", "name_en": "failed"},
)
"""What the page counts on: every status must mean one of these, or be a term of its own."""
KINDS = ("category", "channel", "status", "scale")


def edit_profile(body: object) -> dict[str, Any]:
    """Apply changes of the form to a profile.

    Args:
        body: ``toml``, the text; ``changes``, pairs of a field and its new value: a text, a
            list of texts, or nothing for a field to be dropped. The fields are those of
            ``fields_of``.

    Returns:
        toml, fields (``None`` where the text is no TOML), problem (``None`` where it is
        a profile) and lacks: the field that must still be chosen, if it is that.

    Raises:
        BadRequestError: the body has another shape, or names another field.
    """
    toml, changes = _read(body)
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        return {"toml": toml, "fields": None, "problem": str(error), "lacks": None}
    if changes:
        table = changed(table, changes)
        toml = to_toml(table)
    fields = fields_of(table)
    problem = problem_of(toml)
    lacks = "crs" if problem and fields["lon"] and not fields["crs"] else None
    return {"toml": toml, "fields": fields, "problem": problem, "lacks": lacks}


def problem_of(toml: str) -> str | None:
    """Say why a text is no profile for incidents, if it is none."""
    try:
        profile = parse_profile(toml, "")
        if profile.incidents is None:
            return "the profile says nothing about incidents: [incidents] is missing"
        profile.incidents.stated_crs()
    except GridboardError as error:
        return str(error).replace("profile , ", "").removeprefix("profile ")
    return None


def fields_of(table: dict[str, Any]) -> dict[str, Any]:
    """Read the fields of the form from a profile's table.

    Returns:
        By name: texts, lists of texts, and for each dictionary its terms.
    """
    rules = table.get("incidents")
    rules = rules if isinstance(rules, dict) else {}
    fields: dict[str, Any] = {name: rules.get(name) or "" for name in _TEXTS}
    fields |= {name: list(rules.get(name) or ()) for name in _LISTS}
    for name in _TIMES:
        time = rules.get(name) or {}
        form = time.get("format") or ""
        fields[name] = time.get("column") or ""
        fields[f"{name}.format"] = form if isinstance(form, str) else " | ".join(form)
    for kind in KINDS:
        rule = rules.get(kind) or {}
        fields[kind] = rule.get("column") or ""
        fields[f"{kind}.constant"] = rule.get("constant") or ""
        fields[f"{kind}.create"] = "yes" if rule.get("create") else ""
        fields[f"{kind}.terms"] = _terms(kind, rule) if rule.get("column") else []
    return fields


def _terms(kind: str, rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the terms of a dictionary; the three outcomes are always among those of status."""
    given = list(rule.get("terms", ()))
    codes = {term.get("code") for term in given}
    if kind == "status":
        given += [dict(outcome) for outcome in OUTCOMES if outcome["code"] not in codes]
    return [
        {
            "code": term.get("code", ""),
            "zh": term.get("name_zh", ""),
            "en": term.get("name_en", ""),
            "values": list(term.get("values", ())),
        }
        for term in given
    ]


def changed(table: dict[str, Any], changes: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the table with some fields changed; an empty value drops its field."""
    table = deepcopy(table)
    rules: dict[str, Any] = table.setdefault("incidents", {})
    for name, value in changes:
        _change(rules, name, value)
    return table


def _change(rules: dict[str, Any], name: str, value: Any) -> None:
    if (name in _TEXTS and isinstance(value, str)) or (name in _LISTS and _is_texts(value)):
        _put(rules, name, value)
    elif name in _TIMES and isinstance(value, str):
        _put(rules, name, {**rules.get(name, {}), "column": value} if value else None)
    elif name in KINDS and isinstance(value, str):
        rule = {key: item for key, item in rules.get(name, {}).items() if key != "constant"}
        _put(rules, name, {**rule, "column": value} if value else {**rule, "column": None})
    elif not _change_part(rules, name, value):
        raise BadRequestError(f"{name!r} is no field of the form, or its value is none")


def _change_part(rules: dict[str, Any], name: str, value: Any) -> bool:
    """Change ``<time>.format``, ``<kind>.create`` or ``<kind>.values.<term>``, if it is one."""
    kind, _, part = name.partition(".")
    rule = rules.get(kind)
    if not isinstance(rule, dict):
        return False
    if kind in _TIMES and part == "format" and isinstance(value, str):
        forms = [form.strip() for form in value.split("|") if form.strip()]
        _put(rule, "format", forms[0] if len(forms) == 1 else forms)
    elif kind in KINDS and part == "create" and isinstance(value, str):
        _put(rule, "create", bool(value))
    elif kind in KINDS and part.startswith("values.") and _is_texts(value):
        _put_values(kind, rule, part.removeprefix("values."), value)
    else:
        return False
    return True


def _put_values(kind: str, rule: dict[str, Any], code: str, values: list[str]) -> None:
    """Say which values mean a term; a word has one meaning, so others lose it."""
    terms: list[dict[str, Any]] = rule.setdefault("terms", [])
    if kind == "status" and code not in {term.get("code") for term in terms}:
        terms += [dict(outcome) for outcome in OUTCOMES if outcome["code"] == code]
    for term in terms:
        own = term.get("code") == code
        kept = [each for each in term.get("values", ()) if each not in values]
        _put(term, "values", values if own else kept)


def _put(table: dict[str, Any], name: str, value: Any) -> None:
    if value:
        table[name] = value
    else:
        table.pop(name, None)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _read(body: object) -> tuple[str, list[tuple[str, Any]]]:
    toml = body.get("toml") if isinstance(body, dict) else None
    changes = body.get("changes", []) if isinstance(body, dict) else None
    if not isinstance(toml, str) or len(toml) > TEXT_LIMIT or not isinstance(changes, list):
        raise BadRequestError("expected {toml: text, changes: [[field, value]]}")
    if not all(isinstance(each, list) and len(each) == 2 for each in changes):
        raise BadRequestError("each change is a pair of a field and its value")
    return toml, [(str(name), value) for name, value in changes]
