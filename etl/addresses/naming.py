"""The ways in which an address may call an area."""

import re
from collections.abc import Iterator

from geo.hierarchy import CELL, CITY, COUNTY, PROVINCE, TOWNSHIP, VILLAGE

FULL, SHORT, OTHER = 1.0, 0.95, 0.9
"""How good a way of calling is: the whole name; without its kind; an old or another kind."""

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|塔吉克|怒|鄂温克|保安|裕固|京|独龙|鄂伦春"
)
_AUTONOMOUS = re.compile(f"^(.*?)(({_PEOPLES})族?)*?({_PEOPLES})族?(各族)?自治([州县旗])$")
_PEOPLES_TOWNSHIP = re.compile(f"^(.+?)(?:(?:{_PEOPLES})族)+乡$")
_ENDS = {
    PROVINCE: ("省", "自治区", "市"),
    CITY: ("市", "地区", "盟"),
    COUNTY: ("县", "区", "市", "旗", "林区"),
    TOWNSHIP: ("街道办事处", "街道", "镇", "乡"),
    VILLAGE: (
        "社区居民委员会",
        "社区居委会",
        "村民委员会",
        "居民委员会",
        "村委会",
        "居委会",
        "社区",
        "嘎查",
        "村",
    ),
}
_OTHER_ENDS = {
    TOWNSHIP: ("镇", "乡", "街道", "街道办", "街道办事处"),
    VILLAGE: ("村", "社区", "村委会", "居委会", "村民委员会", "居民委员会", "社区居委会"),
}
_SAME_ENDS = {
    "街道": ("街道办", "街道办事处"),
    "街道办事处": ("街道", "街道办"),
    "村民委员会": ("村", "村委会"),
    "村委会": ("村", "村民委员会"),
    "村": ("村委会", "村民委员会"),
    "居民委员会": ("社区", "居委会", "社区居委会"),
    "居委会": ("社区", "居民委员会", "社区居委会"),
    "社区居委会": ("社区", "居委会", "社区居民委员会"),
    "社区居民委员会": ("社区", "居委会", "社区居委会"),
    "社区": ("社区居委会", "居委会", "社区居民委员会"),
}
_STREETS = tuple("路街巷道")


def ways_of_calling(name: str, slot: int) -> Iterator[tuple[str, float]]:
    """All ways to call an area, each with how good it is; the best way of a text comes first.

    A name that without its kind is a street's has no short form: the street may run
    through other areas too. Cells are called by their whole name only.
    """
    yield name, FULL
    if slot == CELL:
        return
    base, end = _split(name, slot)
    for same in _SAME_ENDS.get(end, ()):
        yield base + same, FULL
    if slot in (CITY, COUNTY) and (own := _AUTONOMOUS.match(name)):
        yield from _ways_of_autonomous(own)
        return
    if len(base) < 2:
        return
    if not base.endswith(_STREETS):
        yield base, SHORT
    for other in _OTHER_ENDS.get(slot, ()):
        yield base + other, OTHER


def _ways_of_autonomous(own: re.Match[str]) -> Iterator[tuple[str, float]]:
    """临夏回族自治州: 临夏州, 临夏; 东乡族自治县: 东乡县, 东乡."""
    base = own[1] or own[4]
    yield base + own[6], FULL
    yield f"{base}自治{own[6]}", FULL
    if len(base) >= 2:
        yield base, SHORT


def _split(name: str, slot: int) -> tuple[str, str]:
    """A name's own part and its kind."""
    if slot == TOWNSHIP and (own := _PEOPLES_TOWNSHIP.match(name)):
        return own[1], "乡"
    for end in _ENDS.get(slot, ()):
        if name.endswith(end) and len(name) > len(end):
            return name.removesuffix(end), end
    return name, ""
