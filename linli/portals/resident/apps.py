"""Django's handle on this app."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    """居民端."""

    name = "linli.portals.resident"
    label = "resident"
    verbose_name = "居民端"
