"""数据接口 — the JSON API: what a desk does with a matter, done by a machine. Described by OpenAPI 3.1.

1. A token 令牌 acts from one appointment and never does more than its holder could: the same queries, the same services.
2. The same Idempotency-Key is one act, however often and however simultaneously it is sent.
3. A refusal is the sentence of the page, as application/problem+json.
"""
