"""A bound deposit as a document: frozen, then HTML; what people attached comes in between its pages (`pdf`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from candidatures.depot.accuses import Accuse, accuse_de
from candidatures.depot.models import Depot, PieceDeposee
from candidatures.dossier.lecture import SectionLue, lire
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.lisibilites import usage_de
from rebond.socle.documents.stockage import rendre_html, type_de
from rebond.surveillance.antivirus import EtatAnalyse, etat

RELIES = frozenset({Contenu.PDF.value, Contenu.JPEG.value, Contenu.PNG.value})
RETENUE = {
    EtatAnalyse.EN_ATTENTE: "Elle n’est pas reproduite ici\u00a0: l’antivirus ne l’avait pas encore analysée.",
    EtatAnalyse.INFECTEE: "Elle n’est pas reproduite ici\u00a0: l’antivirus y a trouvé un programme malveillant.",
    EtatAnalyse.EFFACEE: "Elle n’est pas reproduite ici\u00a0: elle a été effacée pour ce qu’elle contenait.",
}
PAS_DE_PAGES = "Elle n’est pas reproduite ici\u00a0: ce n’est ni un PDF ni une image. Téléchargez-la sur le portail."
ILLISIBLE = "Elle n’est pas reproduite ici\u00a0: elle n’a pas pu être ouverte. Téléchargez-la sur le portail."


@dataclass(frozen=True)
class PieceReliee:
    """`page` is that of its separator in the whole; `pages` follow it, none when `raison` says why not."""

    titre: str
    nom: str
    taille: int
    sha256: str
    usage: str
    raison: str = ""
    pages: int = 0
    page: int = 0


@dataclass(frozen=True)
class DossierRelie:
    accuse: Accuse
    sections: tuple[SectionLue, ...]
    pieces: tuple[PieceReliee, ...]


def dossier_relie(depot: Depot) -> DossierRelie:
    """Of a deposit whose candidature (its cahier, its wave) and pieces (documents, what is known of them) are read."""
    candidature = depot.candidature
    return DossierRelie(
        accuse=accuse_de(depot),
        sections=tuple(lire(candidature.cahier.cahier, depot.contenu["sections"])),
        pieces=tuple(_piece(piece) for piece in depot.pieces.all()),
    )


def _piece(piece: PieceDeposee) -> PieceReliee:
    document = piece.document
    raison = RETENUE.get(etat(document), "") or ("" if type_de(document) in RELIES else PAS_DE_PAGES)
    return PieceReliee(piece.intitule, piece.nom, document.taille, document.sha256, usage_de(document), raison=raison)


def situer(dossier: DossierRelie, avant: int, pages: Sequence[int | None]) -> DossierRelie:
    """With the place of each attachment, after `avant` pages: `pages` are theirs, None for one that does not open."""
    situees, suivante = [], avant + 1
    for piece, nombre in zip(dossier.pieces, pages, strict=True):
        raison = piece.raison or ("" if nombre else ILLISIBLE)
        situees.append(replace(piece, page=suivante, pages=nombre or 0, raison=raison))
        suivante += 1 + (nombre or 0)
    return replace(dossier, pieces=tuple(situees))


def en_html(dossier: DossierRelie) -> str:
    """What the portal lays out: cover, contents, answers, then a page for each attachment, which comes after it."""
    return rendre_html("candidatures/depot/relie.html", {"dossier": dossier, "accuse": dossier.accuse})
