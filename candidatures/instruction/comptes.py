"""How many files await a person, counted once for the dashboard and for the lists, on what that person may know."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_INSTRUITS, EtatCandidature
from candidatures.instruction.acces import (
    a_instruire_par,
    interets_de,
    lit_partout,
    lus_en_entier_par,
    suivis_par,
)
from candidatures.instruction.suivi.bits import dits
from candidatures.instruction.suivi.denombrement import Denombrement
from candidatures.instruction.suivi.models import Suivi
from rebond.comptes.habilitations import a_le_role, perimetre
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

PAR_ETAT = f"""
    SELECT vague_id, valeur, sum(bit_count(bits))::bigint
      FROM ({dits("vague_id = ANY (%s) AND colonne = 'etat'")}) etats GROUP BY vague_id, valeur
"""  # noqa: S608


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
    """What is kept of each wave, less the few files in which `personne` has an interest."""
    if not vagues:
        return {}
    caches: Any = Suivi.objects.filter(vague__in=vagues, pk__in=interets_de(personne)).order_by()
    moins, parametres = caches.values("vague", "etat").annotate(n=-Count("pk")).query.sql_with_params()
    with connection.cursor() as curseur:
        curseur.execute(f"{PAR_ETAT} UNION ALL ({moins})", [[*vagues], *parametres])
        return _par_etat(curseur.fetchall(), vagues)


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


def lus_de(personne: Utilisateur, bits: Denombrement) -> str:
    """The bits of the files of a wave that `personne` reads whole: all, less the few in which they have an interest,
    for whoever reads everywhere."""
    if lit_partout(personne):
        return bits.condition(~Q(pk__in=interets_de(personne)))
    return bits.lignes(suivis_par(personne))


def combien(personne: Utilisateur, vague: int, conditions: Iterable[Q]) -> int:
    """How many files of a wave `personne` reads under these conditions on narrow rows."""
    bits = Denombrement(vague)
    gardes = {"lus": " & ".join([lus_de(personne, bits), *map(bits.condition, conditions)])}
    with connection.cursor() as curseur:
        curseur.execute(*bits.requete(gardes, ["SELECT coalesce(sum(bit_count(lus)), 0)::bigint FROM h"]))
        total: int = curseur.fetchone()[0]
    return total
