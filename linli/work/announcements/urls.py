"""邻里告知 under /announcements/: one path per verb, named after the move. Neighbours read them under /t/ and /n/."""

from django.urls import path

from linli.work.announcements import web

app_name = "announcements"
urlpatterns = [
    path("", web.index, name="index"),
    path("new/", web.publish, name="publish"),
    path("front/", web.front, name="front"),
    path("<str:number>/", web.announcement, name="announcement"),
    path("<str:number>/correct/", web.correct, name="correct"),
    path("<str:number>/withdraw/", web.withdraw, name="withdraw"),
]
