"""Who gets what at each address: the matrix that the tests ask of the portal, read, and told for whoever audits it.

The table is `acces.txt`, beside this module. `tests/acces` holds it equal to what the portal answers, cell by cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rebond.documentation.mermaid import tableau

FICHIER = Path(__file__).with_name("acces.txt")
FICHIER_D_INSTRUCTION = Path(__file__).with_name("acces_instruction.txt")
SE_CONNECTER = "cnx"
REFUSES = frozenset({"404", SE_CONNECTER})
PRESENTATION = """\
Ce que chaque adresse répond à chacun, éprouvé une case après l’autre par `tests/acces`. La table elle-même est
`rebond/documentation/acces.txt` : une ligne par adresse, méthode et objet, une colonne par personne. Une
adresse qui n’y est pas fait échouer la suite.

**Ce qui n’est pas à soi n’existe pas.** Qui n’est pas nommé ci-dessous reçoit la même erreur 404 que si l’objet
n’existait pas : mêmes octets, mêmes en-têtes, mêmes requêtes à la base, et rien n’est écrit. Un visiteur est
invité à se connecter. Une adresse qui ne fait que recevoir ramène qui l’ouvre à la page du dessus, que son objet
existe ou non.

**Un résultat tenu secret ne change rien pour qui ne doit pas le savoir.** `tests/acces/test_embargo.py` compare
deux portails qui ne diffèrent que par les décisions d’une vague : octets, en-têtes, comptes, ordre et taille de
leurs pages, de leurs listes triées et filtrées, et de leurs fichiers."""


@dataclass(frozen=True)
class Ligne:
    """`reponses`: what each column gets, a status or « cnx » (invited to sign in)."""

    methode: str
    adresse: str
    objet: str
    reponses: tuple[str, ...]

    @property
    def cle(self) -> tuple[str, str, str]:
        return self.methode, self.adresse, self.objet


@dataclass(frozen=True)
class Matrice:
    """`personnes` and `objets`: what their short names mean, in order."""

    personnes: dict[str, str]
    objets: dict[str, str]
    lignes: tuple[Ligne, ...]


def lire(texte: str) -> Matrice:
    """Read the table. Raises ValueError for a line that has not one cell a person, or that is there twice."""
    parties: dict[str, list[list[str]]] = {"personnes": [], "objets": [], "adresses": []}
    partie = ""
    for ligne in texte.splitlines():
        if ligne.startswith("["):
            partie = ligne.strip("[]")
        elif ligne.strip() and not ligne.startswith("#"):
            parties[partie].append(ligne.split(maxsplit=1) if partie != "adresses" else ligne.split())
    personnes = dict(parties["personnes"])
    lignes = [Ligne(methode, adresse, objet, tuple(reste)) for methode, adresse, objet, *reste in parties["adresses"]]
    fausses = [ligne.cle for ligne in lignes if len(ligne.reponses) != len(personnes)]
    if fausses or len({ligne.cle for ligne in lignes}) != len(lignes):
        raise ValueError(f"lignes illisibles de la matrice, ou écrites deux fois : {fausses}")
    return Matrice(personnes, dict(parties["objets"]), tuple(lignes))


def ecrire(lignes: Sequence[Ligne]) -> str:
    """The lines as the table writes them, in columns."""
    largeurs = [max(len(mot) for mot in mots) for mots in zip(*(ligne.cle for ligne in lignes), strict=True)]
    return "\n".join(
        " ".join([*(mot.ljust(n) for mot, n in zip(ligne.cle, largeurs, strict=True)), *ligne.reponses])
        for ligne in lignes
    )


def rubriques() -> Iterator[str]:
    matrice, renforts = lire(FICHIER.read_text()), lire(FICHIER_D_INSTRUCTION.read_text())
    yield PRESENTATION
    yield "## Qui"
    yield tableau(("dans la table", "c’est"), [*matrice.personnes.items(), *renforts.personnes.items()])
    yield "## Sur quoi"
    yield tableau(("dans la table", "c’est"), matrice.objets.items())
    yield "## Dans l’instruction\u00a0: le sien, un autre, un conflit"
    yield tableau(("", "adresse", "objet", "répond à", "refuse en le disant à"), _dites(renforts.lignes, renforts))
    for porte, lignes in groupby(matrice.lignes, key=_porte):
        yield f"## {porte}"
        yield tableau(("", "adresse", "objet", "répond à", "refuse en le disant à"), _dites(lignes, matrice))


def _porte(ligne: Ligne) -> str:
    return ligne.adresse.partition(":")[0] if ":" in ligne.adresse else "portail"


def _dites(lignes: Iterable[Ligne], matrice: Matrice) -> Iterator[tuple[str, ...]]:
    noms = list(matrice.personnes)
    for ligne in lignes:
        servis = [nom for nom, dit in zip(noms, ligne.reponses, strict=True) if dit in {"200", "201", "204", "302"}]
        dits = [
            f"{nom} ({dit})"
            for nom, dit in zip(noms, ligne.reponses, strict=True)
            if nom not in servis and dit not in REFUSES
        ]
        yield ligne.methode, f"`{ligne.adresse}`", ligne.objet.strip("-"), _gens(servis, noms), ", ".join(dits)


def _gens(servis: list[str], noms: list[str]) -> str:
    if servis == noms:
        return "tout le monde"
    if servis == noms[1:]:
        return "tout compte"
    return ", ".join(servis) or "personne"
