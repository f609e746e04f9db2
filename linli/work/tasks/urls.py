"""任务 under /tasks/: one path per verb, named after the move."""

from django.urls import path

from linli.work.tasks import web

app_name = "tasks"
urlpatterns = [
    path("", web.index, name="index"),
    path("new/", web.new, name="new"),
    path("meetings/", web.meetings, name="meetings"),
    path("export/", web.export, name="export"),
    path("monthly/", web.monthly, name="monthly"),
    path("<str:number>/", web.task, name="task"),
    path("<str:number>/log/", web.log, name="log"),
    path("<str:number>/chain.txt", web.chain, name="chain"),
    path("<str:number>/proof.json", web.proof, name="proof"),
    path("<str:number>/take_up/", web.take_up, name="take_up"),
    path("<str:number>/report/", web.report, name="report"),
    path("<str:number>/ask_delay/", web.ask_delay, name="ask_delay"),
    path("<str:number>/grant_delay/", web.grant_delay, name="grant_delay"),
    path("<str:number>/refuse_delay/", web.refuse_delay, name="refuse_delay"),
    path("<str:number>/finish/", web.finish, name="finish"),
    path("<str:number>/confirm/", web.confirm, name="confirm"),
    path("<str:number>/send_back/", web.send_back, name="send_back"),
    path("<str:number>/cancel/", web.cancel, name="cancel"),
    path("<str:number>/press/", web.press, name="press"),
    path("<str:number>/withdraw_card/", web.withdraw_card, name="withdraw_card"),
]
