"""`linli hotline`: tickets in from a file, messages out into one, and the comparison of a day."""

import argparse
import os
import sys
from datetime import date, timedelta
from pathlib import Path

from linli.engines import sheets
from linli.gateways.hotline import handing_over, reading, reconciling, sending, service
from linli.kernel import clock


def arguments(parser: argparse.ArgumentParser) -> None:
    """Five verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    take = verbs.add_parser("take", help="take in the tickets of a file (CSV, XLSX)")
    take.add_argument("file", type=Path, help="the table; its first line names the columns")
    take.add_argument(
        "--wrong", type=Path, help="where to write the rows that were not taken, to be mended and sent again"
    )
    give = verbs.add_parser("give", help="write what the hotline has not been told into a file")
    give.add_argument("--into", type=Path, required=True, help="the folder from which the hotline fetches its files")
    over = verbs.add_parser("hand-over", help="write our own matters that are the hotline's into a file")
    over.add_argument("--into", type=Path, required=True, help="the folder from which the hotline fetches its files")
    hear = verbs.add_parser("hear", help="read how far the hotline is with what was handed over (CSV, XLSX)")
    hear.add_argument("file", type=Path, help="the table; its first line names the columns")
    compare = verbs.add_parser("compare", help="lay both sides' lists of a day beside each other")
    compare.add_argument("--day", type=date.fromisoformat, help="which day (default: yesterday)")
    compare.add_argument("--file", type=Path, help="their list, where they cannot be asked over HTTP")


def run(args: argparse.Namespace) -> int:
    """1 if something is missing or could not be taken."""
    try:
        return VERBS[args.verb](args)
    except (reading.WrongError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _take(args: argparse.Namespace) -> int:
    table = reading.from_file(args.file.name, args.file.read_bytes())
    done = service.take(table.rows, way="file")
    wrong = [each for each in done if each.result == "wrong"]
    accepted = sum(each.result == "accepted" for each in done)
    print(f"收下 {accepted} 张，以前收过 {len(done) - accepted - len(wrong)} 张，收不了 {len(wrong)} 张。")
    for each in wrong:
        print(f"  第 {each.line} 行 {each.foreign}：{each.remedy}")
    if wrong and args.wrong:
        lines = reading.written(((each.line, each.remedy, each.given) for each in wrong), table.headings)
        _write(args.wrong, b"".join(sheets.as_csv(["行号", "怎么改", *table.headings], lines)))
        print(f"收不了的写在 {args.wrong}；改好后把这个文件再送一次即可。")
    return 1 if wrong else 0


def _give(args: argparse.Namespace) -> int:
    waiting = list(sending.waiting().select_related("ticket").order_by("id"))
    if not waiting:
        print("没有要回传的。")
        return 0
    now = clock.now()
    to = args.into / f"12345-{now:%Y%m%d-%H%M%S}.csv"
    _write(to, b"".join(sheets.as_csv([heading for _name, heading in sending.COLUMNS], sending.as_lines(waiting))))
    sending.mark_sent([each.pk for each in waiting], at=now)
    print(f"{len(waiting)} 条写在 {to}。")
    return 0


def _hand_over(args: argparse.Namespace) -> int:
    rows = list(handing_over.waiting().order_by("id"))
    if not rows:
        print("没有要移交的。")
        return 0
    now = clock.now()
    to = args.into / f"12345-over-{now:%Y%m%d-%H%M%S}.csv"
    _write(to, b"".join(sheets.as_csv(*handing_over.as_table(rows))))
    handing_over.mark_sent(rows, by=service.SYSTEM, at=now)
    print(f"{len(rows)} 件写在 {to}。热线的工单编号和进展，用 linli hotline hear 收。")
    return 0


def _hear(args: argparse.Namespace) -> int:
    rows = reading.from_lines(args.file.name, args.file.read_bytes(), handing_over.COLUMNS)
    done = handing_over.hear(rows)
    wrong = [(line, each) for line, each in enumerate(done, start=2) if each.result == "wrong"]
    heard = sum(each.result == "done" for each in done)
    print(f"听到 {heard} 条，以前听过 {len(done) - heard - len(wrong)} 条，听不懂 {len(wrong)} 条。")
    for line, each in wrong:
        print(f"  第 {line} 行：{each.remedy}")
    return 1 if wrong else 0


def _compare(args: argparse.Namespace) -> int:
    day = args.day or clock.today() - timedelta(days=1)
    theirs = reading.from_file(args.file.name, args.file.read_bytes()).rows if args.file else None
    found = reconciling.compare(day, theirs=theirs)
    if found.problem:
        print(f"{day} 没有对成：{found.problem}", file=sys.stderr)
        return 1
    print(f"{day} 对方 {found.theirs} 张，我方 {found.ours} 张。")
    for words, numbers in (
        ("对账时补收", found.taken_in),
        ("我方缺", [f"{each['number']}（{each['why']}）" for each in found.missing_here]),
        ("对方缺", found.missing_there),
        ("进展不一致，已再回传", found.behind),
        ("移交的对方缺，已再移交", found.over_missing),
        ("移交的对账时才听到", found.over_heard),
    ):
        if numbers:
            print(f"{words} {len(numbers)} 张：{'、'.join(numbers)}")
    if found.is_even:
        print("两边一样。")
    return 0 if found.is_even else 1


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: nobody fetches half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    with half.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)


VERBS = {"take": _take, "give": _give, "hand-over": _hand_over, "hear": _hear, "compare": _compare}
