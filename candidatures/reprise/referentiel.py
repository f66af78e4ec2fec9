"""The intercommunalités and PETR of the reference, read once for thousands of dossiers."""

from functools import cached_property

from rebond.socle.texte.noms import nom_nu
from territoires.appellations import lire
from territoires.models import Epci, MillesimeDEpci, Petr
from territoires.regles import siren_compact

SIREN = 9
SIRET = 14


class Referentiel:
    def par_numero(self, numero: str) -> tuple[Epci, ...] | None:
        """The EPCI of a SIREN or SIRET, those of a PETR by its own; None when the reference does not know it."""
        chiffres = siren_compact(numero)
        if not chiffres.isascii() or not chiffres.isdigit() or len(chiffres) not in {SIREN, SIRET}:
            return None
        siren = chiffres[:SIREN]
        epci = self._epcis.get(siren)
        return (epci,) if epci else self._petrs.get(siren)

    def par_nom(self, nom: str) -> tuple[Epci, ...] | None:
        """The EPCI that this name designates, spelled out or not, when only one may be meant."""
        lecture = lire(nom)
        portent = self._noms.get(lecture.nu) or [
            epci for nature in lecture.natures for epci in self._cles.get((lecture.cle, nature), [])
        ]
        return (portent[0],) if len(portent) == 1 else None

    @cached_property
    def _epcis(self) -> dict[str, Epci]:
        return {epci.siren: epci for epci in Epci.objects.select_related("region")}

    @cached_property
    def _petrs(self) -> dict[str, tuple[Epci, ...]]:
        petrs = Petr.objects.prefetch_related("epcis__region")
        return {petr.siren: tuple(sorted(petr.epcis.all(), key=lambda epci: -epci.population)) for petr in petrs}

    @cached_property
    def _noms(self) -> dict[str, list[Epci]]:
        noms: dict[str, list[Epci]] = {}
        for epci in self._epcis.values():
            noms.setdefault(nom_nu(epci.nom), []).append(epci)
        # What is taken over was written when some bore another name, which nobody bears today.
        anciens: dict[str, set[str]] = {}
        for nom, siren in MillesimeDEpci.objects.values_list("nom", "epci__siren"):
            anciens.setdefault(nom_nu(nom), set()).add(siren)
        for nu, sirens in anciens.items():
            noms.setdefault(nu, [self._epcis[siren] for siren in sorted(sirens)])
        return noms

    @cached_property
    def _cles(self) -> dict[tuple[str, str], list[Epci]]:
        cles: dict[tuple[str, str], list[Epci]] = {}
        for epci in self._epcis.values():
            cles.setdefault((epci.cle, epci.nature), []).append(epci)
        return cles
