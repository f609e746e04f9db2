"""What a web process makes before it takes its first request, so that nobody's first request waits for it."""

import logging
import time

from django.db import connections

from linli.site import memory

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
    memory.settle()
    log.info("ready", extra={"seconds": round(time.monotonic() - began, 2)})
