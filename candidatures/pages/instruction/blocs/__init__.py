"""What stands in the acting column of a file's page, from top to bottom.

A room adds its own in a module of this package: a `Bloc`, its template under `candidatures/instruction/blocs/`, and
its place in `BLOCS`. Its acts are forms at their own addresses, whose links end with `{{ suite }}`.
"""

from candidatures.pages.instruction.blocs.affectation import AFFECTATION
from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier, rendre
from candidatures.pages.instruction.blocs.du_dossier import ACTES, INSTRUCTION, LIENS
from candidatures.pages.instruction.blocs.etiquettes import ETIQUETTES
from candidatures.pages.instruction.blocs.evaluation import EVALUATION
from candidatures.pages.instruction.blocs.notes import NOTES
from candidatures.pages.instruction.blocs.proposition import PROPOSITION
from candidatures.pages.instruction.blocs.recevabilite import RECEVABILITE
from candidatures.pages.instruction.blocs.reserve import RESERVE

BLOCS: tuple[Bloc, ...] = (
    *(AFFECTATION, ETIQUETTES, RECEVABILITE, PROPOSITION, ACTES, EVALUATION),
    *(LIENS, RESERVE, INSTRUCTION, NOTES),
)

__all__ = ["BLOCS", "Bloc", "PageDuDossier", "rendre"]
