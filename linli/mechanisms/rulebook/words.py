"""What the rulebook says, in the language of whoever reads: names, titles, reasons, limits. Cheap: asked for every row."""

from typing import Any

from django.utils.translation import get_language, ngettext

from linli.kernel.calendar import Limit, Unit
from linli.kernel.rules import RuleItem, RuleList, Worded


def is_english() -> bool:
    """Is the page in English?"""
    return (get_language() or "").startswith("en")


def label(said: Worded, part: str = "") -> str:
    """An item by its name, a list by its title, or another of their texts: in English where the pack gives it."""
    return said.said(part or ("title" if isinstance(said, RuleList) else "name"), english=is_english())


def reason(held: RuleList[Any], item: RuleItem | None, part: str = "") -> str:
    """Why an item is only assumed, or the whole list where none is meant; empty where it is adopted.

    `part`: the one field of the item that is used, where the item tells its fields apart.
    """
    if item is None:
        return held.said("reason", english=is_english())
    return held.reason_of(item, part, english=is_english())


def limit_words(limit: Limit) -> str:
    """5 个工作日; 5 working days."""
    n = limit.amount
    match limit.unit:
        case Unit.WORKING_DAYS:
            return ngettext("%(n)s 个工作日", "%(n)s 个工作日", n) % {"n": n}
        case Unit.WORKING_HOURS:
            return ngettext("%(n)s 个工作小时", "%(n)s 个工作小时", n) % {"n": n}
        case _:
            return ngettext("%(n)s 小时", "%(n)s 小时", n) % {"n": n}
