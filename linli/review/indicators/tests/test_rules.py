"""What each fact does to a matter's standing: one line per fact of `facts.matters`, so that a new one must be thought of."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.facts import matters as facts
from linli.facts.base import Fact, all_facts
from linli.kernel import clock
from linli.review.indicators.reactions import HEARD
from linli.review.indicators.rules import Life, Share, after, shares

BEGAN = datetime(2026, 4, 7, 9, 30, tzinfo=clock.CITY)
THEN = BEGAN + timedelta(days=2)
DUE, LATER = BEGAN + timedelta(days=5), BEGAN + timedelta(days=9)
NUMBER = "柳26-0407-0001"
REGISTERED = facts.MatterRegistered(
    NUMBER, "qr", "streetlight", 1, 5, 70, city=1, county=2, township=3, community=4, grid=5, due_at=DUE,
    rule="matters/limits v1 #default", public=True, words="",
)  # fmt: skip
HELD = Life(
    NUMBER, BEGAN, county=2, township=3, community=4, grid=5, category="streetlight", risk=1, level=5, handler=70, due_at=DUE
)  # fmt: skip
ANSWERED = replace(HELD, level=3, handler=80, stage="answered", answered_at=BEGAN, solved_level=3, outcome="partly")
SOLVED = replace(ANSWERED, stage="ended", ended_at=BEGAN, ending="solved", satisfaction=4)
DECIDED = facts.MatterAppealDecided(
    NUMBER, f"{NUMBER}-诉1", 80, verdict=9, solved=True, satisfaction=1, reason="impossible", upheld=True, level=2, reviewer=7,
    in_time=True, words="",
)  # fmt: skip
EXCLUDED = replace(HELD, stage="ended", ended_at=BEGAN, ending="excluded")
BACK = {
    "stage": "in_hand", "due_at": LATER, "answered_at": None, "ended_at": None, "ending": "", "solved_level": None, "satisfaction": None,
    "outcome": "",
}  # fmt: skip

AFTER: dict[type[Fact], tuple[Life | None, Fact, dict[str, Any]]] = {
    # fact: (the standing before, the fact, what is different afterwards)
    facts.MatterRegistered: (None, REGISTERED, {}),
    facts.MatterRaised: (HELD, facts.MatterRaised(NUMBER, 5, 4, "no-tools", 71, ""), {"level": 4, "handler": 71, "raised_for": "no-tools"}),
    facts.MatterAssigned: (
        HELD,
        facts.MatterAssigned(NUMBER, 3, 80, "城管办", "street-vending", DUE, LATER, "matters/limits v1 #x", proposed=True),
        {"level": 3, "handler": 80, "category": "street-vending", "due_at": LATER},
    ),
    facts.MatterObjected: (
        HELD, facts.MatterObjected(NUMBER, 80, "not-our-duty", 81, "交通局", "matters/routing v1 #pothole", 60, LATER, ""), {},
    ),
    facts.MatterRuled: (
        HELD,
        facts.MatterRuled(
            NUMBER, f"{NUMBER}-裁1", True, 3, 81, "交通局", "pothole", "matters/routing v1 #pothole", LATER, in_time=True, words=""
        ),
        {"level": 3, "handler": 81, "category": "pothole", "due_at": LATER},
    ),
    facts.MatterUnruled: (HELD, facts.MatterUnruled(NUMBER, 60, 2, LATER), {}),
    facts.MatterExtensionAsked: (HELD, facts.MatterExtensionAsked(NUMBER, 80, 3, ""), {}),
    facts.MatterExtended: (HELD, facts.MatterExtended(NUMBER, 80, 3, LATER), {"due_at": LATER}),
    facts.MatterExtensionRefused: (HELD, facts.MatterExtensionRefused(NUMBER, 80, LATER, ""), {"due_at": LATER}),
    facts.MatterCarried: (HELD, facts.MatterCarried(NUMBER, 80, "season", 9, LATER.date(), ""), {}),
    facts.MatterReviewed: (HELD, facts.MatterReviewed(NUMBER, 80, 9, LATER.date(), in_time=True, words=""), {}),
    facts.MatterUnreviewed: (HELD, facts.MatterUnreviewed(NUMBER, 80, 9, 60, LATER.date()), {}),
    facts.MatterTakenBack: (HELD, facts.MatterTakenBack(NUMBER, 80, LATER, ""), {"due_at": LATER}),
    facts.MatterAccepted: (HELD, facts.MatterAccepted(NUMBER, 80, in_time=True), {}),
    facts.MatterSettled: (
        HELD, facts.MatterSettled(NUMBER, "solved", ""), {"stage": "answered", "answered_at": THEN, "solved_level": 5, "outcome": "solved"},
    ),
    facts.MatterAnswered: (
        replace(HELD, level=3), facts.MatterAnswered(NUMBER, 80, "solved", in_time=True, words=""),
        {"stage": "answered", "answered_at": THEN, "solved_level": 3, "outcome": "solved"},
    ),
    facts.MatterVerified: (ANSWERED, facts.MatterVerified(NUMBER, LATER), {}),
    facts.MatterRedone: (ANSWERED, facts.MatterRedone(NUMBER, 3, "untrue", LATER, ""), BACK),
    facts.MatterReopened: (SOLVED, facts.MatterReopened(NUMBER, 3, 1, LATER, ""), {**BACK, "reopened": 1}),
    facts.MatterRated: (
        ANSWERED, facts.MatterRated(NUMBER, 2, 3, ""),
        {"stage": "ended", "ended_at": THEN, "ending": "solved", "satisfaction": 2},
    ),
    facts.MatterLapsed: (
        ANSWERED, facts.MatterLapsed(NUMBER, 3), {"stage": "ended", "ended_at": THEN, "ending": "lapsed"},
    ),
    facts.MatterWithdrawn: (HELD, facts.MatterWithdrawn(NUMBER, ""), {"stage": "ended", "ended_at": THEN, "ending": "withdrawn"}),
    facts.MatterExclusionProposed: (
        HELD, facts.MatterExclusionProposed(NUMBER, f"{NUMBER}-拒1", "litigation", "lists/exclusions v1 #litigation", 60, LATER, emergency=False, words=""),
        {"handler": 60},
    ),
    facts.MatterExclusionRefused: (
        HELD, facts.MatterExclusionRefused(NUMBER, f"{NUMBER}-拒1", "litigation", 60, LATER, ""), {"handler": 60, "due_at": LATER},
    ),
    facts.MatterExcluded: (
        HELD, facts.MatterExcluded(NUMBER, f"{NUMBER}-拒1", "litigation", "lists/exclusions v1 #litigation", 3, 9, emergency=False, words=""),
        {"stage": "ended", "ended_at": THEN, "ending": "excluded"},
    ),
    facts.MatterUnconfirmed: (HELD, facts.MatterUnconfirmed(NUMBER, 60, LATER), {}),
    facts.MatterSecondLookAsked: (
        EXCLUDED, facts.MatterSecondLookAsked(NUMBER, f"{NUMBER}-拒1", "litigation", "resident", 2, 60, LATER, ""),
        {"stage": "in_hand", "ended_at": None, "ending": "", "handler": 60},
    ),
    facts.MatterExclusionUpheld: (
        HELD, facts.MatterExclusionUpheld(NUMBER, f"{NUMBER}-拒1", "litigation", in_time=True, words=""),
        {"stage": "ended", "ended_at": THEN, "ending": "excluded"},
    ),
    facts.MatterExclusionOverturned: (
        HELD, facts.MatterExclusionOverturned(NUMBER, f"{NUMBER}-拒1", "litigation", 3, 60, LATER, in_time=True, words=""),
        {"handler": 60, "due_at": LATER},
    ),
    facts.MatterUnlooked: (HELD, facts.MatterUnlooked(NUMBER, 60, LATER), {}),
    facts.MatterSampled: (EXCLUDED, facts.MatterSampled(NUMBER, f"{NUMBER}-拒1", THEN.date(), "ab", always=False, area=2), {}),
    facts.MatterExclusionFound: (EXCLUDED, facts.MatterExclusionFound(NUMBER, f"{NUMBER}-拒1", "litigation", rightly=True, words=""), {}),
    facts.MatterContacted: (HELD, facts.MatterContacted(NUMBER, 80, "phone", True, THEN, 30, in_time=True, words=""), {}),
    facts.MatterContactDue: (HELD, facts.MatterContactDue(NUMBER, 80, LATER), {}),
    facts.MatterUncontacted: (HELD, facts.MatterUncontacted(NUMBER, 80, LATER, 1), {}),
    facts.MatterUrged: (HELD, facts.MatterUrged(NUMBER, 1, 80, "城管办", None), {}),
    facts.MatterAdded: (HELD, facts.MatterAdded(NUMBER, 1, ""), {}),
    facts.MatterNoted: (HELD, facts.MatterNoted(NUMBER, ""), {}),
    facts.MatterAttached: (HELD, facts.MatterAttached(NUMBER, "pdf", 1000, "ab", for_resident=True), {}),
    facts.MatterSpokenFor: (HELD, facts.MatterSpokenFor(NUMBER, "family", "phone", THEN), {}),
    facts.MatterSupported: (HELD, facts.MatterSupported(NUMBER, 3), {}),
    facts.MatterReminded: (HELD, facts.MatterReminded(NUMBER, 70, DUE), {}),
    facts.MatterOverdue: (HELD, facts.MatterOverdue(NUMBER, 70, 5, DUE), {}),
    facts.MatterMerged: (HELD, facts.MatterMerged(NUMBER, "滨26-0407-0001", 80), {"stage": "merged"}),
    facts.MatterUnmerged: (
        replace(HELD, stage="merged"), facts.MatterUnmerged(NUMBER, "滨26-0407-0001", 80, LATER, BEGAN, ""),
        {"stage": "in_hand", "due_at": LATER},
    ),
    facts.MatterApprovalAsked: (HELD, facts.MatterApprovalAsked(NUMBER, 71, "槐花社区", "x", "matters/routing v1 #x", 60, ""), {}),
    facts.MatterApproved: (HELD, facts.MatterApproved(NUMBER, 71, "槐花社区", 80), {}),
    facts.MatterApprovalRejected: (HELD, facts.MatterApprovalRejected(NUMBER, 71, "槐花社区", 80, ""), {}),
    facts.MatterOffListRefused: (HELD, facts.MatterOffListRefused(NUMBER, 71, "槐花社区", 80, "matters/routing v1 #x"), {}),
    facts.MatterHelpAsked: (HELD, facts.MatterHelpAsked(NUMBER, 80, (81,), ("交通局",), LATER), {}),
    facts.MatterAdvised: (HELD, facts.MatterAdvised(NUMBER, 80, 81, "交通局", in_time=True, words=""), {}),
    facts.MatterSplit: (HELD, facts.MatterSplit(NUMBER, (f"{NUMBER}-1", f"{NUMBER}-2"), 60, LATER), {"handler": 60, "due_at": LATER}),
    facts.MatterKeptUp: (HELD, facts.MatterKeptUp(NUMBER, LATER), {"due_at": LATER}),
    facts.MatterParted: (
        HELD, facts.MatterParted(f"{NUMBER}-1", NUMBER, "x", 3, 80, "城管办", DUE, LATER, "matters/limits v1 #x", ""), {},
    ),
    facts.MatterPartVerified: (HELD, facts.MatterPartVerified(f"{NUMBER}-1", NUMBER), {}),
    facts.MatterPartWithdrawn: (HELD, facts.MatterPartWithdrawn(f"{NUMBER}-1", NUMBER, 80), {}),
    facts.MatterTookIn: (HELD, facts.MatterTookIn(NUMBER, ("滨26-0407-0002",), 2, 80), {}),
    facts.MatterLetGo: (HELD, facts.MatterLetGo(NUMBER, "滨26-0407-0002", 1, 80), {}),
    facts.MatterWentAlong: (replace(HELD, stage="merged"), facts.MatterWentAlong(NUMBER, "滨26-0407-0001", "滨26-0407-0002"), {}),
    facts.MatterHeardAlong: (HELD, facts.MatterHeardAlong(NUMBER, "滨26-0407-0002", "add", 80), {}),
    facts.MatterRatedAlong: (replace(HELD, stage="merged"), facts.MatterRatedAlong(NUMBER, "滨26-0407-0001", 5, ""), {}),
    facts.MatterReopenedAlong: (replace(HELD, stage="merged"), facts.MatterReopenedAlong(NUMBER, "滨26-0407-0001", ""), {}),
    facts.MatterRecounted: (HELD, facts.MatterRecounted(NUMBER, LATER, provisional=False), {"due_at": LATER}),
    facts.MatterEscalated: (HELD, facts.MatterEscalated(NUMBER, 70, 60, 2, DUE, "matters/reminders v1 #one-up"), {}),
    facts.MatterPressed: (
        HELD, facts.MatterPressed(NUMBER, 70, 60, "yellow", 2, skipped=2, rule="matters/grades v1 #yellow", words=""), {},
    ),
    facts.MatterCardWithdrawn: (HELD, facts.MatterCardWithdrawn(NUMBER, 70, "yellow", ""), {}),
    facts.MatterResponded: (HELD, facts.MatterResponded(NUMBER, 70, 60, "yellow", ""), {}),
    facts.MatterVisited: (
        ANSWERED,
        facts.MatterVisited(NUMBER, "reached", reached=True, tries=1, contacted=True, solved=True, satisfaction=4, words=""),
        {},
    ),
    facts.MatterAppealed: (
        SOLVED,
        facts.MatterAppealed(
            NUMBER, f"{NUMBER}-诉1", 80, verdict=9, solved=True, satisfaction=1, reason="impossible", decider=60, decide_by=LATER, words=""
        ),
        {},
    ),
    facts.MatterUrgedAlong: (HELD, facts.MatterUrgedAlong(NUMBER, "滨26-0417-0031", 1, "城管办"), {}),
    facts.MatterAppealable: (HELD, facts.MatterAppealable(NUMBER, 80, 9, LATER), {}),
    facts.MatterDecisionDue: (HELD, facts.MatterDecisionDue(NUMBER, "appeal", 60, LATER), {}),
    facts.MatterUndecided: (HELD, facts.MatterUndecided(NUMBER, "approval", 60, 1, LATER), {}),
    facts.MatterAppealDecided: (SOLVED, DECIDED, {"ending": "struck"}),
}  # fmt: skip
OURS = [each for each in all_facts() if each.name.startswith("matters.")]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_the_standing_after_each_fact(kind: type[Fact]) -> None:
    before, fact, different = AFTER[kind]
    assert after(before, fact, BEGAN if before is None else THEN) == replace(before or HELD, **different)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_the_projection_hears_what_changes_a_standing_and_nothing_else(kind: type[Fact]) -> None:
    before, _, different = AFTER[kind]
    assert (kind in HEARD) == (before is None or bool(different))


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_a_matter_never_registered_has_no_standing(kind: type[Fact]) -> None:
    _, fact, _ = AFTER[kind]
    assert (after(None, fact, THEN) is None) == (kind is not facts.MatterRegistered)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_a_fact_comes_back_from_the_journal_as_it_was(kind: type[Fact]) -> None:
    _, fact, _ = AFTER[kind]
    assert kind.from_payload(fact.payload()) == fact


def test_not_solved_after_a_withdrawal_never_happens_but_counts_twice_when_said_twice() -> None:
    again = facts.MatterReopened(NUMBER, 3, 2, LATER, "")
    once = after(SOLVED, again, THEN)
    assert once is not None
    twice = after(replace(once, stage="ended"), again, THEN)
    assert twice is not None
    assert twice.reopened == 2


def test_a_standing_has_no_words_of_a_resident() -> None:
    assert {each.name for each in fields(Life)}.isdisjoint({"text", "title", "name", "phone", "words"})


def test_shares_are_parts_of_their_own_sum() -> None:
    assert shares([(5, 2), (3, 1)]) == [Share(5, 2, 3), Share(3, 1, 3)]
    assert [each.percent for each in shares([(5, 2), (3, 1)])] == [66.7, 33.3]
    assert shares([]) == []
    assert shares([(5, 0)])[0].percent is None


def test_an_appeal_that_was_denied_or_is_about_an_older_no_leaves_the_standing_alone() -> None:
    assert after(SOLVED, replace(DECIDED, upheld=False), THEN) == SOLVED
    assert after(SOLVED, replace(DECIDED, solved=False, satisfaction=None), THEN) == SOLVED
    assert after(HELD, DECIDED, THEN) == HELD


def test_what_goes_up_a_level_has_another_handler_and_old_entries_keep_theirs() -> None:
    above = after(SOLVED, facts.MatterReopened(NUMBER, 2, 2, LATER, "", above=True, handler=60), THEN)
    assert above is not None
    assert (above.level, above.handler) == (2, 60)
    old = after(SOLVED, facts.MatterReopened(NUMBER, 3, 1, LATER, ""), THEN)
    assert old is not None
    assert old.handler == SOLVED.handler
