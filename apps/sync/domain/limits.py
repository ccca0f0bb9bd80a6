"""How much one person may keep, and send at once."""

#: Titles on one watchlist.
MAX_WATCHLIST = 1000
#: Operations in one batch.
MAX_BATCH = 1000
#: Operations in an answer; who lacks more is given the whole state, which is then smaller.
MAX_MISSING = 1000
