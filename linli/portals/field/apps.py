"""Django's handle on this app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """网格员端."""

    name = "linli.portals.field"
    label = "field"
    verbose_name = "网格员端"
