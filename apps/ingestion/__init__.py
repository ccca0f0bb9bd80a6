"""
Sources to catalogue: staging, entity resolution, merging, importers.

Not here: titles and offers as served (content).
"""
