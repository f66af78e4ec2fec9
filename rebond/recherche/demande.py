"""What somebody typed to search, read once."""

import re
from dataclasses import dataclass, replace

from django.db import connection

from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.texte.noms import nom_nu

#: More is a paste gone wrong; so many words leave nothing to find.
SIGNES_MAX, MOTS_MAX = 100, 12
SIGNES_MIN = 2
#: « 200 068 500 », as people paste a SIREN.
NUMERO = re.compile(r"[0-9][0-9 .\u00a0\u202f]*")

VIDE = "Saisissez ce que vous cherchez\u00a0: un nom, une référence, un numéro SIREN, un mot."
TROP_COURT = "Saisissez au moins deux lettres ou deux chiffres."
TROP_LONG = f"Votre recherche est trop longue\u00a0: gardez-en l’essentiel, en {SIGNES_MAX} signes au plus."


@dataclass(frozen=True, slots=True)
class Demande:
    """`mots`: bare (`nom_nu`), a number in one piece. `requete`: what Postgres looks for in texts, empty when all of
    the words are in every text. `refus`: why nothing is looked for, in a sentence; empty when something is."""

    saisie: str
    mots: tuple[str, ...] = ()
    requete: str = ""
    refus: str = ""

    @property
    def numero(self) -> str:
        """The digits of a number, or of its beginning; empty for words."""
        seul = self.mots[0] if len(self.mots) == 1 else ""
        return seul if seul.isascii() and seul.isdecimal() else ""

    @property
    def nom(self) -> str:
        return " ".join(self.mots)


def lire(saisie: str) -> Demande:
    """One statement, none when there is nothing to look for."""
    lue = comprendre(saisie)
    return lue if lue.refus else replace(lue, requete=_requete(lue.mots))


def comprendre(saisie: str) -> Demande:
    """The same without what Postgres looks for: for `expressions.RequeteDe`, which asks it on the way."""
    nette = en_une_ligne(saisie).strip()
    if not nette:
        return Demande("", refus=VIDE)
    if len(nette) > SIGNES_MAX:
        return Demande(nette[:SIGNES_MAX], refus=TROP_LONG)
    mots = _mots(nette)
    if not any(len(mot) >= SIGNES_MIN for mot in mots):
        return Demande(nette, mots, refus=TROP_COURT)
    return Demande(nette, mots)


def _mots(saisie: str) -> tuple[str, ...]:
    if NUMERO.fullmatch(saisie):
        return ("".join(filter(str.isdecimal, saisie)),)
    return tuple(nom_nu(saisie).split()[:MOTS_MAX])


def _requete(mots: tuple[str, ...]) -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT recherche_requete(%s)::text", [list(mots)])
        requete: str = curseur.fetchone()[0]
    return requete
