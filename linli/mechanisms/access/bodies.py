"""`linli bodies`: the city's bodies and their posts in from a table, out to one, and a draft of one to begin with."""

import argparse
import csv
import sys
from pathlib import Path

from linli.mechanisms.access import exchange
from linli.mechanisms.access.actors import Refused
from linli.mechanisms.access.commands import COMMAND_LINE
from linli.mechanisms.rulebook import NoRuleError

MOST_SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which file."""
    parser.add_argument(
        "verb",
        choices=("import", "export", "draft"),
        help="import: establish or revise what the table says; export: write what stands; "
        "draft: write what such a city usually has, to be corrected",
    )
    parser.add_argument("file", type=Path, help=f"a CSV with the columns {', '.join(exchange.COLUMNS)}")
    parser.add_argument("--dry-run", action="store_true", help="import: check and report, write nothing")


def run(args: argparse.Namespace) -> int:
    """0 if it was done, 1 with every reason if not."""
    try:
        if args.verb == "import":
            return _import(args.file, dry=args.dry_run)
        n = exchange.write(args.file) if args.verb == "export" else exchange.draft(args.file)
    except NoRuleError:
        print("规则库是空的；先用 linli pack load 载入城市包。", file=sys.stderr)
        return 1
    except (exchange.UnreadableError, Refused, OSError, csv.Error) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{args.file}：{n} 个单位。")
    if args.verb == "draft":
        print("这是照通常情形写的底稿，不是本市的事实：请各地核对、删改以后再装入。")
    return 0


def _import(file: Path, *, dry: bool) -> int:
    wanted, problems = exchange.read(file)
    if problems:
        print(f"有 {len(problems)} 处要改，一行也没有装入：", file=sys.stderr)
        for problem in problems[:MOST_SHOWN]:
            print(f"  {problem}", file=sys.stderr)
        if len(problems) > MOST_SHOWN:
            print(f"  … 还有 {len(problems) - MOST_SHOWN} 处", file=sys.stderr)
        return 1
    if dry:
        print(f"{len(wanted)} 个单位、{sum(len(each.posts) for each in wanted)} 个岗位，没有问题。没有装入。")
        return 0
    done = exchange.bring_in(wanted, by=COMMAND_LINE)
    print(f"设立单位 {done.bodies} 个、岗位 {done.posts} 个，改了 {done.revised} 个单位。")
    return 0
