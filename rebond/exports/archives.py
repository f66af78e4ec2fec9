"""Archives: the files of each row of a list, in a folder of its own, written one after the other by a worker."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from rebond.exports.models import ARCHIVE
from rebond.exports.regles import ARCHIVE_TROP_LOURDE, OCTETS_D_UNE_ARCHIVE
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import ouvrir
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.listes import Extrait, Liste, tableaux
from rebond.surveillance.antivirus import servis

TYPES_MIME = {**tableaux.TYPES_MIME, ARCHIVE: "application/zip"}
BLOC = 1024 * 1024
#: What is not compressed yet.
A_COMPRESSER = (".txt", ".csv", ".json")


@dataclass(frozen=True)
class Fichier:
    """`chemin` is its place in the archive; `contenu`, its bytes or the document that holds them."""

    chemin: str
    contenu: bytes | Document


class Archive(Extrait):
    """Answered by the address of an archive: the rows that this person may see, and what there is to give of each.

    `fichiers` is given the key of a row, and gives what its person may read of it now; it raises Http404 for one that
    they may not see any more. `mentions` say what each folder holds.
    """

    def __init__(
        self,
        liste: Liste,
        mentions: Sequence[str],
        *,
        fichiers: Callable[[Any], Iterable[Fichier]],
        intitule: str = "",
    ) -> None:
        super().__init__(liste, mentions, revue=True, intitule=intitule)
        self.fichiers = fichiers


def archiver(
    archive: Archive,
    sortie: IO[bytes],
    *,
    suivi: Callable[[Iterable[Any]], Iterator[Any]],
    noter: Callable[[Any], object],
    inclure: Callable[[int], object],
) -> None:
    """Write the whole archive, one file after the other: memory is that of one of them, of a block for a document.

    `noter` is given the key of each row, `inclure` that of each document. Raises RegleEnfreinte when it is too large.
    """
    with zipfile.ZipFile(sortie, "w") as zip_:
        for cle in suivi(list(archive.liste.selection.values_list("pk", flat=True))):
            noter(cle)
            for fichier in archive.fichiers(cle):
                if isinstance(fichier.contenu, Document):
                    inclure(fichier.contenu.pk)
                _ajouter(zip_, fichier)
                if sortie.tell() > OCTETS_D_UNE_ARCHIVE:
                    raise RegleEnfreinte(ARCHIVE_TROP_LOURDE)


def tous_servis(documents: Sequence[int]) -> bool:
    """Whether each of the documents that an archive holds may still be given."""
    return not documents or servis().filter(pk__in=documents).count() == len(documents)


def _ajouter(zip_: zipfile.ZipFile, fichier: Fichier) -> None:
    if isinstance(fichier.contenu, bytes):
        serre = fichier.chemin.endswith(A_COMPRESSER)
        zip_.writestr(fichier.chemin, fichier.contenu, zipfile.ZIP_DEFLATED if serre else zipfile.ZIP_STORED)
        return
    with ouvrir(fichier.contenu) as lu, zip_.open(fichier.chemin, "w", force_zip64=True) as entree:
        while bloc := lu.read(BLOC):
            entree.write(bloc)
