"""/api/: the description to read · /api/v1/: the interface · /api/tokens/: whose tokens there are."""

from django.urls import URLPattern, include, path, re_path

from linli.mechanisms.access import public
from linli.portals.openapi import operations, web
from linli.portals.openapi.calling import api

app_name = "openapi"
_OPERATIONS: list[URLPattern] = [each for each in api.urls[0] if isinstance(each, URLPattern)]
_SPOKEN = [path(str(each.pattern), public(web.spoken(each.callback)), name=each.name) for each in _OPERATIONS]
"""A token says who calls, so these are open to strangers, who get 401 from them."""

urlpatterns = [
    path("", web.index, name="index"),
    path("v1/openapi.json", web.description, name="description"),
    path("tokens/", web.tokens, name="tokens"),
    path("tokens/<int:token>/revoke", web.revoke, name="revoke"),
    path("v1/", include(([*_SPOKEN, re_path("", web.nowhere, name="nowhere")], "v1"))),
]
assert operations.__all__, "importing the operations declares them"
