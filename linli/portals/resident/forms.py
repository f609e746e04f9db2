"""What a resident may type, and the sentence beside the field when it cannot be taken."""

import math
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines import pictures
from linli.engines.pictures import Picture, PictureError
from linli.kernel import text
from linli.kernel.coordinates import Point
from linli.mechanisms.access.words import told
from linli.portals.resident.behalf import BehalfMixin

MOST_PHOTOS = 6
MOST_BYTES = 20_000_000
MOST_PIXELS = 52_000_000
"""A 50-megapixel phone's photo. More than a screen shows is thrown away anyway."""
LONGEST_TEXT = 2000
LONGEST_PLACE = 120

NAMED, PSEUDONYM, ANONYMOUS = "named", "pseudonym", "anonymous"

_KEY = re.compile(r"[A-Za-z0-9_-]{20,60}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})?([2-9]\d{6,7})(?:(?:转|x|ext\.?|,|#)(\d{1,6}))?", re.IGNORECASE)
_LOST = "\ufffd"


def new_key() -> str:
    """A form's own key: sent twice, it makes one matter."""
    return secrets.token_urlsafe(24)


def is_key(value: str) -> bool:
    """Could this be a key of ours?"""
    return _KEY.fullmatch(value) is not None


class Typed(forms.CharField):
    """What somebody typed: control and direction characters are taken out, everything else stays as it is.

    HTML and SQL are only words here: they are stored as typed, and pages show them as text.
    """

    def __init__(self, *, most: int, empty: Any = "", **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.empty = empty

    def to_python(self, value: Any) -> str:
        """Clean, then measure: a person counts what they see."""
        return text.clean(str(value)) if value not in self.empty_values else ""

    def validate(self, value: str) -> None:
        """Empty, too long, or broken on the way."""
        if self.required and not value:
            raise forms.ValidationError(self.empty, code="required")
        if len(value) > self.most:
            raise forms.ValidationError(
                _("写了 %(n)s 个字，最多 %(most)s 个字。请删短一些；说不完的，发出后还可以补充。")
                % {"n": len(value), "most": self.most},
                code="too_long",
            )
        if _LOST in value:
            raise forms.ValidationError(
                _("有几个字在路上坏了（显示成 %(lost)s）。请把它们改过来再发。") % {"lost": _LOST}, code="broken"
            )


class Several(forms.FileInput):
    """A field for more than one file."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile[Any]]", name: str
    ) -> Any:
        """All of them. Without scripts an empty field sends nothing."""
        del data
        return files.getlist(name) if hasattr(files, "getlist") else []


class Photos(forms.Field):
    """Photos, each decoded and written anew. What is good is kept even when another is not (see `good`)."""

    widget = Several

    def to_python(self, value: Any) -> tuple[Picture, ...]:
        """The pictures; every one that cannot be taken is named by its place."""
        good, wrong = read_photos(value or [])
        if wrong:
            error = forms.ValidationError(wrong)
            error.good = good  # type: ignore[attr-defined]  # Picked up by the form.
            raise error
        return good


def read_photos(files: "Sequence[UploadedFile[Any]]") -> tuple[tuple[Picture, ...], list[str]]:
    """The good ones, and a sentence for each of the others."""
    good: list[Picture] = []
    wrong: list[str] = []
    if len(files) > MOST_PHOTOS:
        wrong.append(
            _("选了 %(n)s 张，最多 %(most)s 张；前 %(most)s 张已经替您留下。") % {"n": len(files), "most": MOST_PHOTOS}
        )
    for number, file in enumerate(files[:MOST_PHOTOS], start=1):
        # One byte more than allowed is enough to know; the size a browser declares is not asked.
        raw = b"" if (file.size or 0) > MOST_BYTES else file.read(MOST_BYTES + 1)
        try:
            if (file.size or 0) > MOST_BYTES:
                raise PictureError("too_many_bytes", limit=MOST_BYTES // 1_000_000)
            good.append(pictures.accept(raw, max_bytes=MOST_BYTES, max_pixels=MOST_PIXELS))
        except PictureError as error:
            which = _("第 %(n)s 张：") % {"n": number} if len(files) > 1 else ""
            wrong.append(f"{which}{told(error)}")
    return tuple(good), wrong


class PhotosMixin(forms.Form):
    """A form whose good photos survive its bad ones."""

    good_photos: tuple[Picture, ...] = ()

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep what was good beside what was wrong."""
        if field == "photos" and hasattr(error, "good"):
            self.good_photos = error.good
        super().add_error(field, error)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The photos that came with this sending and can be taken."""
        return self.cleaned_data.get("photos") or self.good_photos


class ReportForm(BehalfMixin, PhotosMixin):
    """有什么事 — one sentence, where, and as the resident wishes a photo and a way to reach them."""

    text = Typed(
        label=gettext_lazy("有什么事"),
        most=LONGEST_TEXT,
        empty=gettext_lazy("还没有写是什么事。一句话就行，例如：小区门口的路灯坏了。"),
        widget=forms.Textarea,
    )
    place = Typed(label=gettext_lazy("在哪里"), most=LONGEST_PLACE, required=False)
    visibility = forms.ChoiceField(
        label=gettext_lazy("怎么找到您"),
        choices=[
            (NAMED, gettext_lazy("留名")),
            (PSEUDONYM, gettext_lazy("只留电话")),
            (ANONYMOUS, gettext_lazy("不留")),
        ],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请在“留名、只留电话、不留”里选一个。")},
    )
    name = Typed(label=gettext_lazy("怎么称呼您"), most=40, required=False)
    phone = Typed(label=gettext_lazy("电话"), most=30, required=False)
    public = forms.BooleanField(label=gettext_lazy("可以让邻居看到这件事"), required=False)
    sms = forms.BooleanField(label=gettext_lazy("有进展时发短信告诉我"), required=False)
    photos = Photos(label=gettext_lazy("照片"), required=False)

    lon = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """138 1234 5678, +86-138…, full-width digits, 0543-3160000转8: one form for all of them."""
        typed = self.cleaned_data["phone"]
        return phone_from(typed) if typed else ""

    def clean_person_phone(self) -> str:
        """The person's, in the same form as one's own."""
        typed = text.clean(self.cleaned_data["person_phone"])
        return phone_from(typed) if typed else ""

    def clean_person_name(self) -> str:
        """Without control and direction characters."""
        return text.clean(self.cleaned_data["person_name"])

    def clean(self) -> dict[str, Any]:
        """What depends on each other: how to be reached, and the pin's two halves."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("visibility") or (PSEUDONYM if cleaned.get("phone") else ANONYMOUS)
        cleaned["visibility"] = chosen
        self.say_what_is_missing(cleaned)
        if "visibility" in self.errors:
            return cleaned
        if chosen == NAMED and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("选了留名，请写上怎么称呼您；不想写名字，可以选“只留电话”或“不留”。"))
        if chosen != ANONYMOUS and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("请写上电话，办的人好问您一句；不想留电话，可以选“不留”。"))
        try:
            cleaned["point"] = point_from(cleaned.get("lon", ""), cleaned.get("lat", ""))
        except ValueError:
            self.add_error("place", _("位置没有传好。请再试一次，或者写上地方的名字。"))
        return cleaned


class AddForm(PhotosMixin):
    """补充 — more words, more photos."""

    text = Typed(label=gettext_lazy("补充什么"), most=LONGEST_TEXT, required=False, widget=forms.Textarea)
    photos = Photos(label=gettext_lazy("照片"), required=False)

    held: tuple[Picture, ...] = ()
    """Photos of this and an earlier sending that was not accepted."""

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("text") and not cleaned.get("photos") and not self.held:
            self.add_error("text", _("请写点什么，或者加一张照片。"))
        return cleaned


class WithdrawForm(forms.Form):
    """撤回 — why, if they care to say."""

    why = Typed(label=gettext_lazy("为什么撤回"), most=500, required=False)


class SecondLookForm(forms.Form):
    """请再看一次 — what was not seen, if they care to say."""

    why = Typed(label=gettext_lazy("哪里没有看对"), most=LONGEST_TEXT, required=False, widget=forms.Textarea)


class ReopenForm(forms.Form):
    """没解决 — one sentence, so that whoever does it again knows where to begin."""

    why = Typed(
        label=gettext_lazy("哪里没有解决"),
        most=LONGEST_TEXT,
        empty=gettext_lazy("请写一句哪里没有解决，重办的人好接着办。"),
        widget=forms.Textarea,
    )


class RateForm(forms.Form):
    """评价 — how satisfied, one to five, and an optional word."""

    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("满意吗"),
        coerce=int,
        choices=[(str(score), str(score)) for score in (5, 4, 3, 2, 1)],
        error_messages={
            "required": gettext_lazy("请选一项：满意还是不满意。"),
            "invalid_choice": gettext_lazy("请从五项里选一项。"),
        },
    )
    comment = Typed(label=gettext_lazy("还想说一句"), most=500, required=False)


def phone_from(typed: str) -> str:
    """A mobile or a landline number as digits. Raises forms.ValidationError."""
    half = unicodedata.normalize("NFKC", typed)
    digits = re.sub(r"[\s().·\u2010-\u2015-]", "", half)
    digits = re.sub(r"^(\+|00)86", "", digits)
    if _MOBILE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        area, number, extension = landline.groups()
        return f"{area + '-' if area else ''}{number}{'-' + extension if extension else ''}"
    raise forms.ValidationError(
        _("这个电话号码不对：手机号是 11 位，固定电话请带区号，例如 0543-3160000。"), code="phone"
    )


def point_from(lon: str, lat: str) -> Point | None:
    """The pin, if there is one. Raises ValueError for half a pin or no place on earth."""
    if not lon.strip() and not lat.strip():
        return None
    east, north = float(lon), float(lat)
    if not (math.isfinite(east) and math.isfinite(north) and -180 <= east <= 180 and -90 <= north <= 90):
        raise ValueError("no place on earth")
    return Point(east, north)
