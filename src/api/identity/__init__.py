"""Who asks: API keys, access tokens, sign-ins, and apps of others that act for a user (OAuth 2.0).

`leases` is what the gateway asks; the other modules say how each credential
is made, checked and ended.
"""
