"""A lifecycle is a table that refuses to be wrong, and draws itself."""

import pytest

from linli.mechanisms.flow import Lifecycle, Move
from tests.toy.flow import LIFE

STATES = (("open", "待领"), ("done", "已完成"))


def life(*moves):
    return Lifecycle("toy", *moves, kind="toy", states=STATES)


@pytest.mark.parametrize(
    ("moves", "complaint"),
    [
        ([Move("take", "领", ("open",), "lost")], "states that do not exist: \\['lost'\\]"),
        ([Move("take", "领", ("lost",), "done")], "states that do not exist: \\['lost'\\]"),
        ([Move("take", "领", ("open",), "done"), Move("take", "领", ("done",), "open")], "declares take twice"),
        ([Move("take", "领", ("open",), "done", four_eyes=("steal",))], "unknown moves \\['steal'\\]"),
        ([Move("take", "领", (), None)], "comes from no state and leads to none"),
        ([Move("open_from", "领", ("open",), "done")], "cannot be called open_from"),
        ([Move("states", "领", ("open",), "done")], "cannot be called states"),
        ([Move("__class__", "领", ("open",), "done")], "cannot be called __class__"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(moves, complaint):
    with pytest.raises(ValueError, match=complaint):
        life(*moves)


def test_moves_know_their_power_and_states_their_moves():
    assert LIFE.take.power == "toy.take"
    assert [move.name for move in LIFE.open_from("taken")] == ["finish", "reopen", "add"]
    assert LIFE.label_of("taken") == "已领"


def test_the_drawing_is_the_table():
    assert LIFE.as_mermaid() == (
        "stateDiagram-v2\n"
        "    open: 待领\n"
        "    taken: 已领\n"
        "    done: 已完成\n"
        "    [*] --> open: 登记（register）\n"
        "    open --> taken: 领走（take）\n"
        "    taken --> done: 完成（finish）\n"
        "    taken --> open: 重开（reopen）\n"
        "    done --> open: 重开（reopen）\n"
        "    open --> open: 补充（add）\n"
        "    taken --> taken: 补充（add）\n"
    )


def test_a_state_that_nothing_leaves_is_an_end():
    assert (
        life(Move("begin", "登记", (), "open"), Move("end", "完成", ("open",), "done"))
        .as_mermaid()
        .endswith("done --> [*]\n")
    )
