"""主办、协办 — one body leads and has the clock; others beside it are asked for their part, and their silence is seen."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.matters import MatterAdvised, MatterHelpAsked
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import NotNow
from linli.work.matters import proposals, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import CoHandler, Matter
from linli.work.matters.service.handling import MissingWordsError, assign, hold, need, own

MOST = 8
"""Whoever asks everybody asks nobody."""


def ask_help(matter: Matter, *, bodies: Sequence[Body], by: Actor, expected: int | None = None) -> Matter:
    """请协办 — by whoever assigned it or by the lead itself; each body is told, sees the matter and gives its opinion.

    Until when: the limit for taking up such a matter, from now. Raises MissingWordsError, Refused, NotNow.
    """
    with flow.act(matter, LIFE.ask_help, by=by, expected=expected) as (matter, step):
        if by.scope == "area":
            hold(matter, by)
        else:
            own(matter, by)
        asked = [each for each in dict.fromkeys(bodies) if each.pk != matter.handler_id]
        if not asked:
            raise MissingWordsError(_("请选至少一个主办以外的单位。"))
        if any(each.area_id not in matter.place_ids for each in asked):
            raise Refused(_("有一个单位管不到这一件所在的地方，请另选。"))
        there = set(matter.co_handlers.values_list("body_id", flat=True))
        new = [each for each in asked if each.pk not in there]
        if not new:
            raise NotNow(_("这些单位都已经在协办了。"))
        if len(there) + len(new) > MOST:
            raise MissingWordsError(_("协办最多 %(most)s 家。") % {"most": MOST})
        limit, _cited = proposals.limit_for("accept", category=matter.category, risk=matter.risk)
        advise_by = rulebook.working_calendar().due(step.now, limit).at
        CoHandler.objects.bulk_create(
            [CoHandler(matter=matter, body=each, asked_at=step.now, advise_by=advise_by) for each in new]
        )
        matter.moved_at = step.now
        step.record(
            MatterHelpAsked(
                matter.number, handler=matter.handler_id, bodies=tuple(each.pk for each in new),
                body_names=tuple(each.short_name for each in new), advise_by=advise_by,
            )
        )  # fmt: skip
    return matter


def assign_with_help(
    matter: Matter,
    *,
    to: Body,
    helpers: Sequence[Body],
    by: Actor,
    category: str = "",
    differs: str = "",
    expected: int | None = None,
) -> Matter:
    """派单，同时请协办 — one lead and those beside it, both or neither; without helpers it is assigned as ever."""
    with transaction.atomic():
        matter = assign(matter, to=to, category=category, differs=differs, by=by, expected=expected)
        there = set(matter.co_handlers.values_list("body_id", flat=True)) if helpers else set()
        wanted = [each for each in helpers if each.pk not in there and each.pk != to.pk]
        return ask_help(matter, bodies=wanted, by=by) if wanted else matter


def advise(matter: Matter, *, opinion: str, by: Actor, expected: int | None = None) -> Matter:
    """协办意见 — what the supporting body thinks or did, for the lead; the resident hears from the lead alone."""
    need(opinion, _("请写明本单位的意见或者办了什么，主办的单位要看。"))
    with flow.act(matter, LIFE.advise, by=by, expected=expected) as (matter, step):
        row = matter.co_handlers.filter(body_id=by.body_id or 0).select_related("body").first()
        if row is None:
            raise Refused(_("这一件没有请您单位协办。"))
        in_time = step.now <= row.advise_by
        row.advised_at = row.advised_at or step.now
        row.save(update_fields=["advised_at"])
        said = words.say(matter, step, opinion, for_resident=False)
        step.record(
            MatterAdvised(
                matter.number, handler=matter.handler_id, body=row.body_id, body_name=row.body.short_name,
                in_time=in_time, words=said,
            )
        )  # fmt: skip
    return matter
