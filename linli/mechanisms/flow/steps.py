"""The one way to write: a step locks the row, checks, lets the service change it, and commits change and fact together."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from linli.facts.base import Fact
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access.words import title_words
from linli.mechanisms.flow.lifecycle import Move
from linli.mechanisms.journal.entries import GENESIS

if TYPE_CHECKING:
    from linli.mechanisms.flow.subject import Subject  # A model module: not importable before the apps are loaded.

Row = TypeVar("Row", bound="Subject")


class NotNow(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """This move is not open in this state. Becomes the 409 page: what the state is, and what is open instead."""


class Stale(NotNow):
    """Somebody moved the row since the form was opened. The page shows who, when and what; nothing typed is lost."""

    def __init__(self, sentence: str, *, changed: list[journal.Heard]) -> None:
        """`changed`: the entries the form had not seen."""
        super().__init__(sentence)
        self.changed = changed


class SameHands(Refused):
    """Four eyes: whoever did the earlier thing may not do this one."""


_inside: ContextVar[frozenset[str]] = ContextVar("linli_flow_inside", default=frozenset())
"""The subjects whose steps are open. A step on one of them inside its own step would be overwritten by the outer."""


_whole: ContextVar[bool] = ContextVar("linli_flow_whole", default=False)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """The steps inside are kept together or not at all, by the transaction around them: none has a savepoint of its own."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


class Step:
    """What a service sees of the step it is in."""

    def __init__(self, move: Move, by: Actor, now: datetime) -> None:
        """Made by `step`, `begin` and `act` only."""
        self.move = move
        self.by = by
        self.now = now
        self.facts: list[Fact] = []

    @property
    def today(self) -> date:
        """The day in the city."""
        return self.now.astimezone(clock.CITY).date()

    def record(self, *facts: Fact) -> None:
        """What others may know. Written with the change when the block is left."""
        self.facts += facts


@contextmanager
def step(row: Row, move: Move, *, by: Actor, expected: int | None = None) -> Iterator[tuple[Row, Step]]:
    """Make a move: `with flow.step(matter, LIFE.assign, by=actor) as (matter, step):`.

    BEGIN; lock the row (no key share needed: foreign keys to it may still be checked); require the power; is the
    move open now; four eyes; yield; then state, version and changed columns are saved, the facts appended, COMMIT.
    `expected` is the version the person's form was filled over. Raises Refused, NotNow, Stale or SameHands; whatever
    is raised inside the block undoes everything.
    """
    with transaction.atomic(savepoint=not _whole.get()):
        manager = type(row)._default_manager  # noqa: SLF001  Django's own name.
        fresh = manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
        require(by, move.power)
        if expected is not None and expected != fresh.version:
            raise _stale(fresh, expected)
        if fresh.state not in move.sources:
            raise NotNow(_not_now(fresh, move))
        _check_four_eyes(fresh, move, by)
        before = _values(fresh)
        now = clock.now()
        this = Step(move, by, now)
        with _alone_on(fresh.subject):
            yield fresh, this
        if not this.facts:
            raise RuntimeError(f"{move.power} recorded no fact: what is not written did not happen")
        if (fresh.state, fresh.version) != (before["state"], before["version"]):
            raise RuntimeError(f"{move.power} set the state or the version by hand: only a declared move does")
        if move.target is not None:
            fresh.state = move.target
        fresh.version, _hash = journal.append(fresh.subject, *this.facts, by=by.author, at=now, move=move.name)
        _save_changes(fresh, before)


@contextmanager
def act(row: Row, move: Move, *, by: Actor, expected: int | None = None) -> Iterator[tuple[Row, Step]]:
    """An act that changes no state (a supplement, a supporter): the same dance, the same proof."""
    if move.target is not None:
        raise RuntimeError(f"{move.power} changes the state: use step")
    with step(row, move, by=by, expected=expected) as both:
        yield both


@contextmanager
def begin(row: Row, move: Move, *, by: Actor, savepoint: bool = True) -> Iterator[tuple[Row, Step]]:
    """Begin a life: the row is inserted when the block is left, with its first facts.

    Without a `savepoint` it is part of the caller's transaction: what is raised here undoes all of that.
    """
    with transaction.atomic(savepoint=savepoint):
        require(by, move.power)
        if move.sources or move.target is None:
            raise RuntimeError(f"{move.power} does not begin a life")
        now = clock.now()
        this = Step(move, by, now)
        row.state = move.target
        yield row, this
        if not this.facts:
            raise RuntimeError(f"{move.power} recorded no fact: what is not written did not happen")
        if row.state != move.target:
            raise RuntimeError(f"{move.power} set the state by hand: only a declared move does")
        row.version = len(this.facts)
        row.save(force_insert=True)
        journal.append(row.subject, *this.facts, by=by.author, at=now, move=move.name, after=(0, GENESIS))


def own_deeds(subjects: Iterable[str], move: Move, *, by: Actor) -> set[str]:
    """Those of the subjects for which this move wants other eyes than this actor's: no list or page need offer it."""
    if not move.four_eyes or by.kind != "staff":
        return set()
    done = journal.last(subjects, move.four_eyes)
    return {each.subject for each in done if by.person_id is None or each.author.person_id == by.person_id}


@contextmanager
def _alone_on(subject: str) -> Iterator[None]:
    if subject in _inside.get():
        raise RuntimeError(f"a step on {subject} inside a step on it: the outer would overwrite the inner")
    token = _inside.set(_inside.get() | {subject})
    try:
        yield
    finally:
        _inside.reset(token)


def _values(row: models.Model) -> dict[str, Any]:
    """What the columns hold; lists and dictionaries as copies, so that a change in place is seen."""
    return {
        name: deepcopy(value) if isinstance(value, (list, dict, set, bytearray)) else value
        for name, value in row.__dict__.items()
        if name != "_state"
    }


def _save_changes(row: models.Model, before: dict[str, Any]) -> None:
    changed = [
        field.name
        for field in row._meta.concrete_fields  # noqa: SLF001  Django's own name.
        if row.__dict__.get(field.attname) != before.get(field.attname)
    ]
    row.save(update_fields=changed)


def _check_four_eyes(row: "Subject", move: Move, by: Actor) -> None:
    if not move.four_eyes or by.kind != "staff":
        return
    last = {entry.move: entry for entry in journal.history(row.subject) if entry.move in move.four_eyes}
    for entry in last.values():
        if by.person_id is None or entry.author.person_id == by.person_id:
            when = entry.at.astimezone(clock.CITY)
            raise SameHands(
                _("“%(move)s”须由另一个人来做：%(when)s的那一步是您本人做的。")
                % {"move": move.label, "when": f"{when:%m-%d %H:%M}"}
            )


def _not_now(row: "Subject", move: Move) -> str:
    state = getattr(row, "get_state_display", lambda: "")()  # A model whose field has choices can say it in Chinese.
    known = bool(state) and state != row.state
    now = _("现在是“%(state)s”") % {"state": state} if known else _("这一件已经走到别的步骤了")
    for last in journal.history(row.subject)[-1:]:
        when = f"{last.at.astimezone(clock.CITY):%m-%d %H:%M}"
        now = _("%(now)s（%(who)s，%(when)s）") % {"now": now, "who": _who(last.author), "when": when}
    return _("现在不能“%(move)s”：%(now)s。请刷新后再看。") % {"move": move.label, "now": now}


def _stale(row: "Subject", expected: int) -> Stale:
    changed = [entry for entry in journal.history(row.subject) if entry.seq > expected]
    who = _who(changed[-1].author) if changed else _("别人")
    sentence = _("在您填写期间，%(who)s已经处理了这一件。您填的内容还在，请看过变化后再决定。") % {"who": who}
    return Stale(sentence, changed=changed)


def _who(author: journal.Author) -> str:
    """An official by office and name, anybody else by kind."""
    if author.kind == "staff":
        return " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
    return {"resident": _("居民"), "system": _("系统")}[author.kind]
