"""What was done on a file, as far as whoever acts on it has read, and since.

An act writes in the journal in its own transaction, while it holds the file: how many of its acts a person may know of
is the revision of the file for them. It is a count of this file alone: the numbers of the journal would tell how much
is done elsewhere.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from candidatures.dossier.lecture import Evenement, en_evenement
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.revision.regles import LUS_D_UN_EXPERT, QUI_COMPTENT
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.utilisateur import Utilisateur

# What whoever reads a file whole knows of, and what an expert does.
TOUT, PEU = Q(acte__in=QUI_COMPTENT), Q(acte__in=LUS_D_UN_EXPERT)


def avec_revision(dossiers: Any) -> Any:
    """Adds `vu` to files that their reader reads whole: how many acts they may have read of."""
    return dossiers.annotate(vu=_nombre(TOUT))


def avec_revision_connue(dossiers: Any) -> Any:
    """The same for files that come with `lu_en_entier`."""
    return dossiers.annotate(vu=Case(When(lu_en_entier=True, then=_nombre(TOUT)), default=_nombre(PEU)))


def revision_de(dossier: Candidature, *, entier: bool) -> int:
    """The `vu` of one file, now."""
    faits: int = entrees_sur(dossier).filter(TOUT if entier else PEU).count()
    return faits


def faits_depuis(
    dossier: Candidature, vu: int, personne: Utilisateur, *, entier: bool, sauf: Collection[str] = ()
) -> list[Evenement]:
    """What others did on `dossier` since `personne` read that `vu` acts had been done on it, oldest first.

    `entier`: whether they read its whole instruction. `sauf`: the acts that what is done now looks at by itself."""
    connus = entrees_sur(dossier).filter(TOUT if entier else PEU).order_by("pk")[vu:]
    autres = (entree for entree in connus if entree.acteur_id_copie != personne.pk and entree.acte not in sauf)
    return [en_evenement(entree) for entree in autres]


def _nombre(lesquels: Q) -> Any:
    sur_lui = Q(objet_type=Candidature._meta.label_lower, objet_id=Cast(OuterRef("pk"), CharField()))
    siens = EntreeJournal.objects.filter(lesquels, sur_lui).order_by().values(rien=Value(0))
    compte = siens.annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(compte, output_field=IntegerField()), 0)
