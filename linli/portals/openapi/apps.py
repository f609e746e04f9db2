"""Django's handle on this app."""

from django.apps import AppConfig


class OpenApiConfig(AppConfig):
    """数据接口."""

    name = "linli.portals.openapi"
    label = "openapi"
    verbose_name = "数据接口"
