"""推送 under /webhooks/."""

from django.urls import path

from linli.gateways.webhooks import web

app_name = "webhooks"
urlpatterns = [
    path("", web.index, name="index"),
    path("new/", web.new, name="new"),
    path("<int:number>/", web.subscription, name="subscription"),
    path("<int:number>/stop", web.stop, name="stop"),
    path("<int:number>/resume", web.resume, name="resume"),
    path("<int:number>/renew", web.renew, name="renew"),
    path("<int:number>/replay", web.replay, name="replay"),
]
