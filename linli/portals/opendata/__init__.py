"""公开数据 — a month of matters, anonymised, as a table with its dictionary, in a catalogue that other catalogues can read.

1. Every published line shares its place and time with at least k - 1 others, and carries no word that anybody wrote.
2. A month is published once, when it is over, and never changed: two editions could be subtracted from each other.
3. How many were left out is said in the file's own page and in the catalogue.
"""
