"""`linli pack check | diff | load`: what the operator types, and the report that is printed. Each returns an exit code."""

from pathlib import Path
from typing import Any

from linli.kernel.rules import Status
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import changes, pack, service
from linli.mechanisms.rulebook.changes import FieldChange, ListChange
from linli.mechanisms.rulebook.pack import Pack

MARKS = {"added": "+", "removed": "-", "changed": "~"}
MOST_ITEMS = 30


def check(path: Path) -> int:
    """检查 — everything wrong with a pack, all at once. Needs no database."""
    found = pack.read(Path(path))
    if _refused(found):
        return 1
    items = sum(len(source.rules.items) for source in found.sources)
    assumed = sum(len(source.rules.assumed) for source in found.sources)
    assert found.head is not None, "a pack without problems has a head"
    print(
        f"{found.head.city.name}城市包没有问题：{len(found.sources)} 张清单，{items} 个条目，其中 {assumed} 个是暂定的。"
    )
    for source in found.sources:
        whole = source.rules.status is Status.ASSUMED
        some = len(source.rules.assumed)
        note = "整张暂定" if whole else f"{some} 个暂定" if some else "已确定"
        print(f"  {source.key:<28} {len(source.rules.items):>4} 条  {note}  {source.rules.title}")
    return 0


def diff(path: Path) -> int:
    """比较 — what loading would change, item by item, and which open matters that touches. Changes nothing."""
    found = pack.read(Path(path))
    if _refused(found):
        return 1
    changed = changes.between(found)
    if not changed:
        print("城市包和规则库一致，没有要改的。")
    for each in changed:
        _print_change(each)
    for key in changes.only_in_the_rulebook(found):
        print(f"只在规则库里（由办公室录入），保持不变：{key}")
    return 1 if any(each.refused for each in changed) else 0


def load(path: Path) -> int:
    """载入 — enact what differs; the same pack again does nothing. All or nothing."""
    found = pack.read(Path(path))
    if _refused(found):
        return 1
    try:
        loaded = service.load(found, by=Author("system", None, "pack"))
    except service.RefusedRuleError as error:
        print("没有载入：")
        for problem in error.problems:
            print(f"  {problem}")
        return 1
    for ref in loaded.enacted:
        source = found.source(ref.key)
        print(f"  {ref}  自 {source.rules.in_force} 起施行  {source.rules.title}")
    print(f"载入 {len(loaded.enacted)} 张清单的新版本，{len(loaded.unchanged)} 张没有变化。")
    return 0


def _refused(found: Pack) -> bool:
    if not found.problems:
        return False
    print(f"城市包有 {len(found.problems)} 处要改：")
    for problem in found.problems:
        print(f"  {problem}")
    return True


def _print_change(change: ListChange) -> None:
    against = f"对照 {change.against}" if change.against else "新清单"
    print(f"{change.key}  {change.title}（{against}，自 {change.in_force} 起）")
    if change.refused:
        print(f"  ! 载入会被拒绝：{change.refused}")
    for field in change.head:
        print(f"  ~ {_field(field)}")
    if change.against is None:
        print(f"  + 共 {len(change.items)} 个条目")
    else:
        for item in change.items[:MOST_ITEMS]:
            print(f"  {MARKS[item.kind]} {item.code} {item.name}".rstrip())
            for field in item.fields:
                print(f"      {_field(field)}")
        if len(change.items) > MOST_ITEMS:
            print(f"  … 还有 {len(change.items) - MOST_ITEMS} 个条目")
    for each in change.affected:
        first = f"：{'、'.join(each.first)}{' 等' if each.count > len(each.first) else ''}" if each.first else ""
        print(f"  → 涉及{each.what} {each.count} 件{first}")


def _field(field: FieldChange) -> str:
    return f"{field.name}：{_shown(field.old)} → {_shown(field.new)}"


def _shown(value: Any) -> str:
    if value is None:
        return "（无）"
    text = "、".join(str(each) for each in value) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
