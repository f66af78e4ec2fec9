"""What the files of a wave are chosen by, each declared once: a filter of the same name keeps one value of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from candidatures.instruction.affectation.filtres import A_PRENDRE, suivi_par
from candidatures.instruction.ma_vague.cas import avis, onglets, particularites
from candidatures.vagues.models.vagues import Vague
from rebond.socle.utilisateur import Utilisateur

Cas = Callable[[Utilisateur, Vague], Mapping[str, Q]]


@dataclass(frozen=True)
class Noms:
    """Where the keys of a facet have their names: table, and the SQL of the value and of its name."""

    table: str
    valeur: str
    nom: str


@dataclass(frozen=True)
class Facette:
    """`cle` is its filter and what the address says.

    `colonne`, of those that have bits (`suivi.bits`), whose values are counted; `cas`, conditions of which a file may
    meet several. What has no value counts nowhere.
    """

    cle: str
    colonne: str = ""
    noms: Noms | None = None
    cas: Cas | None = None


#: Nobody holds the file, and something more is to be done.
LIBRE = "0"
# What a room adds to the narrow row and to its bits, it adds here, and the list counts it.
FACETTES: tuple[Facette, ...] = (
    Facette("onglet", cas=lambda moi, _: onglets(moi)),
    Facette("etape", "etape"),
    Facette("etat", "etat"),
    Facette("region", "regions", noms=Noms("territoires_region", "n.code", "n.nom")),
    Facette("departement", "departements", noms=Noms("territoires_departement", "n.code", "n.nom")),
    Facette("filiere", "filieres"),
    Facette("avis", cas=lambda *_: avis()),
    Facette(
        "responsable",
        "responsable_id",
        noms=Noms("socle_utilisateur", "g.v", "coalesce(nullif(trim(n.prenom || ' ' || n.nom), ''), n.email)"),
        cas=lambda moi, _: {LIBRE: suivi_par(moi, A_PRENDRE)},
    ),
    Facette("particularite", cas=particularites),
    Facette("etiquette", "etiquettes"),
)
