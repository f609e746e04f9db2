"""Which open matters a changed list would touch."""

import re

from linli.mechanisms import rulebook
from linli.work.matters.flow import OPEN
from linli.work.matters.models import Matter


def open_under(key: str, codes: frozenset[str]) -> rulebook.Affected:
    """Which open matters a changed list would touch, for `linli pack diff`: those of its categories, or all by its limits."""
    rows = Matter.objects.filter(state__in=OPEN)
    if key in {"matters/categories", "matters/routing"}:
        rows = rows.filter(category__in=codes)
    elif key == "matters/limits":
        rows = rows.filter(due_rule__regex=rf"#({'|'.join(sorted(map(re.escape, codes)))})$") if codes else rows.none()
    numbers = tuple(rows.order_by("due_at").values_list("number", flat=True)[:10])
    return rulebook.Affected("在办诉求", rows.count(), numbers)
