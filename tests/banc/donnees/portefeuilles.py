"""Laureates and missions with 88, 10,000 and 20,000 projects, each told by a frozen release."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from candidatures.models import Labellisation
from projets.models import ActionAxe, Axe, Communique, Enveloppe, EquipeMission, FeuilleDeRoute, Mission, Projet
from projets.portefeuille.etats import EtatProjet
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.regles import siren_fictif
from tests import fabriques as f
from tests.banc.donnees.semis import Semoir, semer
from tests.projets import decor

# So many projects by the day on which their missions were given back: figures of a day are those of the last one.
TAILLES = {88: date(2023, 8, 28), 10_000: date(2024, 3, 25), 20_000: date(2024, 9, 23)}
LAUREATS = 45
PAR_INDUSTRIEL = 5
PAR_MISSION = 10_000


@dataclass
class Portefeuilles:
    """By number of projects: the day, a mission that has them all (at most ten thousand), the release."""

    jours: dict[int, date] = field(default_factory=dict)
    missions: dict[int, Mission] = field(default_factory=dict)
    communiques: dict[int, Communique] = field(default_factory=dict)
    equipier: Utilisateur | None = None


def planter(tailles: dict[int, date], *, laureats: int = LAUREATS) -> Portefeuilles:
    """Freezes nothing yet: see `figer`."""
    semes = Portefeuilles(jours=dict(tailles), equipier=f.un_agent(Role.CHARGE_MISSION))
    assert semes.equipier
    vague = decor.une_releve(1, date(2023, 2, 1), ouverture=date(2022, 10, 1))
    choisis = [decor.un_laureat(vague, datetime(2023, 3, 27, 10, tzinfo=PARIS)) for _ in range(laureats)]
    libres = iter(choisis)
    for nombre, jour in tailles.items():
        reste = nombre
        while reste > 0:
            mission = une_mission(next(libres), jour, min(reste, PAR_MISSION))
            EquipeMission.objects.create(mission=mission, utilisateur=semes.equipier)
            semes.missions.setdefault(nombre, mission)
            reste -= PAR_MISSION
    return semes


def figer(semes: Portefeuilles, nombre: int) -> Communique:
    """The release of that day, in force: text, figures and map."""
    fige = decor.un_communique(au=semes.jours[nombre], maintenant=horloge_base())
    semes.communiques[nombre] = fige
    return fige


def une_mission(laureat: Labellisation, restituee_le: date, nombre: int) -> Mission:
    mission = decor.une_mission(laureat, restituee_le=restituee_le)
    recense_le = restituee_le - timedelta(days=60)
    enveloppe = Enveloppe.objects.create(
        mission=mission, nom="Enveloppe", montant=nombre * 1_000_000, ouverte_le=recense_le
    )
    industriel = decor.un_industriel(mission, 1, rencontre_le=recense_le)
    modele = decor.un_projet(
        industriel, f.un_utilisateur(), recense_le=recense_le, enveloppe=enveloppe, oriente_le=restituee_le
    )
    axe = Axe.objects.create(feuille=FeuilleDeRoute.objects.create(mission=mission), rang=1, titre="L’emploi")
    ActionAxe.objects.create(axe=axe, intitule="Un parcours de découverte des métiers")
    _semer(mission, modele, nombre)
    return mission


def _semer(mission: Mission, modele: Projet, nombre: int) -> None:
    """The model counts for one; four projects in ten go to the envelope."""
    entreprises = max(1, nombre // PAR_INDUSTRIEL)
    sirens = [siren_fictif(10_000 + rang) for rang in range(entreprises)]
    with semer() as semoir:
        semoir.executer(
            """
            CREATE TEMPORARY TABLE usines ON COMMIT DROP AS
            SELECT n, nextval(pg_get_serial_sequence('projets_industriel', 'id')) AS id,
                   (%(sirens)s::text[])[n] AS siren
              FROM generate_series(1, %(entreprises)s) n;
            CREATE TEMPORARY TABLE lignes ON COMMIT DROP AS
            SELECT r AS n, nextval(pg_get_serial_sequence('projets_projet', 'id')) AS id, u.id AS industriel,
                   r %% 10 < 4 AS vers
              FROM generate_series(2, %(nombre)s) r JOIN usines u ON u.n = r %% %(entreprises)s + 1
            """,
            sirens=sirens,
            entreprises=entreprises,
            nombre=nombre,
        )
        semoir.copier(
            "projets_industriel",
            "m.id = %(modele)s",
            "usines u",
            {"siren": "u.siren", "nom": "'Usine ' || u.n"},
            cle="u.id",
            modele=modele.industriel_id,
        )
        semoir.copier(
            "projets_projet",
            "m.id = %(modele)s",
            "lignes l",
            {
                "industriel_id": "l.industriel",
                "intitule": "'Projet ' || l.n",
                "etat": "CASE WHEN l.vers THEN m.etat ELSE %(detecte)s END",
                "voie": "CASE WHEN l.vers THEN m.voie ELSE %(aucune)s END",
                "oriente_le": "CASE WHEN l.vers THEN m.oriente_le END",
                "enveloppe_id": "CASE WHEN l.vers THEN m.enveloppe_id END",
                "structurant": "l.vers",
            },
            cle="l.id",
            modele=modele.pk,
            detecte=EtatProjet.DETECTE.value,
            aucune="",
        )
        _semer_les_estimations(semoir, modele)


def _semer_les_estimations(semoir: Semoir, modele: Projet) -> None:
    semoir.copier(
        "projets_estimation",
        "m.projet_id = %(modele)s",
        "lignes l",
        {"projet_id": "l.id", "investissement": "m.investissement + l.n", "emplois_potentiels": "l.n %% 40"},
        modele=modele.pk,
    )
