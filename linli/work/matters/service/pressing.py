"""督办 — pressing whoever has a matter: in grades, from the same level or above, answered, withdrawn, cleared on verification."""

from django.utils.translation import gettext as _

from linli.facts.matters import MatterCardWithdrawn, MatterPressed, MatterResponded
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import proposals, rules, supervision, words
from linli.work.matters.flow import LIFE, PRESSED
from linli.work.matters.models import Card, Matter
from linli.work.matters.rules import MatterGrade, MatterGrades
from linli.work.matters.service.handling import need

STILL_UNSOLVED = "matters.still_unsolved"


def press(
    matter: Matter, *, reason: str, by: Actor, grade: str = "", skip: str = "", expected: int | None = None
) -> Matter:
    """督办 — the next grade, or a graver one with `skip` saying why those between are left out.

    Raises Refused for whoever is not of the same level or above (or is of the body itself), NotNow where that grade
    or a graver one stands already, MissingWordsError without a reason.
    """
    need(reason, _("请写明为什么督办，承办单位要照着办。"))
    grades = rulebook.current(MatterGrades)
    wanted = grades.list.item(grade) if grade else None
    with flow.act(matter, LIFE.press, by=by, expected=expected) as (matter, step):
        _must_be_over(matter, by)
        left = supervision.grades_after(matter.grade)
        if not left:
            raise NotNow(_("已经是最高一级的督办。"))
        chosen = wanted or left[0]
        if chosen.rank <= matter.grade:
            raise NotNow(_("这一级或更高一级的督办已经在了。"))
        skipped = chosen.rank - matter.grade - 1
        if skipped:
            need(skip, _("跳过了中间的等级，请写明为什么。"))
        _give(matter, step, chosen, rule=grades.ref.item(chosen.code), reason=_joined(reason, skip, skipped), by=by)
    return matter


def withdraw_card(matter: Matter, *, reason: str, by: Actor, expected: int | None = None) -> Matter:
    """撤销督办 — the last card, by the level that gave it or one above, with a reason."""
    need(reason, _("请写明为什么撤销。"))
    with flow.act(matter, LIFE.withdraw_card, by=by, expected=expected) as (matter, step):
        _must_be_over(matter, by)
        cards = supervision.standing_cards(matter)
        if not cards:
            raise NotNow(_("现在没有督办。"))
        card = cards[-1]
        if by.area_level > card.level:
            raise Refused(_("上级发出的督办，由上级撤销。"))
        card.withdrawn_at = step.now
        card.save(update_fields=["withdrawn_at"])
        matter.grade = cards[-2].rank if len(cards) > 1 else 0
        said = words.say(matter, step, reason, for_resident=False)
        step.record(
            MatterCardWithdrawn(matter.number, handler=matter.handler_id, grade=_code(card), words=said)
        )  # fmt: skip
    return matter


def respond(matter: Matter, *, said: str, by: Actor, expected: int | None = None) -> Matter:
    """回复督办 — what is being done, and until when; to whoever gave the last card."""
    need(said, _("请写明办到哪一步、打算哪天办完。"))
    with flow.act(matter, LIFE.respond, by=by, expected=expected) as (matter, step):
        if by.body_id != matter.handler_id:
            raise Refused(_("督办由%(body)s回复。") % {"body": matter.handler.short_name})
        cards = supervision.standing_cards(matter)
        if not cards:
            raise NotNow(_("现在没有督办。"))
        card = cards[-1]
        card.responded_at = step.now
        card.save(update_fields=["responded_at"])
        digest = words.say(matter, step, said, for_resident=False)
        step.record(
            MatterResponded(
                matter.number, handler=matter.handler_id, presser=card.presser_id, grade=_code(card), words=digest
            )
        )  # fmt: skip
    return matter


@timers.timer(STILL_UNSOLVED)
def press_what_stays_unsolved(subject: str, by: Actor) -> None:
    """No level is left to go up to: the city's own desk presses whoever has it, through the system, once for each no."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    grades = rulebook.current(MatterGrades)
    wanted = grades.list.for_unsolved
    chosen = wanted if wanted.rank > matter.grade else grades.list.after(matter.grade)
    if matter.state not in PRESSED or chosen is None:
        return
    with flow.act(matter, LIFE.press, by=by) as (matter, step):
        reason = _("到了最高一级，居民还是说没有解决。")
        _give(matter, step, chosen, rule=grades.ref.item(chosen.code), reason=reason, by=by)


def _give(matter: Matter, step: flow.Step, grade: MatterGrade, *, rule: str, reason: str, by: Actor) -> None:
    """The card, the matter's grade and the fact."""
    level = by.area_level if by.kind == "staff" else rules.CITY
    if by.kind == "staff" and by.body_id is not None:
        presser = by.body_id
    else:
        presser = proposals.first_receiver(rules.CITY, territory.slots(matter.place_ids[0])).pk
    skipped = grade.rank - matter.grade - 1
    Card.objects.create(
        matter=matter, body_id=matter.handler_id, presser_id=presser, rank=grade.rank, rule=rule, level=level,
        office=by.office if by.kind == "staff" else "", at=step.now,
    )  # fmt: skip
    matter.grade = grade.rank
    said = words.say(matter, step, reason, for_resident=False)
    step.record(
        MatterPressed(
            matter.number, handler=matter.handler_id, presser=presser, grade=grade.code, level=level, skipped=skipped,
            rule=rule, words=said,
        )
    )  # fmt: skip


def _joined(reason: str, skip: str, skipped: int) -> str:
    return (
        _("%(reason)s（跳过中间的等级：%(skip)s）") % {"reason": reason.strip(), "skip": skip.strip()}
        if skipped
        else reason
    )


def _code(card: Card) -> str:
    """The code of the grade a card was given in."""
    _ref, code = rulebook.RuleRef.parse(card.rule)
    return code


def _must_be_over(matter: Matter, by: Actor) -> None:
    if by.body_id == matter.handler_id:
        raise Refused(_("不能督办本单位；由同级的监督或上级来做。"))
    if not supervision.is_over(matter, by):
        raise Refused(
            _("督办只能由“%(body)s”的同级或上级发出（它是%(level)s一级的单位）。")
            % {"body": matter.handler.short_name, "level": level_words(matter.handler.level)}
        )
