"""A made-up year of moves: people do whatever their page lets them, in an order that chance decides and a seed repeats."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from linli.kernel import clock
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import timers
from linli.work.matters import exclusions, queries, service, together
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter
from linli.work.matters.rules import RedoReasons
from tests import place
from tests.make import Make

SPOTS = (place.at(0.5, 0.5), place.at(0.5, 1.5), place.at(1.5, 0.5), place.at(1.5, 1.5))
STAFF = ("wang", "he", "zhou", "li", "ma", "wu", "feng", "jiang")
OF_PRIVACY = ("disclose", "mask", "hold", "release", "erase")
"""What becomes of a person's data moves no matter; its own tests do it."""
RESIDENT_MOVES = ("rate", "reopen", "reopen_for_triage", "withdraw", "add", "support", "ask_second_look", "urge")


class Wanderer:
    """Lets one thing after another happen; `done` counts what did."""

    def __init__(self, make: Make, seed: str, *, began: datetime) -> None:
        """From a day in the past on."""
        self.make, self.rng, self.at = make, random.Random(seed), began
        self.cast = make.cast
        self.done: Counter[str] = Counter()
        self.staff = [self.cast.actor(name) for name in STAFF]
        # 陈干事: what a community takes upon itself somebody there must do.
        zhou, wu = self.cast.actor("zhou"), self.cast.actor("wu")
        self.staff.append(replace(zhou, person_id=self.cast.people["sun"].pk, powers=wu.powers | {"matters.read"}))

    def go(self, steps: int, *, meanwhile: Callable[[random.Random], None] = lambda _: None) -> None:
        """So many steps, and `meanwhile` between them."""
        for _ in range(steps):
            self.at += timedelta(hours=self.rng.expovariate(1 / 5))
            with clock.at(self.at):
                self._fire()
                matters = Matter.objects.exclude(state="withdrawn").order_by("id")
                if self.rng.random() < 0.12 or not matters:
                    self._register()
                else:
                    self._move(self.rng.choice(matters))
                meanwhile(self.rng)

    def _fire(self) -> None:
        while timers.run_once():
            self.done["timer"] += 1

    def _register(self) -> None:
        self.make.matter(point=self.rng.choice(SPOTS), public=self.rng.random() < 0.8)
        self.done["register"] += 1

    def _move(self, matter: Matter) -> None:
        if matter.state == "verified" and self.rng.random() < 0.5:
            return  # The resident says nothing; time passes.
        name, actor = self._choice(matter)
        if name in {"", "withdraw", "add", "support", "urge", "propose_exclusion"} and self.rng.random() < 0.7:
            return
        if name:
            self._do(name.removesuffix("_for_triage"), matter, actor)
            self.done[name] += 1

    def _choice(self, matter: Matter) -> tuple[str, Actor]:
        """Somebody who may do something now, and what; a resident as often as all officials together."""
        resident = Actor.resident()
        theirs = [(m.name, resident) for m in LIFE.open_from(matter.state) if m.name in RESIDENT_MOVES]
        if not exclusions.may_ask_again(matter):
            theirs = [each for each in theirs if each[0] != "ask_second_look"]
        again = exclusions.next_urging(matter)
        if again is not None and clock.now() < again:
            theirs = [each for each in theirs if each[0] != "urge"]
        last_word = [each for each in theirs if each[0].startswith(("rate", "reopen"))]
        if last_word and self.rng.random() < 0.4:  # So that something ends however many other things may be done.
            return self.rng.choice(last_word)
        if theirs and self.rng.random() < 0.3:
            return self.rng.choice(theirs)
        for actor in self.rng.sample(self.staff, len(self.staff)):
            left_out = {"reveal", "add", "support", "note", "attach", *OF_PRIVACY}
            mine = [m for m in queries.open_moves(matter, actor) if m.name not in left_out]
            if actor.area_level < 3:  # Nobody else of the county's could confirm.
                mine = [m for m in mine if m.name != "propose_exclusion"]
            if mine and queries.visible_to(actor).filter(pk=matter.pk).exists():
                move = self.rng.choice(mine)
                if not flow.own_deeds([matter.subject], move, by=actor):
                    return move.name, actor
        return "", resident

    def _do(self, name: str, matter: Matter, by: Actor) -> Any:
        make, said = self.make, f"说法{self.rng.randrange(1000)}"
        redo = rulebook.current(RedoReasons).list.items[0].code
        deeds: dict[str, Callable[[], Any]] = {
            "settle": lambda: service.settle(matter, reply=said, by=by),
            "raise_up": lambda: service.raise_up(matter, reason=make.raise_reason, tried=said, by=by),
            "assign": lambda: self._assign(matter, by),
            "merge": lambda: self._merge(matter, by),
            "unmerge": lambda: self._unmerge(matter, by),
            "split": lambda: self._split(matter, by),
            "ask_approval": lambda: self._ask_approval(matter, by),
            "approve": lambda: service.approve(matter, by=by),
            "reject": lambda: service.reject(matter, why=said, by=by),
            "refuse_off_list": lambda: service.refuse_off_list(matter, by=by),
            "ask_help": lambda: self._ask_help(matter, by),
            "advise": lambda: service.advise(matter, opinion=said, by=by),
            "object": lambda: service.object_to(
                matter, reason="not-our-duty", note=said, believed=self._other(matter), by=by
            ),
            "rule": lambda: service.rule(matter, upheld=False, note=said, by=by),
            "uphold": lambda: service.rule(
                matter, upheld=True, note=said, by=by, to=self.rng.choice((None, self._other(matter)))
            ),
            "ask_extension": lambda: service.ask_extension(matter, days=self.rng.randint(1, 5), why=said, by=by),
            "extend": lambda: service.extend(matter, by=by),
            "refuse_extension": lambda: service.refuse_extension(matter, why=said, by=by),
            "carry": lambda: service.carry(matter, reason="season", why=said, review_on=self._later(), by=by),
            "review": lambda: service.review(matter, why=said, review_on=self._later(), by=by),
            "take_back": lambda: service.take_back(matter, why=said, by=by),
            "accept": lambda: service.accept(matter, by=by),
            "answer": lambda: service.answer(matter, outcome=make.outcome, reply=said, by=by),
            "verify": lambda: service.verify(matter, by=by),
            "redo": lambda: service.redo(matter, reason=redo, note=said, by=by),
            "rate": lambda: service.rate(matter, satisfaction=self.rng.randint(1, 5), by=by),
            "reopen": lambda: service.reopen(matter, why=said, by=by),
            "withdraw": lambda: service.withdraw(matter, why=said, by=by),
            "add": lambda: service.add(matter, said=said, by=by),
            "press": lambda: service.press(matter, reason=said, by=by),
            "withdraw_card": lambda: service.withdraw_card(matter, reason=said, by=by),
            "respond": lambda: service.respond(matter, said=said, by=by),
            "visit": lambda: self._visit(matter, said, by),
            "appeal": lambda: service.appeal(matter, reason="impossible", note=said, by=by),
            "decide_appeal": lambda: service.decide_appeal(matter, upheld=self.rng.random() < 0.5, note=said, by=by),
            "propose_exclusion": lambda: service.propose_exclusion(
                matter, reason="litigation", said=said, channel="110", by=by
            ),
            "exclude": lambda: service.exclude(matter, by=by),
            "keep": lambda: service.keep(matter, why=said, by=by),
            "ask_second_look": lambda: service.ask_second_look(matter, why=said, by=by),
            "uphold_exclusion": lambda: service.look_again(matter, stands=True, why=said, by=by),
            "overturn_exclusion": lambda: service.look_again(matter, stands=False, why=said, by=by),
            "contact": lambda: service.contact(
                matter, means="phone", reached=self.rng.random() < 0.7, said=said, said_at=clock.now(), by=by
            ),
            "urge": lambda: service.urge(matter, by=by),
            "support": lambda: service.support(matter, device=f"{self.at:%s}{said}", by=by),
        }
        return deeds[name]()

    def _visit(self, matter: Matter, said: str, by: Actor) -> Matter:
        """Nobody answers, or somebody says what they think."""
        if self.rng.random() < 0.4:
            return service.visit(matter, outcome="no-answer", by=by)
        solved, grade = self.rng.random() < 0.6, self.rng.randint(1, 5)
        return service.visit(
            matter, outcome="reached", contacted=True, solved=solved, satisfaction=grade, said=said, by=by
        )

    def _merge(self, matter: Matter, by: Actor) -> None:
        """Into another that is open; which one, chance says."""
        mains = together.mains(by, list(Matter.objects.exclude(pk=matter.pk).values_list("number", flat=True)))
        mains = [each for each in mains if each.parent_id is None]
        if mains:
            service.merge([matter], into=self.rng.choice(mains), by=by)

    def _unmerge(self, matter: Matter, by: Actor) -> None:
        service.unmerge(matter, why="不是同一件", by=by)

    def _split(self, matter: Matter, by: Actor) -> None:
        if matter.parts.count() < 6:
            urban = self.cast.bodies["liulin_urban"]
            service.split(matter, into=[service.Wanted("换灯头", urban), service.Wanted("修电箱门", urban)], by=by)

    def _ask_approval(self, matter: Matter, by: Actor) -> None:
        village = next(
            (
                self.cast.bodies[name]
                for name in ("huaihua", "liuan")
                if self.cast.bodies[name].area_id in matter.place_ids
            ),
            None,
        )
        if village is not None and matter.level < village.level and queries.approval_of(matter) is None:
            service.ask_approval(matter, to=village, why="离得近，给材料费", by=by)

    def _ask_help(self, matter: Matter, by: Actor) -> None:
        there = {each.body_id for each in queries.helpers_of(matter)}
        other = self._other(matter)
        if other.pk not in there:
            service.ask_help(matter, bodies=[other], by=by)

    def _later(self) -> date:
        return clock.today() + timedelta(days=self.rng.randint(1, 30))

    def _other(self, matter: Matter) -> Body:
        """Another body that covers the place."""
        others = (self.cast.bodies[name] for name in ("liulin_urban", "huaihua", "liuan"))
        return next(each for each in others if each.pk != matter.handler_id and each.area_id in matter.place_ids)

    def _assign(self, matter: Matter, by: Actor) -> Matter:
        to = self.cast.bodies[self.rng.choice(("liulin_urban", "huaihua", "liuan"))]
        if to.area_id not in matter.place_ids or to.level > matter.level:  # Nor what no list says it owns.
            to = self.cast.bodies["liulin_urban"]
        category = self.rng.choice(("", "", "street-vending"))
        return service.assign(matter, to=to, category=category, differs="nearer", by=by)
