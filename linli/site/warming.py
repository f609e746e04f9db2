"""What a web process makes before it takes its first request, so that nobody's first request waits for it."""

import contextlib
import ctypes
import gc
import logging
import time

from django.db import connections

log = logging.getLogger("linli.serve")


def warm() -> None:
    """The index of places, the words that name them, the categories' words; then give back what making them took.

    A city without places yet, or a database that is away, is no reason not to start: it is made when it is asked for.
    """
    from linli.kernel.coordinates import Point
    from linli.mechanisms import territory
    from linli.work.matters import proposals

    began = time.monotonic()
    try:
        territory.locate(Point(0.0, 0.0))
        territory.find("邻里")
        proposals.reasons_for("邻里")
    except Exception:  # Whatever it is, the first request will meet it again and say so.
        log.warning("could not make ready", exc_info=True)
    finally:
        connections.close_all()
    gc.collect()
    gc.freeze()  # What stays for good is not looked through again and again.
    with contextlib.suppress(OSError, AttributeError):  # Not glibc.
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    log.info("ready", extra={"seconds": round(time.monotonic() - began, 2)})
