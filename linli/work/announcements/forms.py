"""What may be typed about a notice or a front page. Whether it is allowed is decided in the service."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.pictures import Picture, PictureError, accept
from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.work.announcements import queries, rules
from linli.work.announcements.models import Wording
from linli.work.announcements.service import Written

MOST_BYTES, MOST_PIXELS = 20_000_000, 60_000_000
"""What a picture may weigh and measure as it comes in; it is made small and written anew."""


class Cleaned(forms.CharField):
    """Text without control and bidi characters."""

    def to_python(self, value: Any) -> str:
        """Clean before anything is measured."""
        return str(super().to_python(text.clean(value) if isinstance(value, str) else value))


class _MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"


class Moment(forms.DateTimeField):
    """A moment of the city, in the browser's own field."""

    widget = _MomentInput

    def __init__(self, **kwargs: Any) -> None:
        """Written as browsers write moments."""
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        wrong = {"invalid": gettext_lazy("时间写成 2026-11-25 08:00 这样。")}
        super().__init__(
            widget=_MomentInput(format="%Y-%m-%dT%H:%M"), input_formats=formats, error_messages=wrong, **kwargs
        )

    def to_python(self, value: Any) -> datetime | None:
        """In the city's time, and in an age people live in."""
        found = super().to_python(value)
        if found is not None and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("这个年份不对，请核对。"))
        return found


class WordingForm(forms.Form):
    """告知的内容：标题、正文、从什么时候到什么时候."""

    title = Cleaned(
        label=gettext_lazy("标题"), max_length=rules.LONGEST_TITLE,
        error_messages={"required": gettext_lazy("请写一个标题，让人一眼知道什么事。")},
    )  # fmt: skip
    text = Cleaned(
        label=gettext_lazy("内容"), max_length=rules.LONGEST_TEXT, widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请写清楚什么事、影响谁、要注意什么。")},
    )  # fmt: skip
    begins_at = Moment(label=gettext_lazy("从什么时候"))
    until_at = Moment(label=gettext_lazy("到什么时候"))
    phone = Cleaned(label=gettext_lazy("问哪个电话"), max_length=rules.LONGEST_PHONE, required=False)

    @classmethod
    def of(cls, held: Wording) -> "WordingForm":
        """Filled with an edition, to be corrected."""
        names = ("title", "text", "begins_at", "until_at", "phone")
        return cls(initial={name: getattr(held, name) for name in names})

    def written(self) -> Written:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return Written(typed["title"], typed["text"], typed["begins_at"], typed["until_at"], typed["phone"])


class PublishForm(WordingForm):
    """发一份告知：再加上种类和地方."""

    kind = forms.ChoiceField(label=gettext_lazy("什么事"), error_messages={"required": gettext_lazy("请选一个种类。")})
    area = forms.ChoiceField(label=gettext_lazy("告诉哪里的邻居"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        """The city's kinds, and the places in the actor's scope."""
        super().__init__(*args, **kwargs)
        kind, area = self.fields["kind"], self.fields["area"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(area, forms.ChoiceField)
        kind.choices = [("", _("请选一项")), *((each.code, rulebook.label(each)) for each in queries.kinds())]
        area.choices = [
            (str(each.id), "\u2003" * (each.level - actor.area_level) + each.name) for each in queries.areas_for(actor)
        ]
        area.initial = str(actor.area_id)
        self.fields["begins_at"].initial = clock.now().replace(minute=0, second=0, microsecond=0)


class FrontForm(forms.Form):
    """街道主页."""

    welcome = Cleaned(label=gettext_lazy("欢迎的一句话"), max_length=rules.LONGEST_WELCOME, required=False)
    alias = Cleaned(label=gettext_lazy("短地址"), max_length=20, required=False)
    described = Cleaned(label=gettext_lazy("图片上是什么"), max_length=60, required=False)
    picture = forms.FileField(label=gettext_lazy("图片"), required=False, allow_empty_file=True)
    drop = forms.BooleanField(label=gettext_lazy("不要现在的图片"), required=False)

    def clean_picture(self) -> Picture | None:
        """The picture, decoded and written anew; or a sentence that says what to do instead."""
        file = self.cleaned_data["picture"]
        if not file:
            return None
        try:
            if (file.size or 0) > MOST_BYTES:
                raise PictureError("too_many_bytes", limit=MOST_BYTES // 1_000_000)
            return accept(file.read(MOST_BYTES + 1), max_bytes=MOST_BYTES, max_pixels=MOST_PIXELS)
        except PictureError as error:
            raise forms.ValidationError(_(error.sentence) % error.values) from None


def number_from(posted: Any, name: str) -> int | None:
    """A whole number somebody's form carries; None for anything else."""
    value = posted.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 10 else None
