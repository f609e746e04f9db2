"""诉求 under /matters/: one path per verb, named after the move."""

from django.urls import path

from linli.work.matters import web, web_contact, web_exclusions
from linli.work.matters.web import cooperating, merging, parts

app_name = "matters"
urlpatterns = [
    path("new/", web.new, name="new"),
    path("exclusions/", web_exclusions.exclusions, name="exclusions"),
    path("helping/", cooperating.helping, name="helping"),
    path("<str:number>/", web.matter, name="matter"),
    path("<str:number>/propose_exclusion/", web_exclusions.propose_exclusion, name="propose_exclusion"),
    path("<str:number>/exclude/", web_exclusions.exclude, name="exclude"),
    path("<str:number>/keep/", web_exclusions.keep, name="keep"),
    path("<str:number>/look_again/", web_exclusions.look_again, name="look_again"),
    path("<str:number>/find/", web_exclusions.find, name="find"),
    path("<str:number>/contact/", web_contact.contact, name="contact"),
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
    path("<str:number>/ask_help/", cooperating.ask_help, name="ask_help"),
    path("<str:number>/advise/", cooperating.advise, name="advise"),
    path("<str:number>/ask_approval/", cooperating.ask_approval, name="ask_approval"),
    path("<str:number>/approve/", cooperating.approve, name="approve"),
    path("<str:number>/reject/", cooperating.reject, name="reject"),
    path("<str:number>/refuse_off_list/", cooperating.refuse_off_list, name="refuse_off_list"),
    path("<str:number>/alike/", merging.alike, name="alike"),
    path("<str:number>/merge/", merging.merge, name="merge"),
    path("<str:number>/split/", parts.split, name="split"),
    path("<str:number>/unmerge/", merging.unmerge, name="unmerge"),
    path("<str:number>/along/<str:merged>/reveal/", merging.reveal, name="reveal_along"),
    path("<str:number>/log/", web.log, name="log"),
    path("<str:number>/log.txt", web.log_text, name="log_text"),
    path("<str:number>/chain.txt", web.chain, name="chain"),
    path("<str:number>/proof.json", web.proof, name="proof"),
]
