"""The HTML part of a letter, made from its plain text when it leaves: one source, and nothing more to keep.

Read in the text: a blank line parts two paragraphs; lines that begin with a dash are a list; a line « Suivre votre
dossier : address » by itself is a button, or a mere link after the signature; any other address of this portal is a
link. Nothing else ever becomes markup, so what people typed (names, reasons, messages) stays the text that it is.
Addresses of elsewhere, and those that only look like ours, are not made links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string

from rebond.socle.courriers.confort import SIGNATURE

FIN_DE_LIGNE = re.compile(r"\r\n?")
LIGNE_VIDE = re.compile(r"\n[^\S\n]*\n+")
PUCE = re.compile(r"\s*[-–] (.*)")
# Whole addresses only: what stands before or after could make it another one.
ADRESSE = r"(?<![\w.@:/-]){portail}/[A-Za-z0-9_/-]*(?=[.,;:!?)]*(?:\s|$))"
LIBELLE = r"(?P<libelle>[^.!?:]{{2,60}}?)\s:\s(?P<adresse>{adresse})"


class Genre(Enum):
    """What a block is, with the template that shows it."""

    PARAGRAPHE = "courriers/html/paragraphe.html"
    LISTE = "courriers/html/liste.html"
    BOUTON = "courriers/html/bouton.html"


@dataclass(frozen=True)
class Morceau:
    """A run of text; a link when it has an address."""

    texte: str
    adresse: str = ""


@dataclass(frozen=True)
class Bloc:
    """A paragraph and its lines, a list and its items, or a button alone on its line."""

    genre: Genre
    lignes: tuple[tuple[Morceau, ...], ...]


def blocs(texte: str) -> list[Bloc]:
    """What the text of a letter is made of, in order; every word of it is there once."""
    paragraphes = LIGNE_VIDE.split(FIN_DE_LIGNE.sub("\n", texte).strip("\n"))
    signature = SIGNATURE.strip()
    signe = max((rang for rang, lu in enumerate(paragraphes) if lu.startswith(signature)), default=len(paragraphes))
    return [
        bloc
        for rang, paragraphe in enumerate(paragraphes)
        for bloc in _du_paragraphe(paragraphe.split("\n"), Genre.PARAGRAPHE if rang > signe else Genre.BOUTON)
    ]


def en_html(objet: str, texte: str) -> str:
    """The whole HTML document: no image, no script, nothing to fetch, and the reader's own colours when dark."""
    return render_to_string("courriers/html/lettre.html", {"objet": objet, "blocs": blocs(texte)}, using="django")


def _du_paragraphe(lignes: list[str], seul: Genre) -> Iterator[Bloc]:
    """`seul`: what an address alone with its label is."""
    for puces, suite in groupby(lignes, key=lambda ligne: PUCE.fullmatch(ligne) is not None):
        if puces:
            items = (PUCE.fullmatch(ligne) for ligne in suite)
            yield Bloc(Genre.LISTE, tuple(_morceaux(item[1]) for item in items if item))
        else:
            yield _bloc([ligne.strip() for ligne in suite], seul)


def _bloc(lignes: list[str], seul: Genre) -> Bloc:
    bouton = re.fullmatch(LIBELLE.format(adresse=_adresse()), lignes[0]) if len(lignes) == 1 else None
    if bouton:
        return Bloc(seul, ((Morceau(bouton["libelle"], bouton["adresse"]),),))
    return Bloc(Genre.PARAGRAPHE, tuple(_morceaux(ligne) for ligne in lignes))


def _morceaux(ligne: str) -> tuple[Morceau, ...]:
    # `split` gives texts and addresses in turn.
    suite = re.split(f"({_adresse()})", ligne)
    return tuple(Morceau(m, m if rang % 2 else "") for rang, m in enumerate(suite) if m)


def _adresse() -> str:
    return ADRESSE.format(portail=re.escape(settings.ADRESSE_PUBLIQUE))
