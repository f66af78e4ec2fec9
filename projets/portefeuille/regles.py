"""What is allowed on a project: pure predicates."""

from projets.portefeuille.actes import ActeDeProjet
from projets.portefeuille.etats import TRANSITIONS_PROJET, EtatProjet
from rebond.socle.bdd.jumeaux import jumeau_de

# Acts on a project that need nothing but their name, in the order of its life.
ACTES_SIMPLES = (
    ActeDeProjet.QUALIFIER,
    ActeDeProjet.DEPOSER_DEMANDE,
    ActeDeProjet.REFUSER,
    ActeDeProjet.ENGAGER,
    ActeDeProjet.REALISER,
)
# With the one that also asks when and why.
ACTES = (*ACTES_SIMPLES, ActeDeProjet.ABANDONNER)


def empechement_d_orienter(etat: str) -> str | None:
    """Why a project may not be sent anywhere now; None when it may."""
    return TRANSITIONS_PROJET.empechement(ActeDeProjet.ORIENTER, etat)


def empechement_d_abandonner(etat: str) -> str | None:
    """Why a project may not be given up now; None when it may."""
    return TRANSITIONS_PROJET.empechement(ActeDeProjet.ABANDONNER, etat)


def empechement_de_changer_un_projet(*, annule: bool) -> str | None:
    """Why nothing more happens to this project; None unless it was cancelled."""
    return "Ce projet est annulé\u00a0: il ne change plus." if annule else None


@jumeau_de("postgres:projet_annule_sans_aide")
def empechement_d_annuler_un_projet(*, annule: bool, aide: bool, liberee: bool) -> str | None:
    """Why this project may not be declared a mistake of entry, in a sentence; None when it may.

    `aide`: it has or had one. The freed one too stays in the figures of the days at which it had it.
    """
    if annule:
        return "Ce projet est déjà annulé."
    if aide:
        suite = "" if liberee else " Notez plutôt son abandon, qui la libère."
        return f"Une aide a été accordée à ce projet\u00a0: il a existé.{suite}"
    return None


def actes_possibles(etat: str) -> list[ActeDeProjet]:
    """Those of `ACTES` that a project in this state may go through."""
    return [acte for acte in ACTES if TRANSITIONS_PROJET.permet(acte, EtatProjet(etat))]
