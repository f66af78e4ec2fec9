"""How many files await a person, counted once for the dashboard and for the lists, on what that person may know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Max, Q, Value, When
from django.db.models.fields import BooleanField

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import CandidatureQuerySet
from candidatures.instruction.acces import a_instruire_par, entiers_de, lisibles_par, lus_en_entier_par
from candidatures.instruction.models import Avis
from candidatures.instruction.regles import peut_rendre_avis
from rebond.comptes.habilitations import a_le_role
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# What `peut_rendre_avis` says, for Postgres.
ETATS_OUVERTS_AUX_AVIS = [etat for etat in EtatCandidature if peut_rendre_avis(etat)]


@dataclass(frozen=True)
class Comptes:
    """Files of one wave that a person reads; `en_correction` are among those that are still `a_instruire`."""

    total: int = 0
    a_instruire: int = 0
    en_correction: int = 0
    instruites: int = 0
    laureates: int = 0


def avec_suivi(dossiers: Any) -> Any:
    """Adds `recu_le` (of the deposit that counts), `avis_demandes` and `avis_rendus`, in the same query."""
    return dossiers.annotate(
        recu_le=Max("depots__recu_le"),
        avis_demandes=Count("avis", filter=Q(avis__revoque_le=None), distinct=True),
        avis_rendus=Count("avis", filter=Q(avis__rendu_le__isnull=False), distinct=True),
    )


def restant_a_instruire(personne: Utilisateur) -> CandidatureQuerySet:
    """Files that are still to be instructed: by `personne` when they instruct, else among those that they read."""
    instructeur = a_le_role(personne, Role.INSTRUCTEUR)
    lus = a_instruire_par(personne) if instructeur else lus_en_entier_par(personne)
    return lus.a_instruire()


def a_instruire_en_tout(personne: Utilisateur) -> Comptes:
    """`a_instruire` and `en_correction` over all waves: the sums of `comptes_par_vague`."""
    en_correction = Q(etat=EtatCandidature.CORRECTION_DEMANDEE)
    lus = restant_a_instruire(personne).aggregate(
        a_instruire=Count("pk"), en_correction=Count("pk", filter=en_correction)
    )
    return Comptes(**lus)


def comptes_par_vague(personne: Utilisateur, vagues: Collection[int], instant: datetime) -> dict[int, Comptes]:
    """By wave, in one query."""
    restants = Q(pk__in=restant_a_instruire(personne).values("pk"))
    lus = entiers_de(personne, instant).filter(vague__in=vagues).order_by().values("vague")
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


def demandes_d_avis(expert: Utilisateur, instant: datetime) -> Any:
    """The opinions asked of `expert` on files that they may read; `a_rendre` as long as one may still be given."""
    lisibles = lisibles_par(expert, instant)
    ouverts = lisibles.filter(etat_connu__in=ETATS_OUVERTS_AUX_AVIS).values("pk")
    a_rendre = Case(
        When(rendu_le=None, candidature__in=ouverts, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    demandes = Avis.objects.demandes().filter(expert=expert, candidature__in=lisibles.values("pk"))
    return demandes.annotate(a_rendre=a_rendre)
