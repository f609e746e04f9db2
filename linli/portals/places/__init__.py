"""区划公开 — the tree of places as anybody may read it, its history, the card of every grid, and what is lacking where.

1. Open to strangers, but for the coverage view: where a resident lives and who works there is public by law (条例第六条).
2. Codes always stand beside their authority, and what was generated says 示意.
3. What is not known is written as not known.
"""
