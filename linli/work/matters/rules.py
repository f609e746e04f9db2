"""诉求的规则 — what the city's lists about matters look like, and which of their lines holds for a matter."""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from linli.kernel.calendar import CalendarError, Limit, Unit
from linli.kernel.rules import Code, InEnglish, Named, Refers, RuleItem, RuleList, Words

Level = Literal["grid", "community", "township", "county", "city"]
LEVELS: dict[str, int] = {"city": 1, "county": 2, "township": 3, "community": 4, "grid": 5}
"""The lists say levels in words; areas number them as territory does."""

GRID, COMMUNITY, TOWNSHIP, COUNTY, CITY = 5, 4, 3, 2, 1
"""Who may have a matter in hand, from the lowest up."""
URGENT = 3
"""The risk 紧急 (`domain.md` B.6): two hours, so it does not wait for a grid worker's round."""

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


class Groups(RuleList[Named]):
    """诉求大类."""

    key: ClassVar[str] = "matters/groups"


class Category(Named):
    """诉求类别 — one kind of thing residents ask for, in their words, and how it begins."""

    group: Annotated[Code, Refers("matters/groups")]
    words: tuple[Words, ...]
    """Wordings that point here, colloquial ones among them."""
    examples: tuple[Words, ...]
    request_class: Annotated[Code, Refers("lists/request_classes")]
    risk: Annotated[Code, Refers("lists/risks")]
    public: bool
    """Whether others may see it by default: never where a household, money or an accusation is the subject."""
    solvable_at: Level
    """The lowest level that usually can settle it; proposals begin there."""
    function: Annotated[Code, Refers("bodies/functions")]
    """What the body that handles it is for."""
    is_report: bool = False
    """举报: the handling body never sees who reported."""

    @model_validator(mode="after")
    def _a_report_stays_out_of_sight(self) -> Self:
        if self.is_report and self.public:
            raise ValueError("举报不公开；public 写成 false")
        return self


class Categories(RuleList[Category]):
    """诉求类别."""

    key: ClassVar[str] = "matters/categories"


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

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if not any(getattr(self, clock) for clock in CLOCKS):
            raise ValueError(f"这一条没有写时限；至少写 {'、'.join(CLOCKS)} 中的一项，如 handle: 5 working_days")
        return self

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


class Route(RuleItem):
    """承办 — for one category, the function of the body that answers at each level. Its code is the category's."""

    code: Annotated[Code, Refers("matters/categories")]
    community: Annotated[Code, Refers("bodies/functions")] | None = None
    township: Annotated[Code, Refers("bodies/functions")] | None = None
    county: Annotated[Code, Refers("bodies/functions")] | None = None
    city: Annotated[Code, Refers("bodies/functions")] | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not (self.township or self.county):
            raise ValueError("乡镇和县两级都没有承办的职能；至少写 township 或 county 一项")
        return self


class Routing(RuleList[Route]):
    """承办职能表."""

    key: ClassVar[str] = "matters/routing"

    def function_for(self, category: str, level: int) -> tuple[str, int] | None:
        """Who answers for a category at a level: the function and the level it stands at, or of the next above.

        None for a category without a route: the dispatcher decides.
        """
        route = self.find(category)
        if route is None:
            return None
        for name, number in (("community", 4), ("township", 3), ("county", 2), ("city", 1)):
            function = getattr(route, name)
            if number <= level and function:
                return function, number
        return None


class Duty(Named):
    """职责事项 — what a level owns (自办), or only helps with (协办), of a category; and what was taken back above (上级收回)."""

    category: Annotated[Code, Refers("matters/categories")]
    level: Literal["community", "township"]
    part: Literal["owns", "assists", "recalled"]


class Duties(RuleList[Duty]):
    """职责事项清单 — outranks the table of functions on who may be sent what."""

    key: ClassVar[str] = "matters/duties"

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        places = [(item.category, item.level) for item in self.items]
        for item in self.items:
            if places.count((item.category, item.level)) > 1:
                raise ValueError(f"“{item.category} / {item.level}”不止一条；一级对一类只能自办、协办或者收回")
        return self

    def duty(self, category: str, level: int) -> Duty | None:
        """The line about a category at a level."""
        return next((each for each in self.items if each.category == category and LEVELS[each.level] == level), None)


class Numbered(Named):
    """A reason or class with the number official papers give it."""

    number: Words
    help: Words | None = None
    """One sentence for who must choose."""
    help_en: InEnglish = ""


class RequestClass(Numbered):
    """诉求性质 — consultation, help, complaint …"""

    words: tuple[Words, ...] = ()


class RequestClasses(RuleList[RequestClass]):
    """诉求性质."""

    key: ClassVar[str] = "lists/request_classes"


class Risk(Numbered):
    """风险等级."""

    rank: int
    words: tuple[Words, ...] = ()
    """Wordings that raise a matter to this risk whatever its category."""


class Risks(RuleList[Risk]):
    """风险等级."""

    key: ClassVar[str] = "lists/risks"


class Exclusion(Numbered):
    """不予受理或转其他渠道的情形 — never without the right channel."""

    channel: Words
    channel_en: InEnglish = ""
    phone: Words | None = None
    where: Words | None = None
    """Where exactly, as a law says it."""
    where_en: InEnglish = ""
    kind: Literal["emergency", "legal", "repeat", "secret", "beyond", "unlawful"] | None = None
    """Which of the six kinds that are not dispatched."""
    names_channel: bool = False
    """Whoever proposes it must name the office, since no list can."""
    hands_over: bool = False
    """What is excluded for this reason goes to the city's hotline, which gives it a number of its own."""
    for_danger: bool = False
    """What speaks of danger may be passed on for this reason, and for no other."""


class Exclusions(RuleList[Exclusion]):
    """不予受理的情形."""

    key: ClassVar[str] = "lists/exclusions"


class Share(Named):
    """抽查的份额 — how much of a month's exclusions an overseer looks at: percent, and at least so many."""

    percent: Annotated[int, Field(ge=1, le=100)]
    least: Annotated[int, Field(ge=0)] = 1


class Sampling(RuleList[Share]):
    """抽查的份额."""

    key: ClassVar[str] = "matters/sampling"


class Objection(Numbered):
    """职责异议的理由 — most name the body whose duty it is believed to be."""

    names_body: bool = True


class Objections(RuleList[Objection]):
    """职责异议的理由."""

    key: ClassVar[str] = "lists/objections"


class Outcome(Numbered):
    """办理结果 — what came of it, and whether it may be counted as solved."""

    counts_as: Literal["solved", "neutral", "unsolved"]


class Outcomes(RuleList[Outcome]):
    """办理结果."""

    key: ClassVar[str] = "lists/outcome_reasons"


class RaiseReasons(RuleList[Numbered]):
    """上报的理由."""

    key: ClassVar[str] = "lists/raise_reasons"


class RedoReasons(RuleList[Numbered]):
    """退回重办的理由."""

    key: ClassVar[str] = "lists/redo_reasons"


class DifferReasons(RuleList[Numbered]):
    """不按系统建议派单的理由."""

    key: ClassVar[str] = "lists/differ_reasons"


class WithdrawReasons(RuleList[Numbered]):
    """撤回的理由."""

    key: ClassVar[str] = "lists/withdraw_reasons"


class ReopenReasons(RuleList[Numbered]):
    """没解决的理由."""

    key: ClassVar[str] = "lists/reopen_reasons"


class CarryReason(Numbered):
    """挂账的理由 — and after how many days at most it is looked at again."""

    days: int


class CarryReasons(RuleList[CarryReason]):
    """挂账的理由."""

    key: ClassVar[str] = "lists/carry_reasons"


class RevealReasons(RuleList[Numbered]):
    """查看诉求人身份的用途."""

    key: ClassVar[str] = "lists/reveal_reasons"


class Relations(RuleList[Numbered]):
    """代为反映的人是本人的什么人."""

    key: ClassVar[str] = "lists/relations"


class Consents(RuleList[Numbered]):
    """本人怎么同意别人代为反映的."""

    key: ClassVar[str] = "lists/consents"


class Rating(Numbered):
    """满意度 — one to five; one and two are bad."""

    score: Literal[1, 2, 3, 4, 5]
    bad: bool


class Ratings(RuleList[Rating]):
    """满意度."""

    key: ClassVar[str] = "lists/satisfaction"


class ErasureRefusals(RuleList[Numbered]):
    """不能删除个人信息的情形."""

    key: ClassVar[str] = "lists/erasure_refusals"


Part = Literal["contact", "words", "photos"]
PARTS: tuple[Part, ...] = ("contact", "words", "photos")
"""What identifies somebody in a matter, each with a period of its own."""


class Retention(RuleItem):
    """保存期限 — for how many days after its end a matter keeps who brought it, their words' personal details, its photos."""

    category: Annotated[Code, Refers("matters/categories")] | None = None
    contact_days: Annotated[int, Field(ge=1, le=36_500)]
    words_days: Annotated[int, Field(ge=1, le=36_500)]
    photos_days: Annotated[int, Field(ge=1, le=36_500)]

    def days(self, part: Part) -> int:
        """Of one part."""
        found: int = getattr(self, f"{part}_days")
        return found


class Retentions(RuleList[Retention]):
    """保存期限表."""

    key: ClassVar[str] = "matters/retention"

    @model_validator(mode="after")
    def _leaves_no_gap(self) -> Self:
        if [item.category for item in self.items].count(None) != 1:
            raise ValueError("兜底的保存期限要有一条，也只有一条：不带 category，三项天数齐全")
        named = [item.category for item in self.items if item.category]
        for category in named:
            if named.count(category) > 1:
                raise ValueError(f"不止一条管类别“{category}”；合并成一条")
        return self

    @property
    def general(self) -> Retention:
        """The one for every category without its own."""
        return next(item for item in self.items if item.category is None)

    def rule_for(self, category: str) -> Retention:
        """The category's own, or the general one."""
        return next((item for item in self.items if item.category == category), self.general)


LISTS: tuple[type[RuleList[Any]], ...] = (
    Groups, Categories, Limits, Routing, Duties, RequestClasses, Risks, Exclusions, Sampling, Objections, Outcomes, RaiseReasons,
    RedoReasons, DifferReasons, WithdrawReasons, ReopenReasons, CarryReasons, RevealReasons, Ratings, Relations, Consents,
    Retentions, ErasureRefusals,
)  # fmt: skip
"""Every list this app declares to the rulebook."""


def whole_of(number: str) -> str | None:
    """The number of the matter that a part's number names: of 滨26-0417-0032-1 all but the suffix; None for no part."""
    whole, _dash, _suffix = number.rpartition("-")
    return whole if number.count("-") > WHOLE_DASHES else None


WHOLE_DASHES = 2
"""A matter's own number has so many dashes; a part's one more."""
APPROVES = COUNTY
"""Who approves an order that no duty list holds: the government of the county (《山东省乡镇人民政府工作条例》第四条、第十三条；《中华人民共和国城市居民委员会组织法》第二十条)."""


def deciding_level(level: int) -> int:
    """Who rules on an objection to what a level assigned: the one above it; over the city there is nobody."""
    return max(level - 1, CITY)


def drawn(numbers: Iterable[str], *, seed: str, percent: int, least: int) -> list[str]:
    """抽中的 — the first so many by the SHA-256 of seed and number: who knows both finds the same with sha256sum."""
    by_lot = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed} {number}".encode()).hexdigest())
    return by_lot[: max(-(-len(by_lot) * percent // 100), least)]


def first_level(*, has_grid: bool, has_community: bool, has_township: bool, has_worker: bool, risk: int) -> int:
    """Who looks at a new matter first: the lowest level that can, except that an emergency goes to the township.

    五级双向 (`domain.md` 1.3): settle at the lowest level first.
    """
    if risk >= URGENT and has_township:
        return TOWNSHIP
    if has_grid and has_worker:
        return GRID
    if has_community:
        return COMMUNITY
    return TOWNSHIP if has_township else COUNTY
