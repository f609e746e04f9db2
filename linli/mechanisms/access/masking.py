"""脱敏 — what of a resident's contact fields an actor sees. A look at the whole is `service.write_reveal`, with a purpose."""

from collections.abc import Callable, Set

from linli.kernel import masking
from linli.mechanisms.access.actors import Actor

MASKS: dict[str, Callable[[str], str]] = {
    "name": masking.mask_name,
    "phone": masking.mask_phone,
    "number": masking.mask_number,
    "text": masking.mask_personal,
}
HIDDEN = "***"
"""For a field without a mask of its own, and for whoever has no business with it at all."""


def shown(value: str, *, field: str, actor: Actor, reveals: Set[str] = frozenset()) -> str:
    """The value as this actor may see it. `reveals` are the fields they gave a purpose for (`queries.reveals_of`).

    A resident sees the whole: Actor.resident() is made only for who holds that matter's own secret link. Officials
    see it masked until they said why. Strangers, and the system's own texts, see nothing of it.
    """
    if not value:
        return ""
    if actor.kind == "resident":
        return value
    if actor.kind != "staff" or not actor.post:
        return HIDDEN
    if field in reveals:
        return value
    mask = MASKS.get(field)
    return mask(value) if mask else HIDDEN
