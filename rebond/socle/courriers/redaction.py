"""Letters: each is one template (`templates/courriers/<room>/<letter>.txt`), subject and body together.

A template extends `courriers/lettre.txt`, which holds the greeting and the signature, and fills its blocks `objet` and
`texte`. One paragraph is one line of the template, and a blank line stands between two: mail readers fold lines to
their own width. The HTML part is made from this very text when the letter leaves (`partie_html`).
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Case, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.template import engines

from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.courriers.natures import Sorte, sorte_de
from rebond.socle.documents.models import Document
from rebond.socle.utilisateur import Utilisateur

if TYPE_CHECKING:
    from rebond.socle.courriers.moteur import GabaritsDeLettres

MENTION_DEMONSTRATION = "[Données de démonstration] "
OBJET_MAX = 200
FIN_DE_LIGNE = "\n"


@dataclass(frozen=True, kw_only=True)
class Lettre:
    """One letter to one person: what its template is given, and how it leaves.

    `gabarit` is « depot/accuse » for `templates/courriers/depot/accuse.txt`; `cle` names the letter for ever: the same
    one queues nothing more. `demonstration` says in the subject that the data are invented. `pieces` are (document,
    file name) pairs. It leaves no sooner than `pas_avant`, and
    is of no use from `utile_avant` on. `demande_par` chose the address that it goes to: it counts
    among their letters of the day.
    """

    gabarit: str
    valeurs: Mapping[str, object]
    cle: str
    destinataire: str
    demonstration: bool = False
    pieces: Sequence[tuple[Document, str]] = ()
    pas_avant: datetime | None = None
    utile_avant: datetime | None = None
    demande_par: Utilisateur | None = None

    def colonnes(self) -> dict[str, object]:
        """The row that it becomes, but its key. Raises what `rediger` raises."""
        redaction = rediger(self.gabarit, self.valeurs)
        mention = MENTION_DEMONSTRATION if self.demonstration else ""
        colonnes: dict[str, object] = {
            "destinataire": self.destinataire,
            "objet": f"{mention}{redaction.objet}"[:OBJET_MAX],
            "texte": redaction.texte,
            "sorte": sorte_de(self.gabarit),
            "utile_avant": self.utile_avant,
        }
        if self.demande_par is not None:
            colonnes["demande_par"] = self.demande_par
        return colonnes if self.pas_avant is None else {**colonnes, "prochain_essai": self.pas_avant}


@dataclass(frozen=True)
class Redaction:
    objet: str
    texte: str


@jumeau_de("rebond.socle.courriers.redaction.rediger_en_sql")
def rediger(gabarit: str, valeurs: Mapping[str, object]) -> Redaction:
    """Subject and body. Raises `ValeurManquante` when the template reads what `valeurs` does not hold."""
    # Nobody can write this mark in a value, since it is drawn here.
    coupure = secrets.token_hex(16)
    moteur = cast("GabaritsDeLettres", engines["lettres"])
    objet, _, texte = moteur.ecrire(f"courriers/{gabarit}.txt", {**valeurs, "coupure": coupure}).partition(coupure)
    # A second line would be another header of the message.
    return Redaction(objet=" ".join(objet.splitlines()), texte=f"{texte.strip(FIN_DE_LIGNE)}\n")


@dataclass(frozen=True)
class RedactionSql:
    """The same, written by Postgres for each row."""

    objet: Combinable
    texte: Combinable


def rediger_en_sql(gabarit: str, valeurs: Mapping[str, object], *, demonstration: Q) -> RedactionSql:
    """The letter as expressions: values that are expressions stay so, and Postgres puts them in their place.

    The template is rendered once, whatever the number of rows; it may therefore print such a value, not decide on it.
    `demonstration` is what a row of invented data fulfils. Raises `ValueError` for a comfort letter: what Postgres
    writes is the law's.
    """
    if sorte_de(gabarit) != Sorte.LOI:
        raise ValueError(gabarit)
    marque = secrets.token_hex(16)
    expressions = {nom: valeur for nom, valeur in valeurs.items() if isinstance(valeur, Combinable)}
    redaction = rediger(gabarit, {**valeurs, **{nom: f"{marque}:{nom};" for nom in expressions}})

    def assembler(texte: str, debut: Combinable) -> Combinable:
        # `split` gives texts and names in turn.
        suite = re.split(rf"{marque}:(\w+);", texte)
        morceaux = (expressions[m] if rang % 2 else Value(m, TextField()) for rang, m in enumerate(suite))
        return Concat(debut, *morceaux, output_field=TextField())

    rien = Value("", TextField())
    mention = Case(When(demonstration, then=Value(MENTION_DEMONSTRATION, TextField())), default=rien)
    return RedactionSql(objet=assembler(redaction.objet, mention), texte=assembler(redaction.texte, rien))


def selon(cas: Sequence[tuple[Q, RedactionSql]], defaut: RedactionSql) -> RedactionSql:
    """The letter of the first condition that a row fulfils."""
    return RedactionSql(
        objet=Case(*(When(condition, then=lettre.objet) for condition, lettre in cas), default=defaut.objet),
        texte=Case(*(When(condition, then=lettre.texte) for condition, lettre in cas), default=defaut.texte),
    )
