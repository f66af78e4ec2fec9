"""Import of a list of Territoires d’industrie: rows of the file → members found in the reference → database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.bdd.verrous import attendre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.importation.imports import Ecart, refuser_une_chute
from rebond.socle.texte.noms import nom_nu
from territoires import referentiel
from territoires.etats import VALIDITES, NatureMembre, Programme
from territoires.importation import LigneTI, contradictions
from territoires.models import Epci, MembreTerritoireIndustrie, ProgrammeIndustrie, TerritoireIndustrie

# The list and the reference are of different years, and communes merge: an EPCI counts as whole from this share on.
PART_ENTIERE = 0.9
DATES_REFUSEES = phrases_de(
    ProgrammeIndustrie, "programme_industrie_sans_chevauchement", "programme_industrie_dates_ordonnees"
)


@dataclass(frozen=True)
class Bilan:
    """What an import left in the database, and what it changed; `hors_referentiel` names the members that the
    reference does not know."""

    programme: Programme
    territoires: int
    membres: int
    communes: int
    hors_referentiel: list[str]
    ecarts: tuple[Ecart, Ecart]


Cle = tuple[str, str, str]


@transaction.atomic
def importer(
    lignes: Iterable[LigneTI],
    *,
    programme: Programme,
    validite: tuple[date, date] | None = None,
    confirmer: bool = False,
    a_blanc: bool = False,
) -> Bilan:
    """Makes the list of this programme exactly what the file says; the other programme is left alone.

    `validite`: first and last days in force, kept with the programme; those of `VALIDITES` when none was ever given.
    Repeating it changes nothing; with `a_blanc` all of it is undone. Raises ChuteRefusee when more than a tenth of
    the territories, or of their members, would go without `confirmer`; RegleEnfreinte when the file gives two names
    to one identifier, when no reference data are loaded, or when another programme is in force on one of these days.
    """
    attendre(f"territoires-industrie-{programme}")
    sirens_epci = dict(Epci.objects.filter(fictif=False).values_list("siren", "pk"))
    if not sirens_epci:
        raise RegleEnfreinte("Chargez d’abord le référentiel des territoires (manage.py charger_referentiel).")
    lignes = list(lignes)
    for faute in contradictions(lignes):
        raise RegleEnfreinte(str(faute))
    noms = {ligne.id_ti: ligne.nom for ligne in lignes}
    _dater(programme, validite)
    membres = {
        (ligne.id_ti, membre.siren, membre.code_commune): membre
        for ligne in _reunir_communes(lignes, sirens_epci)
        for membre in [_membre(ligne, sirens_epci)]
    }
    ecarts = _ecart_des_territoires(noms, programme), _ecart_des_membres(membres, programme)
    refuser_une_chute(ecarts, confirmer=confirmer)
    _ecrire(noms, membres, programme)
    transaction.set_rollback(a_blanc)
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
        ecarts=ecarts,
    )


def _ecart_des_territoires(noms: dict[str, str], programme: Programme) -> Ecart:
    la = dict(TerritoireIndustrie.objects.filter(programme=programme).values_list("id_ti", "nom"))
    return Ecart(
        "Territoires d’industrie",
        len(la),
        ajoutes=tuple(f"{cle} {noms[cle]}" for cle in sorted(noms.keys() - la.keys())),
        modifies=tuple(
            f"{cle} {la[cle]} → {noms[cle]}" for cle in sorted(noms.keys() & la.keys()) if la[cle] != noms[cle]
        ),
        retires=tuple(f"{cle} {la[cle]}" for cle in sorted(la.keys() - noms.keys())),
    )


def _ecart_des_membres(membres: dict[Cle, MembreTerritoireIndustrie], programme: Programme) -> Ecart:
    la = {
        (membre.territoire_industrie.id_ti, membre.siren, membre.code_commune): membre
        for membre in MembreTerritoireIndustrie.objects.filter(
            territoire_industrie__programme=programme
        ).select_related("territoire_industrie")
    }
    return Ecart(
        "Membres",
        len(la),
        ajoutes=tuple(_designer(cle, membres[cle]) for cle in sorted(membres.keys() - la.keys())),
        modifies=tuple(
            f"{_designer(cle, la[cle])} → {_decrire(membres[cle])}"
            for cle in sorted(membres.keys() & la.keys())
            if _valeurs(membres[cle]) != _valeurs(la[cle])
        ),
        retires=tuple(_designer(cle, la[cle]) for cle in sorted(la.keys() - membres.keys())),
    )


def _valeurs(membre: MembreTerritoireIndustrie) -> tuple[int | None, str, str]:
    return membre.epci_id, membre.nature, membre.libelle


def _designer(cle: Cle, membre: MembreTerritoireIndustrie) -> str:
    return f"{cle[0]} {_decrire(membre)}"


def _decrire(membre: MembreTerritoireIndustrie) -> str:
    return f"{membre.libelle} ({membre.nature} {membre.siren or membre.code_commune})"


def _ecrire(noms: dict[str, str], membres: dict[Cle, MembreTerritoireIndustrie], programme: Programme) -> None:
    TerritoireIndustrie.objects.filter(programme=programme).exclude(id_ti__in=noms).delete()
    TerritoireIndustrie.objects.bulk_create(
        [TerritoireIndustrie(programme=programme, id_ti=id_ti, nom=nom) for id_ti, nom in noms.items()],
        update_conflicts=True,
        unique_fields=["programme", "id_ti"],
        update_fields=["nom"],
    )
    territoires = dict(TerritoireIndustrie.objects.filter(programme=programme).values_list("id_ti", "pk"))
    for (id_ti, _, _), membre in membres.items():
        membre.territoire_industrie_id = territoires[id_ti]
    presents = MembreTerritoireIndustrie.objects.filter(territoire_industrie__programme=programme)
    perdus = [
        pk
        for pk, *cle in presents.values_list("pk", "territoire_industrie__id_ti", "siren", "code_commune")
        if tuple(cle) not in membres
    ]
    presents.filter(pk__in=perdus).delete()
    MembreTerritoireIndustrie.objects.bulk_create(
        membres.values(),
        update_conflicts=True,
        unique_fields=["territoire_industrie", "siren", "code_commune"],
        update_fields=["epci", "nature", "libelle"],
    )


def _dater(programme: Programme, validite: tuple[date, date] | None) -> None:
    debut, fin = validite or VALIDITES[programme]
    dater = ProgrammeIndustrie.objects.update_or_create if validite else ProgrammeIndustrie.objects.get_or_create
    with traduire(DATES_REFUSEES), transaction.atomic():
        dater(programme=programme, defaults={"debut": debut, "fin": fin})


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


def _membre(ligne: LigneTI, sirens_epci: dict[str, int]) -> MembreTerritoireIndustrie:
    """The row, with the EPCI it is or lies in, and for a commune both of its identifiers where they are known."""
    siren, code, siren_epci = ligne.siren, ligne.code_commune, ligne.siren
    if ligne.nature == NatureMembre.COMMUNE:
        commune = referentiel.communes().get(code) if code else referentiel.communes_par_siren().get(siren)
        if commune:
            siren, code, siren_epci = commune.siren, commune.code, commune.siren_epci
    return MembreTerritoireIndustrie(
        epci_id=sirens_epci.get(siren_epci),
        nature=ligne.nature,
        siren=siren,
        code_commune=code,
        libelle=ligne.libelle,
    )
