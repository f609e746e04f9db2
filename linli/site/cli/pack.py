"""`linli pack check|diff|load`: a city pack, looked at or taken into force."""

import argparse
from pathlib import Path

from django.conf import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which pack."""
    parser.add_argument("action", choices=("check", "diff", "load"))
    parser.add_argument("path", nargs="?", type=Path, help="the pack's folder (default: LINLI_PACK, or packs/binzhou)")


def run(args: argparse.Namespace) -> int:
    """The rulebook does the work."""
    from linli.mechanisms.rulebook import commands

    action = {"check": commands.check, "diff": commands.diff, "load": commands.load}[args.action]
    return int(action(args.path or settings.PACK) or 0)
