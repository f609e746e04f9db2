"""Start the provider: a key, a database, its people, linli as its client; then say "ready" and serve."""

import argparse
import os
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests import oidc_provider


class Threads(ThreadingMixIn, WSGIServer):
    """Linli asks it for a token while the browser waits on it."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Without a line per request."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callback", required=True, nargs="+")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    server = make_server("127.0.0.1", chosen.port, None, server_class=Threads, handler_class=Quiet)
    with tempfile.TemporaryDirectory() as folder:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (Path(folder) / "key.pem").write_bytes(pem)
        issuer = f"http://127.0.0.1:{server.server_port}/o"
        os.environ |= {
            "IDP_FOLDER": folder,
            "IDP_ISSUER": issuer,
            "DJANGO_SETTINGS_MODULE": "tests.oidc_provider.settings",
        }
        prepare(chosen.callback)
        from django.core.wsgi import get_wsgi_application

        server.set_app(get_wsgi_application())
        print(f"ready {issuer}", flush=True)
        server.serve_forever()


def prepare(callbacks: list[str]) -> None:
    """The database, the people, and linli as a client."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for username in oidc_provider.PEOPLE:
        User.objects.create_user(username, password=oidc_provider.PASSWORD)
    Application.objects.create(
        name="linli",
        client_id=oidc_provider.CLIENT_ID,
        client_secret=oidc_provider.CLIENT_SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=" ".join(callbacks),
        algorithm=Application.RS256_ALGORITHM,
    )


if __name__ == "__main__":
    main()
