"""热线网关 — tickets handed over by an outside 12345 system, their answers handed back, over HTTP or by files, compared daily.

1. A ticket becomes one matter, however often and by whatever way it is sent; its number there is kept, shown and searched for.
2. What happens to it here is queued with the fact and sent in order until it is taken; each message bears an identity of its own.
3. A row that cannot be taken is named with its line and what to mend; the others are taken all the same. Nothing is dropped in silence.
"""
