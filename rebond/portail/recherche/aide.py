"""What search finds of the pages that explain the call: a few texts, read whole, part by part."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.requetes import textes_courants
from rebond.recherche.expressions import DEBUT, FIN, surligner
from rebond.recherche.source import Recherche, Resultat, Source
from rebond.socle.texte.noms import nom_nu

PLURIEL = re.compile(r"[sx]$")
MOT = re.compile(r"\w+")
#: What CommonMark writes beside the text.
MARQUES = re.compile(r"[*_`#>|]+|\]\([^)]*\)|\[|\\")
TITRE = "## "
#: Of a passage, in signs, around the first word that was found.
AVANT, APRES = 60, 140

# Pages that no administrateur writes, and what they answer, in the words of those who ask.
FIXES = (
    ("calendrier", "Dates de dépôt", "Quand déposer un dossier : ouverture, clôture, date limite de chaque période."),
    (
        "cahier_des_charges",
        "Ce qu’on vous demandera",
        "Les questions, les pièces à joindre, les critères de l’appel.",
    ),
    ("exemple_de_dossier", "Exemple de dossier", "Un dossier inventé, rempli, pour voir ce qui est attendu."),
    ("eligibilite", "Puis-je candidater ?", "Savoir si votre commune ou votre intercommunalité peut candidater."),
    ("laureats", "Territoires lauréats", "La carte et la liste des territoires lauréats de l’appel."),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of a page: what it is called, where it is, what it says."""

    titre: str
    adresse: str
    texte: str


class Aide(Source):
    genre = "aide"
    titre = "Pages d’aide"

    def ailleurs(self, recherche: Recherche) -> Sequence[Resultat]:
        """One query. In the order of the pages: they are few."""
        mots = recherche.demande.mots if recherche.demande.requete else ()
        return [
            Resultat(lu.titre, lu.adresse, extrait=surligner(_extrait(lu.texte, mots)))
            for lu in _passages()
            if mots and _repond(f"{lu.titre} {lu.texte}", mots)
        ]


def _passages() -> Iterator[Passage]:
    yield from (Passage(titre, reverse(nom), texte) for nom, titre, texte in FIXES)
    for page, texte in textes_courants(*PageDeTexte).items():
        adresse = reverse(page.nom)
        debut, *rubriques = f"\n{texte}".split(f"\n{TITRE}")
        yield Passage(str(page.label), adresse, _en_clair(debut))
        for rubrique in rubriques:
            titre, _, corps = rubrique.partition("\n")
            yield Passage(f"{page.label}\u00a0: {_en_clair(titre)}", adresse, _en_clair(corps))


def _en_clair(markdown: str) -> str:
    return " ".join(MARQUES.sub(" ", markdown).split())


def _repond(texte: str, mots: Sequence[str]) -> bool:
    """Whether each word begins one of the text, plurals and accents apart."""
    lus = nom_nu(texte).split()
    return all(any(lu.startswith(PLURIEL.sub("", mot)) for lu in lus) for mot in mots)


def _extrait(texte: str, mots: Sequence[str]) -> str:
    """Some two lines around the first word that was found, each of them marked."""
    debuts = tuple(PLURIEL.sub("", mot) for mot in mots if len(mot) > 1)
    trouves = [mot for mot in MOT.finditer(texte) if nom_nu(mot.group()).startswith(debuts)]
    milieu = trouves[0].start() if trouves else 0
    de = texte.rfind(" ", 0, max(milieu - AVANT, 0)) + 1
    a = min(milieu + APRES, len(texte))
    a = a if a == len(texte) else max(texte.rfind(" ", de, a), de)
    marque = MOT.sub(
        lambda mot: f"{DEBUT}{mot.group()}{FIN}" if nom_nu(mot.group()).startswith(debuts) else mot.group(),
        texte[de:a],
    )
    return f"{'… ' if de else ''}{marque}{' …' if a < len(texte) else ''}"
