"""编号 — a part bears its whole's number and a suffix."""


def whole_of(number: str) -> str | None:
    """The number of the matter that a part's number names: of 滨26-0417-0032-1 all but the suffix; None for no part."""
    whole, _dash, _suffix = number.rpartition("-")
    return whole if number.count("-") > WHOLE_DASHES else None


WHOLE_DASHES = 2
"""A matter's own number has so many dashes; a part's one more."""
