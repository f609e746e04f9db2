"""Places in sentences: known names, namesakes, and address pieces."""

# ruff: noqa: RUF001 - People type full-width digits; some of these sentences do.

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.placetext import Entry, Gazetteer, find_address, spoken_names
from linli.engines.placetext.address import arabic

CITY, PENGLI, SHIXI, OTHER = 1, 5, 6, 7
GAZETTEER = Gazetteer(
    [
        Entry(CITY, "滨州市", ("滨州",)),
        Entry(PENGLI, "彭李街道", (), 1.0, (CITY,)),
        Entry(SHIXI, "市西街道", (), 1.0, (CITY,)),
        Entry(33, "为民社区居民委员会", spoken_names("为民社区居民委员会"), 1.0, (CITY, PENGLI)),
        Entry(34, "为民社区居民委员会", spoken_names("为民社区居民委员会"), 1.0, (CITY, SHIXI)),
        Entry(35, "为民社区北区", (), 1.0, (CITY, PENGLI)),
        Entry(36, "创新村", (), 1.0, (CITY,)),
        Entry(37, "Ａ座广场"),
    ]
)


def names(text):
    return [
        (mention.text, [candidate.id for candidate in mention.candidates]) for mention in GAZETTEER.read(text).mentions
    ]


# --- Known places --------------------------------------------------------------------------------------------------
def test_a_township_a_community_and_a_building_in_one_breath():
    reading = GAZETTEER.read("彭李街道为民社区3号楼2单元501漏水")
    assert [(mention.text, mention.start, mention.end) for mention in reading.mentions] == [
        ("彭李街道", 0, 4),
        ("为民社区", 4, 8),
    ]
    assert reading.address_text == "3号楼2单元501"
    assert reading.best is not None
    assert reading.best.id == 33


def test_a_namesake_is_told_by_the_township_named_with_it():
    assert names("市西街道的为民社区") == [("市西街道", [SHIXI]), ("为民社区", [34, 33])]
    assert names("彭李街道的为民社区") == [("彭李街道", [PENGLI]), ("为民社区", [33, 34])]
    scores = [candidate.score for candidate in GAZETTEER.read("为民社区").mentions[0].candidates]
    assert scores[0] == scores[1]


def test_a_longer_name_takes_its_characters():
    assert names("为民社区北区停水") == [("为民社区北区", [35])]
    assert [mention.text for mention in GAZETTEER.find("滨州为民社区北区")] == ["为民社区北区", "滨州"]


def test_the_end_of_a_village_is_not_the_start_of_villagers():
    assert names("创新村民小组") == []
    assert names("创新村民委员会") == [("创新村", [36])]
    assert names("创新村没有水") == [("创新村", [36])]


def test_widths_and_capitals_make_no_difference_and_offsets_stay():
    mention = GAZETTEER.find("在a座广场门口")[0]
    assert (mention.start, mention.end, mention.text) == (1, 5, "a座广场")


def test_a_sentence_without_a_place_has_none():
    reading = GAZETTEER.read("路灯坏了")
    assert reading.mentions == reading.address == ()
    assert reading.best is None


@pytest.mark.parametrize(
    ("official", "spoken"),
    [
        ("宋家村委会", ("宋家村",)),
        ("馨安社区居民委员会", ("馨安社区",)),
        ("卢杨新村村委会", ("卢杨新村",)),
        ("郝张村村民委员会", ("郝张村",)),
        ("堤上李联村村民委员会", ("堤上李联村",)),
        ("山柳刘社区居委会", ("山柳刘社区",)),
        ("市中街道办事处", ("市中街道",)),
        ("筛罗坡村委会", ("筛罗坡村", "筛罗坡")),
        ("温南新村", ()),
    ],
)
def test_how_people_call_a_place_whose_name_is_a_committees(official, spoken):
    assert spoken_names(official) == spoken


# --- Address pieces ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind", "piece", "numbers"),
    [
        ("3栋201漏水", "dwelling", "3栋201", ("3", "", "", "201")),
        ("住2号楼1单元", "dwelling", "2号楼1单元", ("2", "1", "", "")),
        ("三号楼二单元五楼", "dwelling", "三号楼二单元五楼", ("3", "2", "5", "")),
        ("１２号楼东单元５０２室没水", "dwelling", "１２号楼东单元５０２室", ("12", "东", "", "502")),
        ("A座1203的空调", "dwelling", "A座1203", ("a", "", "", "1203")),
        ("我家3-2-501", "dwelling", "3-2-501", ("3", "2", "", "501")),
        ("十二单元电梯停了", "dwelling", "十二单元", ("", "12", "", "")),
        ("5#楼门口", "dwelling", "5#楼", ("5", "", "", "")),
        ("3楼2单元", "dwelling", "3楼2单元", ("3", "2", "", "")),
        ("黄河五路渤海七路有积水", "crossing", "黄河五路渤海七路", None),
        ("在黄河五路与渤海七路路口", "crossing", "黄河五路与渤海七路路口", None),
        ("黄河八路386号门前", "road", "黄河八路386号", None),
        ("我在205国道旁边", "road", "205国道", None),
    ],
)
def test_an_address_piece_is_kept_as_written(text, kind, piece, numbers):
    found = find_address(text)
    assert [(item.kind, item.text) for item in found] == [(kind, piece)]
    if numbers:
        assert (found[0].building, found[0].unit, found[0].floor, found[0].room) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了三天",
        "道路不平",
        "电话13812345678",
        "5月3号停水",
        "2026-4-17",
        "物业的思路不对",
        "楼道堆东西",
        "滨26-0417-0032",
        "一楼长",
        "街道办事处",
    ],
)
def test_what_is_no_address_is_left_alone(text):
    assert find_address(text) == []


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("十二", "12"),
        ("三", "3"),
        ("二〇一", "201"),
        ("二十", "20"),
        ("一百零二", "102"),
        ("十", "10"),
        ("甲5", "甲5"),
        ("", ""),
    ],
)
def test_han_numbers_are_written_in_digits(said, digits):
    assert arabic(said) == digits


@given(st.text(alphabet="彭李街道为民社区3号楼单元501-路五黄河a座十百室，１ #", max_size=60))
def test_every_piece_is_where_it_says(text):
    reading = GAZETTEER.read(text)
    for pieces in (reading.mentions, reading.address):
        end = 0
        for piece in pieces:
            assert end <= piece.start < piece.end <= len(text)
            assert text[piece.start : piece.end] == piece.text
            end = piece.end


@given(st.text(max_size=200))
def test_no_text_makes_reading_crash(text):
    GAZETTEER.read(text)
