"""The search tokens against the real PostgreSQL: every answer compared with plain substring search."""

import pytest
from django.db import connection

from linli.kernel.text import search_query, tsvector_literal

TEXTS = (
    "黄河五路渤海七路路口的路灯坏了三天",
    "昨天停水。电话没人接",
    "５Ｇ基站辐射太大，3栋201的住户",
    "堼头村和轷家庄的井水发黄",
    "楼上漏水, it's '湿' \\ 了",
    "𠮷野家门口 WiFi 断了",
    "灯",
    "电",
)
WORDS = (
    "停水",
    "水电",
    "路灯",
    "路路",
    "灯坏了",
    "灯",
    "电",
    "水",
    "5g基站",
    "3栋201",
    "201",
    "堼头",
    "轷家庄",
    "湿",
    "wifi",
    "𠮷野",
    "三天",
    "天",
    "没有的词",
)
ASK = {
    "to_tsquery": "select %s::tsvector @@ to_tsquery('simple', %s)",
    "cast": "select %s::tsvector @@ %s::tsquery",
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", ASK)
def test_postgresql_finds_exactly_the_texts_that_hold_the_word(way):
    import unicodedata

    for word in WORDS:
        for text in TEXTS:
            with connection.cursor() as cursor:
                cursor.execute(ASK[way], [tsvector_literal(text), search_query(word)])
                row = cursor.fetchone()
            assert row == (word in unicodedata.normalize("NFKC", text).casefold(),), (word, text)


@pytest.mark.django_db
def test_both_words_must_occur():
    with connection.cursor() as cursor:
        for query, expected in (("路灯 五路", True), ("路灯 停水", False)):
            cursor.execute(ASK["to_tsquery"], [tsvector_literal(TEXTS[0]), search_query(query)])
            assert cursor.fetchone() == (expected,)


@pytest.mark.django_db
def test_a_very_long_text_is_accepted():
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(30_000))
    with connection.cursor() as cursor:
        cursor.execute(ASK["cast"], [tsvector_literal(text), search_query(text[5_000:5_010])])
        assert cursor.fetchone() == (True,)
