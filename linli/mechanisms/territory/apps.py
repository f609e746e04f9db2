"""Django's handle on this app."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """哪里."""

    name = "linli.mechanisms.territory"
    label = "territory"
    verbose_name = "哪里"
