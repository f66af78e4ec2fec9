"""Hash trees: one root stands for a list of lines, and a short path proves that a line is in the list.

The tree of Certificate Transparency, RFC 9162 §2.1, on SHA-256: leaves are prefixed by 0x00 and nodes by 0x01, so that
none can pass for the other; the left branch holds the largest power of two smaller than the number of leaves.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

# §2.1.1: the root of the empty list is the hash of an empty string.
RACINE_VIDE = hashlib.sha256(b"").digest()


def feuille(octets: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + octets).digest()


def noeud(gauche: bytes, droite: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + gauche + droite).digest()


@dataclass(frozen=True, slots=True)
class _SousArbre:
    """A complete subtree of 2 ** `hauteur` leaves; `suivi` when it holds the followed one."""

    hauteur: int
    empreinte: bytes
    suivi: bool


class Arbre:
    """Takes the leaves one after the other and keeps as many hashes as their number has bits.

    `suivre` is the rank (from 0) of the leaf whose audit path is wanted, if any.
    """

    def __init__(self, *, suivre: int | None = None) -> None:
        self.taille = 0
        self._suivre = suivre
        self._sous_arbres: list[_SousArbre] = []
        self._chemin: list[bytes] = []

    def ajouter(self, octets: bytes) -> None:
        arbre = _SousArbre(0, feuille(octets), self.taille == self._suivre)
        while self._sous_arbres and self._sous_arbres[-1].hauteur == arbre.hauteur:
            arbre = _unir(self._sous_arbres.pop(), arbre, self._chemin)
        self._sous_arbres.append(arbre)
        self.taille += 1

    def racine(self) -> bytes:
        return self._fermer()[0]

    def chemin(self) -> list[bytes]:
        """The audit path of the followed leaf (§2.1.3.1), from the leaf up. ValueError when it has not come."""
        if self._suivre is None or not 0 <= self._suivre < self.taille:
            raise ValueError("Aucune feuille suivie n'est dans l'arbre.")
        return self._fermer()[1]

    def _fermer(self) -> tuple[bytes, list[bytes]]:
        """The root and the path as they stand; more leaves may still come."""
        if not self._sous_arbres:
            return RACINE_VIDE, []
        chemin = list(self._chemin)
        *reste, arbre = self._sous_arbres
        for gauche in reversed(reste):
            arbre = _unir(gauche, arbre, chemin)
        return arbre.empreinte, chemin


def _unir(gauche: _SousArbre, droite: _SousArbre, chemin: list[bytes]) -> _SousArbre:
    """Their parent; the sibling of the branch that holds the followed leaf joins `chemin`."""
    if gauche.suivi:
        chemin.append(droite.empreinte)
    elif droite.suivi:
        chemin.append(gauche.empreinte)
    parent = noeud(gauche.empreinte, droite.empreinte)
    return _SousArbre(gauche.hauteur + 1, parent, gauche.suivi or droite.suivi)


def est_incluse(octets: bytes, *, rang: int, taille: int, chemin: Sequence[bytes], racine: bytes) -> bool:
    """Whether `chemin` proves that the leaf `octets` is the one of `rang` in the list of that root: §2.1.3.2."""
    if not 0 <= rang < taille:
        return False
    position, derniere = rang, taille - 1
    empreinte = feuille(octets)
    for voisine in chemin:
        if derniere == 0:
            return False
        if position & 1 or position == derniere:
            empreinte = noeud(voisine, empreinte)
            while not position & 1 and position:
                position >>= 1
                derniere >>= 1
        else:
            empreinte = noeud(empreinte, voisine)
        position >>= 1
        derniere >>= 1
    return derniere == 0 and empreinte == racine
