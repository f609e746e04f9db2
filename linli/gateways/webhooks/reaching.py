"""送到外面 — one POST to somebody else's machine: https, a public address, no redirect, a deadline for all of it.

The name is resolved once, every address it has is looked at, and the connection goes to the address that was looked at:
a name that says something else a moment later leads nowhere new.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 500
HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "linli-webhooks/1", "Connection": "close"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """The address may not be, or could not be, reached; the sentence says why."""


@dataclass(frozen=True)
class Reached:
    """What the other side said."""

    status: int

    @property
    def is_good(self) -> bool:
        """It has taken it."""
        return 200 <= self.status < 300


def check(address: str) -> SplitResult:
    """An address that may be subscribed, whatever its name resolves to. Raises Unreachable."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable(_("这不像一个网址。")) from None
    schemes = {"https", "http"} if settings.WEBHOOKS_LAN else {"https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise Unreachable(_("推送的地址要以 https:// 开头。"))
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise Unreachable(_("推送的地址里不能有用户名、密码和 #。"))
    if len(address) > LONGEST or not address.isascii() or any(char <= " " or char == "\x7f" for char in address):
        raise Unreachable(_("推送的地址只能用英文字母、数字和符号，最长 %(most)s 个字。") % {"most": LONGEST})
    return parts


def is_public(text: str) -> bool:
    """Is this network address one of the open internet, whatever it is dressed as?"""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolved(host: str, port: int) -> str:
    """The address to connect to. All that the name has must be public. Raises Unreachable."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unreachable(_("找不到 %(host)s。") % {"host": host}) from None
    if not found:
        raise Unreachable(_("找不到 %(host)s。") % {"host": host})
    if not settings.WEBHOOKS_LAN and not all(map(is_public, found)):
        raise Unreachable(_("%(host)s 不是公网地址，不能推送。") % {"host": host})
    return found[0]


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Plain(http.client.HTTPConnection):
    """To an address that was looked at."""

    def __init__(self, host: str, port: int, *, to: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._to = to

    def connect(self) -> None:
        """Not by name."""
        self.sock = socket.create_connection((self._to, self.port), self.timeout)


class _Safe(_Plain):
    """The same over TLS, for the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """The certificate must be the name's."""
        super().connect()
        self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Reached:
    """Send it. Raises Unreachable for whatever is no answer. A redirect is an answer, and not a good one."""
    parts = check(address)
    assert parts.hostname is not None
    host = parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    kind = _Safe if parts.scheme == "https" else _Plain
    connection = kind(host, port, to=resolved(host, port), timeout=settings.WEBHOOKS_TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # Each read may take its time; together they may not: whoever drips a byte a second is cut off.
    watch = threading.Timer(settings.WEBHOOKS_TIMEOUT, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body=body, headers={**HEADERS, **headers})
        return Reached(connection.getresponse().status)
    except TimeoutError:
        raise Unreachable(_("等了太久没有回应。")) from None
    except ssl.SSLError:
        raise Unreachable(_("对方的证书不对。")) from None
    except (OSError, http.client.HTTPException):
        raise Unreachable(_("连接断了，没有收到回应。")) from None
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    held = connection.sock
    if held is not None:
        with contextlib.suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)
