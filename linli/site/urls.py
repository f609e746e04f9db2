"""The site map: one include per app, grouped by who works there."""

from django.urls import URLPattern, URLResolver, include, path

from linli.site import demo_signin, observe, web

urlpatterns: list[URLPattern | URLResolver] = [
    path("matters/", include("linli.work.matters.urls")),
    path("notices/", include("linli.work.notices.urls")),
    path("whistles/", include("linli.work.whistles.urls")),
    path("tasks/", include("linli.work.tasks.urls")),
    path("announcements/", include("linli.work.announcements.urls")),
    path("today/", include("linli.portals.field.urls")),
    path("desk/", include("linli.portals.desk.urls")),
    path("board/", include("linli.portals.cockpit.urls")),
    path("audit/", include("linli.portals.audit.urls")),
    path("", include("linli.portals.resident.urls")),
    # Whoever appoints writes the address down and vouches for it: nobody adds or confirms one here.
    *(path(f"accounts/{each}", web.missing) for each in ("email/", "confirm-email/", "confirm-email/<str:key>/")),
    path("accounts/", include("allauth.urls")),
    path("demo/", include(demo_signin)),
    path("", include("linli.mechanisms.access.urls")),
    path("", include("linli.portals.places.urls")),
    path("open311/", include("linli.gateways.open311.urls")),
    path("opendata/", include("linli.portals.opendata.urls")),
    path("hotline/", include("linli.gateways.hotline.urls")),
    path("sms/", include("linli.gateways.sms.urls")),
    path("api/", include("linli.portals.openapi.urls")),
    path("webhooks/", include("linli.gateways.webhooks.urls")),
    path("rules/", include("linli.portals.rules.urls")),
    path("", include("linli.portals.calendars.urls")),
    path("", include(observe.urlpatterns)),
    path("", include((web.urlpatterns, "site"))),
]
handler400 = web.bad_request
handler403 = web.forbidden
handler404 = web.missing
handler500 = web.broken
