"""`linli`: the operator's one command. One module per command, imported only when it is asked for.

A command's module has `arguments(parser)` and `run(args) -> int`. Those of the mechanisms, the demo and the bench live where
their subject lives; this page is the list of all of them.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from enum import Enum
from typing import NoReturn


class Needs(Enum):
    """What must stand before a command's module is imported and run."""

    NOTHING = "nothing"
    SETTINGS = "settings"  # Django is set up; the database may be down.
    DATABASE = "database"  # It answers: the embedded one is started, if none is named.


COMMANDS: dict[str, tuple[str, Needs, str]] = {
    "demo": ("linli.site.demo", Needs.NOTHING, "a living demo city on this machine, with one-click sign-in"),
    "serve": ("linli.site.cli.serve", Needs.NOTHING, "the web server"),
    "worker": (
        "linli.site.cli.worker",
        Needs.DATABASE,
        "delivers facts, fires timers, sends e-mail, seals the journal",
    ),
    "migrate": ("linli.site.cli.migrate", Needs.DATABASE, "brings the database's tables up to date"),
    "static": (
        "linli.site.cli.static",
        Needs.SETTINGS,
        "gathers and compresses style sheets and scripts, once per release",
    ),
    "pack": ("linli.site.cli.pack", Needs.SETTINGS, "check, compare or load a city pack"),
    "territory": ("linli.mechanisms.territory.commands", Needs.DATABASE, "areas and grids in and out of files"),
    "account": ("linli.mechanisms.access.commands", Needs.DATABASE, "opens the first account of a city"),
    "bodies": ("linli.mechanisms.access.bodies", Needs.DATABASE, "bodies and posts in and out of a table"),
    "keys": ("linli.mechanisms.access.keys", Needs.DATABASE, "the keys that seal residents' contact data"),
    "privacy": (
        "linli.work.matters.commands",
        Needs.DATABASE,
        "clears personal data whose period has passed; says what is due",
    ),
    "open311": (
        "linli.gateways.open311.commands",
        Needs.DATABASE,
        "keys for outside systems that file matters by Open311",
    ),
    "hotline": (
        "linli.gateways.hotline.commands",
        Needs.DATABASE,
        "tickets of the 12345 hotline in and out of files, and compared",
    ),
    "sms": (
        "linli.gateways.sms.commands",
        Needs.DATABASE,
        "how the text messages stand, and where their provider reports",
    ),
    "opendata": ("linli.portals.opendata.commands", Needs.DATABASE, "publishes a month of anonymised matters"),
    "tokens": (
        "linli.portals.openapi.commands",
        Needs.DATABASE,
        "tokens by which machines act from posts over the JSON API",
    ),
    "webhooks": (
        "linli.gateways.webhooks.commands",
        Needs.DATABASE,
        "what outside systems are told as it happens",
    ),
    "verify": (
        "linli.mechanisms.journal.commands",
        Needs.DATABASE,
        "finds a changed, removed or reordered journal entry",
    ),
    "replay": ("linli.mechanisms.journal.commands", Needs.DATABASE, "rebuilds projections from the journal"),
    "backup": ("linli.site.cli.backup", Needs.DATABASE, "database, media and secret key in one file"),
    "restore": ("linli.site.cli.restore", Needs.DATABASE, "puts a backup back"),
    "doctor": ("linli.site.cli.doctor", Needs.SETTINGS, "looks for what is wrong, and says how to mend it"),
    "bench": ("bench.main", Needs.NOTHING, "measures speed against a floor in the same run"),
    "database": ("linli.site.cli.database", Needs.NOTHING, "start, stop or find the embedded database"),
}


class Parser(argparse.ArgumentParser):
    """Errors in one sentence, and where to read on."""

    def error(self, message: str) -> NoReturn:
        """Exit code 2, as argparse."""
        self.exit(2, f"{self.prog}: {message}\n{self.prog} --help says what may follow.\n")


def overview() -> str:
    """What `linli --help` prints."""
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:<{width}}  {summary}" for name, (_, _, summary) in COMMANDS.items())
    return (
        f"usage: linli COMMAND [--data DIR] …\n\n邻里: the open platform on which a city runs its grassroots governance\n\n{lines}\n\n"
        "linli COMMAND --help tells more. --data DIR (or LINLI_DATA) names the folder of the city's data; DATABASE_URL a\n"
        "PostgreSQL of your own. Every setting is an environment variable.\n"
    )


def run(argv: Sequence[str]) -> int:
    """Run one command; its exit code."""
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(overview(), end="")
        return 0
    name = argv[0]
    if name not in COMMANDS:
        print(f"linli: there is no command {name!r}. linli --help lists them.", file=sys.stderr)
        return 2
    path, needs, summary = COMMANDS[name]
    parser = Parser(prog=f"linli {name}", description=f"{summary[0].upper()}{summary[1:]}.")
    if needs is not Needs.NOTHING:
        parser.add_argument(
            "--data", metavar="DIR", help="the folder of the city's data (default: LINLI_DATA, or the user's own)"
        )
        _set_up(argv[1:])
    command = importlib.import_module(path)
    command.arguments(parser)
    args = parser.parse_args(argv[1:])
    args.command = name
    if needs is Needs.DATABASE:
        from linli.site.cli import environment

        environment.start()
    return int(command.run(args) or 0)


def _set_up(argv: Sequence[str]) -> None:
    """Django must be set up before a command that imports models is even asked for its arguments."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--data")
    from linli.site.cli import environment

    environment.describe(early.parse_known_args(argv)[0].data)
    environment.set_up()


def main() -> NoReturn:
    """The entry of `python -m linli`: errors that were written for people are shown without a trace."""
    from linli.site.database.folders import DatabaseError

    try:
        code = run(sys.argv[1:])
    except DatabaseError as error:
        print(f"linli: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code)
