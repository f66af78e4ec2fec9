"""Who may be given a file, and how the files to be taken are proposed: by place, then by load."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.regles import PLUS_EN_INSTRUCTION
from rebond.socle.bdd.jumeaux import jumeau_de

#: How many files are proposed at once: what somebody reads before they confirm.
LOT_MAX = 100
PERSONNE = "Aucun instructeur n’a ce territoire dans son périmètre."
PERSONNE_D_AUTRE = "Aucun autre instructeur ne peut suivre ce dossier."
TOUS_EN_CONFLIT = "Chaque instructeur de ce territoire a un intérêt déclaré dans ce dossier, ou y participe."
EN_CONFLIT = "Cette personne a déclaré un conflit d’intérêts sur ce dossier, ou y participe."
HORS_PERIMETRE = "Ce territoire n’est pas dans le périmètre de cette personne."
SANS_MOT = "Écrivez un mot\u00a0: où en est le dossier, et pourquoi vous le passez."


class Candidat(NamedTuple):
    """Somebody whose périmètre reaches a file. `portee`: 0 for its territory, 1 for a département, 2 for a région, 3
    for the whole country."""

    personne: int
    portee: int
    en_conflit: bool


@dataclass(frozen=True)
class Refus:
    """A file that nobody may be given, and why."""

    dossier: int
    raison: str


@jumeau_de("postgres:affectation_d_un_dossier_en_instruction")
def empechement_d_affecter(etat: str) -> str | None:
    """Why a file is entrusted to nobody; None when it is."""
    return None if etat in ETATS_CONFIES else PLUS_EN_INSTRUCTION


def deja_suivi(par: object) -> str:
    return f"{par} suit déjà ce dossier."


def empechement_de_donner_a(personne: int, candidats: Collection[Candidat]) -> str | None:
    """Why `personne` may not hold a file of which these are the candidates; None when they may."""
    siens = [candidat for candidat in candidats if candidat.personne == personne]
    if not siens:
        return HORS_PERIMETRE
    return EN_CONFLIT if any(candidat.en_conflit for candidat in siens) else None


def empechement_de_trouver(candidats: Collection[Candidat]) -> str | None:
    """Why nobody may hold it; None when somebody may."""
    if not candidats:
        return PERSONNE
    return TOUS_EN_CONFLIT if all(candidat.en_conflit for candidat in candidats) else None


def repartir(
    dossiers: Mapping[int, Collection[Candidat]], charges: Mapping[int, int]
) -> tuple[dict[int, int], list[Refus]]:
    """Whom each file is proposed to, and those that nobody may be given.

    The nearest first (`Candidat.portee`), the least loaded among them: `charges` says how many files each holds now,
    and what is proposed here counts. Files that few may hold are served first. The same question has the same answer.
    """
    refus = [
        Refus(dossier, raison)
        for dossier, candidats in dossiers.items()
        if (raison := empechement_de_trouver(candidats)) is not None
    ]
    sans = {refuse.dossier for refuse in refus}
    libres = {
        dossier: [candidat for candidat in candidats if not candidat.en_conflit]
        for dossier, candidats in dossiers.items()
        if dossier not in sans
    }
    charge = dict(charges)
    choisis: dict[int, int] = {}
    for dossier in sorted(libres, key=lambda cle: (len(libres[cle]), cle)):
        elu = min(
            libres[dossier],
            key=lambda candidat: (candidat.portee, charge.get(candidat.personne, 0), candidat.personne),
        )
        choisis[dossier] = elu.personne
        charge[elu.personne] = charge.get(elu.personne, 0) + 1
    return choisis, refus
