"""`linli open311`: keys for outside systems that file matters by Open311: issue, list, revoke."""

import argparse
import sys
from datetime import datetime

from linli.gateways.open311 import queries, service
from linli.gateways.open311.models import ApiKey
from linli.kernel import clock
from linli.mechanisms.access.actors import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.territory import queries as places

COMMAND_LINE = Actor.system("command-line")
"""Who the journal says it was: whoever could run a command on the city's server."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Three verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    issue = verbs.add_parser("issue", help="make a key and show it, this once")
    issue.add_argument("--name", required=True, help="which system will use it")
    issue.add_argument("--body", required=True, help="the full name of the body that answers for the system")
    issue.add_argument("--area", help="the code of the area whose matters it may file (default: the body's)")
    verbs.add_parser("list", help="every key ever issued, how often and when last used; never the key itself")
    revoke = verbs.add_parser("revoke", help="shut a key out, from this moment on")
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
    bodies = list(Body.objects.select_related("area").filter(name=args.body, valid_to=None)[:2])
    if len(bodies) != 1:
        reason = "不止一个单位叫这个名字" if bodies else "没有这个单位"
        raise Refused(f"{reason}：{args.body}。请写全称，在“人员”页里可以查到。")
    area = places.by_code(args.area) if args.area else places.area(bodies[0].area_id)
    if area is None:
        raise Refused("没有这个区域；请核对 --area 的代码。")
    key, secret = service.issue(name=args.name, body=bodies[0], area=area, by=COMMAND_LINE)
    print(f"第 {key.pk} 号密钥：{key.name}，{bodies[0].name}，可报{area.full_name}的诉求。")
    print(f"api_key  {secret}")
    print("只显示这一次，请交给对方妥善保存；丢了就吊销，另发一个。")


def _list(args: argparse.Namespace) -> None:
    del args
    for key in queries.issued():
        state = f"{_day(key.revoked_at)} 吊销" if key.revoked_at else "有效"
        used = f"用过 {key.uses} 次，最近 {_day(key.used_at)}" if key.used_at else "没有用过"
        where = f"{key.body.name} {key.area.full_name}"
        print(f"{key.pk}  {key.prefix}…  {state}  {key.name}  {where}  {_day(key.issued_at)} 发放  {used}")


def _revoke(args: argparse.Namespace) -> None:
    key = ApiKey.objects.filter(pk=args.number).first()
    if key is None:
        raise Refused(f"没有第 {args.number} 号密钥；linli open311 list 列出全部。")
    service.revoke(key, by=COMMAND_LINE)
    print(f"第 {key.pk} 号密钥已吊销：{key.name}。")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(clock.CITY):%Y-%m-%d}"
