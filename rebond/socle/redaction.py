"""Letters: each is one template (`templates/courriers/<room>/<letter>.txt`), subject and body together.

A template extends `courriers/lettre.txt`, which holds the greeting and the signature, and fills its blocks `objet` and
`texte`. One paragraph is one line of the template, and a blank line stands between two: mail readers fold lines to
their own width. The HTML part is made from this very text when the letter leaves (`rebond.socle.lettres_html`).
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.template import engines

from rebond.socle.models import Courrier, Document
from rebond.socle.moteur_de_lettres import GabaritsDeLettres

MENTION_DEMONSTRATION = "[Données de démonstration] "
OBJET_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Lettre:
    """One letter to one person: what its template is given, and how it leaves.

    `gabarit` is « depot/accuse » for `templates/courriers/depot/accuse.txt`; `cle` names the letter for ever: the same
    one queues nothing more. `demonstration` says in the subject that the data are invented. `pieces` are (document,
    file name) pairs. It leaves no sooner than `pas_avant`.
    """

    gabarit: str
    valeurs: Mapping[str, object]
    cle: str
    destinataire: str
    demonstration: bool = False
    pieces: Sequence[tuple[Document, str]] = ()
    pas_avant: datetime | None = None

    def courrier(self) -> Courrier:
        """Its row, not saved yet. Raises what `rediger` raises."""
        redaction = rediger(self.gabarit, self.valeurs)
        mention = MENTION_DEMONSTRATION if self.demonstration else ""
        courrier = Courrier(
            cle=self.cle,
            destinataire=self.destinataire,
            objet=f"{mention}{redaction.objet}"[:OBJET_MAX],
            texte=redaction.texte,
        )
        if self.pas_avant is not None:
            courrier.prochain_essai = self.pas_avant
        return courrier


@dataclass(frozen=True)
class Redaction:
    objet: str
    texte: str


def rediger(gabarit: str, valeurs: Mapping[str, object]) -> Redaction:
    """Subject and body. Raises `ValeurManquante` when the template reads what `valeurs` does not hold."""
    objet = _moteur().ecrire(_fichier(gabarit), {**valeurs, "partie": "objet"})
    texte = _moteur().ecrire(_fichier(gabarit), {**valeurs, "partie": "texte"})
    # A second line would be another header of the message.
    return Redaction(objet=" ".join(objet.split("\n")), texte=f"{texte.strip(chr(10))}\n")


@dataclass(frozen=True)
class RedactionSql:
    """The same, written by Postgres for each row."""

    objet: Combinable
    texte: Combinable


def rediger_en_sql(gabarit: str, valeurs: Mapping[str, object]) -> RedactionSql:
    """The letter as expressions: values that are expressions stay so, and Postgres puts them in their place.

    The template is rendered once, whatever the number of rows; it may therefore print such a value, not decide on it.
    """
    # Nobody can write this mark in a value, since it is drawn here.
    marque = secrets.token_hex(16)
    expressions = {nom: valeur for nom, valeur in valeurs.items() if isinstance(valeur, Combinable)}
    redaction = rediger(gabarit, {**valeurs, **{nom: f"{marque}:{nom};" for nom in expressions}})

    def assembler(texte: str) -> Combinable:
        # `split` gives texts and names in turn.
        suite = re.split(rf"{marque}:(\w+);", texte)
        return Concat(
            Value(""),
            *(expressions[m] if rang % 2 else Value(m, TextField()) for rang, m in enumerate(suite)),
            output_field=TextField(),
        )

    return RedactionSql(objet=assembler(redaction.objet), texte=assembler(redaction.texte))


def _moteur() -> GabaritsDeLettres:
    return cast(GabaritsDeLettres, engines["lettres"])


def _fichier(gabarit: str) -> str:
    return f"courriers/{gabarit}.txt"
