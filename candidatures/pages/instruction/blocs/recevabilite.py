"""The conditions of the file, with what was found of each, and what is left to do of it."""

from collections.abc import Mapping
from typing import Any

from candidatures.instruction.recevabilite.faits import faits_connus
from candidatures.instruction.recevabilite.requetes import conditions_lues, examen_de, irrecevabilite_de
from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier
from rebond.comptes.habilitations import a_le_role
from territoires.etats import Role


def _lire(page: PageDuDossier) -> Mapping[str, Any] | None:
    """Costs no statement: all of it comes with the file."""
    if not page.complet:
        return None
    dossier, contexte = page.dossier, page.contexte
    conditions, irrecevabilite = conditions_lues(dossier), irrecevabilite_de(dossier)
    faits = faits_connus(dossier, contexte["depot"], contexte["corrections"]) if contexte["peut_constater"] else {}
    examen = examen_de(dossier)
    return {
        "conditions": [(lue, faits.get(lue.condition.cle, [])) for lue in conditions],
        "constat": getattr(dossier, "recevabilite", None),
        "irrecevabilite": irrecevabilite,
        "commence": examen is not None,
        "revision": examen.revision if examen else 0,
        "vu": dossier.vu,
        "a_signer": bool(irrecevabilite and irrecevabilite.a_signer and a_le_role(page.moi, Role.VALIDEUR)),
    }


RECEVABILITE = Bloc("candidatures/instruction/blocs/recevabilite.html", _lire)
