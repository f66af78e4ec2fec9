"""What keeps the results of a wave from being announced: the rules, on what the database holds of it."""

from datetime import datetime

from candidatures.labellisation import regles
from candidatures.vagues.models.vagues import Vague
from rebond.socle.texte.typographie import instant_fr


def empechement_d_annoncer(vague: Vague, etat_connu: str, maintenant: datetime) -> str | None:
    """Why the results of `vague` may not be announced, in a sentence that tells of the announcement;
    None when they may. `etat_connu` is what whoever asks knows of the wave: a refusal tells them nothing more."""
    return regles.empechement_d_annoncer(etat_connu, annonce=_dire_l_annonce(vague, maintenant))


def _dire_l_annonce(vague: Vague, maintenant: datetime) -> str:
    if vague.annoncee_le is None:
        return ""
    signee = f"le {instant_fr(vague.annoncee_le)} par {vague.annoncee_par}"
    if vague.publique_a is not None and vague.publique_a > maintenant:
        return (
            f"L’annonce de la vague {vague.numero} est déjà programmée pour le {instant_fr(vague.publique_a)}\u00a0: "
            f"elle a été signée {signee}."
        )
    return f"Les résultats de la vague {vague.numero} ont été annoncés {signee}."
