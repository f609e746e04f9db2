"""/rules/: all lists · one list's history · one version · a new calendar year."""

from django.urls import path, register_converter

from linli.portals.rules import web

app_name = "rulebook"


class KeyConverter:
    """A list's key: "matters/limits"."""

    regex = r"[a-z0-9_-]+(?:/[a-z0-9_-]+)+"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(KeyConverter, "rule_key")

urlpatterns = [
    path("", web.index, name="index"),
    path("calendar/enter/", web.enter_year, name="enter_year"),
    path("<rule_key:key>/v<int:number>/", web.version, name="version"),
    path("<rule_key:key>/", web.history, name="history"),
]
