"""Django's handle on this app."""

from django.apps import AppConfig


class ToyConfig(AppConfig):
    """玩具."""

    name = "tests.toy"
    label = "toy"
