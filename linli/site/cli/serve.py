"""`linli serve`: granian with WSGI workers. Style sheets and scripts are served by whitenoise."""

import argparse
import os
import tempfile

from linli.site import memory
from linli.site.cli import environment


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and with how many processes."""
    parser.add_argument(
        "--data", metavar="DIR", help="the folder of the city's data (default: LINLI_DATA, or the user's own)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--threads", type=int, default=3, help="requests that one process serves at once (default: 3)")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C. This parent process never imports Django: its children do, each for itself."""
    environment.describe(args.data)
    environment.start()
    # Each process counts its own requests; in this folder Prometheus finds the sum.
    counts = tempfile.TemporaryDirectory(prefix="linli-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts.name
    memory.spare()
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "linli.site.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=args.threads,
        backlog=1024,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=30,
        log_dictconfig=LOGGING,
    )
    with counts:
        server.serve()
    return 0


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "linli.site.loglines.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
