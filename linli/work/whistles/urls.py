"""吹哨 under /whistles/: one path per verb, named after the move."""

from django.urls import path

from linli.work.whistles import web

app_name = "whistles"
urlpatterns = [
    path("", web.whistles, name="list"),
    path("new/", web.new, name="new"),
    path("export/", web.export, name="export"),
    path("statistics/", web.statistics, name="statistics"),
    path("meetings/", web.meetings, name="meetings"),
    path("meetings/new/", web.convene, name="convene"),
    path("meetings/<str:number>.ics", web.calendar_file, name="calendar"),
    path("meetings/<str:number>/", web.meeting, name="meeting"),
    path("meetings/<str:number>/hold/", web.hold, name="hold"),
    path("meetings/<str:number>/cancel/", web.cancel, name="cancel"),
    path("<str:number>/", web.whistle, name="whistle"),
    path("<str:number>/log/", web.log, name="log"),
    path("<str:number>/chain.txt", web.chain, name="chain"),
    path("<str:number>/proof.json", web.proof, name="proof"),
    path("<str:number>/acknowledge/", web.acknowledge, name="acknowledge"),
    path("<str:number>/arrive/", web.arrive, name="arrive"),
    path("<str:number>/explain/", web.explain, name="explain"),
    path("<str:number>/report/", web.report, name="report"),
    path("<str:number>/agree/", web.agree, name="agree"),
    path("<str:number>/conclude/", web.conclude, name="conclude"),
    path("<str:number>/rate/", web.rate, name="rate"),
    path("<str:number>/judge/", web.judge, name="judge"),
    path("<str:number>/withdraw/", web.withdraw, name="withdraw"),
]
