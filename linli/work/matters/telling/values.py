"""How single values are said in the log."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.rules import RuleList
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access.models import Body, Person
from linli.mechanisms.territory.words import level_words
from linli.work.matters import rules
from linli.work.matters.models import Channel, Means, SecondLook
from linli.work.matters.telling.names import PART_WORDS, Shown


def named(schema: type[RuleList[Any]], code: str) -> str:
    found = rulebook.current(schema).list.find(code)
    return rulebook.label(found) if found else code


def _moment(value: datetime) -> str:
    return f"{value.astimezone(clock.CITY):%Y-%m-%d %H:%M}"


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")


def _risk(value: int) -> str:
    found = next((each for each in rulebook.current(rules.Risks).list.items if each.rank == value), None)
    return rulebook.label(found) if found else str(value)


def _rating(value: int) -> str:
    found = next((each for each in rulebook.current(rules.Ratings).list.items if each.score == value), None)
    return _("%(name)s（%(n)s 分）") % {"name": rulebook.label(found), "n": value} if found else str(value)


HEARD: dict[str, Shown] = {
    "add": gettext_lazy("补充了"),
    "solved": gettext_lazy("解决了"),
    "withdraw": gettext_lazy("撤回了"),
    "appeal": gettext_lazy("评价申诉"),
    "approval": gettext_lazy("清单外请示"),
}
"""What the reporter of a merged matter said, in MatterHeardAlong; what waits for a decision, in MatterDecisionDue."""

SAYINGS: dict[str, Callable[[Any], str]] = {
    "channel": lambda value: str(Channel(value).label),
    "category": lambda value: named(rules.Categories, value),
    "risk": _risk,
    "level": level_words,
    "from_level": level_words,
    "to_level": level_words,
    "solved_level": level_words,
    "due_at": _moment,
    "answer_by": _moment,
    "accept_by": _moment,
    "rate_by": _moment,
    "public": lambda value: _("看得到这件事（不含是谁说的）") if value else _("看不到"),
    "outcome": lambda value: named(rules.Outcomes, value),
    "decide_by": _moment,
    "until": _moment,
    "confirm_by": _moment,
    "look_by": _moment,
    "contact_by": _moment,
    "said_at": _moment,
    "emergency": _yes_no,
    "always": _yes_no,
    "rightly": _yes_no,
    "reached": _yes_no,
    "area": lambda value: territory.area(value).name,
    "asked_by": lambda value: str(SecondLook.Asker(value).label),
    "means": lambda value: str(Means(value).label),
    "proposer": lambda value: Person.objects.get(pk=value).name,
    "owner": lambda value: Person.objects.get(pk=value).name,
    "upheld": _yes_no,
    "proposed": _yes_no,
    "differs": lambda value: named(rules.DifferReasons, value),
    "in_time": _yes_no,
    "parts": lambda value: _("、").join(value),
    "bodies": lambda value: _("、").join(each.name for each in Body.objects.filter(pk__in=value).order_by("id")),
    "body_names": lambda value: _("、").join(value),
    "advise_by": _moment,
    "merged": lambda value: value if isinstance(value, str) else _("、").join(value),
    "merged_at": _moment,
    "reporters": lambda value: _("%(n)s 人") % {"n": value},
    "what": lambda value: str(HEARD.get(value, value)),
    "satisfaction": _rating,
    "times": lambda value: _("第 %(n)s 次") % {"n": value},
    "photos": lambda value: _("%(n)s 张") % {"n": value},
    "supporters": lambda value: _("%(n)s 人") % {"n": value},
    "provisional": _yes_no,
    "share": lambda value: _("%(n)s%%") % {"n": value},
    "grade": lambda value: named(rules.MatterGrades, value),
    "skipped": lambda value: _("%(n)s 级") % {"n": value},
    "cards_cleared": lambda value: _("%(n)s 张") % {"n": value},
    "above": _yes_no,
    "tries": lambda value: _("第 %(n)s 次") % {"n": value},
    "contacted": _yes_no,
    "solved": _yes_no,
    "verdict": lambda value: _("第 %(n)s 条") % {"n": value},
    "reviewer": lambda value: Person.objects.get(pk=value).name,
    "for_resident": _yes_no,
    "relation": lambda value: named(rules.Relations, value),
    "how": lambda value: named(rules.Consents, value),
    "agreed_at": _moment,
    "field": lambda value: str(
        {"contact": _("称呼和电话"), "earlier": _("同一个人的别的诉求"), "copy": _("记着的全部")}.get(value, value)
    ),
    "kinds": lambda value: _("、").join(str(PART_WORDS.get(each, each)) for each in value),
    "masked": lambda value: _("%(n)s 处") % {"n": value},
}
