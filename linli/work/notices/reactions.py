"""Whom a fact concerns: whoever has the matter now, at the post that can act on it."""

from collections.abc import Sequence
from typing import NamedTuple

from linli.facts import matters as facts
from linli.facts import privacy, tasks, webhooks, whistles
from linli.mechanisms import journal
from linli.mechanisms.access import queries as access
from linli.work.notices.models import Notice


class Posts(NamedTuple):
    """The posts a fact concerns: those with one of these powers, for an area or in a body."""

    powers: tuple[str, ...]
    area: int | None = None
    body: int | None = None


@journal.batch_reader(
    "notices", facts.MatterRegistered, facts.MatterRaised, facts.MatterAssigned, facts.MatterRedone, facts.MatterReopened,
    facts.MatterAdded, facts.MatterReminded, facts.MatterOverdue, facts.MatterObjected, facts.MatterRuled,
    facts.MatterUnruled, facts.MatterExtensionAsked, facts.MatterExtended, facts.MatterExtensionRefused,
    facts.MatterUnreviewed, facts.MatterEscalated, facts.MatterPressed, facts.MatterCardWithdrawn, facts.MatterResponded,
    facts.MatterAppealed, facts.MatterAppealDecided, facts.MatterAppealable, facts.MatterDecisionDue, facts.MatterUndecided,
    facts.MatterUnreviewed, facts.MatterExclusionProposed, facts.MatterExclusionRefused, facts.MatterUnconfirmed,
    facts.MatterSecondLookAsked, facts.MatterExclusionOverturned, facts.MatterUnlooked, facts.MatterSampled,
    facts.MatterContactDue, facts.MatterUncontacted, facts.MatterUrged,
    facts.MatterUnreviewed, facts.MatterMerged, facts.MatterTookIn, facts.MatterUnmerged, facts.MatterLetGo,
    facts.MatterHeardAlong, facts.MatterApprovalAsked, facts.MatterApprovalRejected, facts.MatterOffListRefused,
    facts.MatterHelpAsked, facts.MatterAdvised, facts.MatterParted, facts.MatterPartWithdrawn,
    whistles.WhistleSounded, whistles.SummonsAcknowledged, whistles.SummonsMet, whistles.AbsenceExplained,
    whistles.ActionReported, whistles.WhistleEscalated, whistles.WhistleConcluded, whistles.WhistleWithdrawn,
    whistles.MeetingConvened, whistles.MeetingHeld, whistles.MeetingCancelled,
    tasks.TaskGiven, tasks.TaskDelayAsked, tasks.TaskDelayed, tasks.TaskDelayRefused, tasks.TaskFinished, tasks.TaskConfirmed,
    privacy.ErasureAsked, privacy.ErasureOverdue,
    tasks.TaskSentBack, tasks.TaskCancelled, tasks.TaskReminded, tasks.TaskOverdue, tasks.TaskPressed, tasks.TaskCardWithdrawn,
    webhooks.SubscriptionSwitchedOff,
)  # fmt: skip
def tell(entries: Sequence[journal.Heard]) -> None:
    """Tell those it concerns; whoever did it is not told of their own deed."""
    concerned = [all_whom(heard) for heard in entries]
    people = _people_at({posts for each in concerned for posts in each})
    notices = [
        Notice(
            entry_id=heard.entry_id, person_id=person_id, subject=heard.subject, kind=heard.fact.name, at=heard.at,
            urgent=_is_urgent(heard.fact),
        )
        for heard, each in zip(entries, concerned, strict=True)
        for person_id in sorted({person_id for posts in each for person_id in people[posts]})
        if person_id != heard.author.person_id
    ]  # fmt: skip
    # One statement for everybody; who has been told of an entry before is not told again.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _is_urgent(fact: object) -> bool:
    urgent = (
        facts.MatterOverdue
        | facts.MatterReopened
        | facts.MatterUnruled
        | facts.MatterEscalated
        | facts.MatterPressed
        | privacy.ErasureOverdue
        | facts.MatterUnconfirmed
        | facts.MatterExclusionOverturned
        | facts.MatterUnlooked
        | facts.MatterUndecided
        | facts.MatterUncontacted
        | facts.MatterUrged
        | tasks.TaskOverdue
        | tasks.TaskPressed
        | whistles.WhistleSounded
        | whistles.WhistleEscalated
    )
    grave = (isinstance(fact, facts.MatterRegistered) and fact.risk >= 3) or (
        isinstance(fact, facts.MatterExclusionProposed) and fact.emergency
    )
    return grave or isinstance(fact, urgent)


POSTS: dict[type, tuple[tuple[str, ...], str]] = {
    facts.MatterAssigned: (("matters.answer",), "handler"),
    facts.MatterReminded: (("matters.answer",), "handler"),
    facts.MatterOverdue: (("matters.answer", "matters.assign"), "handler"),
    facts.MatterObjected: (("matters.rule",), "decider"),
    facts.MatterUnruled: (("matters.rule",), "decider"),
    facts.MatterExtensionAsked: (("matters.extend",), "handler"),
    facts.MatterExtended: (("matters.answer",), "handler"),
    facts.MatterExtensionRefused: (("matters.answer",), "handler"),
    facts.MatterEscalated: (("matters.assign", "matters.press"), "decider"),
    facts.MatterPressed: (("matters.respond",), "handler"),
    facts.MatterCardWithdrawn: (("matters.respond",), "handler"),
    facts.MatterResponded: (("matters.press",), "presser"),
    facts.MatterAppealed: (("matters.decide_appeal",), "decider"),
    facts.MatterAppealDecided: (("matters.answer",), "handler"),
    facts.MatterAppealable: (("matters.appeal",), "body"),
    webhooks.SubscriptionSwitchedOff: (("webhooks.subscribe",), "body"),
    facts.MatterExclusionProposed: (("matters.exclude",), "handler"),
    facts.MatterExclusionRefused: (("matters.assign",), "handler"),
    facts.MatterUnconfirmed: (("matters.exclude",), "decider"),
    facts.MatterSecondLookAsked: (("matters.look_again",), "handler"),
    facts.MatterExclusionOverturned: (("matters.assign",), "handler"),
    facts.MatterUnlooked: (("matters.look_again",), "decider"),
    facts.MatterContactDue: (("matters.contact",), "handler"),
    facts.MatterUncontacted: (("matters.contact",), "handler"),
    facts.MatterMerged: (("matters.answer",), "handler"),
    facts.MatterTookIn: (("matters.answer",), "handler"),
    facts.MatterUnmerged: (("matters.answer", "matters.assign"), "handler"),
    facts.MatterLetGo: (("matters.answer",), "handler"),
    facts.MatterHeardAlong: (("matters.answer", "matters.assign"), "handler"),
    facts.MatterApprovalRejected: (("matters.assign",), "asked_by"),
    facts.MatterOffListRefused: (("matters.assign",), "asked_by"),
    facts.MatterAdvised: (("matters.answer",), "handler"),
    facts.MatterParted: (("matters.answer",), "handler"),
    facts.MatterPartWithdrawn: (("matters.answer",), "handler"),
}
"""Whom a fact concerns: posts with one of these powers, in the body that stands in this field of the fact."""


DECIDES = {"appeal": "matters.decide_appeal", "approval": "matters.approve"}
"""With which power what waits is decided."""


def whom(heard: journal.Heard) -> Posts | None:
    """The posts concerned; None if nobody has the matter."""
    fact = heard.fact
    if isinstance(fact, facts.MatterRegistered) and fact.level == 5 and fact.grid is not None:
        return Posts(("matters.settle",), area=fact.grid)
    if isinstance(fact, facts.MatterDecisionDue | facts.MatterUndecided):
        return Posts((DECIDES[fact.what],), body=fact.decider)
    if type(fact) in POSTS:
        powers, field = POSTS[type(fact)]
        return Posts(powers, body=getattr(fact, field))
    if heard.subject.startswith("task:"):
        return _of_a_task(fact)
    body = getattr(fact, "handler", None) or last_handler(heard)
    return Posts(("matters.answer", "matters.assign"), body=body) if body else None


def all_whom(heard: journal.Heard) -> tuple[Posts, ...]:  # noqa: PLR0911  One line per kind of fact.
    """The same where a fact concerns several: a whistle calls more than one body."""
    fact = heard.fact
    if isinstance(fact, facts.MatterApprovalAsked | facts.MatterHelpAsked | facts.MatterUnreviewed):
        return _of_several(fact)
    if isinstance(fact, facts.MatterSampled):
        return (Posts(("matters.oversee",), area=fact.area),) if fact.area is not None else ()
    if isinstance(fact, facts.MatterUrged):  # Who handles it and their head; of what a grid worker has, also they.
        theirs = (Posts(("matters.settle",), area=fact.area),) if fact.area is not None else ()
        return (*theirs, Posts(("matters.answer", "matters.assign"), body=fact.handler))
    if isinstance(fact, privacy.ErasureAsked | privacy.ErasureOverdue):  # Not who handles it: the county decides.
        return (Posts(("matters.erase",), area=fact.county),) if fact.county is not None else ()
    if (called := _of_a_whistle(heard)) is not None:
        return called
    found = whom(heard)
    if isinstance(fact, OF_CO_OWNERS):
        return (*((found,) if found else ()), *_co_owners(heard))
    if isinstance(fact, facts.MatterRuled) and found:  # Who has it now; and who objected, of whom it may be taken.
        return tuple(dict.fromkeys((found, Posts(found.powers, body=_objector(heard)))))
    return (found,) if found else ()


def _of_a_whistle(heard: journal.Heard) -> tuple[Posts, ...] | None:
    """Whom a whistle concerns; None for all that is no whistle's."""
    fact = heard.fact
    if isinstance(fact, whistles.WhistleSounded | whistles.WhistleConcluded | whistles.WhistleWithdrawn):
        return tuple(Posts(("whistles.acknowledge",), body=body) for body in fact.bodies)
    if isinstance(fact, whistles.MeetingConvened | whistles.MeetingHeld | whistles.MeetingCancelled):
        return tuple(Posts(("whistles.read",), body=body) for body in sorted(set(fact.bodies)))
    if isinstance(fact, whistles.WhistleEscalated):  # The county's dispatcher, who sounded it, and who was silent.
        caller = Posts(("whistles.sound",), body=_caller(heard))
        silent = Posts(("whistles.acknowledge",), body=fact.body)
        above = (Posts(("matters.assign",), area=fact.county),) if fact.county is not None else ()
        return (*above, caller, silent)
    if isinstance(
        fact,
        whistles.SummonsAcknowledged | whistles.SummonsMet | whistles.AbsenceExplained | whistles.ActionReported,
    ):
        return (Posts(("whistles.sound",), body=_caller(heard)),)
    return None


def _of_several(
    fact: facts.MatterApprovalAsked | facts.MatterHelpAsked | facts.MatterUnreviewed,
) -> tuple[Posts, ...]:
    """The bodies a fact of a matter concerns beside whoever has it."""
    if isinstance(fact, facts.MatterApprovalAsked):  # Who may approve it, and who would have it.
        return Posts(("matters.approve",), body=fact.decider), Posts(("matters.refuse_off_list",), body=fact.body)
    if isinstance(fact, facts.MatterHelpAsked):
        return tuple(Posts(("matters.advise",), body=body) for body in fact.bodies)
    # Who answers for it, and the desk above.
    return Posts(("matters.carry",), body=fact.handler), Posts(("matters.assign",), body=fact.decider)


def _caller(heard: journal.Heard) -> int:
    """Who sounded the whistle: its first entry says."""
    first = journal.history(heard.subject)[0].fact
    assert isinstance(first, whistles.WhistleSounded)
    return first.caller


OF_CO_OWNERS = (
    tasks.TaskGiven, tasks.TaskDelayed, tasks.TaskSentBack, tasks.TaskConfirmed, tasks.TaskCancelled, tasks.TaskReminded,
    tasks.TaskOverdue,
)  # fmt: skip
"""What a body that helps with a task hears too. What is decided of the owner's request, and what presses it, is the owner's."""


def _co_owners(heard: journal.Heard) -> tuple[Posts, ...]:
    """Who helps with a task: its first entry says."""
    first = heard.fact if isinstance(heard.fact, tasks.TaskGiven) else journal.history(heard.subject)[0].fact
    return (
        tuple(Posts(("tasks.report",), body=body) for body in first.co_owners)
        if isinstance(first, tasks.TaskGiven)
        else ()
    )


def _objector(heard: journal.Heard) -> int:
    """Who objected before this ruling."""
    told = [each.fact for each in journal.history(heard.subject) if each.seq < heard.seq]
    objected = [fact.handler for fact in told if isinstance(fact, facts.MatterObjected)]
    return objected[-1] if objected else 0


def _of_a_task(fact: object) -> Posts:
    """Who must decide, where the group works; for all else whoever does the owner's work."""
    if isinstance(fact, tasks.TaskDelayAsked):
        return Posts(("tasks.grant_delay",), area=fact.area)
    if isinstance(fact, tasks.TaskFinished):
        return Posts(("tasks.confirm",), area=fact.area)
    return Posts(("tasks.take_up",), body=fact.owner)  # type: ignore[attr-defined]  # All others of the readers' list have one.


def _people_at(asked: set[Posts]) -> dict[Posts, list[int]]:
    """Who sits at each of these posts today: one statement for all that ask for the same powers."""
    found: dict[Posts, list[int]] = {}
    for powers in sorted({posts.powers for posts in asked}):
        areas = {posts.area: posts for posts in asked if posts.powers == powers and posts.area is not None}
        bodies = {posts.body: posts for posts in asked if posts.powers == powers and posts.body is not None}
        for area, people in access.people_at(*powers, area_ids=areas.keys()).items():
            found[areas[area]] = people
        for body, people in access.people_of(*powers, body_ids=bodies.keys()).items():
            found[bodies[body]] = people
    return found


def last_handler(heard: journal.Heard) -> int | None:
    """Who has the matter, where the fact itself does not say: the last entry before it that did."""
    for entry in reversed(journal.history(heard.subject)):
        if entry.seq < heard.seq and getattr(entry.fact, "handler", None):
            return int(entry.fact.handler)  # type: ignore[attr-defined]
    return None
