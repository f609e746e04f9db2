"""短信网关: where the provider reports."""

from django.urls import path

from linli.gateways.sms import web

app_name = "sms"
urlpatterns = [
    path("fates/<str:key>/", web.fates, name="fates"),
    path("answers/<str:key>/", web.answers, name="answers"),
]
