"""诉求 under /matters/: one path per verb, named after the move."""

from django.urls import path

from linli.work.matters import web, web_privacy

app_name = "matters"
urlpatterns = [
    path("new/", web.new, name="new"),
    path("people/", web_privacy.people, name="people"),
    path("erasures/", web_privacy.erasures, name="erasures"),
    path("erasures/<str:number>/", web_privacy.erasure, name="erasure"),
    path("<str:number>/", web.matter, name="matter"),
    path("<str:number>/privacy/", web_privacy.privacy, name="privacy"),
    path("<str:number>/mask/", web_privacy.mask, name="mask"),
    path("<str:number>/hold/", web_privacy.hold, name="hold"),
    path("<str:number>/release/", web_privacy.release, name="release"),
    path("<str:number>/ask_erasure/", web_privacy.ask_erasure, name="ask_erasure"),
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
    path("<str:number>/log/", web.log, name="log"),
    path("<str:number>/log.txt", web.log_text, name="log_text"),
    path("<str:number>/chain.txt", web.chain, name="chain"),
    path("<str:number>/proof.json", web.proof, name="proof"),
]
