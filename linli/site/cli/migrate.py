"""`linli migrate`: the database's tables, brought up to date."""

import argparse

from django.core.management import call_command


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose but whether to look only."""
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if something would be changed"
    )


def run(args: argparse.Namespace) -> int:
    """Apply what is missing, each migration in its own transaction."""
    if args.check:
        from linli.site.observe import unapplied

        missing = unapplied()
        for name in missing:
            print(f"not applied: {name}")
        return 1 if missing else 0
    call_command("migrate", interactive=False, verbosity=1)
    return 0
