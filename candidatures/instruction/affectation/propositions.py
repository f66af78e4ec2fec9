"""To whom files would go, before anybody confirms it: what the page of a batch shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from candidatures.instruction.affectation.regles import (
    PERSONNE_D_AUTRE,
    Candidat,
    deja_suivi,
    empechement_d_affecter,
    empechement_de_donner_a,
    empechement_de_trouver,
    repartir,
)
from candidatures.instruction.affectation.requetes import candidats_a, charges_lues_par
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class Proposee:
    """A file (its narrow row), who may hold it with their words, and whom it is proposed to (their key).

    `vue`: the key of the assignment that it leaves, 0 when it is to be taken.
    """

    suivi: Any
    choix: tuple[tuple[int, str], ...]
    elu: int | None
    vue: int = 0


@dataclass(frozen=True)
class Impossible:
    suivi: Any
    raison: str


@dataclass(frozen=True)
class Charge:
    """How many files somebody holds, and how many more they would."""

    personne: Utilisateur
    avant: int
    en_plus: int

    @property
    def apres(self) -> int:
        return self.avant + self.en_plus


@dataclass(frozen=True)
class Proposition:
    proposees: tuple[Proposee, ...]
    impossibles: tuple[Impossible, ...]
    charges: tuple[Charge, ...]

    @property
    def personnes(self) -> list[Utilisateur]:
        return [charge.personne for charge in self.charges]


def preparer(
    *, lecteur: Utilisateur, suivis: Sequence[Any], a: int | None = None, tenues: Mapping[int, int] | None = None
) -> Proposition:
    """What is proposed to `lecteur` of these narrow rows, with their `candidature`, `territoire` and `responsable`: by
    place and load, or all to `a` (a key), never to whoever holds them. In three statements.

    `tenues`: of the files that somebody holds, those that may leave them, with the key of their assignment.
    """
    vues = tenues or {}
    candidats: dict[int, list[Candidat]] = candidats_a([suivi.pk for suivi in suivis])
    for suivi in suivis:
        candidats[suivi.pk] = [autre for autre in candidats[suivi.pk] if autre.personne != suivi.responsable_id]
    charges = charges_lues_par(lecteur)
    refus = {suivi.pk: raison for suivi in suivis if (raison := _empechement(suivi, candidats, a, vues))}
    libres = [suivi for suivi in suivis if suivi.pk not in refus]
    elus = (
        dict.fromkeys((suivi.pk for suivi in libres), a)
        if a is not None
        else repartir({suivi.pk: candidats[suivi.pk] for suivi in libres}, charges)[0]
    )
    cles = {candidat.personne for suivi in libres for candidat in candidats[suivi.pk]}
    noms = Utilisateur.objects.in_bulk(cles)
    return Proposition(
        tuple(
            Proposee(suivi, _choix(candidats[suivi.pk], noms, charges), elus[suivi.pk], vues.get(suivi.pk, 0))
            for suivi in libres
        ),
        tuple(Impossible(suivi, refus[suivi.pk]) for suivi in suivis if suivi.pk in refus),
        tuple(
            Charge(personne, charges.get(personne.pk, 0), sum(elu == personne.pk for elu in elus.values()))
            for personne in sorted(noms.values(), key=attrgetter("rang_du_nom"))
        ),
    )


def _empechement(
    suivi: Any, candidats: Mapping[int, list[Candidat]], a: int | None, tenues: Mapping[int, int]
) -> str | None:
    if refus := empechement_d_affecter(suivi.etat_connu):
        return refus
    if suivi.responsable is not None and suivi.pk not in tenues:
        return deja_suivi(suivi.responsable)
    if a is not None:
        return empechement_de_donner_a(a, candidats[suivi.pk])
    refus = empechement_de_trouver(candidats[suivi.pk])
    return PERSONNE_D_AUTRE if refus and suivi.responsable is not None else refus


def _choix(
    candidats: Sequence[Candidat], noms: Mapping[int, Utilisateur], charges: Mapping[int, int]
) -> tuple[tuple[int, str], ...]:
    libres = [noms[candidat.personne] for candidat in candidats if not candidat.en_conflit]
    return tuple(
        (personne.pk, f"{personne} ({compte(charges.get(personne.pk, 0), 'dossier')})")
        for personne in sorted(libres, key=attrgetter("rang_du_nom"))
    )
