"""加密 — contact data at rest: text sealed under a named key, bound to its row, found again by a keyed digest.

AES-256-GCM (NIST SP 800-38D) or SM4-GCM (GB/T 32907; GCM as in GB/T 36624), both from `cryptography`. Every stored text
names its key: `enc:<key id>:<nonce, text and tag in base64url>`. What it is bound to (which table, column and row) is
authenticated and not stored: a sealed phone copied into another row does not open there.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CipherName = Literal["aes-256-gcm", "sm4-gcm"]
CIPHERS: tuple[CipherName, ...] = get_args(CipherName)
SECRET_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

_SEALED = re.compile(r"enc:(?P<key>[a-z0-9-]{1,24}):(?P<body>[A-Za-z0-9_-]{38,})")
_LINE = re.compile(r"(?P<key>[a-z0-9-]{1,24})\s+(?P<cipher>[a-z0-9-]+)\s+(?P<secret>[A-Za-z0-9+/_=-]+)")


class KeysError(ValueError):
    """The text that should hold keys does not; the sentence says which line, never what stands there."""


class MissingKeyError(LookupError):
    """A text is sealed under a key that is not here, or nothing can be sealed because there is no key at all."""

    def __init__(self, key: str) -> None:
        """`key` is the id of the missing key; empty: no key at all."""
        super().__init__(f"key {key} is not here" if key else "there is no key")
        self.key = key


class BrokenSealError(ValueError):
    """A sealed text does not open under its key: it was changed, or moved to another row."""


@dataclass(frozen=True)
class Key:
    """密钥 — an id, a cipher, and thirty-two secret bytes from which one key is derived for sealing and one for digests."""

    id: str
    cipher: CipherName
    secret: bytes

    def __repr__(self) -> str:
        """Never the secret: keys stand in tracebacks."""
        return f"Key({self.id}, {self.cipher})"

    def seal(self, plain: str, *, bound: str) -> str:
        """The text, sealed; the same text twice gives two different ones."""
        nonce = os.urandom(NONCE_BYTES)
        body = base64.urlsafe_b64encode(nonce + self._encrypt(nonce, plain.encode(), bound.encode()))
        return f"enc:{self.id}:{body.decode().rstrip('=')}"

    def open(self, body: str, *, bound: str) -> str:
        """The text of a sealed body. Raises BrokenSealError."""
        try:
            raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
            return self._decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound.encode()).decode()
        except (InvalidTag, ValueError):
            raise BrokenSealError(f"does not open under key {self.id}") from None

    def digest(self, kind: str, value: str) -> str:
        """A keyed digest of a normalised value, to find it by; without the key nobody can try numbers against it."""
        found = hmac.new(self._for_digests, f"{kind}\n{value}".encode(), hashlib.sha256).hexdigest()
        return f"{self.id}:{found[:32]}"

    def _encrypt(self, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        if self.cipher == "aes-256-gcm":
            return self._aes.encrypt(nonce, plain, bound)
        writing = Cipher(algorithms.SM4(self._for_sealing), modes.GCM(nonce)).encryptor()
        writing.authenticate_additional_data(bound)
        return writing.update(plain) + writing.finalize() + writing.tag

    def _decrypt(self, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        if self.cipher == "aes-256-gcm":
            return self._aes.decrypt(nonce, sealed, bound)
        text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        reading = Cipher(algorithms.SM4(self._for_sealing), modes.GCM(nonce, tag)).decryptor()
        reading.authenticate_additional_data(bound)
        return reading.update(text) + reading.finalize()

    @cached_property
    def _aes(self) -> AESGCM:
        return AESGCM(self._for_sealing)

    @cached_property
    def _for_sealing(self) -> bytes:
        return self._derived(b"linli.contact.seal")[: 32 if self.cipher == "aes-256-gcm" else 16]

    @cached_property
    def _for_digests(self) -> bytes:
        return self._derived(b"linli.contact.find")

    def _derived(self, what: bytes) -> bytes:
        """HKDF-Expand of RFC 5869 with SHA-256, one block: the secret is random already."""
        return hmac.new(self.secret, what + self.cipher.encode() + b"\x01", hashlib.sha256).digest()


@dataclass(frozen=True)
class Keyring:
    """密钥串 — every key a process knows; the first one seals, all of them open and find."""

    keys: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From lines of `id cipher secret`, the key in use first; # begins a remark. Raises KeysError."""
        keys: list[Key] = []
        for number, line in enumerate(text.splitlines(), start=1):
            said = line.partition("#")[0].strip()
            if not said:
                continue
            found = _LINE.fullmatch(said)
            cipher = next((each for each in CIPHERS if found and found["cipher"] == each), None)
            if found is None or cipher is None:
                raise KeysError(f"line {number}: say id, cipher ({' or '.join(CIPHERS)}) and the secret in base64")
            try:
                secret = base64.urlsafe_b64decode(found["secret"].replace("+", "-").replace("/", "_"))
            except ValueError:
                raise KeysError(f"line {number}: the secret is not base64") from None
            if len(secret) != SECRET_BYTES:
                raise KeysError(f"line {number}: the secret has {len(secret)} bytes, it must have {SECRET_BYTES}")
            if any(key.id == found["key"] for key in keys):
                raise KeysError(f"line {number}: the key {found['key']} stands there twice")
            keys.append(Key(found["key"], cipher, secret))
        return cls(tuple(keys))

    @property
    def current(self) -> Key:
        """The key new texts are sealed under. Raises MissingKeyError."""
        if not self.keys:
            raise MissingKeyError("")
        return self.keys[0]

    def key(self, key_id: str) -> Key:
        """The key of this id. Raises MissingKeyError."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise MissingKeyError(key_id)

    def seal(self, plain: str, *, bound: str) -> str:
        """Sealed under the current key; nothing stays nothing. Raises MissingKeyError."""
        return self.current.seal(plain, bound=bound) if plain else ""

    def open(self, stored: str, *, bound: str) -> str:
        """What a stored text says. A text that is not sealed (from before) is as it is.

        Raises MissingKeyError, BrokenSealError.
        """
        found = _SEALED.fullmatch(stored)
        return self.key(found["key"]).open(found["body"], bound=bound) if found else stored

    def digest(self, kind: str, value: str) -> str:
        """The digest to store beside a value; nothing for nothing. Raises MissingKeyError."""
        normal = normalised(kind, value)
        return self.current.digest(kind, normal) if normal else ""

    def digests(self, kind: str, value: str) -> list[str]:
        """Every digest the value may be stored under while keys are changed."""
        normal = normalised(kind, value)
        return [key.digest(kind, normal) for key in self.keys] if normal else []


def key_of(stored: str) -> str:
    """The id of the key a stored text is sealed under; empty for one that is not sealed."""
    found = _SEALED.fullmatch(stored)
    return found["key"] if found else ""


def new_line(key_id: str, cipher: CipherName) -> str:
    """A line for a new key, with fresh random bytes."""
    return f"{key_id} {cipher} {base64.urlsafe_b64encode(os.urandom(SECRET_BYTES)).decode()}"


def new_id(day: date) -> str:
    """An id for a new key that says its day and is nobody else's: k261123-4f0a."""
    return f"k{day:%y%m%d}-{os.urandom(2).hex()}"


def normalised(kind: str, value: str) -> str:
    """The same number however it is written: 138 1234 5678 is +8613812345678 and Mail@X.cn is mail@x.cn."""
    plain = "".join(_half_width(value)).strip()
    if kind == "phone":
        digits = re.sub(r"\D", "", plain)
        return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits
    return re.sub(r"\s", "", plain).casefold()


def _half_width(value: str) -> Iterable[str]:
    for char in value:
        yield chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char
