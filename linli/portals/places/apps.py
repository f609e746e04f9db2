"""Django's handle on this app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """区划公开."""

    name = "linli.portals.places"
    label = "places"
    verbose_name = "区划公开"
