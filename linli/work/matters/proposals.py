"""What linli proposes for a sentence at a place: category, risk, limit, body. A person may always differ, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.engines import triage
from linli.kernel.calendar import Limit
from linli.kernel.rules import RuleRef
from linli.mechanisms import rulebook
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.mechanisms.territory import Slots
from linli.work.matters import rules
from linli.work.matters.models import Objection
from linli.work.matters.rules import Categories, Category, Clock, Duties, Limits, Risks, Routing

if TYPE_CHECKING:
    from linli.mechanisms.territory.queries import Found

COMMITTEE = "community-committee"
DESK = "governance-centre"
"""综治中心 — the desk that dispatches, at township, county and city (山东省乡镇人民政府工作条例 art. 16)."""
OTHER = "other"
"""The category of what no word gives away; its dispatcher decides."""


class NobodyAnswersError(LookupError):
    """No body is set up to receive matters here: `linli doctor` names the place."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed, how surely, and because of which words."""

    category: str
    confidence: float
    reasons: tuple[str, ...]
    risk: int
    public: bool
    is_report: bool


@dataclass(frozen=True)
class BodyProposal:
    """Which body, by which line of the dispatch list, how surely."""

    body: Body | None
    category: Category
    rule: str
    confidence: float
    reasons: tuple[str, ...]
    ruling: str = ""
    """The ruling that taught it, by its number; it is then also the first of the reasons."""


def propose(said: str, *, slots: Slots, category: str = "") -> Proposal:
    """Read the sentence; `category` given by a person is taken as it is."""
    del slots  # Where it is decides the body, not the category.
    edition = rulebook.current(Categories)
    guess = _engine(edition.ref).propose(said)
    code = category or guess.category_code or OTHER
    item = edition.list.item(code)
    rank = rulebook.current(Risks).list.item(item.risk).rank
    return Proposal(
        category=code,
        confidence=1.0 if category else guess.confidence,
        reasons=guess.reasons,
        risk=max(rank, guess.risk),
        public=item.public,
        is_report=item.is_report,
    )


def limit_for(clock: Clock, *, category: str, risk: int) -> tuple[Limit, str]:
    """How long a step may take for a category at a risk, and the rule as it is cited: "matters/limits v3 #streetlight"."""
    edition = rulebook.current(Limits)
    limit, code = edition.list.rule_for(clock, category=category, risk=risk_code(risk))
    return limit, edition.rule(code)


def risk_code(rank: int) -> str:
    """The list's code of a risk stored by its rank."""
    risks = rulebook.current(Risks).list.items
    return next(each.code for each in risks if each.rank == rank)


def propose_body(category: str, place_ids: list[int], *, level: int, confidence: float = 1.0) -> BodyProposal:
    """The body that answers for a category at a level, by the routing list; the most specific that covers the place.

    Where the level has no such body, the next above is asked: a county's office serves its townships.
    """
    item = rulebook.current(Categories).list.item(category)
    edition = rulebook.current(Routing)
    ruled = ruled_before(category, place_ids)
    if ruled is not None and ruled.body is not None:
        reason = _("照裁定 %(number)s") % {"number": ruled.number}
        return BodyProposal(ruled.body, item, edition.rule(category), confidence, (reason,), ruled.number)
    tried = level
    while tried >= rules.CITY:
        found = edition.list.function_for(category, tried)
        if found is None:
            break
        function, tried = found
        # Whoever only helps with such matters is not proposed as their lead.
        body = (
            access.body_for(function, place_ids)
            if duty_of(category, tried).part not in {"assists", "recalled"}
            else None
        )
        if body is not None:
            return BodyProposal(body, item, edition.rule(category), confidence, ())
        tried -= 1
    return BodyProposal(None, item, edition.rule(category), 0.0, ())


@dataclass(frozen=True)
class Owned:
    """Whether a level owns a category, and the line that says so."""

    part: str
    """owns, assists, recalled; empty where no list says anything."""
    rule: str


def duty_of(category: str, level: int) -> Owned:
    """职责清单 — what a level has to do with a category: by the duty list, else by the table of functions."""
    try:
        duties = rulebook.current(Duties)
    except rulebook.NoRuleError:  # A city that has not enacted one yet.
        duties = None
    if duties is not None and (line := duties.list.duty(category, level)) is not None:
        return Owned(line.part, duties.rule(line.code))
    routing = rulebook.current(Routing)
    found = routing.list.function_for(category, level)
    owns = found is not None and found[1] == level
    return Owned("owns" if owns else "", routing.rule(category))


def reasons_for(said: str) -> tuple[str, ...]:
    """Which words gave the category away, for the dispatcher to see."""
    return _engine(rulebook.current(Categories).ref).propose(said).reasons


def speaks_of_danger(said: str) -> bool:
    """Do these words call for 110, 119, 120 or 122?"""
    return _engine(rulebook.current(Categories).ref).propose(said).risk >= rules.URGENT


@lru_cache(maxsize=4)
def _engine(ref: RuleRef) -> triage.Triage:
    """The index over one version of the categories, built once per process."""
    items = rulebook.edition(ref).list.items
    alarms = {word: each.rank for each in rulebook.current(Risks).list.items for word in each.words}
    return triage.Triage(
        (
            triage.CategoryWords(each.code, each.name, each.words, each.examples, rank_of(each.risk))
            for each in items
            if each.code != OTHER
        ),
        alarm_words={**triage.EMERGENCY_WORDS, **alarms},
    )


def rank_of(code: str) -> int:
    """The rank of a risk by its code."""
    return rulebook.current(Risks).list.item(code).rank


def ruled_before(category: str, place_ids: list[int]) -> Objection | None:
    """The last ruling that gave a matter of this kind here to another body than the list would: it teaches the next.

    Only a body that stands still counts, and only a ruling since the list in force was enacted.
    """
    since = rulebook.current(Routing).in_force
    rows = Objection.objects.filter(
        upheld=True, category=category, believed__isnull=False, body__area_id__in=place_ids, body__valid_to__isnull=True,
        ruled_at__date__gte=since,
    )  # fmt: skip
    return rows.select_related("body").order_by("-body__level", "-ruled_at").first()


def has_worker(grid_id: int) -> bool:
    """Is somebody posted to the grid today?"""
    return access.is_served(grid_id, "grid_worker")


def first_receiver(level: int, slots: Slots) -> Body:
    """首接负责 — the body that answers for a new matter: the village's or community's committee, or the desk above."""
    wanted = {
        rules.GRID: (COMMITTEE, slots.community_id),
        rules.COMMUNITY: (COMMITTEE, slots.community_id),
        rules.TOWNSHIP: (DESK, slots.township_id),
        rules.COUNTY: (DESK, slots.county_id),
        rules.CITY: (DESK, slots.city_id),
    }
    while level >= rules.CITY:
        function, area_id = wanted[level]
        body = access.body_for(function, [area_id]) if area_id is not None else None
        if body is not None:
            return body
        level -= 1
    raise NobodyAnswersError(_("这里还没有设立受理诉求的单位。"))


def is_certain(named: "Sequence[Found]") -> bool:
    """Is the first of the places a text names the only one it can mean?"""
    return bool(named) and (len(named) == 1 or named[0].score > named[1].score)
