"""What is allowed in a mission, and when: pure predicates."""

from datetime import date, timedelta

from projets.mission.etats import EtatMission
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import compte

# The call is of 2022, and no roadmap looks further: a day outside is a slip of the finger.
PREMIER_JOUR = date(2020, 1, 1)
DERNIER_JOUR = date(2060, 12, 31)
# How far ahead a mission starts or an envelope opens.
A_L_AVANCE = timedelta(days=366)
UN_AN_A_L_AVANCE = "Cette date est à plus d’un an d’ici\u00a0: vérifiez l’année."

# Once the mission is closed, what it gathered is history.
ETAPES_OUVERTES = frozenset(EtatMission) - {EtatMission.A_LANCER, EtatMission.CLOSE}


def etape_suivante(etat: str) -> EtatMission | None:
    """The step that follows; None at the end."""
    etapes = list(EtatMission)
    rang = etapes.index(EtatMission(etat)) + 1
    return etapes[rang] if rang < len(etapes) else None


def empechement_de_prendre_en_charge(etat: str) -> str | None:
    """Why a mission no longer waits for its team; None when it does, until it is launched."""
    return None if etat == EtatMission.A_LANCER else "Cette mission est déjà lancée."


def empechement_d_avancer(etat: str) -> str | None:
    """Why the mission has no next step; None when it has one. The first one is taken with its charge."""
    return None if etape_suivante(etat) is not None else "Cette mission est close."


def empechement_de_modifier(etat: str) -> str | None:
    """Why what the mission gathers may not change; None when it may."""
    return _empechement_hors_cours(etat, "son contenu ne change pas")


def empechement_de_composer(etat: str) -> str | None:
    """Why the team of the mission may not change; None when it may."""
    return _empechement_hors_cours(etat, "son équipe ne change pas")


def empechement_de_financer(etat: str) -> str | None:
    """Why no envelope may be opened nor aid granted; None when it may."""
    return _empechement_hors_cours(etat, "rien ne s’y accorde")


def _empechement_hors_cours(etat: str, suite: str) -> str | None:
    return None if etat in ETAPES_OUVERTES else f"Cette mission n’est pas en cours\u00a0: {suite}."


def empechement_de_modifier_un_industriel(*, annule: bool) -> str | None:
    """Why this company may not be corrected; None when it may."""
    return "Cette entreprise est annulée\u00a0: elle ne change plus." if annule else None


@jumeau_de("postgres:industriel_annule_sans_projet")
def empechement_d_annuler_un_industriel(*, annule: bool, projets: int) -> str | None:
    """Why this company may not be declared a mistake of entry; `projets` are those that it still carries."""
    if annule:
        return "Cette entreprise est déjà annulée."
    if projets:
        return (
            f"Cette entreprise porte {compte(projets, 'projet')}\u00a0: annulez-les d’abord, ou corrigez l’entreprise."
        )
    return None
