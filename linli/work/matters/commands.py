"""`linli privacy`: what personal data is past its period, and clearing it at once. The worker does the same by itself."""

import argparse

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.work.matters import rules
from linli.work.matters.models import Matter
from linli.work.matters.service import privacy


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb."""
    parser.add_argument("verb", choices=("anonymise",), help="clear contact data, personal details in words, photos")
    parser.add_argument("--dry-run", action="store_true", help="only say how many are due; change nothing")
    parser.add_argument("--limit", type=int, default=0, help="stop after so many matters (default: all)")


def run(args: argparse.Namespace) -> int:
    """0; every matter is a transaction of its own, so it may be cut off and run again."""
    edition, now = rulebook.current(rules.Retentions), clock.now()
    assumed = "（暂定）" if edition.list.assumed else ""
    print(f"依据：{edition.list.title} {edition.ref}{assumed}")
    waiting = {part: privacy.due(part, now=now).count() for part in rules.PARTS}
    named = {"contact": "联系方式", "words": "文字里的个人信息", "photos": "照片"}
    for part, many in waiting.items():
        print(f"{named[part]}：{many} 件到期")
    if args.dry_run:
        return 0
    total, done = sum(waiting.values()), 0
    numbers: dict[str, set[rules.Part]] = {}
    for part in rules.PARTS:
        for number in privacy.due_numbers(part, now=now):
            numbers.setdefault(number, set()).add(part)
    for number, parts in numbers.items():
        if args.limit and done >= args.limit:
            break
        done += privacy.clear(Matter.objects.get(number=number), parts=parts, by=Actor.system("command-line"))
        print(f"\r已清除 {done} 件，共 {len(numbers)} 件", end="", flush=True)
    print(f"\r已清除 {done} 件，还剩 {len(numbers) - done} 件。" if total else "没有到期的。")
    return 0
