"""The lifecycle as a drawing: every state is reached, every state that is no end is left."""

from pathlib import Path

import yaml
from django.conf import settings

from linli.mechanisms.access.actors import SYSTEM_POWERS
from linli.work.tasks.flow import ENDED, LIFE, State


def test_every_state_is_reached_and_only_the_ends_are_not_left():
    assert {move.target for move in LIFE.moves.values() if move.target} == set(State)
    for state in State:
        leaves = [move for move in LIFE.open_from(state) if move.target and move.target != state]
        assert bool(leaves) == (state not in ENDED), state


def test_every_move_is_somebodys():
    posts = yaml.safe_load((Path(settings.PACK) / "posts" / "posts.yaml").read_text(encoding="utf-8"))["items"]
    powers = {power for post in posts for power in post["powers"]} | SYSTEM_POWERS
    assert {move.power for move in LIFE.moves.values()} <= powers


def test_no_post_of_a_village_or_a_grid_has_anything_to_do_with_tasks():
    posts = yaml.safe_load((Path(settings.PACK) / "posts" / "posts.yaml").read_text(encoding="utf-8"))["items"]
    low = [post for post in posts if post["levels"] and min(post["levels"]) >= 4]
    assert low
    assert not [power for post in low for power in post["powers"] if power.startswith("tasks.")]


def test_nobody_who_reports_a_finish_at_a_department_confirms_it():
    posts = yaml.safe_load((Path(settings.PACK) / "posts" / "posts.yaml").read_text(encoding="utf-8"))["items"]
    department = [post for post in posts if post["code"].startswith("department_")]
    assert all("tasks.finish" in post["powers"] and "tasks.confirm" not in post["powers"] for post in department)
    assert LIFE.confirm.four_eyes == LIFE.send_back.four_eyes == ("finish",)
    assert LIFE.grant_delay.four_eyes == LIFE.refuse_delay.four_eyes == ("ask_delay",)
