"""`linli tokens`: tokens by which machines act from posts: issue, list, revoke."""

import argparse
import sys
from datetime import date, datetime, timedelta

from linli.kernel import clock
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.actors import Actor, Refused
from linli.portals.openapi import queries, service
from linli.portals.openapi.models import Token

COMMAND_LINE = Actor.system("command-line")
"""Who the journal says it was: whoever could run a command on the city's server."""
DAYS = 90


def arguments(parser: argparse.ArgumentParser) -> None:
    """Three verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    issue = verbs.add_parser("issue", help="make a token and show it, this once")
    issue.add_argument("--name", required=True, help="which system will use it; every step it makes is signed with it")
    issue.add_argument("--username", required=True, help="from whose post it acts")
    issue.add_argument("--post", help="the kind of post, where somebody holds several (see docs/reference/powers.md)")
    issue.add_argument("--powers", help="which of the post's powers, with commas (default: all the API can use)")
    issue.add_argument("--until", help=f"the last day it is good, e.g. 2027-01-31 (default: {DAYS} days from now)")
    verbs.add_parser("list", help="every token ever issued, whose, until when, when last used; never the token itself")
    revoke = verbs.add_parser("revoke", help="shut a token out, from this moment on")
    revoke.add_argument("number", type=int, help="its number in the list")


def run(args: argparse.Namespace) -> int:
    """1 with a reason if it may not be."""
    try:
        {"issue": _issue, "list": _list, "revoke": _revoke}[args.verb](args)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _issue(args: argparse.Namespace) -> None:
    held = [each for each in queries.appointment_of(args.username) if args.post in {None, each.post.kind}]
    if len(held) != 1:
        reason = "有几个岗位，请用 --post 说明是哪一种" if held else "没有在任的这个岗位"
        raise Refused(f"{args.username} {reason}。")
    appointment = held[0]
    offered = queries.powers_of(access.actor_for(appointment.person, appointment))
    powers = [each.strip() for each in args.powers.split(",")] if args.powers else offered
    try:
        until = date.fromisoformat(args.until) if args.until else clock.today() + timedelta(days=DAYS)
    except ValueError:
        raise Refused(f"--until 要写成 2027-01-31 这样的日子，不是 {args.until}。") from None
    token, secret = service.issue(name=args.name, appointment=appointment, powers=powers, until=until, by=COMMAND_LINE)
    print(f"第 {token.pk} 号令牌：{token.name}，{appointment.person.name}，{appointment.post}，用到 {token.until}。")
    print(f"权限    {' '.join(token.powers)}")
    print(f"令牌    {secret}")
    print("只显示这一次，请交给管那个系统的人；丢了就吊销，另发一个。")


def _list(args: argparse.Namespace) -> None:
    del args
    for each in queries.issued():
        state = f"{_day(each.revoked_at)} 吊销" if each.revoked_at else f"用到 {each.until}"
        used = f"最近 {_day(each.used_at)} 用过" if each.used_at else "没有用过"
        print(
            f"{each.pk}  {each.prefix}…  {state}  {each.name}  {each.appointment}  {_day(each.issued_at)} 发放  {used}"
        )


def _revoke(args: argparse.Namespace) -> None:
    token = Token.objects.filter(pk=args.number).first()
    if token is None:
        raise Refused(f"没有第 {args.number} 号令牌；linli tokens list 列出全部。")
    service.revoke(token, by=COMMAND_LINE)
    print(f"第 {token.pk} 号令牌已吊销：{token.name}。")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(clock.CITY):%Y-%m-%d}"
