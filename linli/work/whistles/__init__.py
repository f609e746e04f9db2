"""吹哨报到 — whistles: a township summons departments to a place, they report, and each side judges the other.

1. Only bodies whose area covers the place are called, by a township's own post, in its own area.
2. Silence goes up: who does not answer or does not come in time is told to the county, once for each body.
3. Nobody is ranked under thirty whistles, and what a township whistles for is judged as well.
"""
