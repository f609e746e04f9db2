"""`linli static`: style sheets and scripts gathered, compressed and named by their content, so that browsers keep them."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    """Gather into LINLI_STATIC; servers started afterwards use it. In a process of its own: settings differ for it."""
    del args
    folder = Path(os.environ.get("LINLI_STATIC") or str(settings.STATIC_ROOT))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(
            f"linli static: {folder} cannot be made ({error.strerror}); LINLI_STATIC may name another", file=sys.stderr
        )
        return 1
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v", "0"]
    done = subprocess.run(command, env=os.environ, check=False)  # noqa: S603
    if done.returncode == 0:
        print(f"gathered in {folder}")
    return done.returncode
