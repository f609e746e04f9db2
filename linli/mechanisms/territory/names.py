"""Place names in what people write: the gazetteer of the current tree, built once per version and process."""

from dataclasses import dataclass
from functools import lru_cache

from linli.engines.placetext import Entry, Gazetteer, spoken_names
from linli.mechanisms.territory import index
from linli.mechanisms.territory.index import Node, Snapshot
from linli.mechanisms.territory.models import AreaName, Compound, Level

_NEAR_HOME = 1.5  # How much a namesake inside `within` gains: less than one whose township is named in the sentence.


@dataclass(frozen=True, slots=True)
class Found:
    """An area a text names, the words that name it, and how well; scores compare the areas of one text only."""

    area: Node
    score: float
    matched: str


def find(text: str, within: int | None = None) -> list[Found]:
    """Areas a text names, the likeliest first. Of villages that share a name, the one whose township or county is named
    too comes first, then the one inside `within`; the rest keep the order of their codes.
    """
    held = index.current()
    best: dict[int, Found] = {}
    gazetteer, lies_in = _gazetteer(held)
    for mention in gazetteer.read(text).mentions:
        for candidate in mention.candidates:
            node = held.nodes[lies_in.get(candidate.id, candidate.id)]
            at_home = within is not None and within in node.lineage
            score = candidate.score * (_NEAR_HOME if at_home else 1.0)
            if node.id not in best or best[node.id].score < score:
                best[node.id] = Found(node, score, mention.text)
    return sorted(best.values(), key=lambda found: (-found.score, -found.area.level, found.area.code))


@lru_cache(maxsize=2)
def _gazetteer(held: Snapshot) -> tuple[Gazetteer, dict[int, int]]:
    """The names, and of each compound's entry (numbered below zero) the area it lies in."""
    official: dict[int, str] = dict(
        AreaName.objects.filter(valid_to=None, area__valid_to=None).values_list("area_id", "name")
    )
    places = [
        Entry(node.id, node.name, _aliases(node, official.get(node.id)), ancestors=node.lineage[:-1])
        for node in held.nodes.values()
        if node.level > Level.CITY
    ]
    compounds = [each for each in Compound.objects.order_by("id") if each.area_id in held.nodes]
    named = [
        Entry(-each.pk, each.name, _without_ending(each.name), ancestors=held.nodes[each.area_id].lineage)
        for each in compounds
    ]
    return Gazetteer([*places, *named]), {-each.pk: each.area_id for each in compounds}


def _without_ending(name: str) -> tuple[str, ...]:
    """蓝色港湾 for 蓝色港湾小区 and the other way round; nothing shorter than four characters, which sentences hold by chance."""
    if not name.endswith("小区"):
        return (f"{name}小区",)
    return (name[:-2],) if len(name) > 5 else ()


def _aliases(node: Node, official: str | None) -> tuple[str, ...]:
    """How else people say it: the committee's name, and 西谢社区 or 西谢村 for 西谢居委会."""
    said = [official, *spoken_names(official)] if official else []
    if node.kind == "subdistrict" and node.name.endswith("街道"):
        said += [f"{node.name}办事处", f"{node.name}办", node.name.removesuffix("街道") + "办事处"]
    if node.kind in {"town", "township"}:
        said += [f"{node.name}政府", f"{node.name}人民政府"]
    if node.kind == "community":
        said += [f"{node.name}居委会", f"{node.name}居民委员会"]
    if node.kind == "village":
        said += [f"{node.name}委会", f"{node.name}民委员会"] if node.name.endswith("村") else [f"{node.name}村委会"]
    return tuple(dict.fromkeys(name for name in said if name and name != node.name))
