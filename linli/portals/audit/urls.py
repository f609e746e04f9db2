"""查日志 under /audit/."""

from django.urls import path

from linli.portals.audit import web

app_name = "audit"
urlpatterns = [path("", web.home, name="home")]
