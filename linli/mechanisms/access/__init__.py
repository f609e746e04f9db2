"""谁能 — access: bodies, posts, people acting from posts, powers, scope, masking, and the log of who looked.

Its promise: `require` raises or says nothing; lists are already scoped.

1. The actor is never optional, and nothing skips: the system itself acts as Actor.system(...).
2. A view is closed to strangers unless it is marked @public, where it stands.
3. A resident's identity is shown only after a purpose was given, and the look is written down first.
"""

from linli.mechanisms.access.actors import Actor, Refused, public, require

__all__ = ["Actor", "Refused", "public", "require"]
