"""Django's handle on this app."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """期限日历."""

    name = "linli.portals.calendars"
    label = "calendars"
    verbose_name = "期限日历"
