"""/places/: the tree, an area by any of its codes · /grids/: the card on the wall."""

from django.urls import path, register_converter

from linli.portals.places import web

app_name = "places"


class CodeConverter:
    """An area's code: digits, letters, hyphens."""

    regex = r"[0-9A-Za-z-]{1,24}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(CodeConverter, "area_code")

urlpatterns = [
    path("places/", web.index, name="index"),
    path("places/coverage/", web.coverage, name="coverage"),
    path("places/coverage/export/", web.export_coverage, name="export_coverage"),
    path("places/outlines/<int:level>.json", web.outlines, name="outlines"),
    path("places/was/<int:area_id>/", web.ended, name="ended"),
    path("places/<area_code:code>/", web.area, name="area"),
    path("places/<area_code:code>/coverage/", web.note_coverage, name="note_coverage"),
    path("grids/<area_code:code>/", web.grid, name="grid"),
]
