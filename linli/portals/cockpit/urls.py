"""领导页 under /board/."""

from django.urls import path

from linli.portals.cockpit import web

app_name = "cockpit"
urlpatterns = [
    path("", web.board, name="board"),
    path("list/", web.behind, name="behind"),
    path("definitions/", web.meanings, name="meanings"),
]
