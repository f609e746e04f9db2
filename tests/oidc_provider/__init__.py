"""A real identity provider in a process of its own, for the tests of sign-in: django-oauth-toolkit with OpenID Connect.

It has its own settings, database, keys and people, and shares nothing with linli but HTTP. Run it with
`python -m tests.oidc_provider --port 9000 --callback http://localhost:8000/accounts/oidc/city/login/callback/`.
"""

CLIENT_ID = "linli"
CLIENT_SECRET = "told-only-to-linli"
PASSWORD = "their-own-password"
PEOPLE = {"li": "13800000001", "stranger": "13800000002"}
"""Who has an account there, with their telephone: 李调度, and somebody linli has never heard of."""
