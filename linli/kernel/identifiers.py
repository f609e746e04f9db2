"""Names linli gives out: the number of a matter (诉求编号), and the secret in the link that follows it."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date

from linli.kernel.codes import CodeError
from linli.kernel.text import translatable

# No 0 and o, no 1, i and l: the token is also read aloud and copied by hand. 26 of 31 characters are 128.8 bits.
_TOKEN_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - An alphabet, not a secret.
_TOKEN_LENGTH = 26
_HIGHEST_NUMBER = 999_999
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc_./·—\s-]+")
_WITH_DASHES = re.compile(r"(?P<prefix>[^\W\d_]{0,3})-?(?P<yy>\d\d)-(?P<mmdd>\d{4})-(?P<n>\d{1,6})")
_WITHOUT = re.compile(r"(?P<prefix>[^\W\d_]{0,3})(?P<yy>\d\d)(?P<mmdd>\d{4})(?P<n>\d{4,6})")


@dataclass(frozen=True, slots=True)
class MatterNumber:
    """诉求编号 taken apart; its text is what everybody writes: 滨26-0417-0032.

    Raises ValueError for a prefix, a year or a running number that cannot be written so.
    """

    prefix: str
    on: date
    n: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\W\d_]{1,3}", self.prefix):
            raise ValueError(f"the prefix of matter numbers is one to three letters, not {self.prefix!r}")
        if not 2000 <= self.on.year <= 2099:
            raise ValueError(f"{self.on} cannot be written with two digits for the year")
        if not 1 <= self.n <= _HIGHEST_NUMBER:
            raise ValueError(f"a day has matters 1 to {_HIGHEST_NUMBER}, not {self.n}")

    def __str__(self) -> str:
        return f"{self.prefix}{self.on:%y-%m%d}-{self.n:04d}"


def matter_number(prefix: str, on: date, n: int) -> str:
    """The n-th matter registered on a day: the city's letter, the date, a running number of four to six digits."""
    return str(MatterNumber(prefix, on, n))


def parse_matter_number(text: str, *, default_prefix: str = "") -> MatterNumber:
    """A number as people type it: full-width digits, spaces, other dashes, no dashes, no prefix. Raises CodeError."""
    typed = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip()).strip("-")
    match = _WITH_DASHES.fullmatch(typed) or _WITHOUT.fullmatch(typed.replace("-", ""))
    if match is None:
        raise _not_a_number(text)
    month, day = int(match["mmdd"][:2]), int(match["mmdd"][2:])
    try:
        on = date(2000 + int(match["yy"]), month, day)
        return MatterNumber(match["prefix"].upper() or default_prefix, on, int(match["n"]))
    except ValueError:
        raise _not_a_number(text) from None


def new_follow_token() -> str:
    """A secret of 128 bits for the link with which somebody without an account follows a matter."""
    return "".join(secrets.choice(_TOKEN_ALPHABET) for _ in range(_TOKEN_LENGTH))


def is_follow_token(text: str) -> bool:
    """Whether a text has the shape of a follow token; whether it opens anything only the database knows."""
    return len(text) == _TOKEN_LENGTH and all(char in _TOKEN_ALPHABET for char in text)


def _not_a_number(text: str) -> CodeError:
    sentence = translatable("没有认出编号“%(typed)s”。编号形如“滨26-0417-0032”，请对照短信或回执再输一次。")
    return CodeError(sentence, typed=text[:40])
