"""How well the incidents of a visit are located, in words, for the map and whatever is printed."""

from __future__ import annotations

from dashboard.visit import Visit


def location_lines(visit: Visit) -> list[str]:
    """Say how well the incidents counted are located, and how many the layer cannot show."""
    _, layer = visit.text, visit.layer.slot
    if visit.state.publish:
        return [_("How well incidents are located is not published by area.")]
    if not visit.has_data:
        return []
    found = visit.source.location(visit.area.code, layer, visit.filters)
    if not found.by_slot:
        return [_("Incidents located: all to the point.")]
    shares = [_("point {share}", share=_.percent(found.points / found.total))]
    shares += [
        f"{_level(visit, slot)} {_.percent(count / found.total)}"
        for slot, count in found.by_slot.items()
    ]
    lines = [_("Incidents located: {shares}", shares=" · ".join(shares))]
    if found.missing:
        levels = _(" or ").join(_level(visit, slot) for slot in found.missing)
        absent = _.number(sum(found.missing.values()))
        lines.append(
            _(
                "Incidents known only to {levels}, not in these figures: {n}",
                levels=levels,
                n=absent,
            )
        )
    return lines


def _level(visit: Visit, slot: int) -> str:
    """Name the level of a slot; the wider one where the hierarchy leaves it out."""
    levels = [level for level in visit.hierarchy.levels if level.slot <= slot]
    return visit.text.term(levels[-1])
