"""The lifecycle walked as a drawing."""

from linli.work.announcements.flow import LIFE, State


def test_every_state_is_reached_and_a_notice_has_one_beginning():
    assert {move.target for move in LIFE.moves.values() if move.target} == set(State)
    assert [move.name for move in LIFE.moves.values() if not move.sources] == ["publish"]


def test_what_was_withdrawn_or_has_ended_is_not_touched_again():
    assert not LIFE.open_from(State.WITHDRAWN)
    assert not LIFE.open_from(State.ENDED)


def test_a_correction_changes_no_state():
    assert LIFE.correct.target is None
    assert {LIFE.correct.power, LIFE.publish.power} == {"announcements.publish"}
