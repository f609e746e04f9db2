"""工作台 under /desk/."""

from django.urls import path

from linli.portals.desk import exporting, web, web_bulk, web_map, web_phone, web_phrases, web_views

app_name = "desk"
urlpatterns = [
    path("", web.queue, name="queue"),
    path("", web.queue, name="search"),
    path("export/", exporting.export, name="export"),
    path("points.json", web.points, name="points"),
    path("fresh.json", web.fresh, name="fresh"),
    path("map/", web_map.heat, name="heat"),
    path("hexagons.json", web_map.hexagons, name="hexagons"),
    path("phone/", web_phone.phone, name="phone"),
    path("phone/read/", web_phone.read, name="phone_read"),
    path("phone/earlier/", web_phone.earlier, name="phone_earlier"),
    path("views/", web_views.manage, name="views"),
    path("views/keep/", web_views.keep, name="keep_view"),
    path("views/<int:pk>/edit/", web_views.edit, name="edit_view"),
    path("views/<int:pk>/move/", web_views.move, name="move_view"),
    path("views/<int:pk>/delete/", web_views.delete, name="delete_view"),
    path("views/<int:pk>/take_over/", web_views.take_over, name="take_over_view"),
    path("bulk/", web_bulk.orders, name="bulk_list"),
    path("bulk/<int:pk>/", web_bulk.order, name="bulk"),
    path("bulk/<int:pk>/do/", web_bulk.do, name="bulk_do"),
    path("bulk/<int:pk>/again/", web_bulk.again, name="bulk_again"),
    path("phrases/", web_phrases.manage, name="phrases"),
    path("phrases/<int:pk>/", web_phrases.manage, name="phrase"),
    path("phrases/<int:pk>/delete/", web_phrases.delete, name="delete_phrase"),
    path("phrases/insert/<str:number>/<str:verb>/", web_phrases.insert, name="insert_phrase"),
]
