"""`linli opendata`: publish a month, or say what is out."""

import argparse
import sys

from linli.mechanisms.access import Actor
from linli.portals.opendata import service
from linli.portals.opendata.models import Publication


def arguments(parser: argparse.ArgumentParser) -> None:
    """Two verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    publish = verbs.add_parser("publish", help="publish the anonymised matters of a month that is over, once")
    publish.add_argument("--month", required=True, help="which month, as 2026-10")
    verbs.add_parser("list", help="what is out, and how many were left out")


def run(args: argparse.Namespace) -> int:
    """1 with a reason if it may not be."""
    if args.verb == "list":
        for row in Publication.objects.defer("content").order_by("month"):
            print(f"{row}  公开 {row.rows} 件，没有公开 {row.suppressed} 件（k={row.k}）  sha256 {row.sha256}")
        return 0
    month = service.month_of(args.month)
    if month is None:
        print(f"“{args.month}”不是月份；写成 2026-10 这样。", file=sys.stderr)
        return 1
    try:
        row = service.publish(month, by=Actor.system("command-line"))
    except service.NotYetError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{row} 公开 {row.rows} 件，没有公开 {row.suppressed} 件（凑不足 {row.k} 件一组）。")
    return 0
