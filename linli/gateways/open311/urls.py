"""The addresses, as the specification has them: discovery at the root, everything else below its version."""

from django.urls import path, register_converter

from linli.gateways.open311 import api


class Written:
    """The format is the ending of the address."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Written, "written")

app_name = "open311"
urlpatterns = [
    path("discovery.<written:written>", api.discovery, name="discovery"),
    path("v2/services.<written:written>", api.services, name="services"),
    path("v2/services/<str:code>.<written:written>", api.definition, name="definition"),
    path("v2/requests.<written:written>", api.requests, name="requests"),
    path("v2/requests/<str:number>.<written:written>", api.request_, name="request"),
    path("v2/tokens/<str:token>.<written:written>", api.token, name="token"),
]
