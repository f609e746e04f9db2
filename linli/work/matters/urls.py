"""诉求 under /matters/: one path per verb, named after the move."""

from django.urls import path

from linli.work.matters import web, web_supervision

app_name = "matters"
urlpatterns = [
    path("new/", web.new, name="new"),
    path("visits/", web_supervision.visits, name="visits"),
    path("appeals/", web_supervision.appeals, name="appeals"),
    path("<str:number>/", web.matter, name="matter"),
    path("<str:number>/settle/", web.settle, name="settle"),
    path("<str:number>/raise_up/", web.raise_up, name="raise_up"),
    path("<str:number>/assign/", web.assign, name="assign"),
    path("<str:number>/accept/", web.accept_it, name="accept"),
    path("<str:number>/object/", web.object_to, name="object"),
    path("<str:number>/rule/", web.rule, name="rule"),
    path("<str:number>/ask_extension/", web.ask_extension, name="ask_extension"),
    path("<str:number>/extend/", web.extend, name="extend"),
    path("<str:number>/refuse_extension/", web.refuse_extension, name="refuse_extension"),
    path("<str:number>/carry/", web.carry, name="carry"),
    path("<str:number>/review/", web.review, name="review"),
    path("<str:number>/take_back/", web.take_back, name="take_back"),
    path("<str:number>/answer/", web.answer, name="answer"),
    path("<str:number>/verify/", web.verify, name="verify"),
    path("<str:number>/redo/", web.redo, name="redo"),
    path("<str:number>/add/", web.add, name="add"),
    path("<str:number>/reveal/", web.reveal, name="reveal"),
    path("<str:number>/press/", web_supervision.press, name="press"),
    path("<str:number>/withdraw_card/", web_supervision.withdraw_card, name="withdraw_card"),
    path("<str:number>/respond/", web_supervision.respond, name="respond"),
    path("<str:number>/visit/", web_supervision.visit, name="visit"),
    path("<str:number>/appeal/", web_supervision.appeal, name="appeal"),
    path("<str:number>/decide_appeal/", web_supervision.decide_appeal, name="decide_appeal"),
    path("<str:number>/log/", web.log, name="log"),
    path("<str:number>/log.txt", web.log_text, name="log_text"),
    path("<str:number>/chain.txt", web.chain, name="chain"),
    path("<str:number>/proof.json", web.proof, name="proof"),
]
