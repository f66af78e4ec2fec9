"""An act on a file, by whoever has read what was done on it."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import transaction

from candidatures.dossier.lecture import Evenement
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.revision.regles import A_CHANGE
from candidatures.instruction.revision.requetes import faits_depuis, revision_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur


class DossierChange(RegleEnfreinte):
    """Others have acted on the file since it was read: `faits` says what, oldest first, up to `vu` acts."""

    def __init__(self, faits: list[Evenement], vu: int) -> None:
        super().__init__(A_CHANGE)
        self.faits = faits
        self.vu = vu


def agir_a_jour(
    *,
    candidature: Candidature,
    personne: Utilisateur,
    vu: int | None,
    entier: bool,
    acte: Callable[[], Any],
    sauf: Collection[str] = (),
) -> Any:
    """Do `acte` if others did nothing on the file since `personne` had read of `vu` acts on it; None asks nothing.

    The file is held until the end of the transaction: whoever acts at that instant is waited for, and read.
    Raises `DossierChange`.
    """
    with transaction.atomic():
        Candidature.objects.select_for_update().only("pk").get(pk=candidature.pk)
        faits = [] if vu is None else faits_depuis(candidature, vu, personne, entier=entier, sauf=sauf)
        if faits:
            raise DossierChange(faits, revision_de(candidature, entier=entier))
        return acte()
