"""The scale of ratings: whole numbers of 1..10, as IMDb and Trakt have it; half stars of five double into it."""

LOWEST_SCORE = 1
HIGHEST_SCORE = 10
