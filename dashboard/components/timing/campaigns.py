"""The campaigns that touch an area and the days in view, each with what changed while it ran."""

from __future__ import annotations

from typing import Any

from dashboard.campaigns.campaign import WRITERS, Campaign
from dashboard.campaigns.effect import effect_of
from dashboard.campaigns.page import in_force, not_judged
from dashboard.campaigns.words import outcome
from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.entry.look import Look
from dashboard.figures.campaign_marks import Mark
from dashboard.names import shortened
from dashboard.sections import CAMPAIGNS
from dashboard.visit import Visit


def marks_of(visit: Visit) -> list[Mark]:
    """Return the campaigns to mark in the area's chart: of all of it, not of a part."""
    whole = {visit.area.code, *(step.code for step in visit.area.parents)}
    return [Mark(each.days, each.name) for each in visit.campaigns if each.area_code in whole]


def campaigns_block(visit: Visit) -> list[Any]:
    """Build the list, and the ways to all campaigns and to a new one of this area and days."""
    _, look = visit.text, Look(visit.state.lang, visit.state.theme)
    title = html.H2(_("Campaigns in these days"), className="block-title")
    rows = [_row(each, visit, look) for each in visit.campaigns]
    none = html.P(_("None is known for this area and these days."), className="quiet")
    ways = [html.A(_("All campaigns"), href=look.address(CAMPAIGNS.path))]
    if visit.source.viewer.role in WRITERS:
        ways.insert(0, html.A(_("Add one for this area and these days"), href=_new(visit, look)))
    return [
        html.Div(title, className="block-head"),
        *(rows or [none]),
        html.P(ways, className="time-ways"),
    ]


def _row(campaign: Campaign, visit: Visit, look: Look) -> Markup:
    _, source = visit.text, visit.source
    href = look.address(f"{CAMPAIGNS.path}/{campaign.campaign_id}")
    parts: list[Any] = [html.A(campaign.name, href=href, className="time-campaign")]
    known = in_force(campaign, source)
    where = _.name(source.area(campaign.area_code)) if known else campaign.area_code
    changed = _changed(campaign, visit)
    place = [] if campaign.area_code == visit.area.code else [f"{shortened(where)} · "]
    about = html.Span([*place, _.days(campaign.days)], className="quiet", title=where)
    return html.Div([html.Div([*parts, " ", about]), changed], className="time-row")


def _changed(campaign: Campaign, visit: Visit) -> Markup:
    _, source = visit.text, visit.source
    effect = effect_of(source, campaign) if in_force(campaign, source) else None
    found = outcome(effect, _) if effect else None
    if found is None:
        return html.Span(not_judged(campaign, source, _), className="quiet")
    return html.Span(
        [
            html.B(found.change),
            " ",
            html.Span(found.limits, className="quiet"),
            html.Span(found.verdict, className="time-verdict"),
        ],
        className=f"change {found.look}",
    )


def _new(visit: Visit, look: Look) -> str:
    """Return the address of the form with this area, these days and single chosen terms in it."""
    terms = {"category": visit.state.categories, "channel": visit.state.channels}
    chosen = {kind: codes[0] for kind, codes in terms.items() if len(codes) == 1}
    days = visit.days_with_data.parameters("from", "to")
    query = {"area": visit.area.code, **days, **chosen}
    return f"{look.address(CAMPAIGNS.path, **query)}#new-title"
