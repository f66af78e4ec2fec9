"""Laureates and missions as rows, for what reads them: figures, press releases, reports."""

from datetime import date, datetime, timedelta
from typing import Any

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.models import Candidature, Labellisation, Vague
from projets.communique import editions
from projets.mission.etats import EtatMission
from projets.models import (
    ActionAxe,
    Axe,
    Communique,
    Concours,
    Enveloppe,
    Estimation,
    FeuilleDeRoute,
    Industriel,
    Mission,
    MissionLabellisation,
    Projet,
)
from projets.portefeuille.etats import EtatProjet, NatureProjet, Voie
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import PARIS
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire
from territoires.regles import siren_fictif
from tests.fabriques import midi_a_paris, un_territoire, un_utilisateur

RESTITUTION = date(2023, 8, 28)


def une_releve(numero: int, cloture: date, *, ouverture: date) -> Vague:
    return Vague.objects.create(numero=numero, ouverture=midi_a_paris(ouverture), cloture=midi_a_paris(cloture))


def un_laureat(
    vague: Vague, annonce: datetime, *, territoire: Territoire | None = None, publique_a: datetime | None = None
) -> Labellisation:
    territoire = territoire or un_territoire()
    return Labellisation.objects.create(
        candidature=Candidature.objects.create(
            vague=vague, cahier=cahier_en_vigueur(vague=vague), territoire=territoire
        ),
        territoire=territoire,
        vague=vague,
        decidee_le=annonce - timedelta(days=5),
        annoncee_le=annonce,
        publique_a=publique_a or annonce,
    )


def une_mission(labellisation: Labellisation, *, restituee_le: date | None = RESTITUTION, titre: str = "") -> Mission:
    mission = Mission.objects.create(
        titre=titre or f"Mission de {labellisation}",
        debut=date(2023, 4, 3),
        etat=EtatMission.RESTITUEE if restituee_le else EtatMission.RENCONTRES,
        restituee_le=restituee_le,
        contexte="Un tissu industriel dense.",
    )
    MissionLabellisation.objects.create(mission=mission, labellisation=labellisation)
    return mission


def un_industriel(mission: Mission, rang: int, *, rencontre_le: date | None = date(2023, 5, 2)) -> Industriel:
    epci = mission.labellisations.get().territoire.chef_de_file
    return Industriel.objects.create(
        mission=mission, siren=siren_fictif(70_000 + rang), nom=f"Usine {rang}", epci=epci, rencontre_le=rencontre_le
    )


def un_projet(
    industriel: Industriel,
    auteur: Utilisateur,
    *,
    investissement: int = 1_000_000,
    potentiels: int = 10,
    previsionnels: int | None = None,
    recense_le: date = date(2023, 5, 2),
    enveloppe: Enveloppe | None = None,
    oriente_le: date = date(2023, 7, 18),
    nature: NatureProjet = NatureProjet.CAPACITE,
) -> Projet:
    """A structuring project sent to `enveloppe`, or without one a project that is only listed."""
    orientation = {"voie": Voie.ENVELOPPE, "oriente_le": oriente_le, "enveloppe": enveloppe, "structurant": True}
    projet = Projet.objects.create(
        mission=industriel.mission,
        industriel=industriel,
        epci=industriel.epci,
        intitule=f"Projet de {industriel}",
        nature=nature,
        recense_le=recense_le,
        etat=EtatProjet.ORIENTE if enveloppe else EtatProjet.DETECTE,
        **(orientation if enveloppe else {}),
    )
    estimer(projet, auteur, recense_le, investissement, potentiels, previsionnels)
    return projet


def un_projet_sans_estimation(industriel: Industriel, *, recense_le: date = date(2023, 5, 2)) -> Projet:
    return Projet.objects.create(
        mission=industriel.mission,
        industriel=industriel,
        epci=industriel.epci,
        intitule=f"Projet à estimer de {industriel}",
        nature=NatureProjet.CAPACITE,
        recense_le=recense_le,
    )


def estimer(
    projet: Projet, auteur: Utilisateur, au: date, investissement: int, potentiels: int, previsionnels: int | None
) -> Estimation:
    return Estimation.objects.create(
        projet=projet,
        au=au,
        investissement=investissement,
        emplois_potentiels=potentiels,
        emplois_previsionnels=previsionnels,
        auteur=auteur,
    )


def une_annonce() -> Mission:
    """A small announcement: three laureates, two of them new; a restituted mission with four companies and six
    projects, two of which are sent to an envelope of 5 M€; the next wave closes on 1 October 2023.
    """
    auteur = un_utilisateur()
    premiere = une_releve(1, date(2023, 2, 1), ouverture=date(2022, 10, 1))
    seconde = une_releve(2, date(2023, 6, 1), ouverture=date(2023, 2, 1))
    une_releve(3, date(2023, 10, 1), ouverture=date(2023, 6, 1))
    ancien = un_laureat(premiere, datetime(2023, 3, 27, 10, tzinfo=PARIS))
    for _ in range(2):
        un_laureat(seconde, datetime(2023, 8, 28, 12, tzinfo=PARIS))
    mission = une_mission(ancien)
    enveloppe = Enveloppe.objects.create(
        mission=mission, nom="Enveloppe", montant=5_000_000, ouverte_le=date(2023, 7, 3)
    )
    industriels = [un_industriel(mission, rang) for rang in range(1, 5)]
    for rang in range(4):
        un_projet(industriels[rang], auteur, investissement=1_210_000, potentiels=11)
    for industriel, previsionnels in zip(industriels, (200, 104), strict=False):
        projet = un_projet(
            industriel, auteur, investissement=3_000_000, previsionnels=previsionnels, enveloppe=enveloppe
        )
    Concours.objects.create(
        enveloppe=enveloppe, projet=projet, montant=250_000, accorde_le=date(2023, 9, 27), accorde_par=auteur
    )
    axe = Axe.objects.create(
        feuille=FeuilleDeRoute.objects.create(mission=mission), rang=1, titre="L’emploi et les compétences"
    )
    ActionAxe.objects.create(axe=axe, intitule="Un parcours de découverte des métiers")
    return mission


def un_communique(*, au: date = RESTITUTION, maintenant: datetime, **champs: Any) -> Communique:
    """A release as they were frozen before their files were kept: text, figures and map, without files."""
    pret = editions.projet(au=au, maintenant=maintenant)
    documents.enregistrer(pret.contenu.carte.encode(), type_mime="image/svg+xml")
    dernier = editions.dernier_fige(au)
    defauts = {
        "au": au,
        "version": dernier.version + 1 if dernier else 1,
        "empreinte": pret.empreinte,
        "motif": "Un projet avait été oublié." if dernier else "",
        "fige_par": un_utilisateur(),
    }
    return Communique.objects.create(**pret.en_json(), **(defauts | champs))
