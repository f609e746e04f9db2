"""Every write to a toy."""

from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from tests.toy.facts import ToyFinished, ToyNoted, ToyRegistered, ToyReopened, ToyTaken
from tests.toy.flow import LIFE
from tests.toy.models import Toy


def register(number: str, *, by: Actor) -> Toy:
    """登记."""
    with flow.begin(Toy(number=number), LIFE.register, by=by) as (toy, step):
        step.record(ToyRegistered(number))
    return toy


def take(toy: Toy, *, by: Actor, expected: int | None = None) -> Toy:
    """领走."""
    with flow.step(toy, LIFE.take, by=by, expected=expected) as (toy, step):
        toy.handler = by.name
        step.record(ToyTaken(toy.number, by.name))
    return toy


def finish(toy: Toy, *, by: Actor) -> Toy:
    """完成."""
    with flow.step(toy, LIFE.finish, by=by) as (toy, step):
        step.record(ToyFinished(toy.number))
    return toy


def reopen(toy: Toy, *, by: Actor) -> Toy:
    """重开."""
    with flow.step(toy, LIFE.reopen, by=by) as (toy, step):
        toy.handler = ""
        step.record(ToyReopened(toy.number))
    return toy


def add(toy: Toy, note: str, *, by: Actor, expected: int | None = None) -> Toy:
    """补充."""
    with flow.act(toy, LIFE.add, by=by, expected=expected) as (toy, step):
        toy.note = note
        step.record(ToyNoted(toy.number, len(note)))
    return toy
