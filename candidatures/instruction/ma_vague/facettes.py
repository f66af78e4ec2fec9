"""What the files of a wave are chosen by, each declared once: a filter of the same name keeps one value of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.expressions import Combinable

from candidatures.instruction.affectation.etats import ETATS_CONFIES
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

    `colonne` of the narrow row, an array when `plusieurs`, or the name of what `selon` makes of the row; or `cas`,
    conditions of which a file may meet several. What has no value counts nowhere.
    """

    cle: str
    colonne: str = ""
    selon: Combinable | None = None
    plusieurs: bool = False
    noms: Noms | None = None
    cas: Cas | None = None


#: Who holds a file; nobody where nothing more is to be done.
A_PRENDRE = 0
TENU = Case(
    When(responsable__isnull=False, then=F("responsable")),
    When(etat_connu__in=ETATS_CONFIES, then=Value(A_PRENDRE)),
    output_field=BigIntegerField(),
)
# What a room adds to the narrow row, it adds here, and the list counts it.
FACETTES: tuple[Facette, ...] = (
    Facette("onglet", cas=lambda moi, _: onglets(moi)),
    Facette("etape", "etape"),
    Facette(cle="etat", colonne="etat_connu"),
    Facette("region", "regions", plusieurs=True, noms=Noms("territoires_region", "n.code", "n.nom")),
    Facette("departement", "departements", plusieurs=True, noms=Noms("territoires_departement", "n.code", "n.nom")),
    Facette("filiere", "filieres", plusieurs=True),
    Facette("avis", cas=lambda *_: avis()),
    Facette(
        "responsable",
        "tenu",
        selon=TENU,
        noms=Noms("socle_utilisateur", "g.v::text", "coalesce(nullif(trim(n.prenom || ' ' || n.nom), ''), n.email)"),
    ),
    Facette("particularite", cas=particularites),
    Facette("etiquette", "etiquettes", plusieurs=True),
)
