"""`linli pack check|diff|load`: a city pack, looked at or taken into force."""

import argparse
from pathlib import Path

from django.conf import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which pack."""
    parser.add_argument("action", choices=("check", "diff", "load"))
    parser.add_argument(
        "--illustrate", action="store_true", help="load: draw illustrative (示意) grids where the city has none yet"
    )
    parser.add_argument("path", nargs="?", type=Path, help="the pack's folder (default: LINLI_PACK, or packs/binzhou)")


def run(args: argparse.Namespace) -> int:
    """The rulebook does the work, and territory its part: a pack's rules first, then its places."""
    from linli.mechanisms.rulebook import commands
    from linli.mechanisms.territory import commands as places
    from linli.site.cli import environment

    if args.action != "check":  # A pack is written and checked on machines that have no city.
        environment.start()
    pack = args.path or settings.PACK
    action = {"check": commands.check, "diff": commands.diff, "load": commands.load}[args.action]
    code = int(action(pack) or 0)
    if code or args.action == "diff":
        return code
    return places.check_pack(pack) if args.action == "check" else places.load_pack(pack, illustrate=args.illustrate)
