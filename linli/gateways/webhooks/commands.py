"""`linli webhooks`: what outside systems are told: list, stop, resume, replay."""

import argparse
import sys
from datetime import date, datetime, time

from linli.gateways.webhooks import queries, service
from linli.gateways.webhooks.models import Subscription
from linli.kernel import clock
from linli.mechanisms.access.actors import Actor, Refused

COMMAND_LINE = Actor.system("command-line")
"""Who the journal says it was: whoever could run a command on the city's server."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Four verbs. A subscription is made on the page, by who answers for it."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="every subscription, how it goes, and how much waits")
    for name, says in (("stop", "send nothing more to it"), ("resume", "go on sending")):
        verbs.add_parser(name, help=says).add_argument("number", type=int, help="its number in the list")
    replay = verbs.add_parser("replay", help="send again what is in the journal, under the same ids")
    replay.add_argument("number", type=int, help="its number in the list")
    replay.add_argument("--from-entry", type=int, help="from this entry on (`entry` in what was sent)")
    replay.add_argument("--since", help="from this day on, e.g. 2026-11-20")


def run(args: argparse.Namespace) -> int:
    """1 with a reason if it may not be."""
    try:
        {"list": _list, "stop": _stop, "resume": _resume, "replay": _replay}[args.verb](args)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _list(args: argparse.Namespace) -> None:
    del args
    for each in queries.visible_to(COMMAND_LINE).order_by("id"):
        state = {"": "在推", "asked": "停着", "failures": "连续失败，停了"}[each.stopped_for]
        waits = queries.waiting_of(each)
        trouble = f"  {each.last_error}" if each.last_error else ""
        print(f"{each.pk}  {state}  {each.name}  {each.address}  {each.area.full_name}  待送 {waits}{trouble}")


def _one(args: argparse.Namespace) -> Subscription:
    found = queries.visible_to(COMMAND_LINE).filter(pk=args.number).first()
    if found is None:
        raise Refused(f"没有第 {args.number} 号推送；linli webhooks list 列出全部。")
    return found


def _stop(args: argparse.Namespace) -> None:
    print(f"已停：{service.stop(_one(args), by=COMMAND_LINE).name}。")


def _resume(args: argparse.Namespace) -> None:
    print(f"已恢复：{service.resume(_one(args), by=COMMAND_LINE).name}。")


def _replay(args: argparse.Namespace) -> None:
    try:
        day = date.fromisoformat(args.since) if args.since else None
    except ValueError:
        raise Refused(f"--since 要写成 2026-11-20 这样的日子，不是 {args.since}。") from None
    since = datetime.combine(day, time(), tzinfo=clock.CITY) if day else None
    found = service.replay(_one(args), from_entry=args.from_entry, since=since, by=COMMAND_LINE)
    print(f"已排上补推：{found.name}。")
