"""Django's handle on this app."""

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    """领导页."""

    name = "linli.portals.cockpit"
    label = "cockpit"
    verbose_name = "领导页"
