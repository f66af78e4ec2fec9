"""Figures as tables and the map as an image, for those who lay out pages of their own."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time

from projets.communique.contenu import CommuniquePret
from projets.communique.formats import FORMATS, Format
from projets.communique.images import svg_en_png

COLONNES = (
    "Clé",
    "Chiffre",
    "Valeur",
    "Unité",
    "Au",
    "Données de démonstration",
    "Définition",
    "Diffusion",
    "Lignes comptées",
    "Lignes renseignées",
    "Réserve",
)
COLONNES_LIGNES = ("Clé", "Ligne", "Identifiant", "Valeur", "Données de démonstration", "Diffusion")
Cellule = str | int | None


def en_csv(communique: CommuniquePret) -> bytes:
    """One line a figure; semicolons and a byte order mark, as French spreadsheets expect."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerows([COLONNES, *_chiffres(communique)])
    return sortie.getvalue().encode("utf-8-sig")


def en_xlsx(communique: CommuniquePret) -> bytes:
    """Two sheets: the figures, and the rows that make them. Same input, same bytes."""
    import xlsxwriter

    sortie = io.BytesIO()
    # The names of territories and envelopes are what people typed: never a formula, never a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        classeur.set_properties(
            {
                "title": communique.contenu.titre,
                "comments": " ".join(communique.contenu.avis),
                "created": datetime.combine(communique.contenu.au, time.min, tzinfo=UTC).replace(tzinfo=None),
            }
        )
        gras = classeur.add_format({"bold": True})
        for nom, colonnes, lignes in (
            ("Chiffres", COLONNES, _chiffres(communique)),
            ("Lignes", COLONNES_LIGNES, _lignes(communique)),
        ):
            feuille = classeur.add_worksheet(nom)
            feuille.write_row(0, 0, colonnes, gras)
            for rang, ligne in enumerate(lignes, start=1):
                feuille.write_row(rang, 0, ligne)
            feuille.freeze_panes(1, 0)
            feuille.autofit()
    return sortie.getvalue()


def en_svg(communique: CommuniquePret) -> bytes:
    return communique.contenu.carte.encode()


def en_png(communique: CommuniquePret) -> bytes:
    return svg_en_png(communique.contenu.carte)


ANNEXES = {
    format_.cle: format_
    for format_ in (
        Format("csv", "Chiffres, CSV", "csv", "text/csv; charset=utf-8", en_csv),
        Format(
            "xlsx",
            "Chiffres et lignes, Excel",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            en_xlsx,
        ),
        Format("svg", "Carte, SVG", "svg", "image/svg+xml", en_svg),
        Format("png", "Carte, PNG", "png", "image/png", en_png),
    )
}
TOUS = FORMATS | ANNEXES


def _chiffres(communique: CommuniquePret) -> Iterator[tuple[Cellule, ...]]:
    for chiffre in communique.chiffres.values():
        valeur = (
            chiffre.valeur if isinstance(chiffre.valeur, int) else chiffre.jour.isoformat() if chiffre.jour else ""
        )
        yield (
            chiffre.cle,
            chiffre.libelle,
            valeur,
            chiffre.unite.value,
            chiffre.au.isoformat(),
            _oui_non(chiffre.demonstration),
            chiffre.definition,
            communique.embargo,
            *reversed(chiffre.couverture),
            chiffre.reserve,
        )


def _lignes(communique: CommuniquePret) -> Iterator[tuple[Cellule, ...]]:
    for chiffre in communique.chiffres.values():
        for ligne in chiffre.lignes:
            yield (
                chiffre.cle,
                ligne.libelle,
                ligne.pk,
                ligne.valeur,
                _oui_non(ligne.demonstration),
                communique.embargo,
            )


def _oui_non(vrai: bool) -> str:
    return "oui" if vrai else "non"
