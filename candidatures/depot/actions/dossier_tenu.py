"""A file and its wave, as the act of depositing holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from candidatures.depot.models import Depot
from candidatures.dossier.actions.dossier_tenu import DossierTenu, tenir_en_entier
from candidatures.dossier.entier import entiere
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.utilisateur import Utilisateur

# Shared, and before the file: the closing holds both in that order.
VAGUE = """
    SELECT id FROM candidatures_vague
     WHERE id = (SELECT vague_id FROM candidatures_candidature WHERE id = %s) FOR SHARE
"""


@dataclass
class DossierADeposer(DossierTenu):
    @property
    def deja(self) -> int | None:
        """The deposit that this very request has made already, maybe of another file."""
        fait: int | None = self.candidature.deja_lu
        return fait

    @property
    def dernier(self) -> Mapping[str, Any]:
        """`pk`, `rang` and `empreinte` of the deposit that counts; empty before the first one."""
        return self.candidature.dernier_lu or {}


def tenir_pour_deposer(dossier: int, personne: Utilisateur, cle: UUID) -> DossierADeposer | None:
    """Both are held until the end of the transaction; None for whoever takes no part in the file."""
    with connection.cursor() as curseur:
        curseur.execute(VAGUE, [dossier])
    tenu = tenir_en_entier(dossier, personne, _A_DEPOSER, cle=cle)
    return DossierADeposer(**vars(tenu)) if tenu else None


def _a_deposer() -> QuerySet[Candidature]:
    memes = Depot.objects.filter(cle=valeur("cle", models.UUIDField()))
    depots = Depot.objects.filter(candidature=OuterRef("pk")).order_by("-rang")
    dernier = JSONObject(pk="pk", rang="rang", empreinte="empreinte")
    return entiere().annotate(deja_lu=Subquery(memes.values("pk")), dernier_lu=Subquery(depots.values(lu=dernier)[:1]))


_A_DEPOSER = Preparee(_a_deposer)
