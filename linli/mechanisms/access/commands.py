"""`linli account first`: the account of whoever will open all others. Every later one is opened on the page 人员 (people)."""

import argparse
import sys

from linli.mechanisms.access import queries, service
from linli.mechanisms.access.actors import Actor, Refused
from linli.mechanisms.access.forms import AccountForm
from linli.mechanisms.access.models import Body
from linli.mechanisms.rulebook import NoRuleError
from linli.mechanisms.territory import queries as places

COMMAND_LINE = Actor.system("command-line")
"""Who the journal says it was: whoever could run a command on the city's server."""
ASKED = {
    "username": "用户名（小写字母、数字、点、横线，定了不改）",
    "name": "姓名",
    "body": "单位全称（没有的会设立）",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb; what is not given is asked for."""
    parser.add_argument("verb", choices=("first",), help="open the account of whoever will open all others")
    parser.add_argument("--username", help="what they sign in with")
    parser.add_argument("--name", help="the person's name")
    parser.add_argument("--body", help="the full name of their body; established if it does not stand yet")
    parser.add_argument("--area", help="the code of the area they are over (default: the whole city)")
    parser.add_argument("--post", default="personnel_keeper", help="the kind of post (default: personnel_keeper)")
    parser.add_argument("--phone", default="", help="the office's telephone")
    parser.add_argument("--email", default="", help="where a forgotten password is set anew")


def run(args: argparse.Namespace) -> int:
    """Open it and show the password once; 1 with a reason if that may not be."""
    try:
        there = queries.appointers().first()
        if there is not None:  # Said before anything is asked.
            raise Refused(f"已经有能建号的人了：{there.post} {there.person}。请由他在“人员”页里建号、任命。")
        area = places.by_code(args.area) if args.area else places.city()
        if area is None:
            raise Refused("没有这个区域；先用 linli pack load 装入区划，再核对 --area 的代码。")
        form = AccountForm(
            {"username": _ask(args, "username"), "name": _ask(args, "name"), "phone": args.phone, "email": args.email}
        )
        if not form.is_valid():
            wrong = "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
            raise Refused(wrong)
        body = _ask(args, "body", otherwise=_governance_centre(area.id))
        person, password = service.open_first_account(
            post=args.post, body_name=body, area=area, by=COMMAND_LINE, **form.cleaned_data
        )
    except NoRuleError:
        print("规则库是空的；先用 linli pack load 载入城市包。", file=sys.stderr)
        return 1
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"建好了：{person.name}，{body}（{area.full_name}）。")
    print(f"用户名      {person.username}")
    print(f"一次性密码  {password}")
    print("只显示这一次。登录后要先换成自己的密码；其余的人由他在“人员”页里建号、任命。")
    return 0


def _ask(args: argparse.Namespace, name: str, *, otherwise: str = "") -> str:
    """What was given, or what is typed now; where nobody can type, the name of the option that is missing."""
    given = getattr(args, name) or ""
    if not given and sys.stdin.isatty():
        given = input(f"{ASKED[name]}{f' [{otherwise}]' if otherwise else ''}：").strip()
    given = given or otherwise
    if not given:
        raise Refused(f"还缺 --{name}：{ASKED[name]}。")
    return given


def _governance_centre(area_id: int) -> str:
    """The body that usually looks after posts, where it stands already."""
    found = Body.objects.filter(area_id=area_id, functions__contains=["governance-centre"], valid_to=None).first()
    return found.name if found else ""
