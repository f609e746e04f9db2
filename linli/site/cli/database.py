"""`linli database`: start, stop or find the embedded database."""

import argparse

from linli.site.database import Server


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which folder."""
    parser.add_argument("action", choices=("start", "stop", "status", "url"))
    parser.add_argument(
        "--data", metavar="DIR", help="the folder of the city's data (default: LINLI_DATA, or the user's own)"
    )
    parser.add_argument("--throwaway", action="store_true", help="for tests: quick, and lost if the machine crashes")


def run(args: argparse.Namespace) -> int:
    """`start` and `url` print the address for DATABASE_URL, and nothing else."""
    server = Server(args.data, throwaway=args.throwaway)
    if args.action == "start":
        print(server.start())
    elif args.action == "url":
        print(server.url)
    elif args.action == "stop":
        print("stopped" if server.stop() else "it was not running")
    else:
        status = server.status()
        state = "answers" if status.answers else "runs, and does not answer" if status.running else "is not running"
        version = f"PostgreSQL {status.version}" if status.version else "no database yet"
        print(f"{state} (data: {status.data}, {version}, pid: {status.pid or '–'}, log: {status.log})")
        return 0 if status.answers else 3
    return 0
