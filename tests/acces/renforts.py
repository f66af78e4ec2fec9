"""More people around the file that is instructed: each part that one may have in its instruction, on it, on another
file, or with an interest in it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from candidatures.dossier.actions.equipe import retirer_participant
from candidatures.dossier.etats import Qualite
from candidatures.evaluation.actions import evaluateurs
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import demandes
from candidatures.instruction.avis.requetes import Cible, cible_de
from candidatures.models import Participation, Saisine
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.monde import Decor

LE_DOSSIER, UN_AUTRE = "instruit", "à corriger"


@dataclass(frozen=True)
class Renfort:
    """`evalue`, `avis`: on which file; the avis of the whole organisme when `au_service`. `parti`: after having taken
    part in the file that is instructed."""

    role: Role
    evalue: str = ""
    avis: str = ""
    au_service: bool = False
    tenu_par_un_autre: bool = False
    en_conflit: bool = False
    parti: bool = False


RENFORTS = {
    "instructeur-conflit": Renfort(Role.INSTRUCTEUR, en_conflit=True),
    "instructeur-parti": Renfort(Role.INSTRUCTEUR, parti=True),
    "évaluateur": Renfort(Role.INSTRUCTEUR, evalue=LE_DOSSIER),
    "évaluateur-autre": Renfort(Role.INSTRUCTEUR, evalue=UN_AUTRE),
    "évaluateur-conflit": Renfort(Role.INSTRUCTEUR, evalue=LE_DOSSIER, en_conflit=True),
    "expert-organisme": Renfort(Role.EXPERT, avis=LE_DOSSIER, au_service=True),
    "expert-collègue": Renfort(Role.EXPERT, avis=LE_DOSSIER, tenu_par_un_autre=True),
    "expert-autre": Renfort(Role.EXPERT, avis=UN_AUTRE),
    "expert-conflit": Renfort(Role.EXPERT, avis=LE_DOSSIER, en_conflit=True),
    "expert-parti": Renfort(Role.EXPERT, avis=UN_AUTRE, parti=True),
    "valideur-conflit": Renfort(Role.VALIDEUR, en_conflit=True),
    "auditeur-conflit": Renfort(Role.AUDITEUR, en_conflit=True),
}


def arriver(monde: Decor) -> dict[str, tuple[Utilisateur, dict[str, Any]]]:
    """Each, with what is theirs in an address (a request for their own avis) instead of what is somebody else's."""
    return {nom: _arriver(monde, renfort) for nom, renfort in RENFORTS.items()}


def _arriver(monde: Decor, renfort: Renfort) -> tuple[Utilisateur, dict[str, Any]]:
    personne, maintenant = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE), horloge_base()
    dossier = monde.dossiers[LE_DOSSIER]
    role = f.un_role(personne, renfort.role, region=f.un_departement().region if renfort.evalue else None)
    siens: dict[str, Any] = {}
    if renfort.evalue:
        (sien,) = evaluateurs.confier(
            candidature=monde.dossiers[renfort.evalue],
            personnes=[personne],
            auteur=monde["valideur"],
            maintenant=maintenant,
        )
        siens["evaluateur_pk"] = sien.pk
    if renfort.avis:
        siens["saisine_pk"] = _saisir(monde, renfort, personne, role.organisme).pk
    if renfort.parti:
        part = Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=Qualite.LECTEUR)
        retirer_participant(participation=part, auteur=personne, maintenant=maintenant)
    if renfort.en_conflit:
        instruction.declarer_interet(
            candidature=dossier, utilisateur=personne, motif="Mandat local.", maintenant=maintenant
        )
    return personne, siens


def _saisir(monde: Decor, renfort: Renfort, personne: Utilisateur, organisme: Any) -> Saisine:
    cible = Cible(organisme, None) if renfort.au_service else cible_de(personne)
    if renfort.tenu_par_un_autre:
        collegue = f.un_agent(Role.EXPERT, organisme=organisme)
        cible = Cible(organisme, collegue)
    (saisine,) = demandes.demander_avis(
        candidature=monde.dossiers[renfort.avis],
        cibles=[cible],
        question="",
        a_rendre_avant=jour_de_paris(horloge_base()) + timedelta(days=14),
        auteur=monde["instructeur"],
        maintenant=horloge_base(),
    )
    return saisine
