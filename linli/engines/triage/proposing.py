"""Categories as words, indexed once; a sentence against them, explained. Deterministic, some tenths of a millisecond."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from linli.engines.triage.alarm import EMERGENCY_WORDS, Alarm
from linli.kernel.text import bigrams, folded
from linli.kernel.wordsearch import WordIndex

_MOST_READ = 600  # Characters of a message that are read; what it is about is said at the start.
_EARLY = 40  # A sentence, or the title of a longer message: words there weigh more.
_EARLY_WEIGHT = 1.6
_EXAMPLE_WEIGHT = 6.0  # How much likeness to the examples counts beside the words.
_WORD_PAIRS = 2.0  # Pairs of characters from a category's words count more in its profile than those of its examples.
_ALTERNATIVES = 4
# Said in matters of every kind, about their handling: they decide only where no other word does.
_SAID_OF_ANYTHING = frozenset(
    re.findall(
        r"\w+",
        "政策 咨询 文件 什么时候 怎么办 去哪办 书记 开会 证明 平台 网站 收费 干部 不作为 推诿 身份证 公示 维权 热线"
        " 打不通 困难 帮忙 任务 态度差 没人接 回访 排队 网上办不了 敷衍 踢皮球 不办事",
    )
)
_SAID_OF_ANYTHING_WEIGHT = 0.3
# From evidence to confidence: how strong the best is, and how far before the second. Fitted by bench/triage_quality.py.
_BIAS, _STRENGTH, _LEAD = -1.46, 0.90, 0.07


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """What the engine knows of a category (诉求类别): residents' words, example sentences, the risk it starts with."""

    code: str
    name: str
    words: tuple[str, ...]
    examples: tuple[str, ...] = ()
    risk: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another category it may be, and how sure that would be."""

    category_code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """研判建议 — a category or "" when no word gives one away, and why. `risk` 3 means: look at once."""

    category_code: str
    confidence: float
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    risk: int
    alarms: tuple[str, ...] = ()
    strength: float = 0.0
    """The evidence for the category and for the second; what the confidence was made of."""
    second: float = 0.0


class Triage:
    """研判 — built once per version of the categories, then only read, from any thread."""

    def __init__(
        self, categories: Iterable[CategoryWords], *, alarm_words: Mapping[str, int] = EMERGENCY_WORDS
    ) -> None:
        self._categories = {category.code: category for category in categories}
        self._alarm = Alarm(alarm_words)
        self._index = WordIndex(
            (folded(word), (word, code))
            for code, category in self._categories.items()
            for word in dict.fromkeys((*category.words, category.name))
        )
        self._weights = self._weighed_words()
        self._examples = _Profiles(self._categories.values())

    def propose(self, text: str) -> Proposal:
        """The likeliest category of what a resident wrote. Never raises; an empty text proposes nothing."""
        text = text[:_MOST_READ]
        alarms = self._alarm.raised(text)
        evidence, reasons = self._words_in(text)
        for code, likeness in self._examples.likeness(text).items():
            evidence[code] += _EXAMPLE_WEIGHT * likeness
        ranked = sorted(evidence.items(), key=lambda item: (-item[1], item[0]))[: _ALTERNATIVES + 1]
        urgent = max((rank for _, rank in alarms), default=0)
        alarm_words = tuple(dict.fromkeys(word for word, _ in alarms))
        if not ranked:
            return Proposal("", 0.0, (), (), urgent, alarm_words)
        best, strength = ranked[0]
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        sure = _confidence(strength, second)
        others = tuple(Alternative(code, round(sure * found / strength, 3)) for code, found in ranked[1:])
        risk = max(urgent, self._categories[best].risk)
        return Proposal(best, round(sure, 3), tuple(reasons.get(best, ())), others, risk, alarm_words, strength, second)

    def _words_in(self, text: str) -> tuple[defaultdict[str, float], dict[str, list[str]]]:
        """Evidence for each category from the words found, and those words, the weightiest first."""
        evidence: defaultdict[str, float] = defaultdict(float)
        said: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for match in self._index.longest(folded(text)):
            for word, code in match.values:
                weight = self._weights[word] * (_EARLY_WEIGHT if match.start < _EARLY else 1.0)
                gain = weight if word not in said[code] else weight / 4  # Said again adds a little.
                said[code][word] = said[code].get(word, 0.0) + gain
                evidence[code] += gain
        return evidence, {code: sorted(words, key=lambda word: -words[word]) for code, words in said.items()}

    def _weighed_words(self) -> dict[str, float]:
        """Longer words say more; a word that other categories' words and examples hold too says less."""
        spread: defaultdict[str, set[str]] = defaultdict(set)
        for code, category in self._categories.items():
            for text in (*category.words, category.name, *category.examples):
                for match in self._index.matches(folded(text)):
                    for word, _ in match.values:
                        spread[word].add(code)
        rarity = log(1 + len(self._categories))
        return {
            word: (rarity - log(len(codes)))
            * sqrt(min(len(word), 6) / 2)
            * (_SAID_OF_ANYTHING_WEIGHT if word in _SAID_OF_ANYTHING else 1.0)
            for word, codes in spread.items()
        }


class _Profiles:
    """Each category as weighted pairs of characters from its words and examples; a text is compared by cosine."""

    def __init__(self, categories: Iterable[CategoryWords]) -> None:
        counts: dict[str, Counter[str]] = {}
        for category in categories:
            pairs: Counter[str] = Counter()
            for source, weight in ((category.examples, 1.0), ((*category.words, category.name), _WORD_PAIRS)):
                for text in source:
                    pairs.update(dict.fromkeys(_pairs(text), weight))
            counts[category.code] = pairs
        spread = Counter(pair for pairs in counts.values() for pair in pairs)
        self._rarity = {pair: log((1 + len(counts)) / held) for pair, held in spread.items()}
        self._holders: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, pairs in counts.items():
            weighed = {pair: (1 + log(count)) * self._rarity[pair] for pair, count in pairs.items()}
            length = sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
            for pair, weight in weighed.items():
                self._holders[pair].append((code, weight / length))

    def likeness(self, text: str) -> dict[str, float]:
        """How like its examples the text is, for every category that shares a pair with it: 0 to 1."""
        known = [pair for pair in _pairs(text) if pair in self._rarity]
        length = sqrt(sum(self._rarity[pair] ** 2 for pair in known))
        found: defaultdict[str, float] = defaultdict(float)
        for pair in known:
            for code, weight in self._holders[pair]:
                found[code] += weight * self._rarity[pair] / length
        return found


def _pairs(text: str) -> set[str]:
    return {token for token in bigrams(text) if len(token) == 2}


def _confidence(best: float, second: float) -> float:
    return 1 / (1 + exp(-(_BIAS + _STRENGTH * log(best) + _LEAD * (1 - second / best))))
