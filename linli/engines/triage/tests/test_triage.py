"""What is proposed for a sentence, and why; alarms and denials; near-duplicates."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.triage import Alarm, CategoryWords, Triage, similar

CATEGORIES = (
    CategoryWords("streetlight", "路灯不亮", ("路灯", "灯不亮", "黑灯瞎火"), ("村口的灯坏了好几天",)),
    CategoryWords("no-water", "停水", ("停水", "没水", "水压低"), ("家里水龙头不出水了",)),
    CategoryWords("power-cut", "停电", ("停电", "没电", "电表"), ("半个小区都没电",)),
    CategoryWords("gas-leak", "燃气泄漏", ("漏气", "煤气味"), ("楼道里一股臭鸡蛋味",), risk=3),
    CategoryWords("fire-hazard", "火灾隐患", ("火灾隐患", "消防栓", "没水"), ("消防栓打不开",), risk=2),
    CategoryWords("inquiry", "政策咨询", ("政策", "怎么办"), ("想问问有什么政策",)),
)
TRIAGE = Triage(CATEGORIES)


# --- What is proposed ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ("小区路灯坏了三天，晚上黑灯瞎火的", "streetlight", "路灯"),
        ("昨天开始停水", "no-water", "停水"),
        ("村里有火灾隐患", "fire-hazard", "火灾隐患"),
        ("停电了怎么办", "power-cut", "停电"),  # What it is about outranks what is said of any matter.
    ],
)
def test_a_sentence_gets_the_category_its_words_point_to_and_says_which(said, code, reason):
    proposal = TRIAGE.propose(said)
    assert proposal.category_code == code
    assert reason in proposal.reasons


def test_likeness_to_an_example_is_enough_and_needs_no_word():
    proposal = TRIAGE.propose("水龙头不出水")
    assert (proposal.category_code, proposal.reasons) == ("no-water", ())


def test_a_word_of_two_categories_proposes_both_and_is_less_sure():
    shared, own = TRIAGE.propose("没水"), TRIAGE.propose("停水没水")
    assert {"no-water", "fire-hazard"} == {shared.category_code, shared.alternatives[0].category_code}
    assert shared.confidence < own.confidence


@pytest.mark.parametrize("said", ["", "   ", "嗯", "?!", "abc"])
def test_what_no_word_gives_away_proposes_nothing(said):
    proposal = TRIAGE.propose(said)
    assert (proposal.category_code, proposal.confidence, proposal.reasons, proposal.risk) == ("", 0.0, (), 0)


def test_full_width_and_capitals_make_no_difference():
    engine = Triage([CategoryWords("telecom", "通信", ("5G基站",))])
    assert engine.propose("５ｇ基站").category_code == "telecom"


def test_the_same_sentence_always_gets_the_same_answer_whatever_the_order_of_categories():
    assert Triage(reversed(CATEGORIES)).propose("没水") == TRIAGE.propose("没水")


@given(st.text(alphabet="路灯不亮停水电没漏气煤味着火，政策怎么办", max_size=60))
def test_confidence_is_a_share_and_alternatives_are_less_sure(said):
    proposal = TRIAGE.propose(said)
    sure = [proposal.confidence, *(other.confidence for other in proposal.alternatives)]
    assert all(0 <= value <= 1 for value in sure)
    assert sure == sorted(sure, reverse=True)
    assert set(proposal.reasons) <= {word for category in CATEGORIES for word in (*category.words, category.name)}


@given(st.text(max_size=2000))
def test_no_text_makes_it_crash(said):
    TRIAGE.propose(said)


def test_two_hundred_categories_take_well_under_a_millisecond():
    engine = Triage(
        CategoryWords(f"c{n}", f"类别{n}", tuple(f"{chr(0x4E00 + n * 20 + w)}{chr(0x5E00 + w)}" for w in range(20)))
        for n in range(200)
    )
    said = "我们小区的路灯坏了三天晚上黑灯瞎火老人出门摔了一跤请尽快派人来修"
    began = time.process_time()
    for _ in range(200):
        engine.propose(said)
    assert (
        time.process_time() - began
    ) / 200 < 0.0006  # Typically a tenth of it; a busy machine must not fail the test.


# --- Alarms --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        "3号楼着火了",
        "着火了没人管",
        "没人管着火了",
        "闻到煤气味",
        "有人落水",
        "电梯里有人被困",
        "没有水，着火了",
        "之前着火的地方又着火了",
    ],
)
def test_somebody_in_danger_raises_the_alarm(said):
    proposal = TRIAGE.propose(said)
    assert proposal.risk == 3
    assert proposal.alarms


@pytest.mark.parametrize(
    "said",
    [
        "没有着火",
        "没着火",
        "防止火灾",
        "怕引发火灾",
        "有火灾隐患",
        "容易发生爆炸",
        "消防火灾演练什么时候",
        "去年着火的那栋楼",
        "不会爆炸吧",
        "跳楼价大甩卖",
    ],
)
def test_what_did_not_happen_or_happened_long_ago_does_not(said):
    assert Alarm().raised(said) == []


def test_a_category_brings_the_risk_it_starts_with():
    assert TRIAGE.propose("消防栓坏了").risk == 2
    assert TRIAGE.propose("停水了").risk == 0


def test_the_city_may_bring_its_own_alarm_words():
    engine = Triage(CATEGORIES, alarm_words={"要塌": 2})
    assert engine.propose("墙要塌").risk == 2
    assert engine.propose("着火").risk == 0


# --- Near-duplicates -----------------------------------------------------------------------------------------------
HELD = {
    1: "尊敬的领导，槐花社区东门的路灯坏了三天了，晚上很黑",
    2: "尊敬的领导，柳岸社区昨天开始停水",
    3: "尊敬的领导，槐花社区东门路灯不亮",
    4: "尊敬的领导，广场舞太吵",
}


def test_the_same_matter_in_other_words_is_found_and_says_what_is_shared():
    found = similar("尊敬的领导，槐花社区东门口路灯坏了", HELD)
    assert {item.key for item in found} == {1, 3}
    assert "槐花社区东门" in found[0].shared


def test_a_text_is_most_like_itself_and_politeness_is_no_likeness():
    assert similar(HELD[2], HELD)[0].key == 2
    assert similar(HELD[2], HELD)[0].score > 0.95
    assert similar("尊敬的领导，您好", HELD) == []
    assert similar("", HELD) == similar("路灯", {}) == []


@given(
    st.text(alphabet="路灯坏停水了", max_size=20), st.lists(st.text(alphabet="路灯坏停水了", max_size=20), max_size=6)
)
def test_likeness_is_between_none_and_the_same_and_in_order(text, others):
    scores = [item.score for item in similar(text, dict(enumerate(others)), at_least=0.0)]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
