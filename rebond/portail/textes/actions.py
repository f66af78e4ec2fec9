"""Rewriting a text of the portal."""

from datetime import datetime

from django.db import transaction

from rebond.portail.textes.actes import ActeDeTexte
from rebond.portail.textes.models import VersionDeTexte
from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.requetes import Texte, texte_courant
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

DEPASSE = (
    "Quelqu’un d’autre a publié une version de cette page depuis que vous l’avez ouverte\u00a0: la vôtre n’est pas "
    "publiée. Lisez la sienne, complétez la vôtre s’il le faut, puis publiez de nouveau."
)


def publier(
    *, page: PageDeTexte, version: int, texte: str, commentaire: str, auteur: Utilisateur, maintenant: datetime
) -> Texte:
    """Have `page` say `texte` from now on, to every visitor; `version` is the one that `auteur` has read.

    Publishing what the page already says adds nothing. Raises `RegleEnfreinte` when another version has come since.
    """
    with traduire({"texte_version_unique": DEPASSE}), transaction.atomic():
        courant = texte_courant(page)
        if courant.version != version:
            raise RegleEnfreinte(DEPASSE)
        if courant.texte == texte:
            return courant
        nouvelle = VersionDeTexte.objects.create(
            page=page, version=version + 1, texte=texte, commentaire=commentaire, auteur=auteur
        )
        consigner(
            ActeDeTexte.TEXTE_PUBLIE, nouvelle, acteur=auteur, fait_le=maintenant, commentaire=nouvelle.commentaire
        )
    return texte_courant(page)
