"""Django's handle on this app."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """热线网关."""

    name = "linli.gateways.hotline"
    label = "hotline"
    verbose_name = "热线网关"

    def ready(self) -> None:
        """Declare the lists by which both sides understand each other; listen; say what is sent."""
        from linli.gateways.hotline import reactions, tasks
        from linli.gateways.hotline.rules import LISTS
        from linli.mechanisms import rulebook

        for each in LISTS:
            rulebook.declare(each)
