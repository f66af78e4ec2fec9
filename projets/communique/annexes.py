"""Figures as tables and the map as an image: what may be released, and apart from it what is for checking only.

What is released holds totals of announced laureates and of restituted missions, and nothing else. The rows behind
them, with the amounts of single projects, are in the files of `A_VERIFIER`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from projets.chiffres import DE_TOUTES, PREFIXE_ENSEMBLE, Chiffre
from projets.communique.contenu import CommuniquePret
from projets.communique.formats import FORMATS, Format
from projets.communique.images import svg_en_png
from rebond.socle.listes import tableaux
from rebond.socle.listes.tableaux import Tableau

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
COLONNES_LAUREATS = ("Numéro sur la carte", "Territoire", "Région", "Annonce", "Inventé", "Diffusion")
COLONNES_LIGNES = ("Clé", "Ligne", "Identifiant", "Valeur", "Données de démonstration", "Diffusion")
Cellule = str | int | None
NE_PAS_DIFFUSER = "À VÉRIFIER, NE PAS DIFFUSER"


def diffusable(chiffre: Chiffre) -> bool:
    """Whether a file to release may hold it: not what counted running missions, as releases once did."""
    return not chiffre.cle.startswith(PREFIXE_ENSEMBLE) or chiffre.definition.endswith(DE_TOUTES.texte)


def en_csv(communique: CommuniquePret) -> bytes:
    """One line a figure."""
    return b"".join(tableaux.en_csv(Tableau("chiffres", COLONNES, _a_diffuser(communique))))


def en_xlsx(communique: CommuniquePret) -> bytes:
    """Two sheets: the figures, and the laureates by name."""
    return _classeur(
        communique,
        Tableau("chiffres", COLONNES, _a_diffuser(communique), feuille="Chiffres"),
        Tableau("laureats", COLONNES_LAUREATS, _laureats(communique), feuille="Territoires lauréats"),
    )


def en_xlsx_a_verifier(communique: CommuniquePret) -> bytes:
    """Two sheets: every figure, and the rows that make them; each line says that it is not to be released."""
    return _classeur(
        communique,
        Tableau(
            "chiffres",
            COLONNES,
            _chiffres(communique.chiffres.values(), NE_PAS_DIFFUSER),
            feuille="Chiffres à vérifier",
        ),
        Tableau("lignes", COLONNES_LIGNES, _lignes(communique), feuille="Lignes à vérifier"),
    )


def _classeur(communique: CommuniquePret, *feuilles: Tableau) -> bytes:
    """Same input, same bytes."""
    proprietes = {
        "title": communique.contenu.titre,
        "comments": " ".join(communique.contenu.avis),
        "created": datetime.combine(communique.contenu.au, time.min, tzinfo=UTC).replace(tzinfo=None),
    }
    return b"".join(tableaux.en_xlsx(*feuilles, proprietes=proprietes))


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
            "Chiffres et lauréats, Excel",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            en_xlsx,
        ),
        Format("svg", "Carte, SVG", "svg", "image/svg+xml", en_svg),
        Format("png", "Carte, PNG", "png", "image/png", en_png),
    )
}
A_VERIFIER = {
    format_.cle: format_
    for format_ in (
        Format(
            "verification",
            "Tous les chiffres et leurs lignes, Excel",
            "xlsx",
            ANNEXES["xlsx"].type_mime,
            en_xlsx_a_verifier,
            suffixe="-a-verifier-ne-pas-diffuser",
        ),
    )
}
TOUS = FORMATS | ANNEXES | A_VERIFIER


def _a_diffuser(communique: CommuniquePret) -> Iterator[tuple[Cellule, ...]]:
    return _chiffres(filter(diffusable, communique.chiffres.values()), communique.embargo)


def _chiffres(chiffres: Iterable[Chiffre], diffusion: str) -> Iterator[tuple[Cellule, ...]]:
    for chiffre in chiffres:
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
            diffusion,
            *reversed(chiffre.couverture),
            chiffre.reserve,
        )


def _laureats(communique: CommuniquePret) -> Iterator[tuple[Cellule, ...]]:
    for laureat in sorted(communique.contenu.laureats, key=lambda laureat: laureat.numero):
        yield (
            laureat.numero,
            laureat.nom,
            laureat.region,
            "Nouveau lauréat" if laureat.nouveau else "Déjà lauréat",
            _oui_non(laureat.fictif),
            communique.embargo,
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
                NE_PAS_DIFFUSER,
            )


def _oui_non(vrai: bool) -> str:
    return "oui" if vrai else "non"
