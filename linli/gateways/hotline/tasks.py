"""What leaves for the hotline, and the comparison of yesterday."""

from linli.gateways.hotline import handing_over, reconciling, sending
from linli.mechanisms.journal import outward


@outward.task("hotline.send", tries=12)
def send(ticket: int) -> None:
    """Send what waits for one ticket. Sent twice after a crash, a message bears the same mark and is known again."""
    sending.send(ticket)


@outward.task("hotline.hand_over", tries=12)
def hand_over(row: int) -> None:
    """Give one of our matters to the hotline, or tell it that one was taken back: under one mark, however often."""
    handing_over.send(row)


@outward.hourly("hotline.reconcile", minute=20)
def reconcile() -> None:
    """Compare every day that was not yet compared."""
    for day in reconciling.due():
        reconciling.compare(day)
