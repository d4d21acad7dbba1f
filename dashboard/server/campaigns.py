"""The pages about campaigns: all of them, one with what it changed, adding and closing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, request

from dashboard.campaigns.campaign import Campaign, Draft, Problem, read_draft
from dashboard.campaigns.form import filled, form_of, own_form
from dashboard.campaigns.keeping import MOST, Campaigns
from dashboard.campaigns.page import again, described, given_of, listed
from dashboard.components.pages import section_names
from dashboard.entry.forms import read_asked
from dashboard.entry.look import Look
from dashboard.entry.notices import Notice
from dashboard.entry.pages import door_page, go_to
from dashboard.sections import CAMPAIGNS, LINKED
from dashboard.source import Source

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
        return _shown(campaigns.one(number), sources, campaigns, {}, None)

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
        kept().close(number)
        return go_to(read_asked(request).look.address(CAMPAIGNS.path))


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
    given = request.form.to_dict() | {"area": campaign.area_code}
    found = _read(given, sources())
    if not isinstance(found, Draft):
        return _shown(campaign, sources, campaigns, given, found)
    campaigns.change(campaign.campaign_id, found)
    look = read_asked(request).look
    return go_to(look.address(f"{CAMPAIGNS.path}/{campaign.campaign_id}"))


def _read(given: dict[str, str], source: Source) -> Draft | Problem:
    found = read_draft(given)
    return (_unknown_term(found, source) or found) if isinstance(found, Draft) else found


def _shown(
    campaign: Campaign,
    sources: Sources,
    campaigns: Campaigns,
    given: dict[str, str],
    problem: Problem | None,
) -> Response:
    """Show one campaign, with the forms of whoever may change it."""
    look = read_asked(request).look
    _, is_open = look.text, campaign.closed_at is None
    form = own_form(sources(), given or given_of(campaign), problem, look)
    return door_page(
        "campaign.html",
        look,
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        one=described(campaign, sources, look) | {"again": again(campaign, look)},
        form=form if campaigns.may_write and is_open else None,
        sections=_sections(campaigns, look),
        may_write=campaigns.may_write,
        told=Notice("bad", _("The campaign was not changed")) if problem else None,
        path=f"{CAMPAIGNS.path}/{campaign.campaign_id}",
        filled={},
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
        sections=_sections(campaigns, look),
        told=Notice("bad", _("The campaign was not added")) if problem else None,
        path=CAMPAIGNS.path,
        filled=filled(given),
    )


def _sections(campaigns: Campaigns, look: Look) -> list[dict[str, object]]:
    names = section_names(look.text)
    return [
        {"name": names[each.key], "href": look.address(each.path), "here": each is CAMPAIGNS}
        for each in LINKED
        if each.open_to(campaigns.viewer)
    ]
