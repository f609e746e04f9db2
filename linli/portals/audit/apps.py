"""Django's handle on this app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """查日志."""

    name = "linli.portals.audit"
    label = "audit"
    verbose_name = "查日志"
