"""吹哨的规则 — when a whistle may be sounded, how soon it is to be answered, and what each side may say of the other."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, PlainSerializer

from linli.kernel.calendar import CalendarError, Limit, Unit, WorkingCalendar
from linli.kernel.rules import InEnglish, Named, RuleList, Words

TOWNSHIP, COMMUNITY = 3, 4
FEWEST_TO_COMPARE = 30
"""Under so many calls a body's rates are not shown beside another's (`domain.md` 1.6)."""
LONGEST_NOTICE = timedelta(days=30)
"""A time to arrive that lies further off is no whistle but a meeting."""
MOST_CALLED = 20
MOST_MINUTES = 24 * 60


def wait_from(value: Any) -> Any:
    """ "30 minutes" as a timedelta, "2 working_hours" as a Limit."""
    if isinstance(value, Limit | timedelta):
        return value
    amount, _, unit = " ".join(value.split()).partition(" ") if isinstance(value, str) else ("", "", "")
    if amount.isdecimal() and unit == "minutes" and 1 <= int(amount) <= MOST_MINUTES:
        return timedelta(minutes=int(amount))
    if not amount.isdecimal() or unit not in list(Unit):
        raise ValueError(
            f"时限“{value}”写得不对；写成“数字 单位”，单位是 minutes（分钟）、natural_hours（小时）、"
            "working_hours（工作小时）或 working_days（工作日），如 30 minutes"
        )
    try:
        return Limit(int(amount), Unit(unit))
    except CalendarError:
        raise ValueError(f"时限“{value}”不合情理；请核对数字") from None


def wait_text(wait: Limit | timedelta) -> str:
    """As the list writes it."""
    if isinstance(wait, timedelta):
        return f"{wait // timedelta(minutes=1)} minutes"
    return f"{wait.amount} {wait.unit.value}"


Wait = Annotated[Limit | timedelta, BeforeValidator(wait_from), PlainSerializer(wait_text, return_type=str)]


class Numbered(Named):
    """A kind or reason with the number official papers give it."""

    number: Words
    help: Words | None = None
    """One sentence for who must choose."""
    help_en: InEnglish = ""


class Kind(Numbered):
    """吹哨的情形 — one of the four, how soon a body acknowledges, and how soon it is on the spot."""

    acknowledge: Wait
    arrive: Wait


class Kinds(RuleList[Kind]):
    """吹哨的情形和时限."""

    key: ClassVar[str] = "whistles/kinds"


class Unjustified(RuleList[Numbered]):
    """哨吹得不合适的理由."""

    key: ClassVar[str] = "whistles/unjustified"


class Absences(RuleList[Numbered]):
    """没能到场的理由."""

    key: ClassVar[str] = "whistles/absences"


LISTS: tuple[type[RuleList[Any]], ...] = (Kinds, Unjustified, Absences)
"""Every list this app declares to the rulebook."""


def due(calendar: WorkingCalendar, start: datetime, wait: Limit | timedelta) -> datetime:
    """When a wait is over. Minutes run day and night; the rest is counted by the working calendar."""
    return start + wait if isinstance(wait, timedelta) else calendar.due(start, wait).at


def minutes_late(moment: datetime, due_at: datetime) -> int:
    """How many begun minutes after the time; 0 if in time."""
    over = moment - due_at
    return max(0, -(-over // timedelta(minutes=1)))
