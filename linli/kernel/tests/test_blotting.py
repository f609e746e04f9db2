"""Nothing that was found survives: neither on a public page nor in what is kept after its time. All numbers are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.masking import blot_personal, find_personal, mask_personal

PERSONAL = (
    "371602199001010018", "37160219900101001 8", "6222 0212 3456 7894", "138 1234 5678", "\uff0b86\uff11\uff13\uff1812345678",
    "0543-3160000", "zhao@example.com", "微信号：zhao_xiuying", "鲁M12345", "鲁M·A1B2C", "我叫赵秀英，", "联系人：欧阳娜",
)  # fmt: skip
PLAIN = st.text(st.sampled_from("路灯坏了三天，晚上看不见。请修一下！小区门口 "), max_size=12)


@pytest.mark.parametrize("personal", PERSONAL)
def test_each_kind_is_found_masked_and_blotted(personal):
    said = f"门口{personal}，灯坏了"
    (span,) = find_personal(said)
    found = said[span.start : span.end]
    assert found not in mask_personal(said)
    assert found not in blot_personal(said)
    assert "***" in blot_personal(said)


@given(st.lists(st.tuples(PLAIN, st.sampled_from(PERSONAL)), max_size=4), PLAIN)
def test_nothing_found_survives_in_any_mixture(pieces, end):
    said = "".join(f"{plain}，{personal}，" for plain, personal in pieces) + end
    found = {said[span.start : span.end] for span in find_personal(said)}
    masked, blotted = mask_personal(said), blot_personal(said)
    for each in found:
        assert each not in blotted
        assert each not in masked
    assert find_personal(blotted) == []


@given(PLAIN)
def test_a_text_without_anybody_stays_as_it_is(said):
    assert blot_personal(said) == said


def test_known_names_go_wherever_they_stand():
    assert blot_personal("秀英大妈说路灯坏了，赵秀英住三楼", ["赵秀英", "秀英"]) == "***大妈说路灯坏了，***住三楼"
    assert blot_personal("王说灯坏了", ["王", ""]) == "王说灯坏了"
