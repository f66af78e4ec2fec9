"""What is allowed in a mission: pure predicates shared by actions, views, forms and templates."""

from datetime import date, timedelta

from projets.etats import TRANSITIONS_PROJET, EtatMission, EtatProjet, Voie

# Acts on a project that need nothing but their name, in the order of its life.
ACTES_SIMPLES = ("qualifier", "deposer_demande", "refuser", "engager", "realiser", "abandonner")

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


def peut_prendre_en_charge(etat: str) -> bool:
    """A mission waits for its team until it is launched."""
    return etat == EtatMission.A_LANCER


def peut_avancer(etat: str) -> bool:
    """Whether the team may take the mission to the next step; the first one is taken with its charge."""
    return etat != EtatMission.A_LANCER and etape_suivante(etat) is not None


def mission_ouverte(etat: str) -> bool:
    """Whether companies, projects, envelopes and the roadmap may change: launched, and not closed yet."""
    return etat in ETAPES_OUVERTES


def peut_orienter(etat: str) -> bool:
    return TRANSITIONS_PROJET.permet("orienter", etat)


def peut_accorder(etat: str, voie: str) -> bool:
    """A grant goes to a project that was sent to the envelope and has no answer yet."""
    return voie == Voie.ENVELOPPE and TRANSITIONS_PROJET.permet("accorder", etat)


def actes_possibles(etat: str) -> list[str]:
    """Those of `ACTES_SIMPLES` that a project in this state may go through."""
    return [acte for acte in ACTES_SIMPLES if TRANSITIONS_PROJET.permet(acte, EtatProjet(etat))]
