"""Words that mean somebody may be hurt now (紧急), unless the sentence says it did not happen.

A missed fire is worse than a false alarm. So only a denial that touches the word counts: 没有着火 is calm, 没人管着火了 is not.
"""

import re
from collections.abc import Mapping

from linli.kernel.text import folded
from linli.kernel.wordsearch import WordIndex

EMERGENCY = 3
EMERGENCY_WORDS: Mapping[str, int] = dict.fromkeys(
    [
        "着火",
        "起火",
        "失火",
        "火灾",
        "冒火",
        "大火",
        "爆炸",
        "炸了",
        "漏气",
        "煤气味",
        "燃气泄漏",
        "煤气泄漏",
        "天然气泄漏",
        "燃气味",
        "一氧化碳",
        "煤气中毒",
        "食物中毒",
        "触电",
        "电死",
        "漏电",
        "落水",
        "溺水",
        "掉河里",
        "掉井里",
        "掉进井",
        "掉下去了",
        "跳楼",
        "坠楼",
        "轻生",
        "自杀",
        "割腕",
        "喝农药",
        "不想活",
        "救命",
        "晕倒",
        "昏迷",
        "没有呼吸",
        "心梗",
        "抽搐",
        "大出血",
        "困人",
        "被困",
        "困在电梯",
        "电梯里有人",
        "坍塌",
        "塌方",
        "垮塌",
        "楼要塌",
        "要塌了",
        "房子塌",
        "持刀",
        "拿刀",
        "砍人",
        "杀人",
        "放火",
        "走失",
        "走丢",
        "被拐",
        "失踪",
        "快不行了",
    ],
    EMERGENCY,
)
_DENIED = re.compile(
    r"(?:没有?|未|并未|从未|无|不是|并非|不会|防止|预防|避免|以免|免得|防|怕|担心|万一|如果|假如|要是|可能|容易|极易|易|会不会|是否|以防)"
    r"(?:会|再次?|任何|重大|又|发生|出现|引发|引起|造成|导致|酿成|有人|的|什么|过)*$"
)
_PAST = re.compile(r"(?:去年|前年|曾经|曾|以前|之前|上次|过去)[^，。！？；,.!?;\n又]{0,6}$")
_ONLY_TALK = re.compile(r"(?:的)?(?:隐患|风险|演练|演习|宣传|知识|预防|报警器|应急预案|保险|大甩卖|价)")


class Alarm:
    """Finds alarm words with their rank; built once, read from any thread."""

    def __init__(self, words: Mapping[str, int] = EMERGENCY_WORDS) -> None:
        self._words = WordIndex((folded(word), (word, rank)) for word, rank in words.items())

    def raised(self, text: str) -> list[tuple[str, int]]:
        """The alarm words of a text with their ranks, those denied, long past or only talked about left out."""
        plain = folded(text)
        return [
            match.values[0]
            for match in self._words.longest(plain)
            if not _DENIED.search(plain, max(0, match.start - 16), match.start)
            and not _PAST.search(plain, max(0, match.start - 12), match.start)
            and not _ONLY_TALK.match(plain, match.end)
        ]
