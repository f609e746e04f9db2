"""What officials do with a matter: on the spot, upwards, to a body, and back to the resident."""

from datetime import datetime

from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterAccepted,
    MatterAnswered,
    MatterAssigned,
    MatterPartVerified,
    MatterRaised,
    MatterRedone,
    MatterSettled,
    MatterVerified,
)
from linli.kernel import text
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access import service as access
from linli.mechanisms.access.models import Body, Reveal
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import proposals, rules, rulings, supervision, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Contact, Matter, Merge, Visibility
from linli.work.matters.rules import Categories, DifferReasons, Outcomes, RaiseReasons, RedoReasons
from linli.work.matters.service import clockwork, contactclock


class MissingWordsError(words.WordsError):
    """A move that owes somebody an explanation came without one."""


class OffListError(words.WordsError):
    """No duty list says that the lower level owns it: it is asked for first, not sent."""


class AssistOnlyError(words.WordsError):
    """The body may only help with such matters: it can never be made to lead one."""


def settle(matter: Matter, *, reply: str, by: Actor, outcome: str = "", expected: int | None = None) -> Matter:
    """当场解决 — one line is enough; the resident reads it and has the last word."""
    need(reply, _("请用一句话写明怎么解决的，居民会看到。"))
    outcomes = rulebook.current(Outcomes).list
    outcome = (
        outcomes.item(outcome).code if outcome else next(o.code for o in outcomes.items if o.counts_as == "solved")
    )
    with flow.step(matter, LIFE.settle, by=by, expected=expected) as (matter, step):
        said = words.say(matter, step, reply, for_resident=True)
        matter.outcome, matter.reply, matter.settled_on_spot = outcome, text.clean(reply), True
        matter.answered_at = matter.moved_at = step.now
        _answered(matter, step)
        step.record(MatterSettled(matter.number, outcome=outcome, words=said))
    return matter


def raise_up(matter: Matter, *, reason: str, tried: str, by: Actor, expected: int | None = None) -> Matter:
    """上报 — one level up, with the reason and what was tried; no photo is asked for (`domain.md` 1.3, 15)."""
    need(tried, _("请写明试过什么办法，上一级才知道从哪里接着办。"))
    rulebook.current(RaiseReasons).list.item(reason)
    with flow.step(matter, LIFE.raise_up, by=by, expected=expected) as (matter, step):
        hold(matter, by)
        if matter.level <= rules.CITY:
            raise NotNow(_("已经在市一级，不能再上报了。"))
        below = matter.level
        slots = territory.slots(matter.place_ids[0])
        matter.level = below - 1
        matter.handler = proposals.first_receiver(matter.level, slots)
        matter.moved_at = step.now
        said = words.say(matter, step, tried, for_resident=False)
        step.record(
            MatterRaised(
                matter.number,
                from_level=below,
                to_level=matter.level,
                reason=reason,
                handler=matter.handler_id,
                words=said,
            )
        )
    return matter


def assign(
    matter: Matter, *, to: Body, by: Actor, category: str = "", differs: str = "", expected: int | None = None
) -> Matter:
    """派单 — make one body answerable. Differing from the proposal needs a reason, which teaches the list.

    The resident's date stays what it was told, unless the category changes: then the limit of the right category
    holds, counted from registration, and the page shows both the rule and the date anew.
    """
    code = category or matter.category
    item = rulebook.current(Categories).list.item(code)
    proposal = proposals.propose_body(code, matter.place_ids, level=matter.level)
    as_proposed = proposal.body is not None and proposal.body.pk == to.pk
    if not as_proposed:
        if not differs:
            raise MissingWordsError(_("派给了建议以外的单位，请选一个理由。"))
        rulebook.current(DifferReasons).list.item(differs)
    if to.area_id not in matter.place_ids:
        raise Refused(_("“%(body)s”管不到这一件所在的地方，请另选单位。") % {"body": to.short_name})
    with flow.step(matter, LIFE.assign, by=by, expected=expected) as (matter, step):
        hold(matter, by)
        rulings.refuse_to_undo(matter, by)
        may_be_sent(matter, to, category=code)
        _drop_requests(matter, step)
        if code != matter.category:
            matter.category, matter.confidence = code, 1.0
            matter.is_report = item.is_report
            matter.is_public = matter.is_public and item.public and not item.is_report
            _restart(matter, at=matter.registered_at, now=step.now)
        matter.handler, matter.moved_at = to, step.now
        accept_by, rule = start_accepting(matter, at=step.now)
        contactclock.begin(matter, at=step.now)
        step.record(
            MatterAssigned(
                matter.number, level=matter.level, handler=to.pk, handler_name=to.short_name, category=code,
                accept_by=accept_by, answer_by=matter.due_at, rule=rule, proposed=as_proposed, differs=differs,
            )
        )  # fmt: skip
    return matter


def accept(matter: Matter, *, by: Actor, expected: int | None = None) -> Matter:
    """受理 — the body takes it up."""
    with flow.step(matter, LIFE.accept, by=by, expected=expected) as (matter, step):
        own(matter, by)
        running = clocks.running(matter.subject, "accept")
        clocks.stop(matter.subject, "accept", at=step.now)
        matter.moved_at = step.now
        in_time = running is None or step.now <= running.due_at
        step.record(MatterAccepted(matter.number, handler=matter.handler_id, in_time=in_time))
    return matter


def answer(matter: Matter, *, outcome: str, reply: str, by: Actor, expected: int | None = None) -> Matter:
    """答复 — what came of it, in words for the resident. Somebody else will look before it counts as done."""
    need(reply, _("请写明给居民的答复。"))
    rulebook.current(Outcomes).list.item(outcome)
    with flow.step(matter, LIFE.answer, by=by, expected=expected) as (matter, step):
        own(matter, by)
        in_time = step.now <= matter.due_at
        said = words.say(matter, step, reply, for_resident=True)
        matter.outcome, matter.reply, matter.settled_on_spot = outcome, text.clean(reply), False
        matter.answered_at = matter.moved_at = step.now
        _answered(matter, step)
        step.record(
            MatterAnswered(matter.number, handler=matter.handler_id, outcome=outcome, in_time=in_time, words=said)
        )
    return matter


def verify(matter: Matter, *, by: Actor, note: str = "", expected: int | None = None) -> Matter:
    """核实通过 — another pair of eyes; from here the resident is asked. A part has ended with it: the whole is answered later."""
    if matter.parent_id is not None:
        return _verify_part(matter, by=by, note=note, expected=expected)
    with flow.step(matter, LIFE.verify, by=by, expected=expected) as (matter, step):
        clocks.stop(matter.subject, "verify", at=step.now)
        limit, _rule = proposals.limit_for("rate", category=matter.category, risk=matter.risk)
        wait = rulebook.working_calendar().due(step.now, limit)
        timers.arm(matter.subject, clockwork.LAPSE, at=wait.at)
        matter.moved_at = step.now
        matter.visit_at, matter.visit_tries = supervision.visit_due(matter, now=step.now, rate_by=wait.at), 0
        visit_all_along(matter, now=step.now, rate_by=wait.at)
        words.say(matter, step, note, for_resident=False)
        step.record(MatterVerified(matter.number, rate_by=wait.at, cards_cleared=clear_cards(matter, step)))
    return matter


def visit_all_along(matter: Matter, *, now: datetime, rate_by: datetime) -> None:
    """回访 — each reporter whose matter goes along with this one is called for themselves, if they left a way to be."""
    rows = Merge.objects.filter(main_id=matter.pk, ended_at__isnull=True)
    rows = rows.exclude(matter__visibility=Visibility.ANONYMOUS)
    rows.update(visit_at=supervision.visit_moment(now=now, rate_by=rate_by), visit_tries=0)


def _verify_part(matter: Matter, *, by: Actor, note: str, expected: int | None) -> Matter:
    with flow.step(matter, LIFE.verify_part, by=by, expected=expected) as (matter, step):
        clocks.stop(matter.subject, "verify", at=step.now)
        timers.disarm(matter.subject)
        matter.ended_at = matter.moved_at = step.now
        words.say(matter, step, note, for_resident=False)
        step.record(MatterPartVerified(matter.number, whole=rules.whole_of(matter.number) or ""))
    return matter


def redo(matter: Matter, *, reason: str, note: str, by: Actor, expected: int | None = None) -> Matter:
    """退回重办 — it does not hold; a new date runs from now under the same rule."""
    need(note, _("请写明哪里没有办好，承办的人才知道怎么改。"))
    rulebook.current(RedoReasons).list.item(reason)
    move = LIFE.redo_for_triage if matter.settled_on_spot or matter.parts.exists() else LIFE.redo
    with flow.step(matter, move, by=by, expected=expected) as (matter, step):
        if matter.settled_on_spot:
            matter.level = rules.COMMUNITY
        matter.redone += 1
        back_in_hand(matter, step)
        said = words.say(matter, step, note, for_resident=False)
        step.record(MatterRedone(matter.number, level=matter.level, reason=reason, answer_by=matter.due_at, words=said))
    return matter


def reveal(matter: Matter, *, purpose: str, by: Actor) -> Contact | None:
    """查看身份 — the reporter's contact, after the purpose is on record. The body handling a 举报 never sees it."""
    if matter.is_report and by.scope == "body":
        raise Refused(_("这是一件举报，反映人的身份对承办单位保密。需要联系时，请通过派单的单位转达。"))
    if matter.visibility == Visibility.ANONYMOUS:
        raise Refused(_("反映人没有留下身份。"))
    matter = matter.parent or matter  # It is the whole's reporter, who sees there who looked.
    with flow.act(matter, LIFE.reveal, by=by) as (matter, step):
        row: Reveal = access.write_reveal(matter.subject, field="contact", purpose=purpose, by=by, at=step.now)
        step.record(access.revealed(row))
    return Contact.objects.filter(matter=matter).first()


def start_accepting(matter: Matter, *, at: datetime) -> tuple[datetime, str]:
    """The clock of 受理 runs from now for whoever has it: until when, and by which rule."""
    clocks.stop(matter.subject, "accept", at=at)
    limit, rule = proposals.limit_for("accept", category=matter.category, risk=matter.risk)
    return clocks.start(matter.subject, "accept", limit=limit, rule=rule, at=at).at, rule


def back_in_hand(matter: Matter, step: flow.Step) -> None:
    """The matter is worked on again: what was answered no longer stands, and a new date runs."""
    clocks.stop(matter.subject, "verify", at=step.now)
    timers.disarm(matter.subject, clockwork.LAPSE)
    matter.visit_at = None
    Merge.objects.filter(main_id=matter.pk, visit_at__isnull=False).update(visit_at=None)
    matter.overdue, matter.ended_at, matter.moved_at = False, None, step.now
    _restart(matter, at=step.now, now=step.now)


def clear_cards(matter: Matter, step: flow.Step) -> int:
    """督办清零 — what was pressed is done, or is not wanted any more; how many cards stood."""
    if not matter.grade:
        return 0
    matter.grade = 0
    return matter.cards.filter(withdrawn_at__isnull=True, cleared_at__isnull=True).update(cleared_at=step.now)


def _answered(matter: Matter, step: flow.Step) -> None:
    matter.solved, matter.verdict = None, None  # Of this answer the resident has said nothing yet.
    clocks.stop(matter.subject, "handle", at=step.now)
    contactclock.stop(matter, at=step.now)
    timers.disarm(matter.subject, clockwork.REMIND, clockwork.OVERDUE)
    limit, rule = proposals.limit_for("verify", category=matter.category, risk=matter.risk)
    clocks.start(matter.subject, "verify", limit=limit, rule=rule, at=step.now)


def _restart(matter: Matter, *, at: datetime, now: datetime) -> None:
    clocks.stop(matter.subject, "handle", at=now)
    limit, rule = proposals.limit_for("handle", category=matter.category, risk=matter.risk)
    due = clocks.start(matter.subject, "handle", limit=limit, rule=rule, at=at)
    matter.due_at, matter.due_rule, matter.due_provisional = due.at, rule, due.provisional
    clockwork.arm(matter, now=at)


def may_be_sent(matter: Matter, to: Body, *, category: str) -> None:
    """下派 — to a lower level only what it owns. Raises AssistOnlyError, OffListError."""
    refuse_assisting(category, to)
    if to.level <= matter.level:
        return
    if proposals.duty_of(category, to.level).part != "owns":
        raise OffListError(
            _("“%(what)s”不在%(level)s的职责清单里，不能直接派给%(body)s；确实需要的，用“清单外请示”，批准以后再派。")
            % {
                "what": rulebook.label(rulebook.current(Categories).list.item(category)),
                "level": level_words(to.level),
                "body": to.short_name,
            }
        )


def refuse_assisting(category: str, to: Body) -> None:
    """What a level only helps with it does not lead. Raises AssistOnlyError."""
    if proposals.duty_of(category, to.level).part == "assists":
        raise AssistOnlyError(
            _("按职责清单，%(body)s对“%(what)s”只协助，不能当主办；请另选主办，请它协办。")
            % {"what": rulebook.label(rulebook.current(Categories).list.item(category)), "body": to.short_name}
        )


def _drop_requests(matter: Matter, step: flow.Step) -> None:
    """It went elsewhere: what was asked for is not waited for any more."""
    matter.approvals.filter(decided_at__isnull=True).update(decided_at=step.now, decision="dropped")


def hold(matter: Matter, by: Actor) -> None:
    """Only the level that has the matter, or one above it, may pass it on."""
    if by.area_level > matter.level:
        raise Refused(_("这一件现在在%(level)s一级，请由那一级处理。") % {"level": level_words(matter.level)})


def own(matter: Matter, by: Actor) -> None:
    """Only the body that is answerable may take it up or answer it."""
    if by.body_id != matter.handler_id:
        raise Refused(_("这一件由%(body)s负责，请由他们办理。") % {"body": matter.handler.short_name})


def need(words_said: str, sentence: str) -> None:
    if len(text.clean(words_said)) < 2:
        raise MissingWordsError(sentence)
