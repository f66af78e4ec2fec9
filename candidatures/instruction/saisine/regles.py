"""When an avis is due, taken and given: pure predicates."""

from datetime import date, timedelta

from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.vagues.regles import UN_AN_AU_PLUS

# When the portal reminds whoever has not answered: so long before the due day, then on that day.
RAPPELS = (timedelta(days=3), timedelta())
DELAI_PROPOSE = timedelta(days=14)
ENTRE_DEUX_RELANCES = timedelta(hours=24)
TENUE_PAR_UN_AUTRE = "Cette demande est tenue par quelqu’un d’autre de votre organisme\u00a0: reprenez-la d’abord."
TROP_LONG = "Ce texte est trop long\u00a0: il n’est pas enregistré."
A_PRENDRE = "Personne de votre organisme n’a encore pris cette demande\u00a0: prenez-la d’abord."
FINIES = {
    FinDeSaisine.REVOQUEE: "La demande de cet avis est annulée\u00a0: il ne peut plus être rendu.",
    FinDeSaisine.CONFLIT: "La demande de cet avis est annulée, à cause d’un conflit d’intérêts\u00a0: il ne peut plus "
    "être rendu.",
    FinDeSaisine.HORS_COMPETENCE: "Cette demande d’avis a été déclinée\u00a0: il ne peut plus être rendu.",
    FinDeSaisine.AILLEURS: "Cette demande d’avis a été déclinée\u00a0: il ne peut plus être rendu.",
}


def empechement_d_y_repondre(*, rendu: bool, fin: str) -> str | None:
    """Why nobody may answer a request any more; None when somebody may. `fin`: how it ended without an avis."""
    if fin:
        return FINIES[FinDeSaisine(fin)]
    return "Votre avis sur ce dossier est déjà rendu\u00a0: il ne change plus." if rendu else None


def empechement_de_fixer(a_rendre_avant: date, aujourd_hui: date) -> str | None:
    """Why an avis may not be due on that day; None when it may."""
    if a_rendre_avant <= aujourd_hui:
        return "Laissez au moins un jour pour répondre\u00a0: choisissez une date à venir."
    if a_rendre_avant > aujourd_hui + UN_AN_AU_PLUS:
        return "Un avis se rend dans l’année\u00a0: vérifiez la date."
    return None


def dernier_rappel(a_rendre_avant: date, aujourd_hui: date) -> date | None:
    """The last day reached on which the portal reminds; None before the first."""
    atteints = [jour for avance in RAPPELS if (jour := a_rendre_avant - avance) <= aujourd_hui]
    return max(atteints, default=None)


def est_en_retard(a_rendre_avant: date | None, aujourd_hui: date) -> bool:
    """« À rendre avant le 12 » is late on the 12th."""
    return a_rendre_avant is not None and a_rendre_avant <= aujourd_hui
