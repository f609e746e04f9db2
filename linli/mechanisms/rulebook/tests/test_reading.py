"""Every mistake an official can make in a pack is found, all at once, with its line and a remedy."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.mechanisms.rulebook import pack, reading
from linli.mechanisms.rulebook.reading import Problem
from linli.mechanisms.rulebook.tests import small


def problems(folder: Path, **files: str | bytes) -> list[Problem]:
    return pack.read(small.write(folder, **files)).problems


def only(folder: Path, **files: str | bytes) -> Problem:
    (problem,) = problems(folder, **files)
    return problem


def test_a_good_pack_has_no_problem(tmp_path: Path) -> None:
    found = pack.read(small.write(tmp_path))
    assert found.problems == []
    assert found.head is not None
    assert (found.head.city.name, found.head.city.number_prefix) == ("柳林市", "柳")
    assert [source.key for source in found.sources] == ["small/baskets", "small/fruits"]


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ("code: pear", "code: apple", 11, "代码 apple 在第 7 行已经用过", "换个代码"),
        ("basis: 柳林市水果办法第三条\n", "", 1, "缺少“basis”（依据）", "写明依据的文件和条款"),
        ("basis: 柳", "bassis: 柳", 4, "不认识的字段“bassis”，是不是“basis”？", "改成“basis”"),
        ("    words: [", "    wordz: [", 9, "不认识的字段“wordz”，是不是“words”？", "改成“words”"),
        ("2026-01-01", "2026-13-01", 3, "“2026-13-01”不是一个真实的日期", "2026-01-01"),
        ("2026-01-01", "明年元旦", 3, "“明年元旦”不是一个真实的日期", "年-月-日"),
        ("2026-01-01", "0026-01-01", 3, "不像一个施行日期", "真实日期"),
        ("    reason: 柳林市尚未规定梨放在哪里\n", "", 11, "status 是 assumed（暂定）却没有 reason", "待谁确定"),
        ("status: adopted", "status: maybe", 5, "“maybe”不在可选的值里", "adopted、assumed"),
        ("status: adopted", "status: adoptd", 5, "是不是 adopted？", "adopted、assumed"),
        ("basket: round\n  - ", "basket: roumd\n  - ", 10, "“篮子清单”里没有代码 roumd", "是不是 round？"),
        ("code: apple", "code: 12", 7, "要写文字，这里成了数字 12", '加上引号：code: "12"'),
        ("code: apple", "code: 苹果", 7, "“苹果”不是合适的代码", "小写英文"),
        ("words: [苹果, 红苹果]", "words: 苹果", 9, "要写成几项，这里是“苹果”", "[甲, 乙]"),
        ("name: 苹果", "name:", 8, "要写文字，这里是空的", "不要留空"),
        ("basket: round\n  - ", "basket: round\n    days: 五\n  - ", 11, "“days”要写整数，这里是“五”", "只写数字"),
        ("name: 苹果", "name: 苹果\n    name: 大苹果", 9, "字段“name”写了两次（上一次在第 8 行）", "删去其中一个"),
        ("name: 苹果", "name: *apple", 8, "锚点或引用", "加上引号"),
        ("name: 苹果", "name: &a 苹果", 8, "锚点或引用", "照写一遍"),
        ("name: 苹果", "name: !!python/object:os.system 苹果", 8, "标签", "加上引号"),
        ("    name: 苹果", "\tname: 苹果", 8, "制表符", "空格"),
        ("name: 苹果", "name: 苹果: 红", 8, "多了一个冒号", "加引号"),
        ("name: 苹果", 'name: "苹果', 16, "引号或括号没有配对", "补上"),
        ("name: 苹果", "name: 苹\u202e果", 8, "方向控制字符", "重新手打"),
        ("name: 苹果", "name: 苹\x07果", 8, "控制字符", "重新手打"),
        (
            "list: small/fruits",
            "list: small/other",
            1,
            "list 写的是 small/other，文件却放在 small/fruits",
            "list: small/fruits",
        ),
        ("items:", "items: []\nother:", 7, "不认识的字段“other”", "可用的字段有"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, old: str, new: str, line: int, what: str, mend: str
) -> None:
    assert old in small.FRUITS
    found = problems(tmp_path, small_fruits=small.FRUITS.replace(old, new, 1))
    problem = found[0]
    assert (problem.file, what in problem.what, mend in problem.mend) == ("small/fruits.yaml", True, True), str(problem)
    assert problem.line == line, str(problem)
    assert str(problem).startswith(f"small/fruits.yaml 第 {line} 行：")


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    fruits = (
        small.FRUITS.replace("code: pear", "code: apple").replace("2026-01-01", "2026-02-30").replace("words", "wrods")
    )
    baskets = small.BASKETS.replace("basis: 柳林市水果办法第四条\n", "")
    found = problems(tmp_path, small_fruits=fruits, small_baskets=baskets, pack_toml="languages = [1]")
    assert [(problem.file, problem.line) for problem in found] == [
        ("pack.toml", 1), ("pack.toml", 1), ("small/baskets.yaml", 1), ("small/fruits.yaml", 3), ("small/fruits.yaml", 9),
        ("small/fruits.yaml", 11),
    ]  # fmt: skip


def test_gbk_is_named_with_its_line(tmp_path: Path) -> None:
    problem = only(tmp_path, small_fruits=small.FRUITS.encode().replace("苹果".encode(), "苹果".encode("gbk"), 1))
    assert (problem.line, "不是 UTF-8" in problem.what, "GBK" in problem.mend) == (8, True, True)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert problems(tmp_path, small_fruits=b"\xef\xbb\xbf" + small.FRUITS.encode()) == []


def test_two_files_with_one_key(tmp_path: Path) -> None:
    small.write(tmp_path)
    (tmp_path / "small" / "fruits.yml").write_text(small.FRUITS, encoding="utf-8")
    (problem,) = pack.read(tmp_path).problems
    assert "清单 small/fruits 已经写在 small/fruits.yaml 里" in problem.what


def test_a_list_nobody_uses_is_a_question(tmp_path: Path) -> None:
    problem = only(tmp_path, small_fruit=small.FRUITS.replace("small/fruits", "small/fruit"))
    assert "没有哪项功能使用名为“small/fruit”的清单" in problem.what
    assert "small/fruits.yaml" in problem.mend


def test_a_missing_list_that_is_referred_to(tmp_path: Path) -> None:
    small.write(tmp_path)
    (tmp_path / "small" / "baskets.yaml").unlink()
    (problem,) = pack.read(tmp_path).problems
    assert (problem.line, problem.what) == (10, "引用了清单 small/baskets，城市包里没有")


def test_a_missing_folder_or_head(tmp_path: Path) -> None:
    assert "没有这个文件夹" in pack.read(tmp_path / "nowhere").problems[0].what
    small.write(tmp_path)
    (tmp_path / "pack.toml").unlink()
    assert pack.read(tmp_path).problems[0].what == "没有这个文件"


def test_an_empty_file_and_a_list_without_items(tmp_path: Path) -> None:
    assert only(tmp_path / "a", small_fruits="# 以后再写\n").what == "文件是空的"
    assert "items 是空的" in only(tmp_path / "b", small_fruits=small.FRUITS.split("items:")[0] + "items: []\n").what
    assert "文件不是一张清单" in only(tmp_path / "c", small_fruits="- 一\n- 二\n").what


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n",
        "a: " + "[" * 100_000 + "]" * 100_000,
        "a: [" + "1, " * 300_000 + "1]",
        "a: " + "x" * 5_000_000,
        "---\na: 1\n---\nb: 2\n",
    ],
    ids=["billion laughs", "deep", "many", "huge", "several documents"],
)
def test_a_bomb_is_refused_quickly(tmp_path: Path, bomb: str) -> None:
    began = time.process_time()
    assert problems(tmp_path, small_fruits=bomb)
    assert time.process_time() - began < 5


def test_a_link_is_refused(tmp_path: Path) -> None:
    small.write(tmp_path)
    (tmp_path / "small" / "passwd.yaml").symlink_to("/etc/passwd")
    assert pack.read(tmp_path).problems[0].what == "是一个链接"


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", "yes"), ("no", "no"), ("on", "on"), ("08", "08"), ("12:30", "12:30"), ("1_000", "1_000"), ("true", True),
     ("5", 5), ("0.5", 0.5), ("~", None), ("1e5", "1e5"), ("0x1F", "0x1F"), ("2026-02-30", "2026-02-30")],
)  # fmt: skip
def test_a_word_is_what_it_plainly_is(text: str, value: object) -> None:
    assert reading.plain(text) == value


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(raw: bytes) -> None:
    text = reading.read("x.yaml", raw)
    assert text.problems or text.value is not None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abc:-[]{}'\"#&*!|>%@`\n ,?苹果0.", max_size=200))
def test_any_yaml_is_read_or_refused_in_words(content: str) -> None:
    text = reading.read("x.yaml", content.encode())
    assert text.problems or text.value is not None
