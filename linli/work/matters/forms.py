"""What an official may type for somebody else: at a counter, on the phone, on the round."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import text
from linli.mechanisms import rulebook
from linli.work.matters.models import Channel
from linli.work.matters.rules import Categories

PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)$")


def categories() -> list[tuple[str, str]]:
    """Every category, the proposal first."""
    items = rulebook.current(Categories).list.items
    return [("", str(_("由系统判断"))), *((each.code, rulebook.label(each)) for each in items)]


class FilingForm(forms.Form):
    """代报 — one screen, in under a minute."""

    text = forms.CharField(label=_("什么事"), max_length=2000, error_messages={"required": _("请写一句什么事。")})
    place_text = forms.CharField(label=_("在哪里"), max_length=120, required=False)
    channel = forms.ChoiceField(
        label=_("怎么来的"),
        choices=[(Channel.PHONE, _("电话")), (Channel.COUNTER, _("窗口")), (Channel.GRID, _("巡查"))],
    )
    category = forms.ChoiceField(label=_("类别"), choices=categories, required=False)
    name = forms.CharField(label=_("称呼"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Without control and bidi characters."""
        said = text.clean(self.cleaned_data["text"])
        if len(said) < 2:
            raise forms.ValidationError(_("请写一句什么事。"))
        return said

    def clean_phone(self) -> str:
        """A mobile or a landline number."""
        typed = str(self.cleaned_data["phone"]).replace(" ", "")
        if typed and not PHONE.fullmatch(typed):
            raise forms.ValidationError(_("电话不像一个号码。手机写11位，座机写 0543-1234567。"))
        return typed


def number_from(posted: Any, name: str) -> int | None:
    """A whole number somebody's form carries; None for anything else."""
    value = posted.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 10 else None
