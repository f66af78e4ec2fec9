"""What is allowed in a mission: pure predicates shared by actions, views, forms and templates."""

from datetime import date

from projets.etats import TRANSITIONS_PROJET, EtatMission, EtatProjet, Voie
from rebond.socle.typographie import compte, euros

# Acts on a project that need nothing but their name, in the order of its life.
ACTES_SIMPLES = ("qualifier", "deposer_demande", "refuser", "engager", "realiser")
# With the one that also asks when and why.
ACTES = (*ACTES_SIMPLES, "abandonner")

# The call is of 2022, and no roadmap looks further: a day outside is a slip of the finger.
PREMIER_JOUR = date(2020, 1, 1)
DERNIER_JOUR = date(2060, 12, 31)

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


def empechement_d_annuler_un_projet(*, annule: bool, aide: bool) -> str | None:
    """Why this project may not be declared a mistake of entry, in a sentence; None when it may."""
    if annule:
        return "Ce projet est déjà annulé."
    if aide:
        return "Une aide est accordée à ce projet\u00a0: il a existé. Notez plutôt son abandon, qui la libère."
    return None


def empechement_d_annuler_un_industriel(*, annule: bool, projets: int) -> str | None:
    """Why this company may not be declared a mistake of entry; `projets` are those that it still carries."""
    if annule:
        return "Cette entreprise est déjà annulée."
    if projets:
        return (
            f"Cette entreprise porte {compte(projets, 'projet')}\u00a0: annulez-les d’abord, ou corrigez l’entreprise."
        )
    return None


def aide_excessive(montant: int, investissement: int | None) -> str | None:
    """Why a grant of `montant` may not go to a project of this investment (whole euros)."""
    if investissement is not None and montant > investissement:
        return f"Le projet prévoit {euros(investissement)} d’investissement\u00a0: l’aide ne peut pas le dépasser."
    return None


def actes_possibles(etat: str) -> list[str]:
    """Those of `ACTES` that a project in this state may go through."""
    return [acte for acte in ACTES if TRANSITIONS_PROJET.permet(acte, EtatProjet(etat))]
