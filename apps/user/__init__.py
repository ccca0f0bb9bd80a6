"""
Accounts, household profiles, preferences, subscriptions, ratings and the policy resolver.

Not here: tokens and sessions (auth), watchlists (sync), history (playback).
"""
