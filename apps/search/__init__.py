"""
Query to ranked titles: the lexical index, filters, facets and autocomplete.

Not here: the catalogue itself (content), recommendations (sona).
"""
