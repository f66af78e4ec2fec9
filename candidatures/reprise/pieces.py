"""Attachments: their addresses expire, so that only their descriptions come with the JSON, and files from a folder."""

import base64
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from candidatures.cahier import Cahier
from candidatures.reprise.brut import Objet, texte
from candidatures.reprise.champs import fichiers, libelle, parcourir
from candidatures.reprise.correspondance import Correspondance, cle_de_libelle
from candidatures.reprise.plan import Piece
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.ouverture import examiner
from rebond.socle.erreurs import RegleEnfreinte

BLOC = 1024 * 1024
INTITULE_MAX = 300
SANS_NATURE = "reprise"
AUTRE = "autre"
HEXADECIMAL = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


class Fichiers:
    """A folder of downloaded attachments, sub-folders included, named as they were or after their MD5 (hexadecimal
    or base64, the latter with « - » and « _ » for « + » and « / »).
    """

    def __init__(self, chemin: Path) -> None:
        if not chemin.is_dir():
            raise RegleEnfreinte(f"Le dossier de pièces «\u00a0{chemin}\u00a0» n’existe pas.")
        self._par_nom: dict[str, list[Path]] = defaultdict(list)
        for racine, _, noms in os.walk(chemin):
            for nom in noms:
                fichier = Path(racine, nom)
                if not fichier.is_file():
                    continue
                for cle in {nom, nom_propre(nom)}:
                    self._par_nom[cle].append(fichier)
                self._par_nom[fichier.stem].append(fichier)

    def chercher(self, piece: Piece, numero: str) -> tuple[Path | None, str]:
        """The file whose MD5 is the one announced, or why there is none. Those of a sub-folder named after the
        dossier come first.
        """
        if not piece.md5:
            return None, "Son empreinte n’est pas donnée\u00a0: rien ne prouve que c’est le bon fichier."
        candidats = [chemin for nom in _noms_possibles(piece) for chemin in self._par_nom.get(nom, ())]
        candidats.sort(key=lambda chemin: numero not in chemin.parts)
        for chemin in dict.fromkeys(candidats):
            if _md5(chemin) == piece.md5:
                return chemin, ""
        if candidats:
            return None, "Le fichier trouvé n’a pas l’empreinte annoncée."
        return None, "Le fichier n’est pas dans le dossier de pièces."


def pieces_annoncees(
    champs: list[Objet], cahier: Cahier, correspondance: Correspondance, dossier: Fichiers | None, numero: str
) -> Iterator[Piece]:
    """The attachments of the fields, each once, with their files when `dossier` has them."""
    vues = set()
    for champ in parcourir(champs):
        for fichier in fichiers(champ):
            piece = Piece(
                libelle=libelle(champ)[:INTITULE_MAX],
                nature=_nature(champ, cahier, correspondance),
                nom=nom_propre(texte(fichier, "filename")),
                md5=_base64(texte(fichier, "checksum")),
                taille=_taille(fichier),
            )
            if piece.cle in vues:
                continue
            vues.add(piece.cle)
            if dossier is None:
                yield piece
            else:
                chemin, motif = dossier.chercher(piece, numero)
                illisible = _illisible(chemin) if chemin else ""
                yield replace(piece, chemin=chemin, jointe=chemin is not None, motif=motif, illisible=illisible)


def _illisible(chemin: Path) -> str:
    """Why nobody will be able to read the file; empty when one can, or when it is of a kind that is not opened."""
    with chemin.open("rb") as ouvert:
        examen = examiner(ouvert, service=True)
    return examen.usage if examen.refus else ""


def _nature(champ: Objet, cahier: Cahier, correspondance: Correspondance) -> str:
    cle = cle_de_libelle(texte(champ, "label"))
    for piece in cahier.pieces_attendues:
        noms = (*correspondance.pieces.get(piece.cle, ()), piece.libelle)
        if texte(champ, "champDescriptorId") in noms or (cle and cle in {cle_de_libelle(nom) for nom in noms}):
            return piece.cle
    return AUTRE if cahier.piece(AUTRE) else SANS_NATURE


def _taille(fichier: Objet) -> int | None:
    taille = texte(fichier, "byteSizeBigInt") or texte(fichier, "byteSize")
    return int(taille) if taille.isascii() and taille.isdigit() and len(taille) < 16 else None


def _base64(somme: str) -> str:
    """The MD5 in base64, whether it was given so or in hexadecimal; empty when it is neither."""
    somme = somme.strip()
    try:
        octets = bytes.fromhex(somme) if HEXADECIMAL.fullmatch(somme) else base64.b64decode(somme, validate=True)
    except ValueError:
        return ""
    return base64.b64encode(octets).decode() if len(octets) == 16 else ""


def _noms_possibles(piece: Piece) -> list[str]:
    urlsafe = piece.md5.replace("+", "-").replace("/", "_")
    hexa = base64.b64decode(piece.md5).hex()
    return [piece.nom, piece.md5, urlsafe, urlsafe.rstrip("="), hexa, hexa.upper()]


def _md5(chemin: Path) -> str:
    """Not for security: it is the sum that Démarches simplifiées gives."""
    somme = hashlib.md5(usedforsecurity=False)
    with chemin.open("rb") as fichier:
        while bloc := fichier.read(BLOC):
            somme.update(bloc)
    return base64.b64encode(somme.digest()).decode()
