"""The pages about campaigns: all of them, one with what it changed, adding and closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import Flask, Response, request

from dashboard.addresses import misread, remarks_on
from dashboard.campaigns.campaign import Campaign, Draft, Problem, read_draft
from dashboard.campaigns.form import FIELDS, filled, form_of, own_form
from dashboard.campaigns.keeping import MOST, Campaigns
from dashboard.campaigns.page import again, described, given_of, in_force, listed
from dashboard.campaigns.words import fixed_words
from dashboard.entry.forms import read_asked
from dashboard.entry.look import PRESENTATION
from dashboard.entry.notices import Notice
from dashboard.entry.pages import door_page, go_to
from dashboard.entry.top import top_line
from dashboard.sections import CAMPAIGNS
from dashboard.source import Source
from dashboard.text import Text

Sources = Callable[[], Source]


def register(server: Flask, sources: Sources, kept: Callable[[], Campaigns]) -> None:
    """Answer ``/campaigns`` and what its forms send.

    Args:
        server: the Flask application.
        sources: makes the source of one request, seen by its viewer.
        kept: makes what reads and writes campaigns in one request.
    """

    @server.get(CAMPAIGNS.path)
    def list_campaigns() -> Response:
        return _overview(sources, kept(), request.args.to_dict(), None)

    @server.get(f"{CAMPAIGNS.path}/<int:number>")
    def show_campaign(number: int) -> Response:
        campaigns = kept()
        return _shown(campaigns.one(number), sources, campaigns)

    @server.post(f"{CAMPAIGNS.path}/<int:number>/change")
    def change_campaign(number: int) -> Response:
        campaigns = kept()
        campaigns.require_writer()
        return _changed(campaigns.one(number), sources, campaigns)

    @server.post(f"{CAMPAIGNS.path}/new")
    def add_campaign() -> Response:
        campaigns = kept()
        campaigns.require_writer()
        return _added(sources, campaigns)

    @server.post(f"{CAMPAIGNS.path}/<int:number>/close")
    def close_campaign(number: int) -> Response:
        campaigns = kept()
        campaigns.require_writer()
        return _closed(campaigns.one(number), sources, campaigns)


def _added(sources: Sources, campaigns: Campaigns) -> Response:
    """Add what a form says; show the form again with what is wrong with it."""
    look, given = read_asked(request).look, request.form.to_dict()
    found = _read(given, sources())
    if isinstance(found, Draft):
        number = campaigns.add(found)
        if number is not None:
            return go_to(look.address(f"{CAMPAIGNS.path}/{number}"))
        found = "area"
    return _overview(sources, campaigns, given, found)


def _changed(campaign: Campaign, sources: Sources, campaigns: Campaigns) -> Response:
    """Change a campaign as a form says; show the form again with what is wrong with it."""
    look, source = read_asked(request).look, sources()
    _, given = look.text, request.form.to_dict() | {"area": campaign.area_code}
    title = _("The campaign was not changed")
    if _is_fixed(campaign, source):
        return _refused(campaign, sources, campaigns, title)
    found = _read(given, source)
    if not isinstance(found, Draft):
        told = Notice("bad", title)
        return _shown(campaign, sources, campaigns, given=given, problem=found, told=told)
    campaigns.change(campaign.campaign_id, found)
    return go_to(look.address(f"{CAMPAIGNS.path}/{campaign.campaign_id}"))


def _closed(campaign: Campaign, sources: Sources, campaigns: Campaigns) -> Response:
    """Close a campaign, unless its area is gone."""
    look = read_asked(request).look
    _ = look.text
    if _is_fixed(campaign, sources()):
        return _refused(campaign, sources, campaigns, _("The campaign was not closed"))
    campaigns.close(campaign.campaign_id)
    return go_to(look.address(CAMPAIGNS.path))


def _is_fixed(campaign: Campaign, source: Source) -> bool:
    """Whether an open campaign stays what it is, since its area is no longer in force."""
    return campaign.closed_at is None and not in_force(campaign, source)


def _refused(campaign: Campaign, sources: Sources, campaigns: Campaigns, title: str) -> Response:
    """Show a campaign that nobody alters any more, and that nothing was done."""
    told = Notice("bad", title, fixed_words(read_asked(request).look.text))
    return _shown(campaign, sources, campaigns, told=told, status=HTTPStatus.CONFLICT)


def _read(given: dict[str, str], source: Source) -> Draft | Problem:
    found = read_draft(given)
    return (_unknown_term(found, source) or found) if isinstance(found, Draft) else found


def _shown(
    campaign: Campaign,
    sources: Sources,
    campaigns: Campaigns,
    *,
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
    told: Notice | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Show one campaign, with the forms of whoever may change it while its area is in force."""
    look, source = read_asked(request).look, sources()
    path, fixed = f"{CAMPAIGNS.path}/{campaign.campaign_id}", _is_fixed(campaign, source)
    altered = campaigns.may_write and campaign.closed_at is None and not fixed
    return door_page(
        "campaign.html",
        look,
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else status,
        one=described(campaign, sources, look) | {"again": again(campaign, look)},
        form=own_form(source, given or given_of(campaign), problem, look) if altered else None,
        fixed=fixed_words(look.text) if fixed else "",
        top=top_line(campaigns.viewer, CAMPAIGNS, look, path),
        may_write=campaigns.may_write,
        told=told,
        remark=_remark(look.text),
    )


def _unknown_term(draft: Draft, source: Source) -> Problem | None:
    """Name the kind of term no dictionary has: without it, everything would be counted."""
    terms = source.picture.basics.terms
    if draft.category and terms.unknown("category", [draft.category]):
        return "category"
    return "channel" if draft.channel and terms.unknown("channel", [draft.channel]) else None


def _overview(
    sources: Sources, campaigns: Campaigns, given: dict[str, str], problem: Problem | None
) -> Response:
    look = read_asked(request).look
    _, found = look.text, campaigns.listed()
    return door_page(
        "campaigns.html",
        look,
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        campaigns=listed(found, sources, look),
        full=MOST if len(found) == MOST else 0,
        form=form_of(sources(), given, problem, look) if campaigns.may_write else None,
        top=top_line(campaigns.viewer, CAMPAIGNS, look, CAMPAIGNS.path, **filled(given)),
        told=Notice("bad", _("The campaign was not added")) if problem else None,
        remark=_remark(_, FIELDS),
    )


def _remark(_: Text, more: Sequence[str] = ()) -> Notice | None:
    """Say what of the address was not understood; ``more`` is what a form takes from it."""
    query = request.query_string.decode("utf-8", "replace")
    # Here an address is read whatever its length.
    strange = [each for each in misread(query, (*PRESENTATION, *more)) if each.why != "many"]
    notes = [
        name
        for name, known in PRESENTATION.items()
        if request.args.get(name, "") not in ("", *known)
    ]
    said = remarks_on(notes, strange, _)
    return Notice("plain", " · ".join(said)) if said else None
