"""What states, deeds and their particulars are called."""

from __future__ import annotations

from dashboard.text import Text


def account_state(state: str, _: Text) -> str:
    """Name how an account stands."""
    names = {
        "active": _("account: active"),
        "invited": _("account: invited"),
        "disabled": _("account: disabled"),
    }
    return names.get(state, state)


def via_name(via: str, _: Text) -> str:
    """Name the way a session was opened."""
    names = {
        "password": _("password"),
        "invitation": _("one-time link"),
        "oidc": _("identity provider"),
        "demo": _("demo"),
    }
    return names.get(via, via)


def kind_name(kind: str, _: Text) -> str:
    """Name a kind of deeds."""
    return {
        "entries": _("Coming and going"),
        "refused": _("Refused log-ins"),
        "accounts": _("Changes of accounts"),
        "exports": _("Exports"),
        "campaigns": _("Campaigns"),
        "data": _("Loads and undos"),
        "system": _("Backups"),
    }[kind]


def deed_name(action: str, _: Text) -> str:
    """Name what was done."""
    names = {
        "log_in": _("logged in"),
        "log_in_failed": _("log-in refused"),
        "log_out": _("logged out"),
        "session_ended": _("ended a session"),
        "scope_chosen": _("chose a scope"),
        "password_set": _("set a password"),
        "account_added": _("added an account"),
        "account_changed": _("changed an account"),
        "account_disabled": _("disabled an account"),
        "account_enabled": _("enabled an account"),
        "account_reset": _("made a one-time link"),
        "gis_login_added": _("added a login for a GIS"),
        "gis_login_removed": _("removed a login for a GIS"),
        "export": _("exported"),
        "campaign_added": _("added a campaign"),
        "campaign_changed": _("changed a campaign"),
        "campaign_closed": _("closed a campaign"),
        "upload": _("sent a file"),
        "job": _("asked for a job"),
        "load": _("loaded data"),
        "undo": _("took a batch back"),
        "backup": _("made a backup"),
        "restore": _("restored a backup"),
    }
    return names.get(action, action)


def value_name(value: str, _: Text) -> str:
    """Name what was loaded or asked for, or why a log-in was refused; a file keeps its name."""
    names = {
        "incident": _("incident records"),
        "area": _("boundaries"),
        "draft": _("Read the file"),
        "check": _("Check areas"),
        "load": _("Load"),
        "undo": _("Undo"),
        "cancel": _("Stop"),
        "disabled": _("the account is disabled"),
        "throttled": _("too many attempts"),
    }
    return names.get(value, value)


def detail_name(key: str, _: Text) -> str:
    """Name a particular of a deed; one that is not known keeps its key."""
    names = {
        "login": _("Account"),
        "name": _("Name"),
        "role": _("Role"),
        "scopes": _("Scope"),
        "scope": _("Scope"),
        "via": _("Way"),
        "reason": _("Reason"),
        "what": _("What"),
        "file": _("File"),
        "kind": _("Kind"),
        "rows": _("rows"),
        "source": _("Source"),
        "batch_id": _("Batch"),
        "job_id": _("Job"),
        "job": _("Job"),
        "bytes": _("bytes"),
        "wait_s": _("seconds to wait"),
        "rows_removed": _("rows taken away"),
        "rows_restored": _("rows brought back"),
        "from": _("Before"),
        "campaign": _("Campaign"),
        "area": _("Area"),
        "days": _("Period"),
        "category": _("Category"),
        "channel": _("Channel"),
        "session": _("Session"),
        "sessions": _("Sessions"),
        "hours": _("Hours"),
    }
    return names.get(key, key)
