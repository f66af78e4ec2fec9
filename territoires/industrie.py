"""Import of a list of Territoires d’industrie: rows of the file → members found in the reference → database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.noms import nom_nu
from territoires import referentiel
from territoires.etats import NatureMembre, Programme
from territoires.importation import LigneTI
from territoires.models import Epci, MembreTerritoireIndustrie, TerritoireIndustrie

# The list and the reference are of different years, and communes merge: an EPCI counts as whole from this share on.
PART_ENTIERE = 0.9


@dataclass(frozen=True)
class Bilan:
    """What an import left in the database; `hors_referentiel` names the members that the reference does not know."""

    programme: Programme
    territoires: int
    membres: int
    communes: int
    hors_referentiel: list[str]


@transaction.atomic
def importer(lignes: Iterable[LigneTI], *, programme: Programme) -> Bilan:
    """Makes the list of this programme exactly what the file says; the other programme is left alone.

    Repeating it changes nothing. Raises RegleEnfreinte when the file gives two names to one identifier, or when no
    reference data are loaded.
    """
    sirens_epci = dict(Epci.objects.filter(fictif=False).values_list("siren", "pk"))
    if not sirens_epci:
        raise RegleEnfreinte("Chargez d’abord le référentiel des territoires (manage.py charger_referentiel).")
    noms = _noms(lignes := list(lignes))
    TerritoireIndustrie.objects.filter(programme=programme).exclude(id_ti__in=noms).delete()
    TerritoireIndustrie.objects.bulk_create(
        [TerritoireIndustrie(programme=programme, id_ti=id_ti, nom=nom) for id_ti, nom in noms.items()],
        update_conflicts=True,
        unique_fields=["programme", "id_ti"],
        update_fields=["nom"],
    )
    territoires = dict(TerritoireIndustrie.objects.filter(programme=programme).values_list("id_ti", "pk"))
    membres = {
        (membre.territoire_industrie_id, membre.siren, membre.code_commune): membre
        for membre in (
            _membre(ligne, territoires[ligne.id_ti], sirens_epci) for ligne in _reunir_communes(lignes, sirens_epci)
        )
    }
    presents = MembreTerritoireIndustrie.objects.filter(territoire_industrie__programme=programme)
    perdus = [m.pk for m in presents if (m.territoire_industrie_id, m.siren, m.code_commune) not in membres]
    presents.filter(pk__in=perdus).delete()
    MembreTerritoireIndustrie.objects.bulk_create(
        membres.values(),
        update_conflicts=True,
        unique_fields=["territoire_industrie", "siren", "code_commune"],
        update_fields=["epci", "nature", "libelle"],
    )
    return Bilan(
        programme=programme,
        territoires=len(noms),
        membres=len(membres),
        communes=sum(membre.nature == NatureMembre.COMMUNE for membre in membres.values()),
        hors_referentiel=sorted(
            (
                f"{membre.libelle} ({membre.siren or membre.code_commune})"
                for membre in membres.values()
                if membre.epci_id is None
            ),
            key=nom_nu,
        ),
    )


def _noms(lignes: list[LigneTI]) -> dict[str, str]:
    noms: dict[str, str] = {}
    for ligne in lignes:
        if noms.setdefault(ligne.id_ti, ligne.nom) != ligne.nom:
            raise RegleEnfreinte(
                f"L’identifiant {ligne.id_ti} porte deux noms dans le fichier\u00a0: "
                f"«\u00a0{noms[ligne.id_ti]}\u00a0» et «\u00a0{ligne.nom}\u00a0»."
            )
    return noms


def _reunir_communes(lignes: list[LigneTI], sirens_epci: dict[str, int]) -> Iterable[LigneTI]:
    """Members as they are; communes listed one by one become their EPCI where (nearly) all of it is listed."""
    communes = referentiel.communes()
    tailles: dict[str, int] = defaultdict(int)
    for commune in communes.values():
        tailles[commune.siren_epci] += 1
    par_epci: dict[tuple[str, str], list[LigneTI]] = defaultdict(list)
    for ligne in lignes:
        commune_connue = communes.get(ligne.code_commune)
        if commune_connue and commune_connue.siren_epci in sirens_epci:
            par_epci[ligne.id_ti, commune_connue.siren_epci].append(ligne)
        else:
            yield ligne
    noms = dict(Epci.objects.filter(siren__in={siren for _, siren in par_epci}).values_list("siren", "nom"))
    for (_, siren), groupe in par_epci.items():
        if len(groupe) >= PART_ENTIERE * tailles[siren]:
            yield replace(groupe[0], nature=NatureMembre.EPCI, libelle=noms[siren], siren=siren, code_commune="")
        else:
            yield from groupe


def _membre(ligne: LigneTI, territoire: int, sirens_epci: dict[str, int]) -> MembreTerritoireIndustrie:
    """The row, with the EPCI it is or lies in, and for a commune both of its identifiers where they are known."""
    siren, code, siren_epci = ligne.siren, ligne.code_commune, ligne.siren
    if ligne.nature == NatureMembre.COMMUNE:
        commune = referentiel.communes().get(code) if code else referentiel.communes_par_siren().get(siren)
        if commune:
            siren, code, siren_epci = commune.siren, commune.code, commune.siren_epci
    return MembreTerritoireIndustrie(
        territoire_industrie_id=territoire,
        epci_id=sirens_epci.get(siren_epci),
        nature=ligne.nature,
        siren=siren,
        code_commune=code,
        libelle=ligne.libelle,
    )
