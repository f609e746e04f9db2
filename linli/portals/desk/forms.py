"""What is typed while somebody is on the telephone: one screen, whose fields come in the order of the conversation."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.work.matters.forms import FilingForm
from linli.work.matters.rules import Consents, Relations


def relations() -> list[tuple[str, str]]:
    """是本人的什么人."""
    return [("", _("请选")), *((each.code, rulebook.label(each)) for each in rulebook.current(Relations).list.items)]


def consents() -> list[tuple[str, str]]:
    """本人怎么同意的."""
    return [("", _("请选")), *((each.code, rulebook.label(each)) for each in rulebook.current(Consents).list.items)]


class PhoneForm(FilingForm):
    """接电话登记 — the caller; what, where; and, if they speak for somebody else, for whom and how that person agreed."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么来的"),
        choices=[("phone", gettext_lazy("电话")), ("counter", gettext_lazy("窗口"))],
        required=False,
    )
    behalf = forms.BooleanField(label=gettext_lazy("替别人反映，本人同意"), required=False)
    person_name = forms.CharField(label=gettext_lazy("本人称呼"), max_length=40, required=False)
    person_phone = forms.CharField(label=gettext_lazy("本人电话"), max_length=20, required=False)
    relation = forms.ChoiceField(label=gettext_lazy("来电人是本人的"), choices=relations, required=False)
    how = forms.ChoiceField(label=gettext_lazy("本人怎么同意的"), choices=consents, required=False)
    agreed_at = forms.CharField(label=gettext_lazy("本人什么时候同意的"), max_length=20, required=False)

    def clean_channel(self) -> str:
        """A telephone desk's usual one."""
        return str(self.cleaned_data["channel"] or "phone")

    def clean_person_phone(self) -> str:
        """The same as the caller's."""
        kept, self.cleaned_data["phone"] = self.cleaned_data.get("phone", ""), self.cleaned_data["person_phone"]
        try:
            return self.clean_phone()
        finally:
            self.cleaned_data["phone"] = kept

    def clean(self) -> dict[str, Any]:
        """Somebody else's matter needs to be known as theirs: who, as what, how and when they agreed."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("behalf"):
            return cleaned
        for name, sentence in (
            ("name", _("替别人反映时，请写来电人怎么称呼。")), ("person_name", _("请写本人怎么称呼。")),
            ("relation", _("请选来电人是本人的什么人。")), ("how", _("请选本人怎么同意的；本人没有同意的，不能替他反映。")),
        ):  # fmt: skip
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        cleaned["agreed_at"] = self._agreed_at(str(cleaned.get("agreed_at", "")))
        return cleaned

    def _agreed_at(self, typed: str) -> datetime:
        now = clock.now()
        if not typed:
            return now
        try:
            moment = datetime.fromisoformat(typed).replace(tzinfo=clock.CITY)
        except ValueError:
            moment = now + timedelta(days=1)
        if not now - timedelta(days=90) <= moment <= now + timedelta(minutes=1):
            self.add_error("agreed_at", _("请写本人同意的时间，如 2026-11-23T09:30，不能晚于现在。"))
        return moment
