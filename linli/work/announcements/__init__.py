"""邻里告知 — announcements: what a street or community tells the neighbours of an area; and the street's own front page.

1. A notice speaks to an area inside the scope of the post that publishes it, and ends by itself.
2. Nothing published is rewritten: a correction is a new edition, and a withdrawal shows with its reason.
3. What seems to be somebody's own (a number, a plate, a name) is refused before it becomes public.
"""
