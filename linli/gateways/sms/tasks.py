"""What leaves for residents' telephones."""

from django.conf import settings

from linli.gateways.sms import service
from linli.mechanisms.journal import outward


@outward.task("sms.send", tries=6)
def send(message: int) -> None:
    """Send one. Sent twice after a crash, it bears the same mark, by which the provider knows it again."""
    if settings.SMS_URL:
        service.send(message)
