"""How much two synopses have in common, when two editors wrote of the same work or of two."""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from mediagateway.folding import fold_words

#: The 300 commonest words of the 48,000 synopses of the feeds: they say nothing about which work it is.
_COMMON: Final = frozenset(
    """
    about across action adventure adventures after again against all along also american and another are around away
    back based battle beautiful become becomes been before begins behind being best between big black both boy bring
    brother business but called can career case chance change child children city college come comedy comes country
    couple crime dangerous dark daughter day days dead death decides detective different discover discovers
    documentary down drama dreams drug during each earth end escape even events ever every everything evil face
    falls family father fight film find finds first five follow follows for forced forces former four friend friends
    from fun future game gang get gets girl girls goes good great group had has have head heart help her herself hes
    high him himself his history home house how however human husband including into its job john join journey just
    keep kids killer known last later leads learn left life like little live lives living local long look lost love
    made make makes man many marriage may meet meets men mission money more most mother movie much murder music must
    mysterious named never new next night not now off old once one only order other our out over own parents part
    past people personal place police power powerful real reality relationship returns run same save school search
    secret see series set sets she show sister small some son soon special stand star stars stop stories story
    student take takes team television than that the their them themselves then there these they things this three
    through time together top town tries true try trying turn turns two under until very village wants war was way
    well were what when where which while who whose wife will with woman women work working world worlds year years
    york you young your
    """.split()  # noqa: SIM905 -- one word per line would fill ten pages
)
_SHORTEST_WORD: Final = 3
#: A synopsis of fewer folded characters ("Season 1") is shared by works that have nothing in common.
_SHORTEST_TELLING: Final = 60
#: Texts of fewer telling words share one by chance.
_FEWEST_WORDS: Final = 4


@lru_cache(maxsize=1 << 14)
def telling_words(synopsis: str) -> frozenset[str]:
    """Return the folded words of a synopsis that few others share."""
    return frozenset(word for word in fold_words(synopsis) if len(word) >= _SHORTEST_WORD) - _COMMON


def synopsis_key(synopsis: str) -> str:
    """Return what two printings of one synopsis share, "" for a synopsis too short to tell works apart."""
    folded = " ".join(fold_words(synopsis))
    return blake2b(folded.encode(), digest_size=12).hexdigest() if len(folded) >= _SHORTEST_TELLING else ""


def shared_ratio(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Return the words that two synopses share as a share of the shorter, 0..1; None when one has too few to tell."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= _FEWEST_WORDS else None
