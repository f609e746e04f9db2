"""居民端 — what a resident sees on a phone, without an account: say it, follow it, have the last word; and what is near.

1. What was typed is never lost: every refusal is the same page with everything still in it, photos too.
2. A secret link is the only key to a matter; a public page shows nobody's name, number or photo.
3. Every page works without JavaScript; only the map and the preview of a photo need it.
"""
