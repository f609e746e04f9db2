"""Django's handle on this app."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """哪里."""

    name = "linli.mechanisms.territory"
    label = "territory"
    verbose_name = "哪里"

    def ready(self) -> None:
        """Declare the kinds of area and the functional zones."""
        from linli.mechanisms import rulebook
        from linli.mechanisms.territory.rules import Kinds, Zones

        rulebook.declare(Kinds)
        rulebook.declare(Zones)
