"""What becomes of a letter that is not the law's when its turn comes: it leaves, waits for the summary, or never goes.

Decided while its row is held, just before it leaves: what its reader has chosen since it was written counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Lower

from rebond.socle.adresses import adresse_complete
from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import CONFORT, DE_CONFORT, Rythme, Sorte
from rebond.socle.courriers.redaction import MENTION_DEMONSTRATION
from rebond.socle.courriers.regles import Retenue, arretee, au_resume
from rebond.socle.courriers.retours.requetes import est_injoignable

JOUR = timedelta(days=1)
SALUTATION = "Bonjour,\n\n"
SIGNATURE = "\n\nL’équipe Rebond industriel"


@dataclass(frozen=True)
class Sort:
    """`retenue`: why it never leaves. `attend`: it waits for the summary. Neither: it leaves."""

    retenue: Retenue | None = None
    attend: bool = False


def sort_de(courrier: Courrier, maintenant: datetime) -> Sort:
    """What becomes of this letter now. Nothing is asked for one of the law."""
    if courrier.sorte == Sorte.LOI:
        return Sort()
    rythme = rythme_de(courrier)
    parties = _parties(courrier, maintenant)
    de_confort = courrier.sorte in DE_CONFORT
    retenue = arretee(
        courrier.sorte,
        rythme=rythme,
        injoignable=de_confort and est_injoignable(courrier.destinataire, maintenant),
        parties=parties,
    )
    if retenue is not None:
        return Sort(retenue=retenue)
    if courrier.sorte not in CONFORT or courrier.au_resume:
        return Sort()
    attend = au_resume(rythme, parties=parties, utile_avant=courrier.utile_avant, maintenant=maintenant)
    return Sort(attend=attend)


def rythme_de(courrier: Courrier) -> str:
    """What the account of this address has chosen for such letters; at once when it has chosen nothing."""
    choisi = PreferenceDeLettres.objects.alias(vers=Lower("utilisateur__email")).filter(
        vers=courrier.destinataire.lower(), sorte=courrier.sorte
    )
    return choisi.values_list("rythme", flat=True).first() or Rythme.AUSSITOT


def a_resumer(courrier: Courrier, maintenant: datetime) -> list[Courrier]:
    """The letters that wait for the same summary, this one among them, oldest first and held."""
    ensemble = Courrier.objects.a_envoyer(maintenant).pour(courrier.destinataire).filter(au_resume=True)
    return list(ensemble.select_for_update(of=("self",), skip_locked=True).order_by("pk"))


def en_resume(lettres: list[Courrier]) -> dict[str, object]:
    """What the template of the summary is given: each letter's subject, then its words."""
    return {
        "nombre": len(lettres),
        "lettres": [
            {"objet": lettre.objet.removeprefix(MENTION_DEMONSTRATION), "texte": _corps(lettre.texte)}
            for lettre in lettres
        ],
    }


def pied(courrier: Courrier) -> str:
    """The last line of a comfort letter; empty for the others."""
    if courrier.sorte not in DE_CONFORT:
        return ""
    return f"\nChoisir les e-mails que vous recevez\u00a0: {_adresse_de_refus(courrier)}\n"


def entetes(courrier: Courrier) -> dict[str, str]:
    """By which a mail reader offers to stop such letters in one click (RFC 2369, RFC 8058)."""
    if courrier.sorte not in DE_CONFORT:
        return {}
    return {
        "List-Unsubscribe": f"<{_adresse_de_refus(courrier)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def expediteur(courrier: Courrier) -> str:
    """The address that the letter leaves from, where its report comes back: it names the letter and nothing else."""
    nom, arobase, domaine = settings.RETOURS_ADRESSE.partition("@")
    return f"{nom}+{courrier.jeton.hex}@{domaine}" if arobase else settings.DEFAULT_FROM_EMAIL


def _parties(courrier: Courrier, maintenant: datetime) -> int:
    """How many of its likes left for its address in the last twenty-four hours."""
    semblables = [Sorte.FORMULAIRE] if courrier.sorte == Sorte.FORMULAIRE else sorted(DE_CONFORT)
    parties = Courrier.objects.pour(courrier.destinataire).filter(envoye_le__gt=maintenant - JOUR)
    return parties.filter(sorte__in=semblables).count()


def _corps(texte: str) -> str:
    return texte.strip().removeprefix(SALUTATION).removesuffix(SIGNATURE).strip()


def _adresse_de_refus(courrier: Courrier) -> str:
    return adresse_complete("refuser_des_lettres", courrier.jeton.hex)
