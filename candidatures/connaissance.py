"""What a person may know of a file and of a wave at an instant: the one rule of sight (design, invariant 11).

Who knows of a proposal or of a decision before its announcement is a written list,
`CandidatureQuerySet.lus_en_entier_par`. Everybody else who may open a file at all, its territory first, reads « en
instruction ». Every page, count, filter, sort and export reads `etat_connu`, never `etat`; a test looks for any other
display.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from candidatures.etats import (
    ETATS_DE_VAGUE_TENUS_SECRETS,
    ETATS_INSTRUITS,
    ETATS_TENUS_SECRETS,
    EtatCandidature,
    EtatVague,
)
from candidatures.models import Candidature, Vague
from candidatures.models.dossiers import resultats_connus
from territoires.etats import Role
from territoires.habilitations import a_le_role

Instant = datetime | Combinable
Personne = Any
# QuerySets of files, and of waves, that bear what is added here.
Dossiers = Any
Vagues = Any
PERSONNE_EN_PARTICULIER: AbstractBaseUser | AnonymousUser = AnonymousUser()


def avec_etat_connu(dossiers: QuerySet[Candidature], personne: Personne, instant: Instant) -> Dossiers:
    """Adds `etat_connu`: the state of each file that `personne` may know at `instant`. They may open these files."""
    entiers = Candidature.objects.lus_en_entier_par(personne).values("pk")
    su = ~Q(etat__in=ETATS_TENUS_SECRETS) | resultats_connus(instant) | Q(pk__in=entiers)
    connu = Case(
        When(su, then=F("etat")), default=Value(EtatCandidature.EN_INSTRUCTION.value), output_field=CharField()
    )
    return dossiers.annotate(etat_connu=connu)


def connus_de(personne: Personne, instant: Instant) -> Dossiers:
    """The files that exist for `personne`, each with its `etat_connu`."""
    return avec_etat_connu(Candidature.objects.visibles_par(personne), personne, instant)


def lisibles_par(personne: Personne, instant: Instant) -> Dossiers:
    """The files that `personne` reads as an agent or an expert, each with its `etat_connu`."""
    return avec_etat_connu(Candidature.objects.pour_agents(personne), personne, instant)


def entiers_de(personne: Personne, instant: Instant) -> Dossiers:
    """The files whose whole instruction `personne` reads, each with its `etat_connu`: the lists of agents."""
    return avec_etat_connu(Candidature.objects.lus_en_entier_par(personne), personne, instant)


def etat_connu_de(personne: Personne, dossier: Candidature, instant: datetime) -> EtatCandidature | None:
    """The state of `dossier` that `personne` may know at `instant`; None when it does not exist for them."""
    etat = connus_de(personne, instant).filter(pk=dossier.pk).values_list("etat_connu", flat=True).first()
    return None if etat is None else EtatCandidature(etat)


def etat_connu_du_territoire(dossier: Candidature, instant: Instant) -> EtatCandidature:
    """What whoever takes part in `dossier` may know of it: no decision shows before its announcement."""
    lu = avec_etat_connu(Candidature.objects.filter(pk=dossier.pk), PERSONNE_EN_PARTICULIER, instant)
    return EtatCandidature(lu.values_list("etat_connu", flat=True).get())


def avec_etat_de_vague_connu(vagues: QuerySet[Vague], personne: Personne, instant: Instant) -> Vagues:
    """Adds `etat_connu` to waves: whether decisions are taken is known to whoever reads whole one of their files.

    A valideur also knows it of a wave without files. « Résultats annoncés » is only said once they are public; until
    then `programmee` tells those who may know that the announcement has its instant.
    """
    instruits = Candidature.objects.filter(vague=OuterRef("pk"), etat__in=ETATS_INSTRUITS)
    su = Q(Exists(Candidature.objects.lus_en_entier_par(personne).filter(vague=OuterRef("pk"))))
    if a_le_role(personne, Role.VALIDEUR):
        su |= ~Q(Exists(instruits))
    publics = Q(etat=EtatVague.PUBLIEE, publique_a__lte=instant)
    connu = Case(
        When(~Q(etat__in=ETATS_DE_VAGUE_TENUS_SECRETS) | publics, then=F("etat")),
        When(su, then=Value(EtatVague.LABELLISEE.value)),
        default=Value(EtatVague.EN_INSTRUCTION.value),
        output_field=CharField(),
    )
    return vagues.annotate(
        etat_connu=connu,
        programmee=Case(
            When(Q(su, etat=EtatVague.PUBLIEE) & ~publics, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def etat_de_vague_connu_de(personne: Personne, vague: Vague, instant: datetime) -> EtatVague:
    lue = avec_etat_de_vague_connu(Vague.objects.filter(pk=vague.pk), personne, instant)
    return EtatVague(lue.values_list("etat_connu", flat=True).get())


def vagues_en_interet(personne: Personne) -> Q:
    """Waves (as a condition on them) with an instructed file in which `personne` has an interest."""
    instruits = Candidature.objects.filter(vague=OuterRef("pk"), etat__in=ETATS_INSTRUITS)
    return Q(Exists(instruits.exclude(pk__in=Candidature.objects.hors_interets_de(personne).values("pk"))))
