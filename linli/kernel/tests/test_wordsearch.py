"""Finding many words at once, compared with looking for each."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.wordsearch import Match, WordIndex

small = st.text(alphabet="路灯坏停水", max_size=12)
words = st.lists(st.text(alphabet="路灯坏停水", min_size=1, max_size=4), max_size=12)


@given(small, words)
def test_it_finds_what_looking_for_each_word_finds(text, vocabulary):
    found = {(match.start, match.end) for match in WordIndex((word, word) for word in vocabulary).matches(text)}
    expected = {(at, at + len(word)) for word in vocabulary for at in range(len(text)) if text.startswith(word, at)}
    assert found == expected


@given(small, words)
def test_the_longest_do_not_overlap_and_nothing_longer_was_left_out(text, vocabulary):
    index = WordIndex((word, word) for word in vocabulary)
    kept = index.longest(text)
    assert all(before.end <= after.start for before, after in pairwise(kept))
    for match in index.matches(text):
        rivals = [other for other in kept if other.start < match.end and match.start < other.end]
        assert any(other.end - other.start >= match.end - match.start for other in rivals)


def test_words_carry_every_value_filed_under_them():
    index = WordIndex([("路灯", 1), ("路灯", 2), ("灯", 3), ("", 4)])
    assert index.matches("路灯") == [Match(0, 2, (1, 2)), Match(1, 2, (3,))]
    assert index.longest("路灯和灯") == [Match(0, 2, (1, 2)), Match(3, 4, (3,))]
