"""回访 — somebody who did nothing for the answer calls the resident; what they hear is the resident's own rating."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.matters import MatterVisited
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.matters import supervision, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Visit
from linli.work.matters.rules import Ratings, VisitOutcomes
from linli.work.matters.service import residents
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
        if reached and solved:
            assert satisfaction is not None
            return residents.rate(matter, satisfaction=satisfaction, comment=said, by=by, channel="phone")
        if reached:
            return residents.reopen(matter, why=said, by=by, channel="phone")
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
