"""Myself under /me/, the people of my area under /people/."""

from django.urls import path

from linli.mechanisms.access import web

app_name = "access"
urlpatterns = [
    path("me/", web.me, name="me"),
    path("me/start/", web.start, name="start"),
    path("me/posts/<int:appointment>/act", web.act, name="act"),
    path("me/posts/<int:appointment>/delegate", web.delegate, name="delegate"),
    path("me/delegations/<int:delegation>/recall", web.recall, name="recall"),
    path("people/", web.people, name="people"),
    path("people/new/", web.open_account, name="open_account"),
    path("people/bodies/", web.bodies, name="bodies"),
    path("people/bodies/new/", web.establish_body, name="establish_body"),
    path("people/bodies/<int:body>/", web.body, name="body"),
    path("people/bodies/<int:body>/revise", web.revise_body, name="revise_body"),
    path("people/bodies/<int:body>/establish-post", web.establish_post, name="establish_post"),
    path("people/<int:person>/", web.person, name="person"),
    path("people/<int:person>/appoint", web.appoint, name="appoint"),
    path("people/<int:person>/appointments/<int:appointment>/relieve", web.relieve, name="relieve"),
    path("people/<int:person>/delegations/<int:delegation>/recall", web.recall_of, name="recall_of"),
    path("people/<int:person>/reset-password", web.reset_password, name="reset_password"),
    path("people/<int:person>/close", web.close_account, name="close_account"),
    path("people/<int:person>/restore", web.restore_account, name="restore_account"),
]
