"""Django's handle on this app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """站点."""

    name = "linli.site"
    label = "site"
    verbose_name = "站点"
