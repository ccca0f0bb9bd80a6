"""How much one person may keep, and send at once."""

#: Titles on one watchlist.
MAX_WATCHLIST = 1000
#: Operations in one batch.
MAX_BATCH = 1000
#: Operations in an answer; who lacks more is given the whole state, which is then smaller.
MAX_MISSING = 1000
#: Origins in a version vector: a person has few devices, and replaces some.
MAX_ORIGINS = 200
#: Additions that one removal names.
MAX_TAGS = 200
#: Longest title: 100 hours.
MAX_POSITION_S = 360_000
#: Characters of a preference's name, and of its value written out.
MAX_KEY = 40
MAX_VALUE = 2000
