"""
Recommendation: models, features and experiments.

Not here: the signals themselves (user, playback, sync).
"""
