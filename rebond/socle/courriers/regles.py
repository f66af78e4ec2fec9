"""How many letters leave for one address, or at the word of one person; when the comfort ones leave."""

from datetime import datetime, time, timedelta

from django.db.models import TextChoices

from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.courriers.natures import DE_CONFORT, Rythme, Sorte
from rebond.socle.horloge.temps import PARIS

# In the last twenty-four hours. A grouping of eleven authorities invites two people of each in a day.
LETTRES_PAR_JOUR = 25
TROP_DE_LETTRES = (
    f"Le portail envoie pour vous au plus {LETTRES_PAR_JOUR} e-mails par jour, invitations et renvois compris\u00a0: "
    "attendez demain pour les suivantes. Rien de ce que vous avez saisi n’est perdu."
)
#: To one address in twenty-four hours, all comfort letters together; what comes next is in the summary of tomorrow.
CONFORT_PAR_JOUR = 20
#: Letters that a stranger may have sent to one address in twenty-four hours. A browser that is known is no stranger.
FORMULAIRES_PAR_JOUR = 50
#: When the summary of the day leaves, in Paris.
HEURE_DU_RESUME = time(7)
#: What a letter says once its words have gone (`rebond.donnees.courriels`).
COURRIEL_EFFACE = "E-mail effacé"


class Retenue(TextChoices):
    """Why a letter never leaves by itself."""

    REFUSEE = "refusee", "Son destinataire ne veut pas de ces e-mails"
    ADRESSE = "adresse", "L’adresse ne reçoit plus rien"
    TROP = "trop", "Trop d’e-mails demandés pour cette adresse en un jour"
    RESUMEE = "resumee", "Dans le résumé du jour"


@jumeau_de("postgres:courrier_lettres_par_jour")
def empechement_d_ecrire_encore(ecrites: int) -> str | None:
    """Why no other letter leaves for someone who had `ecrites` sent in the last twenty-four hours; None when one "
    "may."""
    return None if ecrites < LETTRES_PAR_JOUR else TROP_DE_LETTRES


def prochain_resume(maintenant: datetime) -> datetime:
    """The next instant at which summaries leave."""
    ici = maintenant.astimezone(PARIS)
    ce_matin = datetime.combine(ici.date(), HEURE_DU_RESUME, PARIS)
    return ce_matin if maintenant < ce_matin else datetime.combine(ici.date() + timedelta(1), HEURE_DU_RESUME, PARIS)


def au_resume(rythme: str, *, parties: int, utile_avant: datetime | None, maintenant: datetime) -> bool:
    """Whether a comfort letter waits for the summary: its reader wants so, or `parties` others left already in a day.

    What would come too late to be of use there leaves at once.
    """
    if utile_avant is not None and utile_avant <= prochain_resume(maintenant):
        return False
    return rythme == Rythme.QUOTIDIEN or parties >= CONFORT_PAR_JOUR


def arretee(sorte: str, *, rythme: str, injoignable: bool, parties: int) -> Retenue | None:
    """Why a letter of this kind does not leave, whenever it is; None when it does. Those of the law always do."""
    if sorte == Sorte.FORMULAIRE:
        return Retenue.TROP if parties >= FORMULAIRES_PAR_JOUR else None
    if sorte not in DE_CONFORT:
        return None
    if rythme == Rythme.AUCUN:
        return Retenue.REFUSEE
    return Retenue.ADRESSE if injoignable else None
