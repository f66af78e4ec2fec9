"""Pure predicates and spellings of the reference data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.caracteres import identifiant
from territoires.etats import Nature

UN_AN = timedelta(days=365)
DUREE_MAX_D_UN_ROLE = 3 * UN_AN + timedelta(days=1)
DUREE_D_UNE_INVITATION = timedelta(days=30)

# A digit doubled, then its own digits added: 7 → 14 → 5.
DOUBLE = str.maketrans("0123456789", "0246813579")
LA_POSTE = "356000000"
# Natures by whose initials the reference names an authority.
ABREGEES = (Nature.CC, Nature.CA, Nature.CU)
# No real SIREN begins so: an invented authority is recognised everywhere, even in an export.
PREFIXE_FICTIF = "999"


@jumeau_de("postgres:siren_valide")
def siren_valide(siren: str) -> bool:
    """Nine digits whose Luhn sum is a multiple of ten (INSEE). Postgres holds the same rule: `siren_valide(text)`."""
    if not re.fullmatch(r"[0-9]{9}", siren):
        return False
    paires = siren[1::2].translate(DOUBLE)
    return sum(int(chiffre) for chiffre in siren[::2] + paires) % 10 == 0


def siret_valide(siret: str) -> bool:
    """Fourteen digits: a valid SIREN, then the number of the establishment; Luhn over the whole (INSEE).

    Most of those of La Poste (SIREN 356 000 000) only have digits that add up to a multiple of five.
    """
    if not re.fullmatch(r"[0-9]{14}", siret) or not siren_valide(siret[:9]):
        return False
    if siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0:
        return True
    paires = siret[::2].translate(DOUBLE)
    return sum(int(chiffre) for chiffre in siret[1::2] + paires) % 10 == 0


def siren_fictif(rang: int) -> str:
    """A valid SIREN that nobody bears: `999`, the rank on five digits, the Luhn digit."""
    debut = f"{PREFIXE_FICTIF}{rang:05d}"
    return next(siren for siren in (f"{debut}{cle}" for cle in range(10)) if siren_valide(siren))


def siren_compact(saisie: str) -> str:
    """What people paste, without spaces, dots or no-break spaces: « 200 068 500 » → `200068500`."""
    return identifiant(saisie).replace(".", "")


def appellation(nom: str, nature: str) -> str:
    """How a sentence names an authority: « CA de Cambrai » → « la communauté d’agglomération de Cambrai »."""
    if nature in ABREGEES and nom.startswith(f"{nature} "):
        return f"la {Nature(nature).label} {nom.removeprefix(nature).strip()}"
    if nature == Nature.EPT:
        return f"l’{Nature.EPT.label} {nom}"
    return f"la {nom}" if re.match(r"(?:Euro)?m[ée]tropole\b", nom, re.IGNORECASE) else nom


def cle_de(sirens: Iterable[str]) -> str:
    """Identity of a grouping: its SIREN, once each, sorted, whatever the order in which they were picked."""
    return "-".join(sorted(set(sirens)))


@dataclass(frozen=True, slots=True)
class Perimetre:
    """Where a role is held: everywhere, or the primary keys of the places. Empty: nowhere.

    `Territoire.objects.dans(perimetre)` turns it into rows.
    """

    national: bool = False
    regions: frozenset[int] = frozenset()
    departements: frozenset[int] = frozenset()
    territoires: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.national or self.regions or self.departements or self.territoires)
