"""Names in English and kinds of real areas."""

PROVINCE_NAME_EN = "Gansu"
CITY_NAMES_EN = {
    "620100": "Lanzhou",
    "620200": "Jiayuguan",
    "620300": "Jinchang",
    "620400": "Baiyin",
    "620500": "Tianshui",
    "620600": "Wuwei",
    "620700": "Zhangye",
    "620800": "Pingliang",
    "620900": "Jiuquan",
    "621000": "Qingyang",
    "621100": "Dingxi",
    "621200": "Longnan",
    "622900": "Linxia Hui Autonomous Prefecture",
    "623000": "Gannan Tibetan Autonomous Prefecture",
}
SPECIAL_NAMES_EN = {
    "629700": "Shandan Horse Ranch",
    "629800": "Lianhua Mountain Nature Reserve",
    "629900": "Taizi Mountain Nature Reserve",
}


def kind_of(name: str, is_prefecture: bool = False) -> str:
    """Tell the kind of a prefecture or county by how its Chinese name ends.

    Returns:
        "autonomous_prefecture" or "prefecture"; "autonomous_county", "county",
        "district" or "county_city".
    """
    if is_prefecture:
        return "autonomous_prefecture" if name.endswith("自治州") else "prefecture"
    if name.endswith("自治县"):
        return "autonomous_county"
    return {"县": "county", "区": "district"}.get(name[-1], "county_city")
