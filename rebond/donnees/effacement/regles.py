"""What keeps a document from being erased: a sentence, or None."""

from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.utilisateur import Utilisateur

INCONNU = "Le portail ne garde aucun document qui a cette empreinte."
DEJA = "L’effacement de ce document est déjà demandé, ou fait."
PREUVE = (
    "Ce document ne peut pas être effacé\u00a0: le portail l’a fabriqué, et il est la preuve d’un acte (accusé, "
    "procès-verbal, rapport ou communiqué)."
)
RIEN = "Cet effacement n’est plus en attente\u00a0: il a été signé, ou abandonné."
SIGNATAIRE = "Il faut être administrateur pour demander, signer ou abandonner un effacement."
PAR_UN_AUTRE = phrases_de(EffacementDeDocument, "effacement_signe_par_un_autre")
PAR_SOI = PAR_UN_AUTRE["effacement_signe_par_un_autre"]


def empechement_de_signer(effacement: EffacementDeDocument, acteur: Utilisateur) -> str | None:
    if effacement.signe_le is not None:
        return RIEN
    return PAR_SOI if effacement.demande_par_id == acteur.pk else None
