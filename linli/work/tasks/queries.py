"""Every read of tasks that is not trivial. All start from visible_to(actor)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.work.tasks import rules
from linli.work.tasks.flow import LIFE, UNDER_WAY, WORKING, State
from linli.work.tasks.models import Card, CoOwner, Meeting, Task, TaskNote
from linli.work.tasks.rules import Grades, WorkGroup, WorkGroups

MOST_LISTED = 200
OWNERS_MOVES = frozenset({"take_up", "ask_delay", "finish"})
LEADS_MOVES = frozenset({"grant_delay", "refuse_delay", "confirm", "send_back", "cancel"})
VIEWS = ("open", "overdue", "finished", "done", "cancelled", "all")


def visible_to(actor: Actor) -> QuerySet[Task]:
    """The tasks within this actor's reach: led, owned or helped with by their body, or by a body in their area."""
    if actor.kind == "system":
        return Task.objects.all()
    if actor.kind != "staff" or not actor.has("tasks.read"):
        return Task.objects.none()
    if actor.scope == "area" and actor.area_path:
        bodies = Q(area__path__startswith=actor.area_path) | Q(pk=actor.body_id)
    elif actor.scope == "body" and actor.body_id is not None:
        bodies = Q(pk=actor.body_id)
    else:
        return Task.objects.none()
    theirs = Body.objects.filter(bodies).values("pk")
    helps = CoOwner.objects.filter(task=OuterRef("pk"), body__in=theirs)
    return Task.objects.filter(Q(lead__in=theirs) | Q(owner__in=theirs) | Exists(helps))


def get(actor: Actor, number: str) -> Task:
    """One task, or 404: outside an actor's reach even its existence is not disclosed."""
    found = (
        visible_to(actor).select_related("lead__area", "owner__area", "meeting").filter(number=number[:20]).first()
        if "\x00" not in number
        else None
    )
    if found is None:
        raise Http404(_("没有这项任务，或不在您的管辖范围内。"))
    return found


def listed(actor: Actor, *, group: str = "", view: str = "open") -> list[Task]:
    """A list of tasks, the one due first at the top; what ended, newest first."""
    rows = visible_to(actor).select_related("owner", "lead").filter(_in_view(view))
    if group:
        rows = rows.filter(group=group)
    order = ("-ended_at", "-id") if view in {"done", "cancelled"} else ("due_on", "id")
    return list(rows.order_by(*order)[:MOST_LISTED])


def whole(actor: Actor, *, group: str = "", view: str = "open") -> QuerySet[Task]:
    """The same list without an end, for a table that is taken out."""
    rows = visible_to(actor).select_related("owner", "lead").filter(_in_view(view))
    return (rows.filter(group=group) if group else rows).order_by("due_on", "id")


def owed_by(actor: Actor) -> QuerySet[Task]:
    """What the actor's own body has still to do, the one due first at the top."""
    return visible_to(actor).filter(owner_id=actor.body_id, state__in=WORKING).order_by("due_on", "id")


def _in_view(view: str) -> Q:
    match view:
        case "overdue":
            return Q(state__in=WORKING, due_on__lt=clock.today())
        case "finished" | "done" | "cancelled":
            return Q(state=view)
        case "all":
            return Q(pk__isnull=False)
        case _:
            return Q(state__in=UNDER_WAY)


def counts(actor: Actor, *, group: str = "") -> dict[str, int]:
    """How many there are in each view."""
    rows = visible_to(actor).filter(group=group) if group else visible_to(actor)
    return rows.aggregate(**{view: Count("pk", filter=_in_view(view)) for view in VIEWS})


def groups() -> tuple[WorkGroup, ...]:
    """The leading group and the working groups, as they are today."""
    return rulebook.current(WorkGroups).list.items


def group_name(code: str) -> str:
    """A group by name; by its code once the list has dropped it."""
    item = rulebook.current(WorkGroups).list.find(code)
    return rulebook.label(item) if item else code


def grade_name(rank: int) -> str:
    """督办 by name; empty where there is none."""
    grade = rulebook.current(Grades).list.of_rank(rank)
    return rulebook.label(grade) if grade else ""


def lead_of(group: WorkGroup, actor: Actor) -> Body:
    """The body that leads a group at the actor's level: by its function, else the actor's own."""
    found = access.body_for(group.lead, [actor.area_id]) if actor.area_id is not None else None
    if found is None:
        assert actor.body_id is not None, "who gives tasks sits at a post of a body"
        found = Body.objects.get(pk=actor.body_id)
    return found


def owners_for(actor: Actor, text: str = "") -> QuerySet[Body]:
    """The bodies this actor may give a task to, by words of their name or area: none below a township."""
    return access.bodies_of(actor, text).filter(level__lte=rules.LOWEST)


def no_meetings() -> QuerySet[Meeting]:
    """None yet: a form asks for them by its actor."""
    return Meeting.objects.none()


def meetings_of(actor: Actor) -> QuerySet[Meeting]:
    """The meetings of the groups in the actor's reach, newest first."""
    if actor.kind != "staff" or not actor.has("tasks.read"):
        return Meeting.objects.none()
    held = Meeting.objects.select_related("lead")
    if actor.scope == "area" and actor.area_path:
        held = held.filter(Q(lead__area__path__startswith=actor.area_path) | Q(lead_id=actor.body_id))
    else:
        held = held.filter(lead_id=actor.body_id)
    return held.order_by("-held_on", "-id")


# --- One task -----------------------------------------------------------------------------------------------------
def leads(task: Task, actor: Actor) -> bool:
    """Does the actor sit in the body that leads the group, or above it?"""
    return actor.body_id == task.lead_id or access.reaches_area(actor, task.lead.area.path)


def helps(task: Task, actor: Actor) -> bool:
    """Does the actor sit in the owner's body, or in one that helps?"""
    if actor.body_id is None:
        return False
    return actor.body_id == task.owner_id or CoOwner.objects.filter(task=task, body_id=actor.body_id).exists()


def presses(task: Task, actor: Actor) -> bool:
    """Is the actor of the owner's level or above it, over its area, and not of the owner itself?"""
    return (
        actor.body_id != task.owner_id
        and 0 < actor.area_level <= task.owner.level
        and access.reaches_area(actor, task.owner.area.path)
    )


def standing_cards(task: Task) -> list[Card]:
    """The cards that stand, the gravest last."""
    return list(task.cards.filter(withdrawn_at__isnull=True, cleared_at__isnull=True).order_by("rank"))


def open_moves(task: Task, actor: Actor) -> dict[str, flow.Move]:
    """The moves this actor may make now; what the page offers. The service decides again."""
    return {
        move.name: move
        for move in LIFE.open_from(task.state)
        if actor.has(move.power)
        and _is_theirs(task, move.name, actor)
        and not flow.own_deeds([task.subject], move, by=actor)
    }


def _is_theirs(task: Task, move: str, actor: Actor) -> bool:
    if move in {"grant_delay", "refuse_delay"} and task.delay_wanted_on is None:
        return False
    if move == "press":
        return presses(task, actor) and rulebook.current(Grades).list.after(task.grade) is not None
    if move == "withdraw_card":
        cards = standing_cards(task)
        return bool(cards) and presses(task, actor) and actor.area_level <= cards[-1].level
    if move in OWNERS_MOVES:
        return actor.body_id == task.owner_id
    if move in LEADS_MOVES:
        return leads(task, actor)
    return helps(task, actor)


@dataclass(frozen=True)
class Happened:
    """One line of a task's story."""

    at: datetime
    move: str
    label: str
    who: str
    fact: object
    said: str


def story(task: Task) -> list[Happened]:
    """The journal of a task as a person reads it."""
    notes = dict(TaskNote.objects.filter(task=task).values_list("seq", "text"))
    lines = []
    for heard in journal.history(task.subject):
        author = heard.author
        office = " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
        who = office if author.kind == "staff" else _("系统")
        label = str(LIFE.moves[heard.move].label) if heard.move in LIFE.moves else heard.move
        lines.append(Happened(heard.at, heard.move, label, who, heard.fact, notes.get(heard.seq, "")))
    return lines


# --- The monthly list ---------------------------------------------------------------------------------------------
@dataclass
class GroupMonth:
    """台账 — a group's tasks in one month: what was done, what is open and what of that is late, as the month ended."""

    group: WorkGroup
    open: list[Task] = field(default_factory=list)
    """Under way when the month ended, and in time."""
    overdue: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)
    cancelled: list[Task] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, Task]]:
        """Every task with what it counts as, the late ones first."""
        kinds = (("overdue", self.overdue), ("open", self.open), ("done", self.done), ("cancelled", self.cancelled))
        return [(kind, task) for kind, tasks in kinds for task in tasks]

    @property
    def n(self) -> int:
        """How many in all."""
        return len(self.rows)


def monthly(group: str, month: date, *, by: Actor) -> list[GroupMonth]:
    """月度台账 — computed, never typed: of one group, or of all where none is named.

    As it stood when the month ended, or stands today. A date that was moved since counts as it is now.
    """
    first, after = rules.months_around(month)
    begins, ends = (rules.ends_at(each - timedelta(days=1)) for each in (first, after))
    ends = min(ends, clock.now() + timedelta(microseconds=1))  # What happens this very moment is in.
    tasks = (
        visible_to(by)
        .select_related("owner", "lead")
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=begins), given_at__lt=ends)
        .order_by("due_on", "id")
    )
    wanted = [each for each in groups() if group in {"", each.code}]
    found = {each.code: GroupMonth(each) for each in wanted}
    for task in tasks.filter(group__in=found):
        of = found[task.group]
        if task.ended_at is not None and task.ended_at < ends:
            (of.done if task.state == State.DONE else of.cancelled).append(task)
        elif rules.ends_at(task.due_on) <= ends and (task.finished_at is None or task.finished_at >= ends):
            of.overdue.append(task)
        else:
            of.open.append(task)
    return list(found.values())


def open_under(_key: str, codes: Iterable[str]) -> rulebook.Affected:
    """Open tasks of groups that a change of the list would touch."""
    rows = Task.objects.filter(state__in=UNDER_WAY, group__in=list(codes)).order_by("due_on", "id")
    return rulebook.Affected("未完成的任务", rows.count(), tuple(rows.values_list("number", flat=True)[:5]))
