"""What the operator sees: check, diff, load."""

from pathlib import Path

import pytest

from linli.mechanisms import rulebook
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import changes, commands, pack, service
from linli.mechanisms.rulebook.changes import FieldChange, ItemChange
from linli.mechanisms.rulebook.models import RuleVersion
from linli.mechanisms.rulebook.tests import small

NEW = (
    small.FRUITS.replace("in_force: 2026-01-01", "in_force: 2026-07-01")
    .replace("name: 苹果", "name: 大苹果")
    .replace("  - code: pear\n    name: 梨\n", "  - code: plum\n    name: 李子\n")
)


def test_check_says_what_a_good_pack_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.check(small.write(tmp_path)) == 0
    assert "柳林市城市包没有问题：2 张清单，4 个条目，其中 1 个是暂定的。" in capsys.readouterr().out


def test_check_says_everything_that_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small.write(tmp_path, small_fruits=small.FRUITS.replace("basket: round", "basket: rund"))
    assert commands.check(tmp_path) == 1
    out = capsys.readouterr().out
    assert "城市包有 2 处要改：" in out
    assert "small/fruits.yaml 第 10 行：“篮子清单”里没有代码 rund。改法：是不是 round？。" in out


@pytest.mark.django_db
def test_load_tells_what_is_new_and_a_second_load_that_nothing_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.write(tmp_path)
    assert commands.load(tmp_path) == 0
    assert "small/fruits v1  自 2026-01-01 起施行  水果清单" in capsys.readouterr().out
    assert commands.load(tmp_path) == 0
    assert "载入 0 张清单的新版本，2 张没有变化。" in capsys.readouterr().out


@pytest.mark.django_db
def test_diff_names_items_fields_and_the_open_matters_touched(
    tmp_path: Path, clerk: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, frozenset[str]]] = []

    def matters(key: str, codes: frozenset[str]) -> rulebook.Affected:
        asked.append((key, codes))
        return rulebook.Affected("在办诉求", 12, ("柳26-0417-0032", "柳26-0417-0033"))

    rulebook.affects("small/fruits", matters)
    service.load(pack.read(small.write(tmp_path)), by=clerk)
    assert commands.diff(small.write(tmp_path, small_fruits=NEW)) == 0
    out = capsys.readouterr().out
    assert asked == [("small/fruits", frozenset({"apple", "pear"}))]
    for line in (
        "small/fruits  水果清单（对照 small/fruits v1，自 2026-07-01 起）",
        "~ in_force：2026-01-01 → 2026-07-01",
        "~ apple 大苹果",
        "name：苹果 → 大苹果",
        "+ plum 李子",
        "- pear 梨",
        "→ 涉及在办诉求 12 件：柳26-0417-0032、柳26-0417-0033 等",
    ):
        assert line in out
    assert RuleVersion.objects.filter(key="small/fruits").count() == 1


@pytest.mark.django_db
def test_diff_says_when_loading_would_be_refused(
    tmp_path: Path, clerk: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    service.load(pack.read(small.write(tmp_path, small_fruits=NEW)), by=clerk)
    small.write(tmp_path, small_fruits=small.FRUITS)
    assert commands.diff(tmp_path) == 1
    assert "载入会被拒绝" in capsys.readouterr().out
    assert commands.load(tmp_path) == 1
    assert "没有载入" in capsys.readouterr().out


def test_items_are_matched_by_code() -> None:
    old = {"items": [{"code": "a", "name": "甲"}, {"code": "b", "name": "乙", "days": 5}]}
    new = {"items": [{"code": "b", "name": "乙", "days": 7}, {"code": "c", "name": "丙"}]}
    assert changes.compare_items(old, new) == (
        ItemChange("b", "乙", "changed", (FieldChange("days", 5, 7),)),
        ItemChange("c", "丙", "added"),
        ItemChange("a", "甲", "removed"),
    )
