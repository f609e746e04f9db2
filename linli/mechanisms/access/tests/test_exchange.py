"""Bodies and posts from a table: all or nothing, mistakes by line, the same table twice."""

import argparse
from datetime import date

import pytest

from linli.mechanisms import rulebook
from linli.mechanisms.access import bodies, exchange
from linli.mechanisms.access.models import Body, Post
from linli.mechanisms.access.tests.conftest import BY
from linli.mechanisms.journal.models import Entry

FUNCTIONS = [
    {
        "code": "committee", "name": "居民自治", "levels": [4], "kind": "self_government", "usual": {"4": "居民委员会"},
    },
    {"code": "urban", "name": "城市管理", "levels": [2, 3], "kind": "government", "usual": {"3": "城管办"}},
    {"code": "desk", "name": "综治", "levels": [3], "kind": "government", "usual": {"3": "综治中心"}},
]  # fmt: skip
LIULIN, HUAIHUA, HEAD = "990001001000", "990001001001", "area,name,short_name,functions,phone,posts"


@pytest.fixture
def table(cast, tmp_path):
    """table("line", "line") writes a file with its head."""
    content = {"title": "职能", "items": FUNCTIONS}
    rulebook.enact("bodies/functions", content, in_force=date(2026, 1, 1), basis="测试用", by=BY)

    def write(*lines, head=HEAD, encoding="utf-8-sig"):
        path = tmp_path / "单位.csv"
        path.write_bytes("\r\n".join((head, *lines, "")).encode(encoding))
        return path

    return write


def run(*arguments):
    parser = argparse.ArgumentParser()
    bodies.arguments(parser)
    return bodies.run(parser.parse_args([str(each) for each in arguments]))


GOOD = (
    f"{LIULIN},柳林街道城市管理办公室,柳林城管办,urban,0543-1,dispatcher",
    f"{HUAIHUA},槐花社区居民委员会,槐花社区,committee,,secretary grid_worker",
)


def test_bodies_and_posts_are_established(table, capsys):
    assert run("import", table(*GOOD)) == 0
    body = Body.objects.get(name="柳林街道城市管理办公室")
    assert (body.level, body.kind, body.functions, body.phone) == (3, "government", ["urban"], "0543-1")
    committee = Body.objects.get(name="槐花社区居民委员会")
    posts = Post.objects.filter(body=committee).values_list("kind", "area__name")
    assert set(posts) == {("secretary", "槐花社区"), ("grid_worker", "槐花一网格")}
    assert "设立单位 2 个、岗位 3 个" in capsys.readouterr().out
    assert Entry.objects.filter(fact="access.BodyEstablished").count() == 2


def test_the_same_table_again_does_nothing_and_a_changed_one_revises(table, capsys):
    run("import", table(*GOOD))
    run("import", table(*GOOD))
    assert "设立单位 0 个、岗位 0 个，改了 0 个单位" in capsys.readouterr().out
    run("import", table(GOOD[0].replace("urban", "urban desk"), GOOD[1]))
    assert Body.objects.get(name="柳林街道城市管理办公室").functions == ["urban", "desk"]
    assert Entry.objects.filter(fact="access.BodyRevised").count() == 1


def test_a_spreadsheets_own_encoding_is_understood(table):
    assert run("import", table(*GOOD, encoding="gb18030")) == 0
    assert Body.objects.filter(name="槐花社区居民委员会").exists()


def test_a_dry_run_writes_nothing(table, capsys):
    before = Body.objects.count()
    assert run("import", table(*GOOD), "--dry-run") == 0
    assert "2 个单位、3 个岗位，没有问题" in capsys.readouterr().out
    assert Body.objects.count() == before


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1,某单位,,,,", "第3行：没有代码是“1”的区域"),
        (f"{LIULIN},,,,,", "第3行：没有写单位全称"),
        (f"{LIULIN},某办,,tea,,", "第3行：没有“tea”这项职能"),
        (f"{LIULIN},某办,,committee,,", "第3行：“居民自治”不设在柳林街道"),
        (f"{LIULIN},某办,,,,emperor", "第3行：没有“emperor”这种岗位"),
        (f"{LIULIN},某办,,,,grid_worker", "第3行：“网格员”不设在柳林街道"),
        (f"{LIULIN},{'长' * 81},,,,", "第3行：name 太长"),
        (GOOD[0], "第3行：柳林街道的“柳林街道城市管理办公室”前面已经有一行"),
    ],
)
def test_one_mistake_and_nothing_is_brought_in(table, capsys, line, says):
    before = Body.objects.count()
    assert run("import", table(GOOD[0], line)) == 1
    assert says in capsys.readouterr().err
    assert Body.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"head": "name,phone"}, "缺少列 area"),
        ({"head": f"{HEAD},tea"}, "不认识列 tea"),
        ({"encoding": "utf-16"}, "第一行"),
    ],
)
def test_what_is_no_such_table_is_said(table, capsys, arguments, says):
    assert run("import", table(**arguments)) == 1
    err = capsys.readouterr().err
    assert says in err or "读不懂" in err


def test_a_file_that_is_not_there(table, capsys, tmp_path):
    assert run("import", tmp_path / "没有.csv") == 1
    assert "没有.csv" in capsys.readouterr().err


def test_what_is_written_can_be_read_back(table, tmp_path):
    run("import", table(*GOOD))
    assert run("export", tmp_path / "out.csv") == 0
    wanted, problems = exchange.read(tmp_path / "out.csv")
    assert problems == []
    assert {each.name for each in wanted} >= {"柳林街道城市管理办公室", "槐花社区居民委员会"}
    assert exchange.bring_in(wanted, by=bodies.COMMAND_LINE) == exchange.Done(0, 0, 0)


def test_a_draft_can_be_read_and_is_called_one(table, tmp_path, capsys):
    assert run("draft", tmp_path / "draft.csv") == 0
    assert "不是本市的事实" in capsys.readouterr().out
    wanted, problems = exchange.read(tmp_path / "draft.csv")
    assert problems == []
    assert {each.name for each in wanted} == {
        "柳林街道城管办", "柳林街道综治中心", "杏花镇城管办", "杏花镇综治中心", "槐花社区居民委员会",
    }  # fmt: skip
