"""Names of the sample feeds: which platform each one lists, and for which day it speaks."""

from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

#: Feed name -> platform slug, where the two differ.
PLATFORM_OF_FEED: Final = MappingProxyType(
    {
        "amazon": "prime_video",
        "amazon_prime": "prime_video",
        "appletv": "apple_tv_plus",
        "disney": "disney_plus",
        "hbomax": "max",
        "paramount": "paramount_plus",
    }
)


class SampleFeed(NamedTuple):
    """One file of the sample feeds; all of them list the United States."""

    file: str
    layout: str
    platform: str
    as_of: date


_KAGGLE, _JUSTWATCH = "kaggle-csv", "justwatch-csv"
_2022, _2023 = date(2022, 7, 1), date(2023, 6, 1)

#: In the order of their days. Those of 2021 bear the newest `date_added` in the file; the others, whose rows have no
#: date, the middle of the year of their newest releases.
SAMPLE_FEEDS: Final = (
    SampleFeed("kaggle_netflix_2021.csv.gz", _KAGGLE, "netflix", date(2021, 9, 25)),
    SampleFeed("kaggle_amazon_prime_2021.csv.gz", _KAGGLE, "prime_video", date(2021, 10, 10)),
    SampleFeed("kaggle_hulu_2021.csv.gz", _KAGGLE, "hulu", date(2021, 10, 24)),
    SampleFeed("kaggle_disney_plus_2021.csv.gz", _KAGGLE, "disney_plus", date(2021, 11, 26)),
    SampleFeed("netflix_2022.csv.gz", _JUSTWATCH, "netflix", _2022),
    SampleFeed("amazon_2022.csv.gz", _JUSTWATCH, "prime_video", _2022),
    SampleFeed("hbomax_2022.csv.gz", _JUSTWATCH, "max", _2022),
    SampleFeed("paramount_2022.csv.gz", _JUSTWATCH, "paramount_plus", _2022),
    SampleFeed("hulu_2022.csv.gz", _JUSTWATCH, "hulu", _2022),
    SampleFeed("disney_2022.csv.gz", _JUSTWATCH, "disney_plus", _2022),
    SampleFeed("crunchyroll_2022.csv.gz", _JUSTWATCH, "crunchyroll", _2022),
    SampleFeed("netflix_2023.csv.gz", _JUSTWATCH, "netflix", _2023),
    SampleFeed("hbomax_2023.csv.gz", _JUSTWATCH, "max", _2023),
    SampleFeed("disney_2023.csv.gz", _JUSTWATCH, "disney_plus", _2023),
    SampleFeed("paramount_2023.csv.gz", _JUSTWATCH, "paramount_plus", _2023),
    SampleFeed("appletv_2023.csv.gz", _JUSTWATCH, "apple_tv_plus", _2023),
)
