"""热线网关: the interface under v1/, and the page of whoever looks after it."""

from django.urls import path

from linli.gateways.hotline import api, web

app_name = "hotline"
urlpatterns = [
    path("v1/tickets", api.tickets, name="tickets"),
    path("v1/orders", api.orders, name="orders"),
    path("v1/progress", api.progress, name="progress"),
    path("v1/ours", api.ours, name="ours"),
    path("", web.index, name="index"),
    path("take/", web.take, name="take"),
    path("give/", web.give, name="give"),
    path("give_over/", web.give_over, name="give_over"),
    path("hear/", web.hear, name="hear"),
    path("compare/", web.compare, name="compare"),
    path("<str:number>/over_again/", web.over_again, name="over_again"),
    path("<str:number>/send_again/", web.send_again, name="send_again"),
    path("<str:number>/hand_back/", web.hand_back, name="hand_back"),
]
