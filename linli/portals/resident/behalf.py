"""替别人反映 — what the form asks of somebody who speaks for another: for whom, as what, and how that person agreed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.work.matters import service
from linli.work.matters.rules import Consents, Relations

GUARDIAN = "guardian"


def relations() -> list[tuple[str, str]]:
    """我是他的什么人: all but those who work for the city, who have a desk for it."""
    items = rulebook.current(Relations).list.items
    return [("", _("请选")), *((each.code, rulebook.label(each)) for each in items if each.code != "official")]


def consents() -> list[tuple[str, str]]:
    """他怎么同意的."""
    return [("", _("请选")), *((each.code, rulebook.label(each)) for each in rulebook.current(Consents).list.items)]


class BehalfMixin(forms.Form):
    """A report whose `name` and `phone` may be the speaker's and not the person's."""

    behalf = forms.BooleanField(label=gettext_lazy("这是替别人反映的，他本人同意"), required=False)
    person_name = forms.CharField(label=gettext_lazy("他怎么称呼"), max_length=40, required=False)
    person_phone = forms.CharField(label=gettext_lazy("他的电话"), max_length=30, required=False)
    relation = forms.ChoiceField(label=gettext_lazy("您是他的"), choices=relations, required=False)
    how = forms.ChoiceField(label=gettext_lazy("他怎么同意的"), choices=consents, required=False)

    def say_what_is_missing(self, cleaned: dict[str, Any]) -> None:
        """Nobody's matter is brought for them unless they are known and agreed."""
        if not cleaned.get("behalf"):
            return
        for name, sentence in (
            ("person_name", _("请写他怎么称呼。")),
            ("relation", _("请选您是他的什么人。")),
            ("how", _("请选他怎么同意的；他没有同意的，不能替他反映。")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("替别人反映，请选“留名”，写上怎么称呼您。"))

    def spoken(self) -> dict[str, Any]:
        """Whose name and telephone the report carries, and who spoke for them; nothing where one speaks for oneself."""
        typed = self.cleaned_data
        if not typed.get("behalf"):
            return {}
        said = service.Behalf(
            speaker=typed["name"],
            relation=typed["relation"],
            how=typed["how"],
            agreed_at=clock.now(),
            phone=typed["phone"],
        )
        return {"behalf": said, "visibility": "named", "name": typed["person_name"], "phone": typed["person_phone"]}
