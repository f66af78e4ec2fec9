"""How many files await a person, counted once for the dashboard and for the lists, on what that person may know."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Subquery, Sum, Value
from django.db.models.fields import IntegerField
from django.db.models.functions import Coalesce

from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_INSTRUITS, EtatCandidature
from candidatures.instruction.acces import (
    a_instruire_par,
    interets_de,
    lit_partout,
    lus_en_entier_par,
    suivis_par,
)
from candidatures.instruction.suivi.decompte import TOUTES_LES_FILIERES, TOUTES_LES_REGIONS
from candidatures.instruction.suivi.models import CompteDeSuivis, Suivi
from rebond.comptes.habilitations import a_le_role, perimetre
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@dataclass(frozen=True)
class Comptes:
    """Files of one wave that a person reads; `en_correction` are among those that are still `a_instruire`."""

    total: int = 0
    a_instruire: int = 0
    en_correction: int = 0
    instruites: int = 0
    laureates: int = 0


def restant_a_instruire(personne: Utilisateur, parmi: Any = None) -> Any:
    """Files that are still to be instructed: by `personne` when they instruct, else among those that they read.
    `parmi` as in `lus_en_entier_par`."""
    instructeur = a_le_role(personne, Role.INSTRUCTEUR)
    lus = a_instruire_par(personne, parmi) if instructeur else lus_en_entier_par(personne, parmi)
    return lus.a_instruire()


def a_instruire_en_tout(personne: Utilisateur) -> Comptes:
    """`a_instruire` and `en_correction` over all waves: the sums of `comptes_par_vague`."""
    en_correction = Q(etat=EtatCandidature.CORRECTION_DEMANDEE)
    lus = restant_a_instruire(personne, Suivi.objects.all()).aggregate(
        a_instruire=Count("pk"), en_correction=Count("pk", filter=en_correction)
    )
    return Comptes(**lus)


def comptes_par_vague(personne: Utilisateur, vagues: Collection[int]) -> dict[int, Comptes]:
    """By wave, in one query: from what is kept counted for whoever reads and instructs everywhere, or instructs
    nowhere; file by file for those of a périmètre."""
    if lit_partout(personne) and (
        not a_le_role(personne, Role.INSTRUCTEUR) or perimetre(personne, Role.INSTRUCTEUR).national
    ):
        return _comptes_gardes(personne, vagues)
    return _comptes_lus(personne, vagues)


def _comptes_lus(personne: Utilisateur, vagues: Collection[int]) -> dict[int, Comptes]:
    siens = restant_a_instruire(personne, Suivi.objects.filter(vague__in=vagues))
    restants = Q(pk__in=siens.values("pk"))
    lus = suivis_par(personne).filter(vague__in=vagues).order_by().values("vague")
    lignes: Any = lus.annotate(
        total=Count("pk"),
        a_instruire=Count("pk", filter=restants),
        en_correction=Count("pk", filter=restants & Q(etat_connu=EtatCandidature.CORRECTION_DEMANDEE)),
        instruites=Count("pk", filter=Q(etat_connu=EtatCandidature.INSTRUITE)),
        laureates=Count("pk", filter=Q(etat_connu=EtatCandidature.LAUREATE)),
    )
    comptes = dict.fromkeys(vagues, Comptes())
    for ligne in lignes:
        vague = ligne.pop("vague")
        comptes[vague] = Comptes(**ligne)
    return comptes


def etats_par_vague(personne: Utilisateur, vagues: Collection[int]) -> dict[int, Counter[str]]:
    """How many files `personne` reads in each of these waves, by the state that they know; in one query."""
    if lit_partout(personne):
        return _etats_gardes(personne, vagues)
    lus = suivis_par(personne).filter(vague__in=vagues).order_by().values_list("vague", "etat_connu")
    return _par_etat(lus.annotate(nombre=Count("pk")), vagues)


def _etats_gardes(personne: Utilisateur, vagues: Collection[int]) -> dict[int, Counter[str]]:
    """The boxes of each wave, less the few files in which `personne` has an interest."""
    gardes = CompteDeSuivis.objects.filter(vague__in=vagues, region=TOUTES_LES_REGIONS, filiere=TOUTES_LES_FILIERES)
    caches = Suivi.objects.filter(vague__in=vagues, pk__in=interets_de(personne)).order_by()
    lus: Any = (
        gardes.order_by()
        .values_list("vague", "etat")
        .annotate(n=Sum("nombre"))
        .union(caches.values_list("vague", "etat").annotate(n=-Count("pk")), all=True)
    )
    return _par_etat(lus, vagues)


def _par_etat(lignes: Any, vagues: Collection[int]) -> dict[int, Counter[str]]:
    par_etat: dict[int, Counter[str]] = {vague: Counter() for vague in vagues}
    for vague, etat, nombre in lignes:
        if etat in ETATS_INSTRUITS:
            par_etat[vague][etat] += nombre
    # A state that only files of interest are in is not there.
    return {vague: +etats for vague, etats in par_etat.items()}


def _comptes_gardes(personne: Utilisateur, vagues: Collection[int]) -> dict[int, Comptes]:
    return {
        vague: Comptes(
            total=sum(etats.values()),
            a_instruire=sum(etats[etat] for etat in ETATS_A_INSTRUIRE),
            en_correction=etats[EtatCandidature.CORRECTION_DEMANDEE],
            instruites=etats[EtatCandidature.INSTRUITE],
            laureates=etats[EtatCandidature.LAUREATE],
        )
        for vague, etats in _etats_gardes(personne, vagues).items()
    }


def combien(personne: Utilisateur, vague: int, facettes: dict[str, Any], en_interet: Any) -> int:
    """How many files of a wave `personne`, who reads them everywhere (`lit_partout`), sees under these `facettes`
    (`etat`: one or several, `etape`, `region`, `filiere`, `avis`): those that are kept counted, but the few of
    `en_interet`, which is the same choice among those in which they have an interest."""
    cases = CompteDeSuivis.objects.filter(
        vague=vague,
        region=facettes["region"].pk if facettes.get("region") else TOUTES_LES_REGIONS,
        filiere=facettes.get("filiere") or TOUTES_LES_FILIERES,
    )
    if etat := facettes.get("etat"):
        cases = cases.filter(etat__in=[etat] if isinstance(etat, str) else etat)
    if etape := facettes.get("etape"):
        cases = cases.filter(etape=etape)
    if avis := facettes.get("avis"):
        cases = cases.filter(cas_avis=avis)
    siens = en_interet.order_by().values(rien=Value(0)).annotate(nombre=Count("pk")).values("nombre")
    total: int = cases.aggregate(
        total=Coalesce(Sum("nombre"), 0) - Coalesce(Subquery(siens, output_field=IntegerField()), 0)
    )["total"]
    return total
