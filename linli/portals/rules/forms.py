"""What an official types to enter a new calendar year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.rulebook import notice


class YearForm(forms.Form):
    """The year and the notice as it was published; read into days before anything is enacted."""

    year = forms.IntegerField(label=_("哪一年"), min_value=2020, max_value=2100)
    text = forms.CharField(
        label=_("通知里的放假安排"),
        widget=forms.Textarea,
        max_length=5000,
        help_text=_("从国务院办公厅的通知里复制“一、元旦：…”到“七、国庆节：…”这几段。"),
    )
    basis = forms.CharField(
        label=_("依据"), min_length=4, max_length=200, help_text=_("通知的名称和文号。"), strip=True
    )

    def clean(self) -> dict[str, Any]:
        """Read the notice; what could not be read is said at the text."""
        cleaned = super().clean() or {}
        year, text = cleaned.get("year"), cleaned.get("text")
        if year and text:
            found = notice.read(year, text)
            for problem in found.problems:
                self.add_error("text", problem)
            cleaned["items"] = found.items
        return cleaned
