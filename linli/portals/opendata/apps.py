"""Django's handle on this app."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    """公开数据."""

    name = "linli.portals.opendata"
    label = "opendata"
    verbose_name = "公开数据"

    def ready(self) -> None:
        """Declare the list of how data is published; publish last month."""
        from linli.mechanisms import rulebook
        from linli.portals.opendata import tasks
        from linli.portals.opendata.rules import Publishing

        rulebook.declare(Publishing)
