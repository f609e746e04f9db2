"""诉求 — matters: what a resident wants settled, from one sentence to a rating.

1. One matter, one number, one body answerable, one clock a resident can see, whatever the channel.
2. A resident's "not solved" outranks our "done": it reopens.
3. Who verifies is never who answered; nothing is answered without an outcome and words for the resident.
"""
