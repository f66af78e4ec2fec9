"""The steps of a file, in their order: its sections, its attachments, the deposit."""

from dataclasses import dataclass

from candidatures.dossier.completude import PIECES
from candidatures.pages.territoire.acces import DEPOSER, DossierOuvert, adresse

AUTRES = {PIECES: "Les pièces jointes", DEPOSER: "Relire et déposer"}


@dataclass(frozen=True)
class Etape:
    """What the stepper shows; addresses are empty at either end."""

    titre: str
    rang: int
    total: int
    suivante: str
    adresse_suivante: str
    precedente: str


def etape(ouvert: DossierOuvert, cle: str) -> Etape:
    titres = {section.cle: section.titre for section in ouvert.cahier.sections} | AUTRES
    cles = list(titres)
    rang, pk = cles.index(cle), ouvert.candidature.pk
    suivante = cles[rang + 1] if rang + 1 < len(cles) else ""
    return Etape(
        titre=titres[cle],
        rang=rang + 1,
        total=len(cles),
        suivante=titres[suivante] if suivante else "",
        adresse_suivante=adresse(pk, suivante) if suivante else "",
        precedente=adresse(pk, cles[rang - 1]) if rang else "",
    )
