"""玩具 — the smallest app there can be: one subject with a life, for the tests of the mechanisms."""
