"""
Rows, browse, trending and tonight.

Not here: search ranking (search), recommendation models (sona).
"""
