"""What a search proposes: of what a text names, what lives today, and what came after the rest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.appellations import de_l_epci, epci_fr, l_epci
from territoires.millesimes.suites import heritieres
from territoires.models import Epci


class Rang(IntEnum):
    """How a text leads to an EPCI, from the surest; the statement below has the same numbers."""

    NOM_ENTIER = 0
    NOM_ET_NATURE = 1
    NOM = 2
    COMMUNE = 3
    DEBUT_DU_NOM = 4
    MOTS_DU_NOM = 5
    DEBUT = 6
    DEPARTEMENT = 7


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """An EPCI by its primary key, how the text leads to it, and the commune that it comes through, if any."""

    epci: int
    rang: Rang
    commune: str
    depuis: str = ""


@dataclass(frozen=True, slots=True)
class Proposition:
    """An EPCI to choose from, for itself or because it came after `ancienne`, which the text names."""

    epci: Epci
    rang: Rang | None
    commune: str
    depuis: str = ""
    ancienne: Epci | None = None

    @property
    def siren(self) -> str:
        return self.epci.siren

    @property
    def libelle(self) -> str:
        return self.epci.libelle_long

    @property
    def saisie(self) -> str:
        """What a field is filled with: a name, and the number that leaves no doubt."""
        return epci_fr({"siren": self.epci.siren, "nom": self.epci.nom})

    @property
    def appartenance(self) -> str:
        """« Hirson fait partie de la CC des Trois Rivières »; empty when it was not found by a commune. One that has
        changed says since when, and what it left."""
        fin = f", {self.depuis}" if self.depuis else ""
        return f"{self.commune} fait partie {de_l_epci(self.epci.nom)}{fin}" if self.commune else ""

    @property
    def precision(self) -> str:
        """What is said under the label: why it is there, that it is invented; mostly nothing."""
        parties = [self.appartenance] if self.commune else []
        if self.ancienne and self.ancienne.au:
            parties.append(f"{l_epci(self.ancienne.nom)}\u00a0: {self.ancienne.suite(self.ancienne.au)}")
        return " – ".join([*parties, *(["Données de démonstration"] if self.epci.fictif else [])])


class Propositions(list[Proposition]):
    """What is living of what was found; `eteintes`, of which nothing is."""

    def __init__(self, propositions: Iterable[Proposition] = (), eteintes: Sequence[Epci] = ()) -> None:
        super().__init__(propositions)
        self.eteintes = eteintes


def proposer(trouvailles: Iterable[Trouvaille], exclus: Collection[int]) -> Propositions:
    gardees = [*trouvailles]
    if not gardees:
        return Propositions()
    epcis = Epci.objects.avec_codes_departements().in_bulk([trouvaille.epci for trouvaille in gardees])
    finies = [epci for epci in epcis.values() if epci.au]
    if not finies:
        return Propositions(Proposition(epcis[la.epci], la.rang, la.commune, la.depuis) for la in gardees)
    return _suivies(gardees, epcis, exclus)


def proposer_la_suite(finies: Collection[Epci], exclus: Collection[int]) -> Propositions:
    """What lives today in the place of `finies`, without `exclus`; `eteintes`, of which nothing does."""
    gardees = [Trouvaille(epci.pk, Rang.DEBUT, "") for epci in finies]
    epcis = {epci.pk: epci for epci in finies}
    return _suivies(gardees, epcis, exclus) if gardees else Propositions()


def _suivies(gardees: list[Trouvaille], epcis: dict[int, Epci], exclus: Collection[int]) -> Propositions:
    """Those that live today, and in the place of the others, those that came after them: to be chosen, never taken."""
    jour = jour_de_paris(horloge_base())
    suites = heritieres(epcis.values(), jour)
    attendues = {pk for suivantes in suites.values() for pk in suivantes}
    vivantes = Epci.objects.avec_codes_departements().in_bulk(attendues)
    dites = {*exclus, *(la.epci for la in gardees if la.epci in vivantes)}
    propositions: list[Proposition] = []
    eteintes: list[Epci] = []
    for la in gardees:
        if la.epci in vivantes:
            propositions.append(Proposition(vivantes[la.epci], la.rang, la.commune, la.depuis))
            continue
        if not suites[la.epci]:
            eteintes.append(epcis[la.epci])
        for pk in suites[la.epci]:
            if pk not in dites:
                dites.add(pk)
                propositions.append(Proposition(vivantes[pk], Rang.DEBUT, "", ancienne=epcis[la.epci]))
    return Propositions(propositions, eteintes)


def eteinte(epci: Epci) -> str:
    return (
        f"{l_epci(epci.nom)}\u00a0: {epci.suite(epci.au)}. Cherchez l’intercommunalité à laquelle ses communes "
        "appartiennent aujourd’hui, par le nom de l’une d’elles."
        if epci.au
        else ""
    )
