"""`linli static`: style sheets and scripts gathered, compressed and named by their content, so that browsers keep them."""

import argparse

from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.test.utils import override_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:  # noqa: ARG001  Nothing to choose.
    """Gather into LINLI_STATIC. Servers started afterwards use it."""
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": manifest}):
        storages._storages.clear()  # noqa: SLF001  Django has no public way to open a storage anew.
        call_command("collectstatic", interactive=False, verbosity=0)
    print(f"gathered in {settings.STATIC_ROOT}")
    return 0
