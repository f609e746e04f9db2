"""领导页 under /board/."""

from django.urls import path

from linli.portals.cockpit import paper, rates, web

app_name = "cockpit"
urlpatterns = [
    path("", web.board, name="board"),
    path("list/", web.behind, name="behind"),
    path("definitions/", web.meanings, name="meanings"),
    path("rates/", rates.rates, name="rates"),
    path("rates/one/", rates.rate, name="rate"),
    path("rates/list/", rates.listed, name="listed"),
    path("brief/", paper.page, name="brief"),
    path("brief/pdf/", paper.pdf, name="brief_pdf"),
    path("brief/xlsx/", paper.xlsx, name="brief_xlsx"),
]
