"""A portal of its own for one trial: PostgreSQL that keeps what it is given, Valkey, settings, a migrated database."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rebond.embarque import serveurs
from rebond.embarque.processus import port_libre


@contextmanager
def portail_neuf(**reglages: str) -> Iterator[tuple[Path, int]]:
    """Yield the data folder and a free port for the web server; Django is set up. Everything goes at the end."""
    with tempfile.TemporaryDirectory(prefix="rebond-epreuve-") as dossier:
        donnees, port = Path(dossier), port_libre()
        # The servers may run under another account, which must reach its own folder inside.
        donnees.chmod(0o711)
        (donnees / "statique").mkdir()
        for nom in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(nom, None)
        os.environ |= {
            "REBOND_DONNEES": dossier,
            "REBOND_CLE_SECRETE": "une-clef-pour-une-epreuve",
            "REBOND_DEMONSTRATION": "non",
            "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "REBOND_ADRESSE": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "rebond.settings",
            **reglages,
        }
        with serveurs():
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield donnees, port
