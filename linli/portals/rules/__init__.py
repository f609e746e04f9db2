"""依据公开 — the rulebook as anybody may read it: every list, every version, what is assumed and why.

1. Open to strangers: a rule a resident is told must be a rule they can look up.
2. An address names a version, so a link in an old decision shows the rule as it was.
3. Writing is one page only: a new year's working calendar, for who holds `rulebook.enact`.
"""
