"""Django's handle on this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """工作台."""

    name = "linli.portals.desk"
    label = "desk"
    verbose_name = "工作台"
