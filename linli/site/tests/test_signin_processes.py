"""What two processes of one city know of each other's failed sign-ins. In a module of its own: it really commits."""

import os
import subprocess
import sys
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from tests.cast import PASSWORD

LOGIN = "/accounts/login/"

FAIL_THREE_TIMES = """
import django; django.setup()
from django.test import Client
client = Client()
for n in range(3):
    assert "不对" in client.post("/accounts/login/", {"login": "li", "password": "wrong"}).content.decode()
"""


@pytest.mark.django_db(transaction=True)
def test_processes_share_the_count(client, committed_city):
    at = connection.settings_dict
    where = urlencode({"host": at["HOST"], "port": at["PORT"] or "5432"})  # The host may be a socket's folder.
    url = f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'])}@/{at['NAME']}?{where}"
    env = os.environ | {
        "DATABASE_URL": url,
        "LINLI_SECRET_KEY": "another-process",
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
    }
    subprocess.run([sys.executable, "-c", FAIL_THREE_TIMES], env=env, check=True, timeout=60)
    for _n in range(2):
        client.post(LOGIN, {"login": "li", "password": "wrong"})
    assert "以后可以再试" in client.post(LOGIN, {"login": "li", "password": PASSWORD}).content.decode()
