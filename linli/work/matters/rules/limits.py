"""时限 — by when each step is due, for which category and risk."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, PlainSerializer, model_validator

from linli.kernel.calendar import CalendarError, Limit, Unit
from linli.kernel.rules import Code, InEnglish, Refers, RuleItem, RuleList, Sentence, Worded

Clock = Literal[
    "settle", "triage", "accept", "object", "rule", "extend", "contact", "handle", "verify", "rate", "confirm",
    "second_look", "urge", "appeal", "erase",
]  # fmt: skip
CLOCKS: tuple[Clock, ...] = (
    "settle",
    "triage",
    "accept",
    "object",
    "rule",
    "extend",
    "contact",
    "handle",
    "verify",
    "rate",
    "appeal",
    "erase",
    "confirm",
    "second_look",
    "urge",
)
ADDED: dict[Clock, Limit] = {
    "object": Limit(24, Unit.NATURAL_HOURS), "rule": Limit(1, Unit.WORKING_DAYS), "extend": Limit(5, Unit.WORKING_DAYS),
    "appeal": Limit(3, Unit.WORKING_DAYS),
    "erase": Limit(15, Unit.WORKING_DAYS),
    "confirm": Limit(1, Unit.WORKING_DAYS), "second_look": Limit(2, Unit.WORKING_DAYS), "urge": Limit(24, Unit.NATURAL_HOURS),
}  # fmt: skip
"""Clocks that lists enacted before linli knew them do not name, and what then holds: a list stays readable for good."""


def limit_from(value: Any) -> Any:
    """ "5 working_days" as a Limit."""
    if isinstance(value, Limit):
        return value
    amount, _, unit = " ".join(value.split()).partition(" ") if isinstance(value, str) else ("", "", "")
    if not amount.isdecimal() or unit not in list(Unit):
        raise ValueError(
            f"时限“{value}”写得不对；写成“数字 单位”，单位是 working_days（工作日）、working_hours（工作小时）"
            "或 natural_hours（小时），如 5 working_days"
        )
    try:
        return Limit(int(amount), Unit(unit))
    except CalendarError:
        raise ValueError(f"时限“{value}”不合情理；请核对数字") from None


LimitText = Annotated[
    Limit,
    BeforeValidator(limit_from),
    PlainSerializer(lambda limit: f"{limit.amount} {limit.unit.value}", return_type=str),
]


class Because(Worded):
    """暂定的理由 — of one limit of a line."""

    reason: Sentence
    reason_en: InEnglish = ""


class LimitRule(RuleItem):
    """时限 — how long each step may take: for everything, for a risk, for a category, or for a category at a risk."""

    category: Annotated[Code, Refers("matters/categories")] | None = None
    risk: Annotated[Code, Refers("lists/risks")] | None = None
    outranks: bool = False
    """A risk so grave that its limits hold whatever the category's own say."""
    settle: LimitText | None = None
    triage: LimitText | None = None
    accept: LimitText | None = None
    object: LimitText | None = None
    rule: LimitText | None = None
    extend: LimitText | None = None
    """How long an extension may be at most."""
    contact: LimitText | None = None
    handle: LimitText | None = None
    verify: LimitText | None = None
    rate: LimitText | None = None
    appeal: LimitText | None = None
    """Within what time after a rating the body that answered may appeal against it."""
    erase: LimitText | None = None
    """How long deciding on a person's request to delete their data may take."""
    confirm: LimitText | None = None
    """Until when a second person says yes or no to an exclusion."""
    second_look: LimitText | None = None
    urge: LimitText | None = None
    """How long a resident who has urged waits before the next time."""
    reasons: dict[Clock, Because] = {}
    """Why each limit of this line is assumed, where the reasons differ: a page that uses one cites only that one."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if not any(getattr(self, clock) for clock in CLOCKS):
            raise ValueError(f"这一条没有写时限；至少写 {'、'.join(CLOCKS)} 中的一项，如 handle: 5 working_days")
        return self

    def why(self, part: str = "", *, english: bool = False) -> str:
        """Why the one limit is assumed; all that is said of the line where it does not tell them apart."""
        own = next((because for clock, because in self.reasons.items() if clock == part), None)
        return (own or self).said("reason", english=english)

    @property
    def weight(self) -> int:
        """How particular this rule is: a category outranks a risk, unless the risk outranks; both outrank either."""
        if self.risk and not self.category:
            return 3 if self.outranks else 1
        return 4 if self.risk else 2 * bool(self.category)


class Limits(RuleList[LimitRule]):
    """时限表."""

    key: ClassVar[str] = "matters/limits"

    @model_validator(mode="after")
    def _leaves_no_gap(self) -> Self:
        places = [(item.category, item.risk) for item in self.items]
        for item in self.items:
            if places.count((item.category, item.risk)) > 1:
                raise ValueError(
                    f"不止一条时限管“{item.category or '全部类别'} / {item.risk or '全部风险'}”；合并成一条"
                )
        general = next((item for item in self.items if item.weight == 0), None)
        asked = [clock for clock in CLOCKS if clock not in ADDED]
        missing = [clock for clock in asked if general is None or getattr(general, clock) is None]
        if missing:
            raise ValueError(f"缺少兜底的时限 {'、'.join(missing)}；写一条不带 category 和 risk 的，各项时限齐全")
        return self

    def rule_for(self, clock: Clock, *, category: str, risk: str) -> tuple[Limit, str]:
        """The limit of one clock for a matter, and the code of the rule it comes from."""
        holds = [
            item
            for item in self.items
            if item.category in {None, category} and item.risk in {None, risk} and getattr(item, clock) is not None
        ]
        if not holds:  # Only what was added later may be missing.
            return ADDED[clock], next(item.code for item in self.items if item.weight == 0)
        best = max(holds, key=lambda item: item.weight)
        limit: Limit = getattr(best, clock)
        return limit, best.code
