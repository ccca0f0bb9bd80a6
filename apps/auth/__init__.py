"""
Tokens, sign-in, MFA, API keys and OAuth clients.

Not here: accounts and profiles (user).
"""
