"""Who among the State's people may read a file, and what a person may know of it, and of a wave, at an instant.

The one rule of access and of sight (design, invariants 7 and 11). Who knows of a proposal or of a decision before its
announcement is a written list, `lus_en_entier_par`. Everybody else who may open a file at all, its territory first,
reads « en instruction ». Every page, count, filter, sort and export reads `etat_connu`, never `etat`; a test looks for
any other display.
"""

from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from candidatures.dossier.connaissance import Dossiers, Instant, avec_etat_su
from candidatures.dossier.etats import ETATS_INSTRUITS, EtatCandidature
from candidatures.dossier.models.dossiers import Candidature, CandidatureQuerySet, de_son_territoire
from candidatures.instruction.etats import ACTES_D_INSTRUCTION
from candidatures.instruction.models import DeclarationInteret
from candidatures.instruction.saisine.acces import ouvertes_a
from candidatures.instruction.suivi.models import Suivi
from candidatures.vagues.etats import ETATS_DE_VAGUE_TENUS_SECRETS, EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, perimetre
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from territoires.models import Territoire

Personne = Any
# QuerySet of waves that bears what is added here.
Vagues = Any
# The database's own clock, for whoever reads now.
MAINTENANT = HorlogeBase()


def interets_de(personne: Personne) -> Any:
    """The keys of the files in which `personne` takes part or took part, or on which they declared a conflict of
    interest."""
    declares = DeclarationInteret.objects.filter(utilisateur=personne).order_by().values("candidature")
    return de_son_territoire(personne).union(declares, all=True)


def hors_interets_de(dossiers: Any, personne: Personne) -> Any:
    """Without the files in which `personne` has an interest."""
    return dossiers.exclude(pk__in=interets_de(personne))


def lus_en_entier_par(personne: Personne, parmi: Any = None) -> Any:
    """Files whose whole instruction `personne` reads, decision included, once their wave's closing is recorded.

    `parmi`: the rows to choose from when they are not the files themselves, but have their key, state and territory.

    This is the written list of who may know before an announcement: the valideurs and the committee everywhere,
    the instructeurs in their périmètre; nobody a file in which they have an interest (design, invariants 7, 11).
    """
    instruits = (Candidature.objects.all() if parmi is None else parmi).filter(etat__in=ETATS_INSTRUITS)
    if lit_partout(personne):
        return hors_interets_de(instruits, personne)
    if a_le_role(personne, Role.INSTRUCTEUR):
        return hors_interets_de(_la_ou_instruit(personne, instruits), personne)
    return instruits.none()


def lit_partout(personne: Personne) -> bool:
    """Whether `personne` reads whole the files of all of France, but those in which they have an interest."""
    if a_le_role(personne, Role.VALIDEUR, Role.COMITE):
        return True
    return a_le_role(personne, Role.INSTRUCTEUR) and perimetre(personne, Role.INSTRUCTEUR).national


def pour_agents(personne: Personne, instant: Instant = MAINTENANT) -> CandidatureQuerySet:
    """Files that `personne` reads at `instant` as an agent of the State or an expert, once their wave's closing is
    recorded.

    Those that they read whole, and those that were put to them as an expert, or to the organisme that they are of, as
    long as nobody there took it: until some days after their opinion, and never once the file has its proposal. Never
    one in which they have an interest.
    """
    entiers: CandidatureQuerySet = lus_en_entier_par(personne)
    if not a_le_role(personne, Role.EXPERT):
        return entiers
    soumis = Candidature.objects.filter(pk__in=ouvertes_a(personne, instant).values("candidature"))
    lus = Q(pk__in=entiers.values("pk"))
    return Candidature.objects.filter(lus | Q(pk__in=hors_interets_de(soumis, personne).values("pk")))


def a_instruire_par(personne: Personne, parmi: Any = None) -> Any:
    """Files that `personne` instructs: in their périmètre, without a part in them nor a conflict of interest.
    `parmi` as in `lus_en_entier_par`."""
    return _la_ou_instruit(personne, lus_en_entier_par(personne, parmi))


def instruit_tout_ce_qu_il_lit(personne: Personne) -> bool:
    """Whether `a_instruire_par` is `lus_en_entier_par`: not for whoever instructs one région and signs everywhere."""
    return not lit_partout(personne) or perimetre(personne, Role.INSTRUCTEUR).national


def instruites_par(personne: Personne) -> CandidatureQuerySet:
    """Files in whose instruction `personne` took part, even when someone else has since redone their act."""
    touchees = (
        EntreeJournal.objects.filter(
            objet_type="candidatures.candidature", acte__in=ACTES_D_INSTRUCTION, acteur_id_copie=personne.pk
        )
        .annotate(candidature=Cast("objet_id", BigIntegerField()))
        .values("candidature")
    )
    return Candidature.objects.filter(pk__in=touchees)


def visibles_par(personne: Personne, instant: Instant = MAINTENANT) -> CandidatureQuerySet:
    """What `personne` may open at all at `instant`; the rest does not exist for them."""
    dossiers = Candidature.objects
    if not personne.is_authenticated:
        return dossiers.none()
    return dossiers.filter(
        Q(pk__in=dossiers.du_porteur(personne).values("pk")) | Q(pk__in=pour_agents(personne, instant).values("pk"))
    )


def _la_ou_instruit(instructeur: Personne, dossiers: Any) -> Any:
    """Those of the périmètre of `instructeur`."""
    la = perimetre(instructeur, Role.INSTRUCTEUR)
    return dossiers if la.national else dossiers.filter(territoire__in=Territoire.objects.dans(la).values("pk"))


def avec_etat_connu(dossiers: QuerySet[Candidature], personne: Personne, instant: Instant) -> Dossiers:
    """Adds `etat_connu`: the state of each file that `personne` may know at `instant`. They may open these files."""
    return avec_etat_su(dossiers, instant, ou=Q(Exists(lus_en_entier_par(personne).filter(pk=OuterRef("pk")))))


def avec_ce_qu_en_fait(dossiers: Any, personne: Personne) -> Any:
    """Adds `lu_en_entier` and `instruit`: whether `personne` reads the whole instruction of each file, and instructs
    it. An expert who is nothing else for a file does not read the others' opinions on it."""
    ce_dossier = Suivi.objects.filter(pk=OuterRef("pk"))
    return dossiers.annotate(
        lu_en_entier=Exists(lus_en_entier_par(personne, ce_dossier)),
        instruit=Exists(a_instruire_par(personne, ce_dossier)),
    )


def connus_de(personne: Personne, instant: Instant) -> Dossiers:
    """The files that exist for `personne`, each with its `etat_connu`."""
    return avec_etat_connu(visibles_par(personne, instant), personne, instant)


def lisibles_par(personne: Personne, instant: Instant) -> Dossiers:
    """The files that `personne` reads as an agent or an expert, each with its `etat_connu`."""
    return avec_etat_connu(pour_agents(personne, instant), personne, instant)


def entiers_de(personne: Personne, instant: Instant) -> Dossiers:
    """The files whose whole instruction `personne` reads, each with its `etat_connu`."""
    return avec_etat_connu(lus_en_entier_par(personne), personne, instant)


def suivis_par(personne: Personne) -> Any:
    """The same files as narrow rows, which lists are made from, each with its `etat_connu`: whoever reads a file
    whole knows its state at any instant."""
    return lus_en_entier_par(personne, Suivi.objects.all()).annotate(etat_connu=F("etat"))


def suivis_a_instruire_par(personne: Personne) -> Any:
    """Those of the files that `personne` instructs, each with its `etat_connu`."""
    return a_instruire_par(personne, Suivi.objects.all()).annotate(etat_connu=F("etat"))


def etat_connu_de(personne: Personne, dossier: Candidature, instant: datetime) -> EtatCandidature | None:
    """The state of `dossier` that `personne` may know at `instant`; None when it does not exist for them."""
    etat = connus_de(personne, instant).filter(pk=dossier.pk).values_list("etat_connu", flat=True).first()
    return None if etat is None else EtatCandidature(etat)


def avec_etat_de_vague_connu(vagues: QuerySet[Vague], personne: Personne, instant: Instant) -> Vagues:
    """Adds `etat_connu` to waves: whether decisions are taken is known to whoever reads whole one of their files.

    A valideur also knows it of a wave without files. « Résultats annoncés » is only said once they are public; until
    then `programmee` tells those who may know that the announcement has its instant.
    """
    instruits = Suivi.objects.filter(vague=OuterRef("pk"))
    su = Q(Exists(lus_en_entier_par(personne, instruits)))
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
    instruits = Suivi.objects.filter(vague=OuterRef("pk"))
    return Q(Exists(instruits.filter(pk__in=interets_de(personne))))
