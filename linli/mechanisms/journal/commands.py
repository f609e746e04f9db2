"""`linli verify` and `linli replay`, for the operator and the auditor."""

import argparse
import sys

from linli.mechanisms.journal import replay as rebuilding
from linli.mechanisms.journal import verification
from linli.mechanisms.journal.readers import READERS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Both commands share one parser: the command's own name tells them apart."""
    parser.add_argument("name", nargs="?", help="verify: a subject, e.g. matter:滨26-0417-0032; replay: a projection")


def run(args: argparse.Namespace) -> int:
    """Dispatch on the command's name."""
    return verify(args.name) if args.command == "verify" else replay(args.name)


def verify(subject: str | None) -> int:
    """Print every finding; 1 if there is one."""
    found = 0
    for finding in verification.findings(subject):
        found += 1
        print(f"✗ {finding}", file=sys.stdout)
    if found:
        print(f"日志有 {found} 处不符。")
        return 1
    print("日志完好：每一条、每条链、每张封条都重算相符。")
    print(f"尚未封存的主体：{verification.unsealed()} 个（每日零点后封存）。")
    return 0


def replay(name: str | None) -> int:
    """Rebuild one projection, or all of them."""
    names = [name] if name else sorted(reader.name for reader in READERS.values() if reader.is_projection)
    for each in names:
        try:
            done = rebuilding.replay(each, progress=lambda n: print(f"\r{n} 条", end="", flush=True))
        except rebuilding.NotAProjectionError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"\r{each}：已由 {done} 条日志重建。")
    return 0
