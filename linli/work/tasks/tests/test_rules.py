"""The lists of groups and grades, and the arithmetic of days."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from pydantic import ValidationError

from linli.kernel import clock
from linli.mechanisms.rulebook import pack
from linli.work.tasks import rules

GROUPS = pack.read(Path(settings.PACK)).source("tasks/groups").rules
GRADES = pack.read(Path(settings.PACK)).source("tasks/grades").rules


def test_the_pack_has_the_leading_group_and_the_six_of_appendix_b8():
    assert [item.number for item in GROUPS.items] == ["G0", "G1", "G2", "G3", "G4", "G5", "G6"]
    assert [item.code for item in GROUPS.items if item.leading] == ["leading"]


def test_what_no_document_says_is_marked_as_assumed_with_a_reason_in_both_languages():
    for held in (GROUPS, GRADES):
        assert all(held.reason_of(item) and held.reason_of(item, english=True) for item in held.assumed)
    assert len(GROUPS.assumed) == 7


def test_every_group_says_its_mandate_in_both_languages():
    assert all(item.mandate and item.mandate_en and item.name_en for item in GROUPS.items)


def test_the_grades_follow_each_other():
    assert [GRADES.after(rank).name for rank in range(4)] == ["提醒", "普通督办", "黄牌", "红牌"]
    assert GRADES.after(4) is None


def test_a_gap_in_the_grades_is_refused():
    content = GRADES.model_dump(by_alias=True, exclude_none=True, mode="json")
    content["items"][1]["rank"] = 4
    with pytest.raises(ValidationError, match="一级一级"):
        rules.Grades.model_validate(content)


def test_two_leading_groups_are_refused():
    content = GROUPS.model_dump(by_alias=True, exclude_none=True, mode="json")
    content["items"][1]["leading"] = True
    with pytest.raises(ValidationError, match="只有一个"):
        rules.WorkGroups.model_validate(content)


def test_a_task_is_in_time_until_its_day_is_over():
    assert rules.ends_at(date(2026, 6, 15)) == datetime(2026, 6, 16, tzinfo=clock.CITY)


def test_a_reminder_comes_days_before_and_for_a_short_task_with_a_quarter_left():
    early = datetime(2026, 6, 1, tzinfo=clock.CITY)
    assert rules.remind_at(date(2026, 6, 15), given_at=early, days=3) == datetime(2026, 6, 13, tzinfo=clock.CITY)
    assert rules.remind_at(date(2026, 6, 4), given_at=early, days=3) == datetime(2026, 6, 4, tzinfo=clock.CITY)


@pytest.mark.parametrize(("level", "may"), [(1, True), (2, True), (3, True), (4, False), (5, False), (0, False)])
def test_villages_and_grids_are_given_no_tasks(level, may):
    assert rules.may_own(level) is may


def test_a_month_ends_where_the_next_begins():
    assert rules.months_around(date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert rules.months_around(date(2026, 2, 1)) == (date(2026, 2, 1), date(2026, 3, 1))
