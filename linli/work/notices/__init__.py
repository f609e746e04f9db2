"""消息 — notices: what an official is told, once, at the post it concerns.

1. A notice has a stable identity (entry and person): heard twice, it is one notice.
2. It tells of a fact in the journal; reading it changes nothing but its own mark.
3. Nobody is ranked by what they have or have not read.
"""
