"""统一身份认证 — sign-in with the city's own identity provider (OpenID Connect), checked more strictly than allauth does.

1. The ID token's signature, issuer, audience and nonce are all checked; the user information must be about its subject.
2. It only opens an account that exists; it never makes one.
3. Of what the provider tells about a person, only the subject and the one claim compared are kept.
"""
