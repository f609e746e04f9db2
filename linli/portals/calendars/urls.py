"""期限日历."""

from django.urls import path

from linli.portals.calendars import web

app_name = "calendars"
urlpatterns = [
    path("me/calendar/", web.mine, name="mine"),
    path("me/calendar/open/", web.open_feed, name="open"),
    path("me/calendar/revoke/", web.revoke_feed, name="revoke"),
    path("calendar/<str:secret>.ics", web.feed, name="feed"),
]
