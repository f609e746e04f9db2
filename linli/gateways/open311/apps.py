"""Django's handle on this app."""

from django.apps import AppConfig


class Open311Config(AppConfig):
    """开放接口."""

    name = "linli.gateways.open311"
    label = "open311"
    verbose_name = "开放接口 Open311"
