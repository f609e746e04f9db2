"""小区名称进出 — the names of residential compounds in and out as CSV: each with the village or community it lies in.

No source with such names may be shipped with a city pack, so each city brings its own list: from the housing bureau, its
property companies or the grids' own books. All or nothing, and what a file says of a community replaces what was held of it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from linli.facts.territory import CompoundsListed
from linli.kernel import clock
from linli.kernel.text import clean
from linli.mechanisms import journal
from linli.mechanisms.territory import index, service
from linli.mechanisms.territory.exchange.rows import Refusal, Report, UnreadableError
from linli.mechanisms.territory.index import Node
from linli.mechanisms.territory.models import Compound, Level

NAME, COMMUNITY = ("小区", "name"), ("村居", "community")
"""The headings, in Chinese or English."""
SHORTEST, LONGEST = 3, 60
"""Characters of a name: a shorter one stands in too many sentences by chance."""
ROWS_AT_MOST = 50_000


def import_compounds(path: Path, *, by: journal.Author, dry_run: bool = False) -> Report:
    """导入小区 — nothing is written if a single row is refused. Raises UnreadableError for what is no such table."""
    report, wanted = Report(), defaultdict[int, dict[str, None]](dict)
    named = _by_name()
    for number, row in enumerate(_rows(path), start=1):
        report.rows = number
        if number > ROWS_AT_MOST:
            raise UnreadableError(f"{path}: 超过 {ROWS_AT_MOST} 行；请分县区导入")
        name, said = clean(row[0]), clean(row[1])
        why = _wrong(name, said, named)
        if why:
            report.refused.append(Refusal(number, name, *why))
            continue
        (community,) = named[said]
        if name in wanted[community.id]:
            report.refused.append(
                Refusal(number, name, "duplicate_code", f"{community.full_name}的{name}前面已经有了；请删去一行")
            )
        wanted[community.id][name] = None
    held = set(Compound.objects.filter(area_id__in=wanted).values_list("area_id", "name"))
    told = {(area, name) for area, names in wanted.items() for name in names}
    report.new, report.retired = len(told - held), len(held - told)
    if report.refused or dry_run or told == held:
        return report
    with service.change(source=path.name[:120], by=by) as now:
        Compound.objects.filter(area_id__in=wanted).delete()
        Compound.objects.bulk_create(
            Compound(area_id=area, name=name, source=now.source, noted_on=clock.today()) for area, name in sorted(told)
        )
        now.facts.append(CompoundsListed(now.version, len(told), len(wanted), now.source))
    report.written = True
    return report


def export_compounds(path: Path) -> int:
    """导出小区 — all that are held, in the form in which they are imported; how many."""
    nodes = index.current().nodes
    rows = [
        (name, nodes[area].full_name)
        for name, area in Compound.objects.order_by("area__code", "name").values_list("name", "area_id")
        if area in nodes
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((NAME[0], COMMUNITY[0]))
        writer.writerows(rows)
    return len(rows)


def _by_name() -> Mapping[str, list[Node]]:
    """Every village and community by its code, its full name, its name with its township, and its name alone."""
    held, found = index.current(), defaultdict[str, list[Node]](list)
    for node in held.nodes.values():
        if node.level != Level.COMMUNITY:
            continue
        parent = held.nodes.get(node.parent_id or 0)
        for name in dict.fromkeys(
            (node.code, node.full_name, f"{parent.name if parent else ''}{node.name}", node.name)
        ):
            found[name].append(node)
    return found


def _wrong(name: str, said: str, named: Mapping[str, list[Node]]) -> tuple[str, str] | None:
    if not SHORTEST <= len(name) <= LONGEST:
        return "malformed", f"小区名称应为 {SHORTEST} 到 {LONGEST} 个字；太短的名字，别的句子里会碰巧出现"
    if name in named:
        return "duplicate_code", f"{name}是村居的名称，不用再列"
    found = named.get(said, [])
    if not found:
        return "wrong_parent", f"没有叫“{said}”的村居；请写全称（如 滨城区市中街道西关社区）或12位代码"
    if len(found) > 1:
        return (
            "wrong_parent",
            f"“{said}”有 {len(found)} 处：{'、'.join(each.full_name for each in found[:5])}；请写全称",
        )
    return None


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        raise UnreadableError(f"{path}: 没有这个文件")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            headings = [heading.strip() for heading in reader.fieldnames or ()]
            reader.fieldnames = headings
            columns = [next((each for each in names if each in headings), "") for names in (NAME, COMMUNITY)]
            if not all(columns):
                raise UnreadableError(f"{path}: 第一行应为列名，要有“{NAME[0]}”和“{COMMUNITY[0]}”两列")
            for row in reader:
                yield row[columns[0]] or "", row[columns[1]] or ""
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: 不是 UTF-8 文本；请在表格软件里另存为“CSV UTF-8”") from None
    except csv.Error as error:
        raise UnreadableError(f"{path}: 不是 CSV（{error}）") from None
