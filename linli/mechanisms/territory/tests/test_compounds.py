"""Names of residential compounds: in and out of a file, and found in what people write."""

import argparse

import pytest

from linli.mechanisms import journal, territory
from linli.mechanisms.territory import commands
from linli.mechanisms.territory.exchange import UnreadableError, compounds
from linli.mechanisms.territory.models import Compound
from linli.mechanisms.territory.tests.conftest import BY

SENTENCE = "蓝色港湾小区3号楼灯坏了"


@pytest.fixture
def bring(place, tmp_path):
    """bring("蓝色港湾小区,槐花社区") imports these rows."""

    def run(*rows, headings="小区,村居", encoding="utf-8-sig", **options):
        path = tmp_path / "小区.csv"
        path.write_text("\n".join((headings, *rows)) + "\n", encoding=encoding)
        return compounds.import_compounds(path, by=BY, **options)

    return run


def where(said):
    return [each.area.name for each in territory.find(said)]


@pytest.mark.parametrize("community", ["槐花社区", "990001001001", "柳河区柳林街道槐花社区", "柳林街道槐花社区"])
def test_a_compound_says_which_community(bring, community):
    assert where(SENTENCE) == []
    report = bring(f"蓝色港湾小区,{community}")
    assert (report.written, report.new, report.refused) == (True, 1, [])
    assert where(SENTENCE) == ["槐花社区"]
    assert where("蓝色港湾东门口灯坏了") == ["槐花社区"]
    assert journal.history("territory:city")[-1].fact.count == 1


def test_a_short_name_loses_no_ending_and_a_long_one_gains_it(bring):
    bring("幸福小区,槐花社区", "阳光花园,柳岸社区")
    assert where("这里的人很幸福") == []
    assert where("幸福小区没水") == ["槐花社区"]
    assert where("阳光花园小区没水") == ["柳岸社区"]


def test_one_in_two_communities_is_found_in_both(bring):
    bring("蓝色港湾小区,槐花社区", "蓝色港湾小区,柳岸社区")
    assert set(where(SENTENCE)) == {"槐花社区", "柳岸社区"}
    assert where(f"柳岸社区{SENTENCE}")[0] == "柳岸社区"


def test_a_file_replaces_what_was_held_of_its_communities_alone(bring):
    bring("蓝色港湾小区,槐花社区", "阳光花园,柳岸社区")
    report = bring("蓝色海湾小区,槐花社区")
    assert (report.new, report.retired) == (1, 1)
    assert where(SENTENCE) == []
    assert where("阳光花园没水") == ["柳岸社区"]
    version = territory.find("阳光花园")[0].area
    again = bring("蓝色海湾小区,槐花社区")
    assert (again.written, again.new) == (False, 0)
    assert territory.find("阳光花园")[0].area is version, "nothing changed, nothing was read anew"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("港湾,槐花社区", "malformed"),
        ("蓝色港湾小区,杨柳社区", "wrong_parent"),
        ("蓝色港湾小区,", "wrong_parent"),
        ("槐花社区,槐花社区", "duplicate_code"),
    ],
)
def test_one_wrong_row_and_nothing_is_written(bring, row, reason):
    report = bring("阳光花园,柳岸社区", row)
    assert not report.written
    assert [(each.row, each.reason) for each in report.refused] == [(2, reason)]
    assert not Compound.objects.exists()


def test_a_dry_run_and_a_row_said_twice_write_nothing(bring):
    assert not bring("阳光花园,柳岸社区", dry_run=True).written
    assert bring("阳光花园,柳岸社区", "阳光花园,柳岸社区").refused[0].row == 2
    assert not Compound.objects.exists()


@pytest.mark.parametrize(("headings", "encoding"), [("小区,街道", "utf-8"), ("小区,村居", "gb18030")])
def test_what_is_no_such_table_is_refused_whole(bring, headings, encoding):
    with pytest.raises(UnreadableError):
        bring("蓝色港湾小区,槐花社区", headings=headings, encoding=encoding)


def test_the_command_brings_and_gives_back_the_same(place, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    path, back = tmp_path / "小区.csv", tmp_path / "回.csv"
    path.write_text("name,community\n蓝色港湾小区,槐花社区\n", encoding="utf-8")
    assert commands.run(parser.parse_args(["import", "--compounds", str(path)])) == 0
    assert "新设 1" in capsys.readouterr().out
    assert commands.run(parser.parse_args(["export", "--compounds", str(back)])) == 0
    assert back.read_text(encoding="utf-8-sig").splitlines() == ["小区,村居", "蓝色港湾小区,柳河区柳林街道槐花社区"]
    assert commands.run(parser.parse_args(["import", "--compounds", str(back)])) == 0
    path.write_text("name,community\n蓝色港湾小区,没有社区\n", encoding="utf-8")
    assert commands.run(parser.parse_args(["import", "--compounds", str(path)])) == 1
    assert "第 1 行" in capsys.readouterr().out
