"""回访 — somebody who did nothing for the answer calls the resident; what they hear is the resident's own rating."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.matters import MatterVisited
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.matters import supervision, words
from linli.work.matters.flow import LIFE, State
from linli.work.matters.models import Matter, Visit
from linli.work.matters.rules import Ratings, VisitOutcomes
from linli.work.matters.service import merging, residents
from linli.work.matters.service.handling import MissingWordsError


def visit(
    matter: Matter,
    *,
    outcome: str,
    by: Actor,
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfaction: int | None = None,
    said: str = "",
    expected: int | None = None,
) -> Matter:
    """回访 — one call. Reached: the three answers, which count as the resident's rating by telephone.

    The reporter of a merged matter is called for themselves: what they say is kept with their own report.
    Not solved redoes at once. Nobody answered: due again after a while, until the rule's number of tries is reached.
    Raises Refused or SameHands for whoever answered or sits in the body that did, NotNow where there is nothing to
    call about, MissingWordsError where an answer is missing.
    """
    item = rulebook.current(VisitOutcomes).list.item(outcome)
    reached = item.counts_as == "reached"
    if reached:
        _whole(contacted, solved, satisfaction, said)
    else:
        contacted = solved = satisfaction = None
    with transaction.atomic():  # The call and what it led to, or neither.
        if matter.state == State.MERGED:
            heard = _Heard(outcome, reached, contacted, solved, satisfaction if solved else None, said)
            matter = _visited_along(matter, heard, again=item.counts_as == "again", by=by, expected=expected)
            return _what_follows(matter, heard, by=by)
        with flow.act(matter, LIFE.visit, by=by, expected=expected) as (matter, step):
            if by.body_id == matter.handler_id:
                raise Refused(supervision.why_no_visit(matter, by) or _("承办的单位不回访自己办的事，请别的单位来打。"))
            if sentence := supervision.why_no_visit(matter, by):
                raise NotNow(sentence)
            rule = supervision.visit_rule()
            matter.visit_tries += 1
            again = item.counts_as == "again" and rule is not None and matter.visit_tries < rule.tries
            matter.visit_at = (
                rulebook.working_calendar().due(step.now, rule.apart).at if again and rule is not None else None
            )
            Visit.objects.create(
                matter=matter, round=matter.reopened, outcome=outcome, contacted=contacted, solved=solved,
                satisfaction=satisfaction if solved else None, office=by.office, at=step.now,
            )  # fmt: skip
            digest = words.say(matter, step, "" if reached else said, for_resident=False)
            step.record(
                MatterVisited(
                    matter.number, outcome=outcome, reached=reached, tries=matter.visit_tries, contacted=contacted,
                    solved=solved, satisfaction=satisfaction if solved else None, words=digest,
                )
            )  # fmt: skip
        return _what_follows(matter, _Heard(outcome, reached, contacted, solved, satisfaction, said), by=by)


@dataclass(frozen=True)
class _Heard:
    """What came of a call."""

    outcome: str
    reached: bool
    contacted: bool | None
    solved: bool | None
    satisfaction: int | None
    said: str


def _what_follows(matter: Matter, heard: _Heard, *, by: Actor) -> Matter:
    if heard.reached and heard.solved:
        assert heard.satisfaction is not None
        return residents.rate(matter, satisfaction=heard.satisfaction, comment=heard.said, by=by, channel="phone")
    if heard.reached:
        return residents.reopen(matter, why=heard.said, by=by, channel="phone")
    return matter


def _visited_along(matter: Matter, heard: _Heard, *, again: bool, by: Actor, expected: int | None) -> Matter:
    with merging.along(matter, LIFE.visit_along, by=by, expected=expected) as (matter, step, held, main):
        held.matter, held.main = matter, main
        if by.body_id == main.handler_id:
            raise Refused(_("承办的单位不回访自己办的事，请别的单位来打。"))
        if flow.own_deeds([main.subject], LIFE.visit, by=by):
            raise flow.SameHands(_("这一件是您办的，请别人来回访。"))
        if sentence := supervision.why_no_visit_along(held, by):
            raise NotNow(sentence)
        rule = supervision.visit_rule()
        held.visit_tries += 1
        again = again and rule is not None and held.visit_tries < rule.tries
        held.visit_at = rulebook.working_calendar().due(step.now, rule.apart).at if again and rule is not None else None
        held.save(update_fields=["visit_tries", "visit_at"])
        Visit.objects.create(
            matter=matter, round=main.reopened, outcome=heard.outcome, contacted=heard.contacted, solved=heard.solved,
            satisfaction=heard.satisfaction, office=by.office, at=step.now,
        )  # fmt: skip
        digest = words.say(matter, step, "" if heard.reached else heard.said, for_resident=False)
        step.record(
            MatterVisited(
                matter.number, outcome=heard.outcome, reached=heard.reached, tries=held.visit_tries,
                contacted=heard.contacted, solved=heard.solved, satisfaction=heard.satisfaction, words=digest,
            )
        )  # fmt: skip
    return matter


def _whole(contacted: bool | None, solved: bool | None, satisfaction: int | None, said: str) -> None:
    if contacted is None:
        raise MissingWordsError(_("第一问还没有填：承办的单位有没有联系过。"))
    if solved is None:
        raise MissingWordsError(_("第二问还没有填：解决了没有。"))
    if solved and satisfaction not in {each.score for each in rulebook.current(Ratings).list.items}:
        raise MissingWordsError(_("第三问还没有填：满意不满意。"))
    if not solved and len(said.strip()) < 2:
        raise MissingWordsError(_("居民说没解决，请记下哪里没有解决，重办的人好接着办。"))
