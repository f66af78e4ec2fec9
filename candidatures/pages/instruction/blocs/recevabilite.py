"""The conditions of the file, with what was found of each, and what is left to do of it."""

from collections.abc import Mapping
from typing import Any

from candidatures.instruction.recevabilite.faits import faits_connus
from candidatures.instruction.recevabilite.requetes import (
    conditions_lues,
    examen_de,
    irrecevabilite_de,
    peut_signer,
)
from candidatures.pages.commun.saisies import copie_de_recevabilite
from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier
from rebond.comptes.habilitations import a_le_role
from territoires.etats import Role


def _lire(page: PageDuDossier) -> Mapping[str, Any] | None:
    """All of it comes with the file, but whether a valideur may sign: one statement."""
    if not page.complet:
        return None
    dossier, contexte = page.dossier, page.contexte
    conditions, irrecevabilite = conditions_lues(dossier), irrecevabilite_de(dossier)
    faits = faits_connus(dossier, contexte["depot"], contexte["corrections"]) if contexte["peut_constater"] else {}
    examen, constat = examen_de(dossier), getattr(dossier, "recevabilite", None)
    attend, valide = bool(irrecevabilite and irrecevabilite.a_signer), a_le_role(page.moi, Role.VALIDEUR)
    conclue = constat is not None or attend
    return {
        "enregistree": copie_de_recevabilite(dossier.pk, page.moi.pk) if conclue else "",
        "conditions": [(lue, faits.get(lue.condition.cle, [])) for lue in conditions],
        "constat": constat,
        "irrecevabilite": irrecevabilite,
        "commence": examen is not None,
        "revision": examen.revision if examen else 0,
        "vu": dossier.vu,
        "a_signer": attend and valide and peut_signer(dossier, page.moi),
    }


RECEVABILITE = Bloc("candidatures/instruction/blocs/recevabilite.html", _lire)
