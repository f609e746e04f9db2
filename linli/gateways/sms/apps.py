"""Django's handle on this app."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    """短信网关."""

    name = "linli.gateways.sms"
    label = "sms"
    verbose_name = "短信网关"

    def ready(self) -> None:
        """Declare the lists of wording and limits; listen; say what is sent."""
        from linli.gateways.sms import reactions, tasks
        from linli.gateways.sms.rules import LISTS
        from linli.mechanisms import rulebook

        for each in LISTS:
            rulebook.declare(each)
