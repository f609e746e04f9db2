"""The resident's addresses: short, because they are read aloud and printed under codes."""

from django.urls import path

from linli.portals.resident.web import following, media, mine, neighbours, pressing, reporting, street

app_name = "resident"
urlpatterns = [
    path("", reporting.home, name="home"),
    path("places/suggest", reporting.suggest, name="suggest"),
    path("likewise/", reporting.likewise, name="likewise"),
    path("m/", following.links_only, name="links_only"),
    path("m/<str:number>/<str:token>/", following.follow, name="follow"),
    path("m/<str:number>/<str:token>/sent/", following.sent, name="sent"),
    path("m/<str:number>/<str:token>/add/", following.add, name="add"),
    path("m/<str:number>/<str:token>/withdraw/", following.withdraw, name="withdraw"),
    path("m/<str:number>/<str:token>/second_look/", pressing.second_look, name="second_look"),
    path("m/<str:number>/<str:token>/urge/", pressing.urge, name="urge"),
    path("m/<str:number>/<str:token>/rate/", following.rate, name="rate"),
    path("m/<str:number>/<str:token>/reopen/", following.reopen, name="reopen"),
    path("m/<str:number>/<str:token>/channel/", following.channel, name="channel"),
    path("m/<str:number>/<str:token>/proof/", following.proof_page, name="proof_page"),
    path("m/<str:number>/<str:token>/proof.json", following.proof, name="proof"),
    path("m/<str:number>/<str:token>/files/<str:key>", media.paper, name="paper"),
    path("m/<str:number>/<str:token>/receipt.pdf", media.receipt, name="receipt"),
    path("m/<str:number>/<str:token>/mine/", mine.mine, name="mine"),
    path("m/<str:number>/<str:token>/mine.json", mine.copy, name="copy"),
    path("m/<str:number>/<str:token>/mine/correct/", mine.correct, name="correct"),
    path("m/<str:number>/<str:token>/mine/erase/", mine.erase, name="erase"),
    path("m/<str:number>/<str:token>/mine/forget/", mine.forget, name="forget"),
    path("nearby/", neighbours.nearby, name="nearby"),
    path("nearby/points.json", neighbours.points, name="points"),
    path("nearby/outlines.json", neighbours.outlines, name="outlines"),
    path("p/<str:number>/", neighbours.matter, name="matter"),
    path("p/<str:number>/support/", neighbours.support, name="support"),
    path("t/<str:word>/", street.street, name="street"),
    path("t/<str:code>/picture.jpg", street.street_picture, name="street_picture"),
    path("t/<str:word>/told/", street.told, name="told"),
    path("t/<str:word>/told.xml", street.feed, name="told_feed"),
    path("n/<str:number>/", street.announcement, name="announcement"),
    path("media/m/<str:key>.jpg", media.photo, name="photo"),
]
