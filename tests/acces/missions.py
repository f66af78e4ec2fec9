"""What comes out of a decision: the mission of a laureate, with one of each thing in it; a release of the press."""

from datetime import date, timedelta
from typing import Any

from projets.communique.annexes import TOUS
from projets.mission import actions as missions
from projets.models import ActionAxe, Axe, Enveloppe, FeuilleDeRoute, FichierDeCommunique, Mission, Rapport
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from tests.acces.monde import Decor
from tests.projets import decor as projets

UN_JOUR = timedelta(days=1)
PROJETS = ("projet", "modifier_projet", "estimer", "orienter", "abandonner", "annuler", "faire")


def accompagner(monde: Decor) -> None:
    """The mission of the published laureate, under way, with something of each kind in it."""
    mission = Mission.objects.get(labellisations__candidature=monde.dossiers["publié"])
    charge, maintenant, debut = monde["chargé"], horloge_base(), date(2026, 5, 4)
    missions.prendre_en_charge(mission=mission, debut=debut, acteur=charge, maintenant=maintenant)
    monde.objets["mission-publique"] = remplir(mission, charge, rang=1)
    hier = jour_de_paris(maintenant) - UN_JOUR
    communique = projets.un_communique(au=hier, maintenant=maintenant)
    FichierDeCommunique.objects.create(
        communique=communique,
        cle=next(iter(TOUS)),
        sous_embargo=False,
        nom="communique.txt",
        document=documents.enregistrer(b"texte", type_mime="text/plain"),
    )
    monde.objets["communiqué"] = {
        "au": hier,
        "format_": next(iter(TOUS)),
        "cle": "projets_recenses",
        "pk": communique.pk,
    }


def remplir(mission: Mission, auteur: Utilisateur, *, rang: int) -> dict[str, Any]:
    """One of each thing that a mission holds, as rows; and the values of their addresses."""
    jour = date(2026, 5, 4)
    industriel = projets.un_industriel(mission, rang, rencontre_le=jour)
    enveloppe = Enveloppe.objects.create(mission=mission, nom="Enveloppe", montant=1_000_000, ouverte_le=jour)
    projet = projets.un_projet(industriel, auteur, recense_le=jour, oriente_le=jour, enveloppe=enveloppe)
    feuille = FeuilleDeRoute.objects.create(mission=mission)
    axe = Axe.objects.create(feuille=feuille, rang=1, titre=f"Un axe {rang}")
    ActionAxe.objects.create(axe=axe, intitule="Un atelier")
    rapport = Rapport.objects.create(mission=mission, version=1, au=jour, demande_par=auteur)
    return {
        "pk": mission.pk,
        "mission_id": mission.pk,
        "vers": "rencontres",
        "acte": "qualifier",
        "accorder pk": enveloppe.pk,
        "liberer pk": auteur.pk,
        **{f"projets:{nom}_industriel pk": industriel.pk for nom in ("modifier", "annuler")},
        **{f"projets:{nom} pk": projet.pk for nom in PROJETS},
        **{f"conduite:{nom}_axe pk": axe.pk for nom in ("modifier", "monter", "descendre", "retirer")},
        **{f"rapports:{nom} pk": rapport.pk for nom in ("rapport", "etat", "fichier", "relancer")},
    }
