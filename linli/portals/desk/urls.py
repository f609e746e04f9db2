"""工作台 under /desk/."""

from django.urls import path

from linli.portals.desk import exporting, web

app_name = "desk"
urlpatterns = [
    path("", web.queue, name="queue"),
    path("", web.queue, name="search"),
    path("export/", exporting.export, name="export"),
    path("points.json", web.points, name="points"),
]
