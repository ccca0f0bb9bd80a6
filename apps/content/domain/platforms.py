"""The streaming services that the catalogue knows: facts only, from each service's own public pages."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """
    A streaming service.

    Attributes:
        slug: Permanent name.
        name: As the service writes it.
        homepage: Where the service introduces itself.
        regions: Where it runs, ISO 3166-1 alpha-2; empty means "many regions, not listed here", never "nowhere".
    """

    slug: str
    name: str
    homepage: str
    regions: tuple[str, ...] = ()


PLATFORMS: Final = (
    PlatformFacts("netflix", "Netflix", "https://www.netflix.com/"),
    PlatformFacts("prime_video", "Prime Video", "https://www.primevideo.com/"),
    PlatformFacts("disney_plus", "Disney+", "https://www.disneyplus.com/"),
    PlatformFacts("hulu", "Hulu", "https://www.hulu.com/", ("US",)),
    PlatformFacts("max", "HBO Max", "https://www.hbomax.com/"),
    PlatformFacts("apple_tv_plus", "Apple TV+", "https://tv.apple.com/"),
    PlatformFacts("paramount_plus", "Paramount+", "https://www.paramountplus.com/"),
    PlatformFacts("peacock", "Peacock", "https://www.peacocktv.com/", ("US",)),
    PlatformFacts("youtube", "YouTube", "https://www.youtube.com/"),
    PlatformFacts("crunchyroll", "Crunchyroll", "https://www.crunchyroll.com/"),
    PlatformFacts("crave", "Crave", "https://www.crave.ca/", ("CA",)),
    PlatformFacts("bbc_iplayer", "BBC iPlayer", "https://www.bbc.co.uk/iplayer", ("GB",)),
    PlatformFacts("tubi", "Tubi", "https://tubitv.com/"),
    PlatformFacts("pluto_tv", "Pluto TV", "https://pluto.tv/"),
    # Closed in 2025; listings of earlier years name it.
    PlatformFacts("freevee", "Amazon Freevee", "https://www.amazon.com/freevee"),
    PlatformFacts("crackle", "Crackle", "https://www.crackle.com/", ("US",)),
    PlatformFacts("twitch", "Twitch", "https://www.twitch.tv/"),
    PlatformFacts("mubi", "MUBI", "https://mubi.com/"),
    PlatformFacts("criterion_channel", "The Criterion Channel", "https://www.criterionchannel.com/", ("US", "CA")),
    PlatformFacts("internet_archive", "Internet Archive", "https://archive.org/details/movies"),
    PlatformFacts("shudder", "Shudder", "https://www.shudder.com/"),
    PlatformFacts("amc_plus", "AMC+", "https://www.amcplus.com/"),
    PlatformFacts("britbox", "BritBox", "https://www.britbox.com/"),
    PlatformFacts("acorn_tv", "Acorn TV", "https://acorn.tv/"),
    PlatformFacts("starz", "STARZ", "https://www.starz.com/", ("US",)),
    PlatformFacts("kanopy", "Kanopy", "https://www.kanopy.com/"),
    PlatformFacts("hoopla", "hoopla", "https://www.hoopladigital.com/"),
    PlatformFacts("plex", "Plex", "https://www.plex.tv/"),
    PlatformFacts("roku_channel", "The Roku Channel", "https://therokuchannel.roku.com/"),
    PlatformFacts("viki", "Rakuten Viki", "https://www.viki.com/"),
    PlatformFacts("curiosity_stream", "Curiosity Stream", "https://curiositystream.com/"),
    PlatformFacts("itvx", "ITVX", "https://www.itv.com/", ("GB",)),
    PlatformFacts("channel_4", "Channel 4", "https://www.channel4.com/", ("GB",)),
    PlatformFacts("now_tv", "NOW", "https://www.nowtv.com/", ("GB", "IE")),
    PlatformFacts("arte", "ARTE", "https://www.arte.tv/"),
    PlatformFacts("ard_mediathek", "ARD Mediathek", "https://www.ardmediathek.de/", ("DE",)),
    PlatformFacts("zdf", "ZDF", "https://www.zdf.de/", ("DE",)),
    PlatformFacts("france_tv", "france.tv", "https://www.france.tv/", ("FR",)),
    PlatformFacts("stan", "Stan", "https://www.stan.com.au/", ("AU",)),
    PlatformFacts("abc_iview", "ABC iview", "https://iview.abc.net.au/", ("AU",)),
    PlatformFacts("sbs_on_demand", "SBS On Demand", "https://www.sbs.com.au/ondemand/", ("AU",)),
    PlatformFacts("cbc_gem", "CBC Gem", "https://gem.cbc.ca/", ("CA",)),
    PlatformFacts("u_next", "U-NEXT", "https://video.unext.jp/", ("JP",)),
)
