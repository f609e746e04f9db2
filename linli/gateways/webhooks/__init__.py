"""推送 — what happens to matters, told to other systems as it happens: signed, in order, tried again, replayable.

1. Codes, places, offices and dates only: no resident's word or name, no official's name. A field not listed is not sent.
2. Every (subscription, entry) has one id, however often it is sent; entries of one subject go out in their order.
3. Nothing of the city's own network can be reached by it: https to public addresses only, and no redirect is followed.
"""
