"""联系方式加密 — the model fields that seal what identifies a resident, and the keys, which never stand in the database.

Keys come from LINLI_CONTACT_KEYS_FILE, which is read anew when it changes (so a running server follows a rotation), or
from LINLI_CONTACT_KEYS. See linli.kernel.sealing for what a stored text looks like.
"""

import threading
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from linli.kernel import sealing
from linli.kernel.sealing import BrokenSealError, Key, Keyring, KeysError, MissingKeyError


class Unreadable(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """A sealed text cannot be read now, or nothing can be sealed; the sentence is for the page, and names no person."""


class _Held:
    """The keys this process knows, and what they were read from."""

    stamp: object = None
    ring = Keyring(())
    lock = threading.Lock()


def keyring() -> Keyring:
    """The keys as they are now. Raises KeysError where what is there cannot be read."""
    path: str = settings.CONTACT_KEYS_FILE
    stamp = _stamp(path) if path else settings.CONTACT_KEYS
    if _Held.stamp != stamp:
        with _Held.lock:
            text = _text(path) if path else settings.CONTACT_KEYS
            _Held.ring, _Held.stamp = Keyring.parse(text), stamp
    return _Held.ring


def _stamp(path: str) -> tuple[str, int, int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return (path, 0, 0, 0)
    return (path, found.st_mtime_ns, found.st_size, found.st_ino)


def _text(path: str) -> str:
    """A file that is not there holds no keys; what is sealed then says which key it misses."""
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def digests(kind: str, value: str) -> list[str]:
    """What a value may be found under: `Contact.objects.filter(phone_key__in=digests("phone", typed))`."""
    return keyring().digests(kind, value)


def bound_to(field: "models.Field[Any, Any]", pk: Any) -> str:
    """What a sealed text belongs to: "matters_contact.phone:17"."""
    return f"{field.model._meta.db_table}.{field.column}:{pk}"  # noqa: SLF001  Django's own name.


def opened(stored: str, *, bound: str) -> str:
    """What a stored text says. Raises Unreadable, with a sentence that says what the operator must do."""
    try:
        return keyring().open(stored, bound=bound)
    except MissingKeyError as error:
        raise Unreadable(
            _("这一项加了密，而服务器上没有解开它的密钥“%(key)s”。资料没有丢；请系统运维员把密钥放回去。")
            % {"key": error.key}
        ) from error
    except BrokenSealError as error:
        raise Unreadable(_("这一项加密的内容被改动过，或者不是这一件的，解不开。请告诉系统运维员。")) from error
    except KeysError as error:
        raise Unreadable(_("联系方式的密钥文件读不懂。请系统运维员运行 linli doctor。")) from error


def sealed(plain: str, *, bound: str) -> str:
    """The text as it is stored. Raises Unreadable where there is no key: nobody's phone is written down in clear."""
    try:
        return keyring().seal(plain, bound=bound)
    except (MissingKeyError, KeysError) as error:
        raise Unreadable(
            _("现在收不下联系方式：服务器上没有加密用的密钥。可以先不留联系方式，或者稍后再发。")
        ) from error


class Stored(str):
    """A value as the database has it: not opened yet."""

    __slots__ = ()


class _Opened(DeferredAttribute):
    """Opens a stored value when it is looked at, and not before."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """The plain text. Raises Unreadable."""
        value = super().__get__(instance, cls)
        if isinstance(value, Stored):
            return opened(str(value), bound=bound_to(self.field, instance.pk))
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """With this the descriptor goes before the instance's own dictionary, where the stored value lies."""
        instance.__dict__[self.field.attname] = value


class SealedField(models.TextField):  # type: ignore[type-arg]
    """加密的文字 — plain on the instance, sealed in the database, bound to its table, column and row.

    The row's key must be known before it is saved. `values()` and `values_list()` give what is stored: read instances.
    """

    descriptor_class = _Opened
    everywhere: ClassVar[list["SealedField"]] = []
    """Every such field of the installed apps: what a rotation goes through."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Known to the rotation, unless the model is a migration's."""
        super().contribute_to_class(cls, name, private_only=private_only)
        if not cls._meta.abstract and not cls.__module__.startswith("__fake__"):
            self.everywhere.append(self)

    def from_db_value(self, value: str | None, *_: Any) -> Stored | None:
        """Not opened: many rows are read that nobody looks at."""
        return None if value is None else Stored(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002  Django's own signature.
        """What was not looked at stays as it was stored."""
        value = model_instance.__dict__.get(self.attname, "")
        if isinstance(value, Stored) and (not value or sealing.key_of(value)):
            return value
        if value and model_instance.pk is None:
            raise TypeError(f"{self} is bound to its row: give the row its key before it is saved")
        return Stored(sealed(str(value), bound=bound_to(self, model_instance.pk)) if value else "")

    def get_prep_value(self, value: Any) -> Any:
        """A look-up of the plain text would find nothing, silently: it is refused."""
        if value and not isinstance(value, Stored) and not sealing.key_of(str(value)):
            raise TypeError(f"{self} is sealed: look it up by its digest, see sealing.digests")
        return super().get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Nothing in clear goes into the database, also not by `update()`, which does not know the row."""
        if value and not isinstance(value, Stored):
            raise TypeError(f"{self} is sealed: change the row and save it")
        return super().get_db_prep_save(str(value or ""), connection)


class DigestField(models.CharField):  # type: ignore[type-arg]
    """按指纹查找 — a keyed digest of a sealed field of the same row, to find it by without opening every row."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        """`of` names the sealed field; it is also the kind of value (phone, email) that says how it is normalised."""
        self.of = of
        for name, value in (("max_length", 60), ("blank", True), ("default", "")):
            kwargs.setdefault(name, value)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Follows its field; one that was not looked at keeps its digest."""
        value = model_instance.__dict__.get(self.of, "")
        if isinstance(value, Stored):
            return super().pre_save(model_instance, add)
        try:
            found = keyring().digest(self.of, value) if value else ""
        except (MissingKeyError, KeysError) as error:
            raise Unreadable(
                _("现在收不下联系方式：服务器上没有加密用的密钥。可以先不留联系方式，或者稍后再发。")
            ) from error
        setattr(model_instance, self.attname, found)
        return found


def values_of(row: models.Model, names: tuple[str, ...]) -> list[Any]:
    """An instance's columns (by attribute) as they are stored, for rows that are written by COPY."""
    fields = {each.attname: each for each in row._meta.concrete_fields}  # noqa: SLF001  Django's own name.
    found = [fields[name].pre_save(row, True) for name in names]
    return [str(each) if isinstance(each, Stored) else each for each in found]


__all__ = ["DigestField", "Key", "Keyring", "SealedField", "Unreadable", "digests", "keyring", "opened", "sealed"]
