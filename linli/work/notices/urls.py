"""消息 under /notices/."""

from django.urls import path

from linli.work.notices import web

app_name = "notices"
urlpatterns = [
    path("", web.notices, name="inbox"),
    path("read/", web.read, name="read"),
]
