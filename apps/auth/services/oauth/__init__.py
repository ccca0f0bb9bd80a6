"""
The authorization server: protocol by oauthlib, storage and tokens ours (ADR 11).

`server` puts the grants together, `validator` answers oauthlib's questions, `codes`, `devices` and `tokens` write.
"""
