"""How many files await a person, counted once for the dashboard and for the lists, on what that person may know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, Value, When
from django.db.models.fields import BooleanField

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import a_instruire_par, lisibles_par, lus_en_entier_par, suivis_par
from candidatures.instruction.models import Avis
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.instruction.suivi.models import Suivi
from rebond.comptes.habilitations import a_le_role
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# What `empechement_de_consulter` says, for Postgres.
ETATS_OUVERTS_AUX_AVIS = [etat for etat in EtatCandidature if not empechement_de_consulter(etat)]


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
    """By wave, in one query."""
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
