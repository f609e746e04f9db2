"""The drawing of a whistle's life: every state is reached, every open state is left, time alone ends nothing."""

from linli.work.whistles.flow import LIFE, OPEN, State


def test_every_state_is_reached():
    assert {move.target for move in LIFE.moves.values() if move.target} == set(State)


def test_every_open_state_is_left():
    for state in (*OPEN, State.DONE):
        assert any(move.target and move.target != state for move in LIFE.open_from(state))


def test_escalation_marks_and_moves_nothing():
    assert LIFE.escalate.target is None
    assert LIFE.escalate.sources == OPEN
