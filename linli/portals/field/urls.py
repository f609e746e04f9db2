"""今天 under /today/."""

from django.urls import path

from linli.portals.field import web

app_name = "field"
urlpatterns = [path("", web.today, name="today")]
