"""What leaves the city for subscribers."""

from linli.gateways.webhooks import sending, service
from linli.mechanisms.journal import outward


@outward.task(service.SEND)
def send(subscription: int) -> None:
    """Send what waits. Done twice after a crash, the receiver sees the same ids again."""
    sending.send(subscription)


@outward.task(service.REPLAY)
def replay(subscription: int, first: int, last: int) -> None:
    """Queue entries once more. Done twice, it is the same."""
    sending.replay(subscription, first, last)
