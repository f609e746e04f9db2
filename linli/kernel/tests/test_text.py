"""Cleaning, cutting, sorting and measuring Chinese text."""

# ruff: noqa: RUF001 - People type full-width digits and dashes; these tests are about that.

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel import text as han
from linli.kernel.text import bigrams, clean, pinyin_key, search_query, tsvector_literal, width

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=40)
MIXED = st.text(alphabet="停水了路灯坏5G基站栋Wi ，。\n３", max_size=40)


# --- Cleaning ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  路灯坏了 \n", "路灯坏了"),
        ("第一行\r\n第二行\r第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("路\x00灯\x07坏", "路灯坏"),
        ("\u202e灯路\u202c坏\u2066了\u2069", "灯路坏了"),
        ("路\u200b灯\ufeff坏\u00ad了", "路灯坏了"),
        ("路\t灯", "路 灯"),
        ("e\u0301", "é"),
        ("\ud83d灯", "灯"),
        ("灯\uffff\ufdd0", "灯"),
        ("\u3164灯", "灯"),
        ("堼头村𠮷", "堼头村𠮷"),
        ("", ""),
    ],
)
def test_what_may_be_stored_is_kept_and_nothing_else(typed, kept):
    assert clean(typed) == kept


@given(st.text(alphabet=st.characters(), max_size=60))
def test_clean_text_is_clean_whatever_was_typed(typed):
    kept = clean(typed)
    assert clean(kept) == kept
    assert kept == kept.strip() == unicodedata.normalize("NFC", kept)
    assert not {unicodedata.category(char) for char in kept.replace("\n", "")} & {"Cc", "Cf", "Cs"}
    kept.encode()


# --- Searching -----------------------------------------------------------------------------------------------------
def test_pairs_and_a_lone_last_character():
    assert bigrams("停水了") == ["停水", "水了", "了"]
    assert bigrams("灯") == ["灯"]
    assert bigrams("停水。停电") == ["停水", "水", "停电", "电"]
    assert bigrams("") == bigrams("，。 \n") == []


def test_letters_and_digits_are_cut_with_the_characters_beside_them():
    assert bigrams("5G基站") == ["5g", "g基", "基站", "站"]
    assert bigrams("５Ｇ基站") == bigrams("5g基站")
    assert bigrams("3栋201") == ["3栋", "栋2", "20", "01", "1"]


def test_a_query_is_a_phrase_of_pairs_a_character_or_several():
    assert search_query("停水") == "'停水'"
    assert search_query("停水了") == "('停水' <-> '水了')"
    assert search_query("灯") == "'灯'"
    assert search_query("柳林街道 停水 停水") == "('柳林' <-> '林街' <-> '街道') & '停水'"
    assert search_query("!& | ()'\\ :*") == ""


def test_a_vector_literal_has_positions_and_quotes():
    assert tsvector_literal("停水停水") == "'停' '停水':1,3 '水' '水停':2"
    assert tsvector_literal("") == ""


def test_positions_end_where_postgresql_ends_them():
    literal = tsvector_literal("".join(chr(0x4E00 + n % 20_000) for n in range(17_000)))
    assert max(int(token.rsplit(":", 1)[1]) for token in literal.split() if ":" in token) == 16_383
    assert tsvector_literal("哈" * 1000).count(",") == 254


def _matches(text, query):
    """What PostgreSQL answers to such a query, from the tokens alone; test_text_postgresql.py asks the real one."""
    tokens = bigrams(text)
    for term in query.split(" & "):
        words = [word.strip("()'") for word in term.split(" <-> ")]
        if len(words[0]) == 1:
            found = any(words[0] in token for token in tokens)
        else:
            found = any(tokens[at : at + len(words)] == words for at in range(len(tokens)))
        if not found:
            return False
    return bool(query)


@given(HAN, st.data())
def test_every_two_characters_of_a_han_text_are_found_as_an_exact_phrase(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    assert search_query(text[start : start + 2]) == f"'{text[start : start + 2]}'"
    assert _matches(text, search_query(text[start : start + 2]))


@given(HAN, st.data())
def test_every_piece_of_a_han_text_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert _matches(text, search_query(text[start:end]))


@given(MIXED, st.text(alphabet="停水了路灯坏5g基站栋wi3", min_size=1, max_size=5))
def test_a_word_is_found_exactly_where_it_stands_in_one_run(text, word):
    runs = (
        unicodedata.normalize("NFKC", text).casefold().replace("，", " ").replace("。", " ").replace(",", " ").split()
    )
    assert _matches(text, search_query(word)) == any(word in run for run in runs)


@settings(deadline=None)  # The first key loads the pinyin tables.
@given(st.text(max_size=80))
def test_no_text_makes_searching_crash(text):
    assert "\x00" not in tsvector_literal(text) + search_query(text)
    pinyin_key(text)
    assert width(text) >= 0


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text):
    assert len(han.folded(text)) == len(text)


def test_folding_makes_widths_and_capitals_alike():
    assert han.folded("３栋Ａ座") == "3栋a座"


def test_marks_and_variation_selectors_hide_nothing():
    assert bigrams("葛\U000e0100洲") == bigrams("葛洲")
    assert bigrams("停\u200b水") == bigrams("停水")


def test_characters_newer_than_the_tables_are_characters():
    assert bigrams("\U00031350村") == ["\U00031350村", "村"]
    assert not han._is_word("\U0001f525")


# --- Sorting and measuring -----------------------------------------------------------------------------------------
def test_names_sort_by_pinyin_and_numbers_by_size():
    names = ["沾化区", "滨城区", "博兴县", "第10网格", "第2网格", "阳信县"]
    assert sorted(names, key=pinyin_key) == ["滨城区", "博兴县", "第2网格", "第10网格", "阳信县", "沾化区"]
    assert pinyin_key("滨州") == "bin zhou"


def test_width_counts_columns():
    assert width("滨26") == 4
    assert width("（é）") == 5
    assert width("e\u0301") == 1
