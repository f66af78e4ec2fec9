"""Where the bench runs: servers that keep what they are given, production's web server, an empty one beside it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from rebond.embarque import serveurs
from rebond.embarque.emplacement import ouvrir
from rebond.embarque.postgres import Postgres
from rebond.embarque.roles import PROPRIETAIRE
from tests.banc.service.serveurs import Serveur, serveur
from tests.outils import roles
from tests.outils.roles import ADMINISTRATEUR

if TYPE_CHECKING:
    from tests.banc.donnees.dossiers import Decor
    from tests.banc.donnees.portefeuilles import Portefeuilles

REGLAGES = {
    "REBOND_CLE_SECRETE": "une-clef-pour-le-banc",
    "REBOND_DEMONSTRATION": "non",
    # One machine in clear: what production asks of a browser by TLS cannot be asked here.
    "REBOND_SECOND_FACTEUR": "facultatif",
    "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "REBOND_PRESSE_ADRESSE": "https://rebond.gouv.fr",
    "REBOND_PRESSE_CONTACTS": "Service de presse : 01 23 45 67 89 – presse@industrie.gouv.fr",
    "DJANGO_SETTINGS_MODULE": "rebond.settings",
}
# An application, and the gunicorn settings that serve it.
PORTAIL = ("rebond.wsgi", "tests.banc.service.reglages_du_portail")
VIDE = ("tests.banc.service.vide", "tests.banc.service.reglages_du_vide")
SANTE = "/sante/"
# Files of the largest wave, each of another territory.
PLUS_GRANDE = 10_000


@dataclass
class Terrain:
    """`part` is how much of everything is made and measured: 1 for the real bench."""

    donnees: Path
    portail: Serveur
    vide: Serveur
    part: float = 1.0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def entier(self) -> bool:
        return self.part >= 1

    def taille(self, nombre: int, *, minimum: int = 20) -> int:
        """`nombre` in a real bench, less in a trial."""
        return max(minimum, int(nombre * self.part)) if not self.entier else nombre

    def duree(self, secondes: float) -> float:
        return secondes if self.entier else max(0.1, secondes * self.part)

    @cached_property
    def decor(self) -> "Decor":
        from tests.banc.donnees import dossiers

        return dossiers.planter(32 if self.entier else 8)

    def vague(self, nombre: int, *, instruits: bool = False) -> Any:
        """The wave of so many files, made once."""
        from tests.banc.donnees import dossiers

        nom = f"{nombre}{'-instruits' if instruits else ''}"
        if nom not in self.decor.vagues:
            print(f"… {self.taille(nombre)} dossiers", flush=True)
            dossiers.une_vague(self.decor, self.taille(nombre), nom=nom, instruits=instruits)
        return self.decor.vagues[nom]

    @cached_property
    def portefeuilles(self) -> "Portefeuilles":
        from tests.banc.donnees import portefeuilles

        tailles = {self.taille(nombre): jour for nombre, jour in portefeuilles.TAILLES.items()}
        print(f"… {', '.join(map(str, tailles))} projets", flush=True)
        return portefeuilles.planter(tailles, laureats=portefeuilles.LAUREATS if self.entier else 5)

    def session(self, personne: Any) -> str:
        """What somebody sends with each request who signed in by the portal's own page: its session has the row that
        tells whose it is (`rebond.comptes.seances.personne`)."""
        from django.conf import settings
        from django.test import Client

        from tests.outils.connexion import decrire_la_seance

        client = Client()
        client.force_login(personne)
        decrire_la_seance(client, personne)
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def terrain(*, part: float, statique: bool) -> Iterator[Terrain]:
    """A database of its own, or the empty one that DATABASE_URL names beside REBOND_BASE_ADMINISTRATEUR."""
    with tempfile.TemporaryDirectory(prefix="rebond-banc-") as dossier:
        donnees = Path(dossier)
        # The servers may run under another account, which must reach its own folder inside.
        donnees.chmod(0o711)
        (donnees / "statique").mkdir()
        os.environ |= REGLAGES | {"REBOND_DONNEES": dossier, "REBOND_STATIQUE_COMPRESSE": "oui" if statique else "non"}
        with serveurs():
            a_nous = not os.environ.get(ADMINISTRATEUR)
            if a_nous:
                os.environ[ADMINISTRATEUR] = Postgres(ouvrir(donnees)).url_administrateur()
            _preparer(statique=statique, part=part, a_nous=a_nous)
            with (
                serveur(*VIDE, environ=os.environ) as vide,
                serveur(*PORTAIL, page=SANTE, environ=os.environ) as portail,
            ):
                yield Terrain(donnees, portail, vide, part)


def _preparer(*, statique: bool, part: float, a_nous: bool) -> None:
    """`a_nous`: the server is the bench's own, whose database may be made again."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    print("… la base", flush=True)
    if a_nous:
        _copier_le_modele()
    else:
        call_command("migrate", verbosity=0)
    from territoires.models import Epci
    from tests.banc.donnees.dossiers import PAIRES

    # A trial makes a few authorities of its own; the real ones take seconds to load.
    if part * PLUS_GRANDE > PAIRES and not Epci.objects.exists():
        call_command("charger_referentiel", verbosity=0)
    if statique:
        print("… les fichiers statiques", flush=True)
        call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()


def _copier_le_modele() -> None:
    """Of the suite's own databases, which `demarrage` makes one of: what takes longest before anything is measured is
    migrated once."""
    from django.db import connection

    from tests.outils.modele_de_base import nom_du_modele

    roles.employer_les_roles()
    modele, base = nom_du_modele(), connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(roles.url_administrateur("postgres"), autocommit=True) as administrateur:
        administrateur.execute(f'DROP DATABASE IF EXISTS "{base}" WITH (FORCE)')
        administrateur.execute(f'CREATE DATABASE "{base}" TEMPLATE "{modele}" OWNER "{PROPRIETAIRE}"')
