"""Where a delivery may go: not into the city's own network, however the address is dressed."""

import socket

import pytest

from linli.gateways.webhooks import reaching


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https:///x", "//example.org", "example.org", "", "https://user:x@example.org/",
        "https://user@example.org/", "https://example.org/#part", "https://example.org:0/", "https://example.org:99999/", "https://例子.example/",
        "https://example.org/ x", "https://example.org/\nx", "https://[::1", "javascript:alert(1)", "https://example.org/" + "x" * 500,
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address, settings):
    settings.WEBHOOKS_LAN = False
    with pytest.raises(reaching.Unreachable):
        reaching.check(address)


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1",
        "198.18.0.1", "192.0.2.1", "240.0.0.1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_an_address_of_no_open_network_is_none(text):
    assert not reaching.is_public(text)


@pytest.mark.parametrize("text", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_open_network_is_one(text):
    assert reaching.is_public(text)


def resolving(monkeypatch, *answers):
    """A name that says these addresses."""
    asked = []

    def say(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in answers]

    monkeypatch.setattr(reaching.socket, "getaddrinfo", say)
    return asked


@pytest.mark.parametrize("answers", [("10.0.0.5",), ("93.184.215.14", "127.0.0.1"), ()])
def test_a_name_that_leads_into_our_network_is_not_followed(monkeypatch, settings, answers):
    settings.WEBHOOKS_LAN = False
    resolving(monkeypatch, *answers)
    connected = []
    monkeypatch.setattr(reaching.socket, "create_connection", lambda *a, **_: connected.append(a))
    with pytest.raises(reaching.Unreachable):
        reaching.post("https://inside.example/", b"{}", {})
    assert connected == []


def test_a_name_is_asked_once_and_its_answer_is_where_it_goes(monkeypatch, settings):
    """Else it could say something else between the look and the connection."""
    settings.WEBHOOKS_LAN = False
    asked = resolving(monkeypatch, "93.184.215.14")
    connected = []

    def refuse(to, timeout):
        connected.append((to, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr(reaching.socket, "create_connection", refuse)
    with pytest.raises(reaching.Unreachable):
        reaching.post("https://outside.example:8443/hook", b"{}", {})
    assert asked == ["outside.example"]
    assert connected == [(("93.184.215.14", 8443), settings.WEBHOOKS_TIMEOUT)]
