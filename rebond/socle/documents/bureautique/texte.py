"""The text of an office document as XML, for whoever reads what people wrote in it. Nothing else of it is opened."""

import zipfile
from typing import IO, Any

from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.integrite import PARTIES
from rebond.socle.documents.ouverture import Examen
from rebond.socle.erreurs import RegleEnfreinte

#: Bytes of XML and marks in it: some hundreds of pages of text. A tree of them weighs thirty times more in memory, and
#: a few kilobytes may claim to be gigabytes.
TEXTE_MAX = 4 * 1024 * 1024
BALISES_MAX = 250_000


def partie_principale(fichier: IO[bytes], contenu: Contenu) -> Any:
    """The root element of the main part of `fichier`, a text that `ouverture.examiner` found readable.

    Raises RegleEnfreinte, with the cause and the remedy, for one that is too large once expanded, that is not sound,
    or that defines entities: none of Word's or LibreOffice's does.
    """
    from lxml import etree  # late: heavy

    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        racine = etree.fromstring(_texte(fichier, contenu), analyseur)
    except etree.XMLSyntaxError as erreur:
        raise _refus(contenu, Ouverture.ABIME) from erreur
    if racine.getroottree().docinfo.doctype:
        raise _refus(contenu, Ouverture.ABIME)
    return racine


def _texte(fichier: IO[bytes], contenu: Contenu) -> bytes:
    fichier.seek(0)
    try:
        octets = _entree(fichier, contenu)
    # What zipfile raises on a damaged archive is not one family: zlib.error, NotImplementedError, EOFError…
    except Exception as erreur:
        raise _refus(contenu, Ouverture.ABIME) from erreur
    finally:
        fichier.seek(0)
    if len(octets) > TEXTE_MAX or octets.count(b"<") > BALISES_MAX:
        raise _refus(contenu, Ouverture.DEMESURE)
    return octets


def _entree(fichier: IO[bytes], contenu: Contenu) -> bytes:
    """At most one byte more than `TEXTE_MAX`, whatever the entry would expand to."""
    with zipfile.ZipFile(fichier) as archive:
        nom = next(nom for nom in archive.namelist() if PARTIES[contenu].fullmatch(nom))
        with archive.open(nom) as entree:
            return entree.read(TEXTE_MAX + 1)


def _refus(contenu: Contenu, ouverture: Ouverture) -> RegleEnfreinte:
    """In the words of an attachment that cannot be read."""
    return RegleEnfreinte(Examen(contenu, ouverture).refus)
