"""待办列表 — a desk's list of matters: its views, filters and orders, a count beside every view, its map."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse

from linli.kernel import clock, text
from linli.mechanisms.access import Actor, require
from linli.mechanisms.access.models import Body
from linli.work.matters.flow import ENDED, IN_HAND, LIVING, OPEN, State
from linli.work.matters.models import Matter
from linli.work.matters.queries import reach, slot_of
from linli.work.matters.words import month_token

PAGE = 50
MOST_COUNTED = 1000
"""Counts stop here and say "1000+": a desk does not work through a thousand, and counting a million is not free."""
MOST_ENDED_COUNTED = 100
"""What has ended waits for nobody: enough to see whether a search found a handful."""
MOST_POINTS = 500
"""More marks than this say nothing on a map; the page says that there are more."""
MOST_SPOTS = 20_000
"""So many are gathered into hexagons; a city has about as many open ones."""
SOON = timedelta(days=1)
VIEWS = ("mine", "triage", "overdue", "soon", "pressed", "open", "answered", "verified", "ended", "all")
ARCHIVES = ("ended", "all")
"""Views with matters that have ended. To sort these by when they were due would help nobody; likewise `verified`."""
WAITING = ("mine", "triage", "overdue", "soon", "open", "answered")
"""Views of open matters only, counted together."""
FEW = ("pressed",)
"""Views of open matters with a small index of their own."""
SORTED_BY = {"due": ("due_at", False), "new": ("registered_at", True), "moved": ("moved_at", True)}
"""The column of an order, and whether the greatest comes first."""
WINDOWS = {"city_id": 0, "county_id": 2}
"""How many months back from the one where a page begins the newest of what a word found are looked for, before all is."""
SHOWN = (
    "id", "number", "title", "state", "category", "level", "due_at", "registered_at", "moved_at", "place_text",
    "city_id", "county_id", "township_id", "community_id", "grid_id", "urged",
)  # fmt: skip
"""What a line of the list is made of; the words and the search tokens stay in the database."""
_HANDLER_NAME = Subquery(Body.objects.filter(pk=OuterRef("handler_id")).values("short_name"))


@dataclass(frozen=True)
class Filters:
    """What a desk asks for. Values that make no sense are dropped, not refused: a link may be old."""

    view: str = "mine"
    """mine: what waits for this post; open, overdue, soon, triage, answered, verified, ended, all."""
    area: int | None = None
    category: str = ""
    risk: int | None = None
    handler: int | None = None
    words: str = ""
    order: str = "due"
    """One of `orders_of(view)`."""
    after: str = ""
    """Keyset cursor of the next page."""


@dataclass(frozen=True)
class Count:
    """How many a view holds, or how many at least."""

    n: int
    exact: bool = True

    @property
    def words(self) -> str:
        """12, 1000+."""
        return str(self.n) if self.exact else f"{self.n}+"


@dataclass(frozen=True)
class Page:
    """One page of a list: its matters, where the next begins, and how many each view holds."""

    matters: list[Matter]
    next: str
    filters: Filters
    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing to show."""
        return not self.matters


def orders_of(view: str, words: str = "") -> tuple[str, ...]:
    """In which orders a view can be asked for, the usual one first. A search of what has ended comes newest first."""
    if view in ARCHIVES:
        return ("new",) if text.search_query(words) else ("moved", "new")
    return ("moved", "new") if view == "verified" else ("due", "new", "moved")


def page_of(actor: Actor, filters: Filters, *, counted: bool = True) -> Page:
    """A page of fifty in the asked order, with a count beside every view. Raises Refused without matters.read."""
    require(actor, "matters.read")
    rows = _narrowed(actor, filters, archived=filters.view in ARCHIVES)
    orders = orders_of(filters.view, filters.words)
    order = filters.order if filters.order in orders else orders[0]
    found = []
    window = _window(actor, filters)
    query = text.search_query(filters.words)
    if orders == ("new",) and window is not None:
        lately = _months(_cursor_of(filters.after, clock.now())[0], window)
        found = _listed(rows, actor, filters, order, queries=[query, lately])
    if len(found) <= PAGE:
        found = _listed(rows, actor, filters, order, queries=[query] if query else [], few=orders == ("new",))
    more = len(found) > PAGE
    found = found[:PAGE]
    following = f"{getattr(found[-1], SORTED_BY[order][0]).timestamp():.6f}_{found[-1].pk}" if more else ""
    return Page(found, following, filters, counts(actor, filters) if counted else {})


def moved_last(actor: Actor) -> str:
    """When anything within the actor's reach moved last: one statement, one look at the end of an index.

    Where no index keeps that order what is open is looked through, which is few: what is new is open. Raises Refused.
    """
    require(actor, "matters.read")
    rows = _narrowed(actor, Filters())
    if {"county_id", "township_id"}.issuperset(reach(actor) or {}):
        latest = rows.order_by("-moved_at", "-id").values_list("moved_at", flat=True).first()
    else:  # A sum, so that the city's index in this order is not walked for one body's last.
        open_ones = rows.filter(state__in=OPEN)
        latest = open_ones.aggregate(last=Max(F("moved_at") + Value(timedelta(0))))["last"]
    return f"{latest.timestamp():.6f}" if latest else "0"


def arrived(actor: Actor, filters: Filters, since: float) -> int:
    """How many in this list moved since a moment, counted to a hundred."""
    require(actor, "matters.read")
    try:
        moment = datetime.fromtimestamp(since, clock.CITY)
    except (ValueError, OverflowError, OSError):
        return 0
    query = text.search_query(filters.words)
    rows = _in_view(_narrowed(actor, filters), filters.view, actor, [query] if query else [])
    return rows.filter(moved_at__gt=moment)[:MOST_ENDED_COUNTED].count()


def _listed(
    rows: QuerySet[Matter], actor: Actor, filters: Filters, order: str, *, queries: list[str], few: bool = False
) -> list[Matter]:
    """One more than a page, to know whether another follows. `few`: find them by their words and sort what is found.

    PostgreSQL takes a word it knows nothing of for commoner than it is, and would walk a million matters in order.
    """
    column, descending = SORTED_BY[order]
    listed = _after(_in_view(rows, filters.view, actor, queries), column, filters.after, descending=descending)
    by = F(column) + Value(timedelta(0)) if few else F(column)  # An index knows the column, not a sum with it.
    order_by = (by.desc(), F("id").desc()) if descending else (by.asc(), F("id").asc())
    if filters.view in WAITING and not queries:
        listed = _chosen_first(listed.order_by(*order_by))
    # A name is asked for line by line after the page is cut, where a join would be made for all that was found.
    return list(listed.only(*SHOWN).annotate(handler_name=_HANDLER_NAME).order_by(*order_by)[: PAGE + 1])


def whole(actor: Actor, filters: Filters) -> QuerySet[Matter]:
    """The whole list under these filters in its order, without an end: for a table or a calendar. Raises Refused."""
    require(actor, "matters.read")
    query = text.search_query(filters.words)
    rows = _in_view(_narrowed(actor, filters), filters.view, actor, [query] if query else [])
    orders = orders_of(filters.view, filters.words)
    column, descending = SORTED_BY[filters.order if filters.order in orders else orders[0]]
    by = (f"-{column}", "-id") if descending else (column, "id")
    return (
        rows.only(*SHOWN, "channel", "risk", "foreign_number", "version")
        .annotate(handler_name=_HANDLER_NAME)
        .order_by(*by)
    )


def _chosen_first(ordered: QuerySet[Matter]) -> QuerySet[Matter]:
    """Choose the page among open matters by what their index carries; then only its own rows are read."""
    try:
        chosen, values = ordered.values("pk")[: PAGE + 1].query.sql_with_params()
    except EmptyResultSet:
        return Matter.objects.none()
    return Matter.objects.extra(where=[f"matters_matter.id = ANY(ARRAY({chosen}))"], params=[*values])  # noqa: S610


def points(actor: Actor, filters: Filters) -> str:
    """The most urgent MOST_POINTS (of what has ended, the latest) of the list that have a place, as GeoJSON for the map beside it.

    PostgreSQL writes it: a thousand points through Python cost more than the page they stand on.
    """
    require(actor, "matters.read")
    query = text.search_query(filters.words)
    found = _in_view(_narrowed(actor, filters), filters.view, actor, [query] if query else [])
    rows = found.filter(lat__isnull=False)
    order = ("-moved_at", "-id") if filters.view == "ended" else ("due_at", "id")
    chosen = rows.order_by(*order).values("number", "title", "state", "due_at", "lon", "lat")[:MOST_POINTS]
    try:
        sql, values = chosen.query.sql_with_params()
    except EmptyResultSet:
        return '{"type": "FeatureCollection", "features": []}'
    with connection.cursor() as db:
        asked = _AS_GEOJSON.format(rows=sql, in_hand=_IN_HAND.replace("matters_matter", "found"))
        db.execute(asked, [reverse("matters:matter", args=["-"]).removesuffix("-/"), clock.now(), *values])
        return str(db.fetchone()[0])


def spots(actor: Actor, filters: Filters) -> list[tuple[float, float, bool]]:
    """Longitude, latitude and whether it is late, of the most urgent MOST_SPOTS of the list that have a place."""
    require(actor, "matters.read")
    query = text.search_query(filters.words)
    rows = _in_view(_narrowed(actor, filters), filters.view, actor, [query] if query else []).filter(lat__isnull=False)
    order = ("-moved_at", "-id") if filters.view in ARCHIVES else ("due_at", "id")
    now = clock.now()
    found = rows.order_by(*order).values_list("lon", "lat", "state", "due_at")[:MOST_SPOTS]
    return [
        (lon, lat, state in IN_HAND and due_at < now)
        for lon, lat, state, due_at in found
        if lon is not None and lat is not None
    ]


_AS_GEOJSON = """
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates', json_build_array(lon, lat)),
    'properties', json_build_object(
        'id', number, 'title', title, 'url', %s || number || '/',
        'tone', CASE WHEN {in_hand} AND due_at < %s THEN 'overdue' WHEN state = 'closed' THEN 'done'
            WHEN state IN ('withdrawn', 'excluded') THEN 'refused' WHEN state = 'merged' THEN 'carried'
            WHEN state IN ('with_grid', 'handling', 'split') THEN 'hand'
            ELSE 'waiting' END)
) ORDER BY due_at, number), '[]'))::text FROM ({rows}) AS found
"""


class Registered(NamedTuple):
    """What is counted of one matter: codes, places and moments. Nothing that was written, and nobody."""

    grid_id: int | None
    community_id: int | None
    township_id: int | None
    county_id: int | None
    registered_at: datetime
    category: str
    channel: str
    level: int
    outcome: str
    answered_at: datetime | None
    due_at: datetime
    reopened: int


def registered(first: date, after: date) -> Iterator[Registered]:
    """Every matter registered from one day to before another, one at a time. No report 举报 is among them."""
    begins, ends = (datetime.combine(day, time.min, clock.CITY) for day in (first, after))
    rows = Matter.objects.filter(registered_at__gte=begins, registered_at__lt=ends, is_report=False)
    for row in rows.order_by("id").values_list(*Registered._fields).iterator(chunk_size=2000):
        yield Registered(*row)


# --- Conditions: a view's is SQL, because the list and the counts both stand on it -----------------------------------
def _one_of(states: tuple[State, ...] | frozenset[State]) -> str:
    return f"matters_matter.state IN ({', '.join(repr(state.value) for state in sorted(states))})"


_SAYS = "matters_matter.search @@ %s::tsquery"
_OPEN, _IN_HAND = _one_of(OPEN), _one_of(IN_HAND)
_LIVING, _ENDED = _one_of(LIVING), _one_of(ENDED)
"""Every matter is one or the other; each kind has an index of its words."""
_CONDITIONS = {
    "triage": _one_of((State.TRIAGE,)),
    "overdue": f"{_IN_HAND} AND matters_matter.due_at < %s",
    "soon": f"{_IN_HAND} AND matters_matter.due_at >= %s AND matters_matter.due_at < %s",
    "open": _OPEN,
    "pressed": "matters_matter.grade > 0",
    "answered": _one_of((State.ANSWERED,)),
    "verified": _one_of((State.VERIFIED,)),
    "ended": _ENDED,
    "all": "TRUE",
}


def _condition(view: str, actor: Actor, now: datetime) -> tuple[str, list[Any]]:
    """A view as SQL and its values."""
    if view == "mine":
        return _waits_for(actor)
    values: dict[str, list[Any]] = {"overdue": [now], "soon": [now, now + SOON]}
    return _CONDITIONS[view], values.get(view, [])


def _waits_for(actor: Actor) -> tuple[str, list[Any]]:
    """What this post must do next: what its level holds, what its body handles, what it may verify."""
    handled = _one_of((State.ASSIGNED, State.HANDLING))
    if actor.scope == "body":
        decides = (State.EXTENDING, State.CARRIED) if actor.has("matters.extend") else ()
        return _one_of((State.ASSIGNED, State.HANDLING, *decides)), []
    parts = [f"{_one_of((State.WITH_GRID, State.TRIAGE))} AND matters_matter.level = %s"]
    values: list[Any] = [actor.area_level]
    if actor.has("matters.answer"):
        parts.append(f"{handled} AND matters_matter.handler_id = %s")
        values.append(actor.body_id)
    if actor.has("matters.verify"):
        parts.append(_one_of((State.ANSWERED,)))
    if actor.has("matters.extend") or actor.has("matters.carry"):
        parts.append(f"{_one_of((State.EXTENDING, State.CARRIED))} AND matters_matter.handler_id = %s")
        values.append(actor.body_id)
    if actor.has("matters.rule"):
        parts.append(f"{_one_of((State.OBJECTED,))} AND GREATEST(matters_matter.level - 1, 1) = %s")
        values.append(actor.area_level)
    if actor.has("matters.exclude"):
        parts.append(f"{_one_of((State.EXCLUDING, State.SECOND_LOOK))} AND matters_matter.handler_id = %s")
        values.append(actor.body_id)
    # Said once more in front, so that the index of open matters serves.
    return f"{_OPEN} AND ({' OR '.join(f'({part})' for part in parts)})", values


def _in_view(rows: QuerySet[Matter], view: str, actor: Actor, queries: list[str]) -> QuerySet[Matter]:
    condition, values = _condition(view, actor, clock.now())
    says = "".join(f" AND {_SAYS}" for _ in queries)
    if queries and view == "all":  # Each half by its own index of words.
        condition, values = f"({_LIVING}{says} OR {_ENDED}{says})", [*queries, *queries]
    else:
        condition, values = f"{condition}{says}", [*values, *queries]
    return rows.extra(where=[condition], params=values)  # noqa: S610  Our own words; values go apart.


def _narrowed(actor: Actor, filters: Filters, *, archived: bool = False) -> QuerySet[Matter]:
    """What the actor may see and the filters leave. `archived`: of a city's years and not of what is open."""
    held = reach(actor)
    inside = {} if filters.area is None else slot_of(filters.area)
    if held is None or inside is None:
        return Matter.objects.none()
    rows = Matter.objects.all()
    for column, value in (*held.items(), *inside.items()):
        if filters.words and archived and column == "county_id":
            # Not by the area's index: a county's hundred thousand are not to be looked through for a word's hundred.
            rows = rows.extra(where=[f"matters_matter.{column} + 0 = %s"], params=[value])  # noqa: S610  Our own names.
        else:
            rows = rows.filter(**{column: value})
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.risk is not None:
        rows = rows.filter(risk=filters.risk)
    if filters.handler is not None:
        rows = rows.filter(handler_id=filters.handler)
    return rows


def _months(moment: datetime, back: int = 0) -> str:
    """The month of a moment, `back` months before it, and one more in its first days, as a query."""
    days = range(0, 30 * back + 11, 10)
    return " | ".join(dict.fromkeys(month_token(moment - timedelta(days=each)) for each in days))


def _window(actor: Actor, filters: Filters) -> int | None:
    """How many months are looked at first; None where it is neither a county nor the city that is asked for."""
    if filters.area is None and actor.scope != "area":
        return None
    asked = reach(actor) if filters.area is None else slot_of(filters.area)
    return next((WINDOWS[column] for column in asked or ("city_id",) if column in WINDOWS), None)


def _cursor_of(cursor: str, beginning: datetime) -> tuple[datetime, int]:
    """The moment and the number of the last line of the page before; for the first page `beginning` and none."""
    try:
        stamp, _, pk = cursor.partition("_")
        return datetime.fromtimestamp(float(stamp), clock.CITY), int(pk)
    except (ValueError, OverflowError, OSError):
        return beginning, 0


def _after(rows: QuerySet[Matter], column: str, cursor: str, *, descending: bool) -> QuerySet[Matter]:
    moment, last = _cursor_of(cursor, clock.now())
    if not last:
        return rows
    comparison = "lt" if descending else "gt"
    return rows.filter(Q(**{f"{column}__{comparison}": moment}) | Q(**{column: moment, f"id__{comparison}": last}))


def counts(actor: Actor, filters: Filters) -> dict[str, Count]:
    """How many each view holds under the other filters.

    One statement: the open ones are read once for all their views, the others up to where counting stops. In a search
    what waits for a rating is found along with what is open; in a county or the city, where the last months' finds are
    enough to stop counting, the others are not looked up.
    """
    now, query, window = clock.now(), text.search_query(filters.words), _window(actor, filters)
    try:
        narrowed, narrowing = _where(_narrowed(actor, filters))
        in_archive, archiving = _where(_narrowed(actor, filters, archived=True)) if query else (narrowed, narrowing)
    except EmptyResultSet:
        return dict.fromkeys(VIEWS, Count(0))
    counted = [*WAITING, *FEW, "verified"] if query else list(WAITING)
    columns: list[str] = []
    values: list[Any] = []
    for view in counted:
        condition, parameters = _condition(view, actor, now)
        columns.append(f"count(*) FILTER (WHERE {condition})")
        values += parameters
    if query:
        ended = f"{in_archive} AND {_ENDED} AND {_SAYS}"
        whole, lately = _up_to(MOST_ENDED_COUNTED, ended), _up_to(MOST_ENDED_COUNTED, f"{ended} AND {_SAYS}")
        if window is not None:
            columns.append(f"CASE WHEN {lately} > {MOST_ENDED_COUNTED} THEN {MOST_ENDED_COUNTED + 1} ELSE {whole} END")
            values += [*archiving, query, _months(now, window)]
        else:
            columns.append(whole)
        read, reading = f"{_LIVING} AND {_SAYS}", [query]
        values += [*archiving, query]
    else:
        columns += [_up_to(MOST_COUNTED, f"{narrowed} AND {_CONDITIONS[view]}") for view in (*FEW, "verified")]
        columns.append(_up_to(MOST_ENDED_COUNTED, f"{narrowed} AND {_ENDED}"))
        read, reading = _OPEN, []
        values += [*narrowing] * (len(FEW) + 2)
    sql = f"SELECT {', '.join(columns)} FROM matters_matter WHERE {narrowed} AND {read}"  # noqa: S608
    with connection.cursor() as db:
        db.execute(sql, [*values, *narrowing, *reading])
        held = dict(zip((*WAITING, *FEW, "verified", "ended"), db.fetchone(), strict=True))
    found = {view: Count(held[view]) for view in WAITING}
    for view, most in (
        *((few, MOST_COUNTED) for few in FEW),
        ("verified", MOST_COUNTED),
        ("ended", MOST_ENDED_COUNTED),
    ):
        found[view] = Count(min(held[view], most), exact=held[view] <= most)
    parts = (found["open"], found["verified"], found["ended"])
    found["all"] = Count(sum(part.n for part in parts), exact=all(part.exact for part in parts))
    return found


def _where(rows: QuerySet[Matter]) -> tuple[str, list[Any]]:
    """The conditions of a list as SQL and its values. Raises EmptyResultSet."""
    if not rows.query.where:
        return "TRUE", []
    sql, values = rows.query.get_compiler(connection=connection).compile(rows.query.where)
    return sql, list(values)


def _up_to(most: int, condition: str) -> str:
    """How many meet the condition, counted no further than one more than `most`."""
    return f"(SELECT count(*) FROM (SELECT FROM matters_matter WHERE {condition} LIMIT {most + 1}) AS counted)"  # noqa: S608
