"""Masks, and finding what must be masked."""

# ruff: noqa: RUF001 - People type full-width digits and dashes; these tests are about that.

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import masking


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("赵秀英", "赵**"),
        ("赵英", "赵*"),
        ("赵", "*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿依古丽·买买提", "阿***"),
        (" 赵英 ", "赵*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_family_name(name, masked):
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0543-3162345", "0543-*****45"),
        ("010-66668888", "010-******88"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_what_its_owner_recognises(phone, masked):
    assert masking.mask_phone(phone) == masked


def test_a_number_keeps_four_and_two():
    assert masking.mask_number("371602199001010018") == "3716************18"
    assert masking.mask_number("123456") == "****56"
    assert masking.mask_number("1234") == "****"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("我的电话13812345678，请回电", "mobile", "13812345678"),
        ("电话１３８－１２３４－５６７８", "mobile", "１３８－１２３４－５６７８"),
        ("打 +86 138 1234 5678", "mobile", "+86 138 1234 5678"),
        ("座机0543-3162345", "landline", "0543-3162345"),
        ("身份证371602199001010018。", "citizen_number", "371602199001010018"),
        ("身份证371602 19900101 0017", "citizen_number", "371602 19900101 0017"),  # Mistyped, and still somebody's.
        ("卡号6222020000000000001 ", "", ""),  # Fails the check: no card.
        ("卡号4111 1111 1111 1111", "bank_card", "4111 1111 1111 1111"),
        ("写信到 li.si@example.com 吧", "email", "li.si@example.com"),
        ("加我微信：zhaoayi_88", "account", "zhaoayi_88"),
        ("鲁M12345挡住了路", "plate", "鲁M12345"),
        ("我叫赵秀英，住槐花社区", "name", "赵秀英"),
        ("联系人：欧阳娜娜 ", "name", "欧阳娜娜"),
        ("黄河五路的路灯坏了", "", ""),
        ("请打12345或110", "", ""),
        ("滨26-0417-0032", "", ""),
        ("3号楼2单元501", "", ""),
    ],
)
def test_what_identifies_somebody_is_found(text, kind, found):
    spans = masking.find_personal(text)
    assert [(span.kind, text[span.start : span.end]) for span in spans] == ([(kind, found)] if kind else [])


def test_a_text_is_masked_in_place():
    text = "我叫赵秀英，电话13812345678，身份证371602199001010018，灯坏了。"
    assert masking.mask_personal(text) == "我叫赵**，电话138****5678，身份证3716************18，灯坏了。"


@given(st.text(alphabet="0123456789 -Xx１２３我叫赵秀英@a.com微信鲁M，", max_size=60))
def test_spans_are_in_order_and_do_not_overlap(text):
    end = 0
    for span in masking.find_personal(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@given(st.text(max_size=200))
def test_no_text_makes_masking_crash(text):
    masking.mask_personal(text)
    masking.mask_name(text)
    masking.mask_phone(text)
    masking.mask_number(text)


@given(st.text(alphabet="赵秀英欧阳娜", min_size=2, max_size=6))
def test_no_masked_name_shows_the_given_name(name):
    masked = masking.mask_name(name)
    assert masked.endswith("*")
    assert len(masked.rstrip("*")) <= 2
