"""Freezing a press release (design, invariant 5): a published figure never changes."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from projets.communique.editions import projet
from projets.models import Communique
from rebond.socle import documents
from rebond.socle.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur

REFUS = {
    "communique_version_unique": "Quelqu’un vient de figer un communiqué à cette date : rechargez la page.",
    "communique_rectificatif_motive": "Un rectificatif se motive : dites ce qui a changé.",
    "laureat_nouveau_une_seule_fois": "Un autre communiqué vient d’annoncer l’un de ces nouveaux lauréats : rechargez "
    "la page et relisez le texte.",
}
A_RELIRE = "Le texte ou les chiffres ont changé depuis que vous les avez relus : rien n’est figé. Relisez-les."


def figer(*, au: date, acteur: Utilisateur, maintenant: datetime, motif: str = "", relu: str = "") -> Communique:
    """Freeze text, figures and map of the date `au` as the data tell them now, and return the new version.

    The first version for a date needs no `motif`; the next ones are rectificatifs and do. Raises `RegleEnfreinte` when
    the motif is missing, when nothing was announced yet at that date, or when `relu`, the fingerprint of the draft
    that was read (`CommuniquePret.empreinte`), is not the one that would be frozen.
    """
    pret = projet(au=au, maintenant=maintenant)
    if not pret.contenu.laureats:
        raise RegleEnfreinte("Aucun territoire lauréat n’était annoncé à cette date : il n’y a rien à publier.")
    if relu and relu != pret.empreinte:
        raise RegleEnfreinte(A_RELIRE)
    with traduire(REFUS), transaction.atomic():
        version = (Communique.objects.filter(au=au).aggregate(derniere=Max("version"))["derniere"] or 0) + 1
        documents.enregistrer(pret.contenu.carte.encode(), type_mime="image/svg+xml")
        communique = Communique.objects.create(
            au=au,
            version=version,
            **pret.en_json(),
            empreinte=pret.empreinte,
            motif=motif if version > 1 else "",
            fige_par=acteur,
        )
        consigner("figer_communique", communique, acteur=acteur, fait_le=maintenant, empreinte=communique.empreinte)
    return communique
