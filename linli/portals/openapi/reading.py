"""Rows as the API tells them. Everything is asked of the same queries as the pages, by the token's actor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.kernel import clock, masking
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.mechanisms.territory.words import level_words
from linli.portals.openapi import shapes
from linli.work.matters import queries, rules, service
from linli.work.matters.flow import State
from linli.work.matters.words import WordsError
from linli.work.tasks import queries as tasks
from linli.work.whistles import queries as whistles

if TYPE_CHECKING:
    from linli.work.matters.models import Matter, Photo
    from linli.work.tasks.models import Task
    from linli.work.whistles.models import Whistle

VERB_OF = {
    "uphold": "rule", "uphold_for_triage": "rule", "uphold_exclusion": "look_again", "overturn_exclusion": "look_again",
    "find_right": "find", "find_wrong": "find", "unmerge_to_grid": "unmerge", "unmerge_to_triage": "unmerge",
    "unmerge_to_assigned": "unmerge", "unmerge_to_carried": "unmerge", "take_in": "merge", "merge": "merged away",
}  # fmt: skip
"""One verb that ends in several states is several moves. What is merged away is named where it goes."""

WHISTLE_MOVES = (
    "acknowledge", "arrive", "explain", "report", "agree", "conclude", "rate", "judge", "withdraw",
)  # fmt: skip


# --- Small pieces ------------------------------------------------------------------------------------------------------
def body_name(body: Body) -> shapes.BodyName:
    """By number and short name."""
    return shapes.BodyName(id=body.pk, name=body.short_name)


def area_name(area: territory.Node) -> shapes.AreaName:
    """By code and name."""
    return shapes.AreaName(code=area.code, name=area.name, level=area.level)


def named(schema: Any, code: str) -> shapes.NamedCode:
    """A code with its name; a code the list has dropped stands for itself."""
    found = rulebook.current(schema).list.find(code)
    return shapes.NamedCode(code=code, name=rulebook.label(found) if found else code)


def area_of(code: str | None) -> territory.Node | None:
    """The area with a code, or None where none is asked for. Raises WordsError for a code nothing has."""
    if code is None:
        return None
    found = territory.by_code(code)
    if found is None:
        raise WordsError(_("没有代码是 %(code)s 的区域。") % {"code": code})
    return found


def body_of(number: int | None) -> Body | None:
    """A standing body by its number, or None where none is named. Raises WordsError for a number nothing has."""
    if number is None:
        return None
    found = Body.objects.filter(pk=number, valid_to__isnull=True).first()
    if found is None:
        raise WordsError(_("请选一个单位。"))
    return found


def one_body(number: int) -> Body:
    """A standing body by its number. Raises WordsError for a number nothing has."""
    found = body_of(number)
    assert found is not None  # None is only for none.
    return found


# --- Matters -----------------------------------------------------------------------------------------------------------
def lines(matters: "Sequence[Matter]", actor: Actor) -> list[shapes.MatterLine]:
    """The desk's list."""
    names = {each.code: rulebook.label(each) for each in rulebook.current(rules.Categories).list.items}
    now = clock.now()
    return [
        shapes.MatterLine(
            number=each.number, title=each.title, state=each.state, state_words=each.state_words,
            category=shapes.NamedCode(code=each.category, name=names.get(each.category, each.category)), level=each.level,
            place=queries.place_words(each, seen_from=actor.area_id),
            handler=each.handler_name,  # type: ignore[attr-defined]  # The list's queryset says it.
            due_at=each.due_at, overdue=each.is_in_hand and each.due_at < now, registered_at=each.registered_at, moved_at=each.moved_at,
        )
        for each in matters
    ]  # fmt: skip


def whole(matter: "Matter", actor: Actor, verbs: frozenset[str]) -> shapes.MatterWhole:
    """One matter, as its page shows it. `verbs`: those that stand at an address of their own."""
    cited = queries.cited(matter.due_rule, "handle")
    return shapes.MatterWhole(
        number=matter.number, version=matter.version, title=matter.title, text=matter.text, state=matter.state,
        state_words=matter.state_words, category=named(rules.Categories, matter.category), risk=matter.risk,
        channel=matter.channel, is_public=matter.is_public, is_report=matter.is_report, place=queries.place_words(matter),
        areas=[area_name(territory.area(each)) for each in matter.place_ids], lon=matter.lon, lat=matter.lat,
        level=matter.level, level_words=level_words(matter.level), handler=body_name(matter.handler),
        registered_at=matter.registered_at, due_at=matter.due_at,
        due_rule=shapes.Cited(rule=matter.due_rule, title=cited.title, url=cited.url, assumed=cited.assumed),
        due_provisional=matter.due_provisional, overdue=matter.is_in_hand and matter.due_at < clock.now(),
        moved_at=matter.moved_at, answered_at=matter.answered_at, ended_at=matter.ended_at,
        outcome=named(rules.Outcomes, matter.outcome) if matter.outcome else None, reply=matter.reply,
        settled_on_spot=matter.settled_on_spot, solved=matter.solved, satisfaction=matter.satisfaction,
        reopened=matter.reopened, redone=matter.redone, supporters=matter.supporters,
        contact=masked(matter, actor), photos=[photo(each) for each in queries.photos_of(matter)], pending=_pending(matter),
        moves=moves_of(matter, actor, verbs),
    )  # fmt: skip


def moves_of(matter: "Matter", actor: Actor, verbs: frozenset[str]) -> list[str]:
    """What this actor may do with it now, in the order of the lifecycle."""
    found = [
        VERB_OF.get(move.name, move.name)
        for move in queries.open_moves(matter, actor)
        if not flow.own_deeds([matter.subject], move, by=actor)
    ]
    return [verb for verb in dict.fromkeys(found) if verb in verbs]


def masked(matter: "Matter", actor: Actor) -> shapes.Contact:
    """The reporter, masked whatever was revealed: a matter is read more often than its reporter is called."""
    shown = queries.contact_of(matter, actor)
    name, phone = shown.name, shown.phone
    if shown.revealed:
        name, phone = masking.mask_name(name), masking.mask_phone(phone)
    return shapes.Contact(visibility=shown.visibility, name=name, phone=phone, revealed=False)


def contact(matter: "Matter", actor: Actor) -> shapes.Contact:
    """The reporter in clear, if the holder wrote down a purpose and the token may reveal at all."""
    shown = queries.contact_of(matter, actor)
    if not shown.revealed or not actor.has("matters.reveal"):
        return masked(matter, actor)
    return shapes.Contact(visibility=shown.visibility, name=shown.name, phone=shown.phone, revealed=True)


def photo(each: "Photo") -> shapes.PhotoInfo:
    """What is known of a photo."""
    return shapes.PhotoInfo(
        key=each.key, width=each.width, height=each.height, bytes=each.size, at=each.at, by_resident=each.by_resident
    )


def _pending(matter: "Matter") -> shapes.Pending | None:
    if matter.state == State.OBJECTED:
        waiting = queries.objection_to(matter)
        assert waiting is not None
        believed = body_name(waiting.believed) if waiting.believed else None
        return shapes.Pending(kind="objection", reason=waiting.reason, believed=believed)
    if matter.state == State.EXTENDING:
        return shapes.Pending(kind="extension", reason="", days=service.days_asked(matter))
    held = queries.carried(matter) if matter.state == State.CARRIED else None
    return shapes.Pending(kind="carried", reason=held.reason, review_on=held.review_on) if held else None


def receipt(matter: "Matter") -> shapes.Receipt:
    """What an act brought about."""
    return shapes.Receipt(
        number=matter.number, version=matter.version, state=matter.state, state_words=matter.state_words, level=matter.level,
        handler=body_name(matter.handler), due_at=matter.due_at,
    )  # fmt: skip


def story(matter: "Matter") -> shapes.Journal:
    """Its journal, as the page tells it."""
    entries = [
        shapes.Entry(
            seq=line.seq, at=line.at, move=line.move, label=line.label, fact=line.fact.name, by=line.by, who=line.who,
            said=line.said, rule=getattr(line.fact, "rule", None) or None,
        )
        for line in queries.story(matter, for_resident=False)
    ]  # fmt: skip
    return shapes.Journal(number=matter.number, entries=entries)


def choice(body: Body) -> shapes.Choice:
    """A body that may be chosen."""
    return shapes.Choice(id=body.pk, name=body.name, short_name=body.short_name, level=body.level, phone=body.phone)


def proposal(matter: "Matter") -> shapes.Proposal:
    """Whom linli proposes, and who else could be chosen."""
    found = queries.proposal_for(matter)
    return shapes.Proposal(
        body=body_name(found.body) if found.body else None, share=found.confidence, rule=found.rule, reasons=list(found.reasons),
        bodies=[choice(each) for each in queries.bodies_for(matter)],
    )  # fmt: skip


# --- Places, lists -----------------------------------------------------------------------------------------------------
def area_fields(node: territory.Node) -> dict[str, Any]:
    """What is told of an area wherever it stands."""
    return {
        "code": node.code, "name": node.name, "level": node.level, "full_name": node.full_name, "kind": node.kind,
        "functional": node.functional, "parent": territory.area(node.parent_id).code if node.parent_id is not None else None,
    }  # fmt: skip


def body(each: Body) -> shapes.Body:
    """One line of the book of bodies."""
    return shapes.Body(
        id=each.pk, name=each.name, short_name=each.short_name, level=each.level, phone=each.phone, kind=each.kind,
        area=area_name(territory.area(each.area_id)), functions=list(each.functions),
    )  # fmt: skip


# --- Whistles and tasks ------------------------------------------------------------------------------------------------
def whistle_fields(whistle: "Whistle") -> dict[str, Any]:
    """What is told of a whistle wherever it stands."""
    return {
        "number": whistle.number, "state": whistle.state, "state_words": whistle.state_words,
        "kind": shapes.NamedCode(code=whistle.kind, name=whistles.kind_words(whistle.kind)), "place": whistles.place_words(whistle),
        "caller": body_name(whistle.caller), "sounded_at": whistle.sounded_at,
    }  # fmt: skip


def whistle(found: "Whistle", actor: Actor) -> shapes.WhistleWhole:
    """A whistle and whom it calls."""
    called = [
        shapes.Called(
            body=body_name(each.body), acknowledge_by=each.acknowledge_by, arrive_by=each.arrive_by,
            acknowledged_at=each.acknowledged_at, arrived_at=each.arrived_at, minutes_late=each.minutes_late, action=each.action,
            conclusion=each.conclusion, score=each.score, justified=each.justified,
        )
        for each in whistles.called_by(found)
    ]  # fmt: skip
    return shapes.WhistleWhole(
        **whistle_fields(found), version=found.version, what=found.what, called=called, matters=list(found.matters), plan=found.plan,
        conclusion=found.conclusion, moves=[each for each in WHISTLE_MOVES if each in whistles.open_verbs(found, actor)],
    )  # fmt: skip


def task_fields(task: "Task") -> dict[str, Any]:
    """What is told of a task wherever it stands."""
    return {
        "number": task.number, "state": task.state, "state_words": task.state_words,
        "group": shapes.NamedCode(code=task.group, name=tasks.group_name(task.group)), "content": task.content,
        "owner": body_name(task.owner), "lead": body_name(task.lead), "due_on": task.due_on, "overdue": task.is_overdue, "grade": task.grade,
    }  # fmt: skip


def task(found: "Task", actor: Actor) -> shapes.TaskWhole:
    """A task, whole."""
    return shapes.TaskWhole(
        **task_fields(found), version=found.version, given_at=found.given_at, status_note=found.status_note,
        evidence=found.evidence, evidence_url=found.evidence_url, delay_wanted_on=found.delay_wanted_on,
        finished_at=found.finished_at, ended_at=found.ended_at, moves=list(tasks.open_moves(found, actor)),
    )  # fmt: skip
