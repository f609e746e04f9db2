"""Django's handle on this app."""

from django.apps import AppConfig


class WhistlesConfig(AppConfig):
    """吹哨报到."""

    name = "linli.work.whistles"
    label = "whistles"
    verbose_name = "吹哨报到"

    def ready(self) -> None:
        """Declare the lists this app is decided by, and let timers find it."""
        from linli.mechanisms import rulebook
        from linli.work.whistles import service
        from linli.work.whistles.rules import LISTS

        for each in LISTS:
            rulebook.declare(each)
