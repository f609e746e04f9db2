"""What stories are told with: the lists, the grids, the bodies and who works where, read once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from linli.kernel.calendar import Limit
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access.models import Appointment, Body
from linli.mechanisms.journal import Author
from linli.mechanisms.journal.bulk import Past
from linli.mechanisms.rulebook import city
from linli.mechanisms.territory.models import Geometry
from linli.work.matters import proposals, rules
from linli.work.matters.models import Matter
from linli.work.matters.rules import Categories, Category, Outcomes, RaiseReasons, Routing


@dataclass(frozen=True, slots=True)
class Spot:
    """A grid as stories need it."""

    slots: territory.Slots
    name: str
    lon: float
    lat: float
    place_ids: tuple[int, ...]


class Stage:
    """Everything stories are told with, read once."""

    def __init__(self) -> None:
        """Read the lists, the grids, the bodies and who works where."""
        self.categories: Sequence[Category] = [c for c in rulebook.current(Categories).list.items if c.examples]
        raised, outcomes = rulebook.current(RaiseReasons).list, rulebook.current(Outcomes).list
        self.reasons = {item.code for item in raised.items}
        self.any_reason = raised.items[0].code
        self.outcomes = {item.code for item in outcomes.items}
        self.calendar = rulebook.working_calendar()
        self.prefix = city.head().city.number_prefix
        self.limits: dict[tuple[str, str, int], tuple[Limit, str]] = {}
        self.bodies = {body.pk: body for body in Body.objects.all()}
        self.by_function: dict[tuple[str, int], Body] = {
            (function, body.area_id): body for body in self.bodies.values() for function in body.functions
        }
        self.desks: dict[tuple[int, str], Author] = {}
        for each in Appointment.objects.select_related("person", "post__body"):
            author = Author("staff", each.person_id, each.post.title, each.post.body.short_name, each.person.name)
            self.desks.setdefault((each.post.area_id, each.post.kind), author)
            self.desks.setdefault((-each.post.body_id, each.post.kind), author)

    @cached_property
    def spots(self) -> list[Spot]:
        """Every grid that has a shape, in order of code."""
        labels = {
            a: (x, y)
            for a, x, y in Geometry.objects.filter(replaced_at=None).values_list("area_id", "label_lon", "label_lat")
        }
        found = []
        for grid in territory.areas(5):
            slots = territory.slots(grid.id)
            lon, lat = labels.get(grid.id, (None, None))
            if lon is None or lat is None:
                continue
            ids = tuple(i for i in reversed(slots) if i is not None)
            found.append(Spot(slots, grid.full_name, lon, lat, ids))
        return found

    def limit(self, name: str, category: str, risk: int) -> tuple[Limit, str]:
        """As proposals.limit_for, remembered."""
        key = (name, category, risk)
        found = self.limits.get(key)
        if found is None:
            found = self.limits[key] = proposals.limit_for(name, category=category, risk=risk)  # type: ignore[arg-type]
        return found

    def body(self, function: str, place_ids: Sequence[int]) -> Body | None:
        """As access.body_for: the most specific place that has one."""
        return next((body for area in place_ids if (body := self.by_function.get((function, area)))), None)

    def risk_of(self, category: Category) -> int:
        """The rank of a category's own risk."""
        return proposals.rank_of(category.risk)


@dataclass(slots=True)
class Ticking:
    """A clock's row, without what a model carries about with it."""

    subject: str
    name: str
    amount: int
    unit: str
    rule: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    stopped_at: datetime | None = None


@dataclass(slots=True)
class Story:
    """One matter as it stands at `until`, and how it came there."""

    matter: Matter
    past: list[Past] = field(default_factory=list)
    clocks: list[Ticking] = field(default_factory=list)
    timers: list[tuple[str, datetime]] = field(default_factory=list)
    remarks: list[tuple[int, str, str, bool, datetime]] = field(default_factory=list)
    contact: tuple[str, str] | None = None


def proposals_receiver(stage: Stage, level: int, spot: Spot) -> Body:
    """As proposals.first_receiver, from what is remembered."""
    slots = spot.slots
    area = {
        rules.COMMUNITY: slots.community_id,
        rules.TOWNSHIP: slots.township_id,
        rules.COUNTY: slots.county_id,
        rules.CITY: slots.city_id,
    }[level]
    function = proposals.COMMITTEE if level == rules.COMMUNITY else proposals.DESK
    return stage.by_function[function, area or 0]


def proposed_body(stage: Stage, matter: Matter) -> Body | None:
    """As proposals.propose_body, from what is remembered."""
    edition = rulebook.current(Routing)
    tried = matter.level
    while tried >= rules.CITY:
        found = edition.list.function_for(matter.category, tried)
        if found is None:
            return None
        function, tried = found
        body = stage.body(function, matter.place_ids)
        if body is not None:
            return body
        tried -= 1
    return None
