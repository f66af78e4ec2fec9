"""The intercommunalités and PETR of the reference, read once for thousands of dossiers."""

from functools import cached_property

from candidatures.reprise.correspondance import cle_de_libelle
from territoires.models import Epci, Petr
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
        """The EPCI of exactly this name, when only one bears it."""
        portent = self._noms.get(cle_de_libelle(nom), [])
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
            noms.setdefault(cle_de_libelle(epci.nom), []).append(epci)
        return noms
