"""Last month's data, as soon as the month is over."""

from linli.mechanisms.journal import outward
from linli.portals.opendata import service


@outward.hourly("opendata.publish", minute=40)
def publish() -> None:
    """Publish last month, if nobody has."""
    service.publish_due()
