"""Chinese text: cleaned for storing, cut for searching, keyed for sorting, measured for printing.

Search needs no extension of PostgreSQL and no dictionary. A text is stored as a `tsvector` of overlapping pairs of
characters with their positions, and of its single characters, built here (`tsvector_literal`), and asked with a phrase
of such pairs (`search_query`). So a word of two characters is found exactly, wherever it stands, which word cutters and
trigrams do not manage.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Letters that show nothing: Hangul fillers, and the blank of Khmer inherent vowels.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_HIGHEST_POSITION = 16_383  # PostgreSQL keeps positions in 14 bits,
_MOST_POSITIONS = 255  # and at most so many for one token.
_LONGEST_QUERY = 100


def translatable(sentence: str) -> str:
    """Mark a sentence for the catalog of translations. What is plain Python says it in Chinese; a page turns it."""
    return sentence


def clean(text: str) -> str:
    """What may be stored and shown: NFC, ends trimmed, newlines kept, tabs as spaces.

    Gone are control characters, direction marks (a bidi override can make a name read backwards), zero-width
    characters, lone surrogates and code points that are no characters. Raises nothing.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    kept = "".join(char for char in text if char == "\n" or not _is_unwanted(char))
    return unicodedata.normalize("NFC", kept).strip()


def bigrams(text: str) -> list[str]:
    """The index tokens, in order: each pair of neighbours in a run of letters and digits, then its last one alone.

    Full-width forms and capitals are folded: "５Ｇ基站" gives ["5g", "g基", "基站", "站"]. The lone last character
    is for queries of one character: without it "灯" would not find a text that ends with 灯. Runs end at spaces
    and punctuation, so no pair reaches across a full stop.
    """
    return [token for run in _runs(text) for token in _tokens(run)]


def search_query(text: str) -> str:
    """What a person typed, as a query for `to_tsquery('simple', …)` or `…::tsquery`; "" when that is no word at all.

    Words between spaces must all occur; each must occur exactly as typed. One character alone finds every word with it.
    """
    return " & ".join(dict.fromkeys(_phrase(run) for run in _runs(text[:_LONGEST_QUERY])))


def tsvector_literal(text: str) -> str:
    """The text as a literal to cast `::tsvector`: pairs with their positions, characters without. 停水 → "'停' '停水':1 '水'".

    The place after a run's last pair stays empty, so that no phrase reaches from one run into the next.

    Texts longer than 16,383 tokens keep the tokens of the rest, but no longer find phrases in it; the same holds
    from the 256th occurrence of one pair. A matter is a few hundred characters.
    """
    places: dict[str, list[int]] = {}
    characters: set[str] = set()
    for position, token in enumerate(bigrams(text), start=1):
        characters.update(token)
        if len(token) == 1:
            continue
        held = places.setdefault(token, [])
        if len(held) < _MOST_POSITIONS and (not held or held[-1] < _HIGHEST_POSITION):
            held.append(min(position, _HIGHEST_POSITION))
    pairs = (f"{_quoted(token)}:{','.join(map(str, positions))}" for token, positions in places.items())
    return " ".join(sorted((*pairs, *map(_quoted, characters))))


def folded(text: str) -> str:
    """The text for comparing, character for character: half-width, small letters, and every offset still right."""
    return "".join(single if len(single := _fold(char)) == 1 else char for char in text)


def pinyin_key(text: str) -> str:
    """A key to sort by, in ASCII where the text is Chinese: by pinyin, numbers by size, 第2网格 before 第10网格."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - Its tables take a tenth of a second to load; few commands sort names.

    parts: list[str] = []
    for run in re.findall(r"\d+|\D+", unicodedata.normalize("NFKC", text).casefold()):
        parts += [run.zfill(6)] if run.isdecimal() else lazy_pinyin(run)
    return " ".join(part.strip() for part in parts if part.strip())


def width(text: str) -> int:
    """Columns the text takes in a terminal or a fixed-width table: Chinese characters two, marks none, others one."""
    return sum(_columns(char) for char in text)


def _is_unwanted(char: str) -> bool:
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Cs"} or char in _INVISIBLE_LETTERS:
        return True
    point = ord(char)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _runs(text: str) -> Iterator[str]:
    # Marks are dropped and do not break a run, so a variation selector after a rare character hides nothing.
    kept = "".join(char if _is_word(char) else " " for char in _fold(text) if not _is_dropped(char))
    yield from kept.split()


def _is_word(char: str) -> bool:
    # Planes 2 and 3 hold only Han characters, some newer than this Python's tables.
    return unicodedata.category(char)[0] in "LN" or 0x20000 <= ord(char) <= 0x3FFFD


def _is_dropped(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "M" or category == "Cf"


def _tokens(run: str) -> Iterator[str]:
    for first, second in pairwise(run):
        yield first + second
    yield run[-1]


def _phrase(run: str) -> str:
    if len(run) == 1:
        return _quoted(run)
    pairs = " <-> ".join(_quoted(first + second) for first, second in pairwise(run))
    return pairs if len(run) == 2 else f"({pairs})"


def _quoted(token: str) -> str:
    # Tokens are letters and digits; quoted all the same, for the day somebody widens them.
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
