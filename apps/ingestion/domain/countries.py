"""
Country names of the feeds, and codes that are none, in ISO 3166-1 alpha-2.

A state that no longer exists stands for the successor that holds its capital, as in the starter catalogue.
"""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

#: English names, folded to lower case.
_NAMES: Final = MappingProxyType(
    {
        "afghanistan": "AF", "albania": "AL", "algeria": "DZ", "angola": "AO", "argentina": "AR", "armenia": "AM",
        "australia": "AU", "austria": "AT", "azerbaijan": "AZ", "bahamas": "BS", "bangladesh": "BD", "belarus": "BY",
        "belgium": "BE", "bermuda": "BM", "bhutan": "BT", "bolivia": "BO", "bosnia and herzegovina": "BA",
        "botswana": "BW", "brazil": "BR", "bulgaria": "BG", "burkina faso": "BF", "cambodia": "KH", "cameroon": "CM",
        "canada": "CA", "cayman islands": "KY", "chad": "TD", "chile": "CL", "china": "CN", "colombia": "CO",
        "congo": "CG", "costa rica": "CR", "croatia": "HR", "cuba": "CU", "cyprus": "CY", "czech republic": "CZ",
        "czechia": "CZ", "czechoslovakia": "CZ", "democratic republic of the congo": "CD", "denmark": "DK",
        "dominican republic": "DO", "east germany": "DE", "ecuador": "EC", "egypt": "EG", "el salvador": "SV",
        "eritrea": "ER", "estonia": "EE", "ethiopia": "ET", "fiji": "FJ", "finland": "FI", "france": "FR",
        "french polynesia": "PF", "georgia": "GE", "germany": "DE", "ghana": "GH", "greece": "GR", "greenland": "GL",
        "guatemala": "GT", "honduras": "HN", "hong kong": "HK", "hungary": "HU", "iceland": "IS", "india": "IN",
        "indonesia": "ID", "iran": "IR", "iraq": "IQ", "ireland": "IE", "israel": "IL", "italy": "IT",
        "ivory coast": "CI", "jamaica": "JM", "japan": "JP", "jordan": "JO", "kazakhstan": "KZ", "kenya": "KE",
        "kosovo": "XK", "kuwait": "KW", "kyrgyzstan": "KG", "laos": "LA", "latvia": "LV", "lebanon": "LB",
        "liberia": "LR", "libya": "LY", "liechtenstein": "LI", "lithuania": "LT", "luxembourg": "LU", "malawi": "MW",
        "malaysia": "MY", "mali": "ML", "malta": "MT", "mauritius": "MU", "mexico": "MX", "moldova": "MD",
        "monaco": "MC", "mongolia": "MN", "montenegro": "ME", "morocco": "MA", "mozambique": "MZ", "myanmar": "MM",
        "namibia": "NA", "nepal": "NP", "netherlands": "NL", "new zealand": "NZ", "nicaragua": "NI", "nigeria": "NG",
        "north korea": "KP", "north macedonia": "MK", "norway": "NO", "oman": "OM", "pakistan": "PK",
        "palestine": "PS", "panama": "PA", "papua new guinea": "PG", "paraguay": "PY", "peru": "PE",
        "philippines": "PH", "poland": "PL", "portugal": "PT", "puerto rico": "PR", "qatar": "QA", "romania": "RO",
        "russia": "RU", "rwanda": "RW", "samoa": "WS", "saudi arabia": "SA", "senegal": "SN", "serbia": "RS",
        "singapore": "SG", "slovakia": "SK", "slovenia": "SI", "somalia": "SO", "south africa": "ZA",
        "south korea": "KR", "south sudan": "SS", "soviet union": "RU", "spain": "ES", "sri lanka": "LK",
        "sudan": "SD", "sweden": "SE", "switzerland": "CH", "syria": "SY", "taiwan": "TW", "tajikistan": "TJ",
        "tanzania": "TZ", "thailand": "TH", "trinidad and tobago": "TT", "tunisia": "TN", "turkey": "TR",
        "turkmenistan": "TM", "uganda": "UG", "ukraine": "UA", "united arab emirates": "AE", "united kingdom": "GB",
        "united states": "US", "united states of america": "US", "uruguay": "UY", "uzbekistan": "UZ",
        "vatican city": "VA", "venezuela": "VE", "vietnam": "VN", "west germany": "DE", "yemen": "YE",
        "yugoslavia": "RS", "zambia": "ZM", "zimbabwe": "ZW",
    }
)  # fmt: skip
#: Withdrawn codes (ISO 3166-3) and codes that JustWatch made up: XX "unknown", XC Czechoslovakia, XG East Germany.
_CODES: Final = MappingProxyType(
    {"SU": "RU", "SUHH": "RU", "YU": "RS", "CS": "RS", "AN": "CW", "DD": "DE", "XC": "CZ", "XG": "DE", "XX": ""}
)
_ALPHA_2: Final = re.compile("[A-Z]{2}")


def map_countries(values: Iterable[str]) -> tuple[str, ...]:
    """Translate names and codes in their order, each country once; what is neither is dropped."""
    return tuple(dict.fromkeys(code for value in values if (code := _code(value.strip()))))


def _code(value: str) -> str:
    if value in _CODES:
        return _CODES[value]
    return value if _ALPHA_2.fullmatch(value) else _NAMES.get(value.lower(), "")
