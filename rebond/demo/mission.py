"""The Cambrai and Caudrésis-Catésis mission, real in its frame and its totals, invented in its detail."""

from datetime import date, datetime, time, timedelta

from candidatures.labellisation.models import Labellisation
from projets.enveloppe import actions as enveloppes
from projets.enveloppe.models import Enveloppe
from projets.feuille_de_route import actions as feuilles
from projets.mission import actions as missions
from projets.mission.models import Industriel, Mission
from projets.portefeuille import actions as portefeuille
from projets.portefeuille.etats import Voie
from projets.portefeuille.models import Projet
from rebond.demo import portefeuille as invente
from rebond.socle.horloge.temps import PARIS
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Epci

RESTITUTION = date(2023, 8, 28)
ORIENTATION = date(2023, 7, 18)
OUVERTURE_ENVELOPPE = date(2023, 7, 3)

# The three axes of the announcement; the actions under them are invented.
AXES = (
    (
        "L’emploi et le développement des compétences",
        (0, 1),
        ("Plateforme commune de recrutement industriel", "Parcours de découverte des métiers en collège"),
    ),
    (
        "L’anticipation des évolutions de la filière agroalimentaire",
        (0,),
        ("Observatoire des débouchés", "Atelier partagé de conditionnement"),
    ),
    (
        "L’accélération de la transition numérique et de l’innovation",
        (1,),
        ("Diagnostics numériques de sites", "Démonstrateur de production connectée"),
    ),
)


def charger(labellisation: Labellisation, comptes: dict[str, Utilisateur]) -> Mission:
    """From the launch in April 2023 to the restitution of 28 August 2023."""
    equipier, gestionnaire = comptes["charge-mission"], comptes["gestionnaire"]
    mission = missions.ouvrir_mission(
        titre="Mission Rebond industriel de Cambrai et du Caudrésis-Catésis",
        labellisations=[labellisation],
        debut=date(2023, 4, 3),
        acteur=equipier,
        maintenant=midi(date(2023, 4, 3)),
        equipe=[equipier],
        demonstration=True,
        contexte="Données de démonstration : ce paragraphe est inventé. Le tissu industriel des deux agglomérations, "
        "textile, agroalimentaire et mécanique, cherche de nouveaux débouchés.",
    )
    epcis = [Epci.objects.get(siren="200068500"), Epci.objects.get(siren="200030633")]
    _avancer(mission, equipier, date(2023, 4, 3), fois=2)
    industriels = _rencontrer(mission, epcis, equipier)
    enveloppe = enveloppes.ouvrir_enveloppe(
        mission=mission,
        nom="Enveloppe Rebond industriel du Cambrésis",
        montant=invente.ENVELOPPE,
        ouverte_le=OUVERTURE_ENVELOPPE,
        cofinancements={
            "État – France 2030 (répartition fictive)": 4_000_000,
            "Communauté d’agglomération de Cambrai (répartition fictive)": 500_000,
            "Communauté d’agglomération du Caudrésis et du Catésis (répartition fictive)": 500_000,
        },
        acteur=gestionnaire,
        maintenant=midi(OUVERTURE_ENVELOPPE),
    )
    _recenser(industriels, enveloppe, equipier)
    _avancer(mission, equipier, date(2023, 7, 5))
    for titre, concernes, actions in AXES:
        feuilles.ecrire_axe(
            mission=mission,
            titre=titre,
            description="Données de démonstration : description inventée.",
            epcis=[epcis[rang] for rang in concernes],
            actions=[{"intitule": intitule, "pilote": "Pilote à désigner (fictif)"} for intitule in actions],
            acteur=equipier,
            maintenant=midi(date(2023, 7, 20)),
        )
    _avancer(mission, equipier, date(2023, 7, 25))
    _avancer(mission, equipier, RESTITUTION, restituee_le=RESTITUTION)
    _accorder(enveloppe, gestionnaire)
    return mission


def midi(jour: date) -> datetime:
    return datetime.combine(jour, time(12), tzinfo=PARIS)


def _avancer(
    mission: Mission, acteur: Utilisateur, jour: date, *, fois: int = 1, restituee_le: date | None = None
) -> None:
    for _ in range(fois):
        missions.avancer(mission=mission, acteur=acteur, maintenant=midi(jour), restituee_le=restituee_le)
        mission.refresh_from_db()


def _rencontrer(mission: Mission, epcis: list[Epci], acteur: Utilisateur) -> list[Industriel]:
    return [
        missions.rencontrer(
            mission=mission,
            siren=fictif.siren,
            nom=fictif.nom,
            epci=epcis[fictif.epci],
            rencontre_le=fictif.rencontre_le,
            effectif=fictif.effectif,
            activite=fictif.activite,
            acteur=acteur,
            maintenant=midi(fictif.rencontre_le),
        )
        for fictif in invente.industriels()
    ]


def _recenser(industriels: list[Industriel], enveloppe: Enveloppe, acteur: Utilisateur) -> None:
    for rang, fictif in enumerate(invente.projets()):
        industriel = industriels[fictif.industriel]
        projet = portefeuille.recenser(
            industriel=industriel,
            intitule=fictif.intitule,
            nature=fictif.nature,
            epci=industriel.epci,
            recense_le=fictif.recense_le,
            investissement=fictif.investissement,
            emplois_potentiels=fictif.emplois_potentiels,
            emplois_previsionnels=fictif.emplois_previsionnels,
            structurant=fictif.structurant,
            description="Données de démonstration : projet inventé.",
            acteur=acteur,
            maintenant=midi(fictif.recense_le),
        )
        if fictif.structurant or rang % 2:
            portefeuille.qualifier(projet=projet, acteur=acteur, maintenant=midi(ORIENTATION))
            _orienter(projet, enveloppe if fictif.structurant else None, rang, acteur)


def _orienter(projet: Projet, enveloppe: Enveloppe | None, rang: int, acteur: Utilisateur) -> None:
    voie = Voie.ENVELOPPE if enveloppe else (Voie.DROIT_COMMUN, Voie.SANS_AIDE)[rang % 3 == 0]
    enveloppes.orienter(
        projet=projet,
        voie=voie,
        oriente_le=ORIENTATION,
        enveloppe=enveloppe,
        acteur=acteur,
        maintenant=midi(ORIENTATION),
    )


def _accorder(enveloppe: Enveloppe, acteur: Utilisateur) -> None:
    """Ten grants after the restitution; part of the envelope is left, for whoever tries the portal."""
    for rang, projet in enumerate(enveloppe.projets.order_by("pk")[:10]):
        jour = RESTITUTION + timedelta(days=30 + 7 * rang)
        enveloppes.accorder(
            enveloppe=enveloppe,
            projet=projet,
            montant=250_000 + 20_000 * (rang % 5),
            accorde_le=jour,
            acteur=acteur,
            maintenant=midi(jour),
        )
