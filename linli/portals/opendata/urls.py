"""公开数据 under /opendata/."""

from django.urls import path

from linli.portals.opendata import web

app_name = "opendata"
urlpatterns = [
    path("", web.index, name="index"),
    path("catalog.ttl", web.catalogue_ttl, name="catalogue_ttl"),
    path("catalog.jsonld", web.catalogue_json, name="catalogue_json"),
    path("dictionary.csv", web.dictionary_table, name="dictionary"),
    path("<str:month>/", web.month, name="month"),
    path("matters-<str:month>.csv", web.table, name="table"),
]
