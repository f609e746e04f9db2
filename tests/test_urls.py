"""A stranger is refused on every address that is not listed as public; 钱路人 on every address of 柳林街道's matters."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from linli.work.matters.words import follow_token

PUBLIC = {
    line.split("#")[0].strip()
    for line in Path(__file__).with_name("public_urls.txt").read_text(encoding="utf-8").splitlines()
    if line.split("#")[0].strip()
}


def walk(resolver=None, prefix="", space=()):
    """(name, path) of every address in the table; parameters stand as <name>."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from walk(each, route, (*space, each.namespace) if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield ":".join((*space, each.name or each.lookup_str)), route


def address(route: str, **values: str) -> str:
    """A path to try: parameters get sensible values, or a 1."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)

    def fill(found):
        name = found[1].partition(":")[2] or found[1]
        return values.get(name, "json" if name == "written" else "1")

    return "/" + re.sub(r"<([^>]+)>", fill, route).replace("^", "").replace("$", "").replace("\\Z", "").replace(
        "\\", ""
    ).replace("?", "")


ALL = sorted(set(walk()))


def test_every_public_address_exists():
    assert {name for name, _ in ALL} >= PUBLIC


@pytest.mark.parametrize(
    ("name", "route"), [pair for pair in ALL if pair[0] not in PUBLIC], ids=[n for n, _ in ALL if n not in PUBLIC]
)
def test_a_stranger_is_refused(client, city, name, route):
    for method in (client.get, client.post):
        response = method(address(route))
        assert response.status_code in {301, 302, 401, 403, 404, 405}, (name, response.status_code)
        if response.status_code in {301, 302}:
            assert "/accounts/login/" in response["Location"] or "/accounts/" in response["Location"], (
                name,
                response["Location"],
            )


@pytest.mark.parametrize(
    ("name", "route"),
    [pair for pair in ALL if "<str:number>" in pair[1]],
    ids=[n for n, r in ALL if "<str:number>" in r],
)
def test_a_passer_by_gets_nothing_of_the_next_township(sign_in, make, name, route):
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678", public=False)
    client = sign_in("qian")
    wrong = follow_token(matter.number)[::-1]
    for method in (client.get, client.post):
        response = method(address(route, number=matter.number, token=wrong))
        assert response.status_code in {403, 404, 405}, (name, response.status_code)
        assert "13812345678" not in response.content.decode(errors="replace")


@pytest.mark.parametrize(("name", "route"), ALL, ids=[name for name, _ in ALL])
def test_nothing_breaks_for_staff(sign_in, name, route):
    """Whatever an address says of things that are not there, a page answers: refused, missing, never broken."""
    for method in ("get", "post"):
        answer = getattr(sign_in("zheng"), method)(address(route))
        assert answer.status_code < 500, (name, method, answer.status_code)
