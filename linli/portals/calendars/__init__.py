"""期限日历 — a post's own deadlines and meetings in the calendar of a phone, by an address that is a secret.

1. Only who holds the address reads it, and only while its owner sits at that post; revoked, it reads nothing.
2. It says number, kind and moment: never a resident's words, name or telephone, because calendars live on other people's machines.
3. A thing keeps its identity from one reading to the next, and its sequence only grows.
"""
