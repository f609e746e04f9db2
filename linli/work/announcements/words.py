"""The words of a notice: what may become public, and its digest in the journal."""

from collections.abc import Mapping

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import masking, text

KINDS: Mapping[str, object] = {
    "citizen_number": gettext_lazy("身份证号"),
    "bank_card": gettext_lazy("银行卡号"),
    "mobile": gettext_lazy("手机号"),
    "email": gettext_lazy("邮箱"),
    "account": gettext_lazy("社交账号"),
    "plate": gettext_lazy("车牌"),
    "name": gettext_lazy("姓名"),
}


class WordsError(ValueError):
    """What was written cannot stand as it is; the sentence says why, `field` beside which field."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def cleaned(said: str, *, most: int, field: str, missing: str = "") -> str:
    """What may be published. `missing` is the sentence for who wrote nothing; without it, silence is allowed.

    Raises WordsError when it is too long, or when it seems to hold what is somebody's own. A landline is an office's.
    """
    said = text.clean(said)
    if len(said) > most:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(said), "most": most}, field)
    if missing and not said:
        raise WordsError(missing, field)
    found = [span for span in masking.find_personal(said) if span.kind in KINDS]
    if found:
        named = _("、").join(
            f"{KINDS[span.kind]} {masking.mask_span(said[span.start : span.end], span.kind)}" for span in found
        )
        raise WordsError(
            _("里面像是有个人信息（%(found)s），公开之前请删掉。要留电话，写单位的座机。") % {"found": named}, field
        )
    return said


def digest(subject: str, *said: str) -> str:
    """A keyed digest: proves the words were these, tells nobody what they were."""
    return salted_hmac("announcements.words", "\n".join((subject, *said)), algorithm="sha256").hexdigest()
