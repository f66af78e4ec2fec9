"""What a valideur decides on, and what keeps the decisions of a wave from being taken and announced."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db.models import Q, QuerySet

from candidatures.cloture.models.prolongations import Prolongation
from candidatures.dossier.etats import ETATS_A_INSTRUIRE, EtatCandidature, SensDecision
from candidatures.dossier.models.dossiers import Candidature, reference_sql
from candidatures.evaluation.requetes import evalues_par
from candidatures.instruction.acces import instruites_par, suivis_par, vagues_en_interet
from candidatures.labellisation import regles
from candidatures.labellisation.regles import A_INSTRUIT, INTERET
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.texte.noms import alphabetique
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True, slots=True)
class ADecider:
    """A file on which a valideur decides: what names it, what is proposed of it, in which revision."""

    pk: int
    reference: str
    territoire: str
    region: str
    demonstration: bool
    avis_rendus: int
    sens: SensDecision
    revision: int


def a_decider(*, vague: Vague, valideur: Utilisateur) -> list[ADecider]:
    """The instructed files of the wave that `valideur` reads, by name."""
    instruites = suivis_par(valideur).filter(vague=vague, etat_connu=EtatCandidature.INSTRUITE)
    lues = instruites.annotate(reference=reference_sql("candidature__")).values_list(
        "pk",
        "reference",
        "territoire__nom",
        "territoire__region_pilote__nom",
        "candidature__demonstration",
        "avis_rendus",
        "candidature__proposition__sens",
        "candidature__proposition__revision",
    )
    sens = {valeur.value: valeur for valeur in SensDecision}
    return [
        ADecider(pk, reference, territoire, region, demonstration, rendus, sens[propose], revision)
        for pk, reference, territoire, region, demonstration, rendus, propose, revision in lues.order_by(
            alphabetique("nom"), "pk"
        )
    ]


def empechement_d_annoncer(vague: Vague, etat_connu: str, maintenant: datetime) -> str | None:
    """Why the results of `vague` may not be announced, in a sentence that tells of the announcement;
    None when they may. `etat_connu` is what whoever asks knows of the wave: a refusal tells them nothing more."""
    return regles.empechement_d_annoncer(etat_connu, annonce=_dire_l_annonce(vague, maintenant))


class Raison(Enum):
    """What the decisions of a wave wait for."""

    AUTRE_VALIDEUR = auto()
    DEJA_PRISES = auto()
    CLOTURE = auto()
    PROLONGATION = auto()
    DOSSIERS = auto()
    COLLECTIVITE = auto()


@dataclass(frozen=True)
class Blocage:
    phrase: str
    raison: Raison


def empechement_de_decider(vague: Vague, valideur: Utilisateur) -> str | None:
    """Why `valideur` may not take the decisions of this wave now, in a sentence; None when they may."""
    blocage = ce_qui_empeche_de_decider(vague, valideur)
    return None if blocage is None else blocage.phrase


def ce_qui_empeche_de_decider(vague: Vague, valideur: Utilisateur) -> Blocage | None:
    """`empechement_de_decider`, with what it waits for."""
    if Vague.objects.filter(vagues_en_interet(valideur), pk=vague.pk).exists():
        # First: whatever becomes of a file that they do not read, they read this.
        return Blocage(INTERET, Raison.AUTRE_VALIDEUR)
    if vague.labellisee_le is not None:
        quand = instant_fr(vague.labellisee_le)
        prises = f"Les décisions de la vague {vague.numero} ont été prises le {quand} par {vague.labellisee_par}."
        return Blocage(prises, Raison.DEJA_PRISES)
    if vague.etat == EtatVague.PREVUE:
        return Blocage(f"La clôture de la vague {vague.numero} n’est pas encore enregistrée.", Raison.CLOTURE)
    if prolongation := Prolongation.objects.en_vigueur().filter(vague=vague).order_by("jusqu_au").last():
        jusqu_au = instant_fr(prolongation.jusqu_au)
        court = f"Une prolongation court dans la vague {vague.numero}, jusqu’au {jusqu_au}."
        return Blocage(court, Raison.PROLONGATION)
    if restants := _dossiers_qui_restent(vague):
        return restants
    if dossiers_juges(valideur, [vague.pk]).exists():
        return Blocage(A_INSTRUIT, Raison.AUTRE_VALIDEUR)
    return None


def _dossiers_qui_restent(vague: Vague) -> Blocage | None:
    dossiers = Candidature.objects.filter(vague=vague)
    if restants := dossiers.filter(etat__in=ETATS_A_INSTRUIRE).count():
        verbe = "reste" if restants == 1 else "restent"
        phrase = f"{compte(restants, 'dossier')} de la vague {vague.numero} {verbe} à instruire."
        return Blocage(phrase, Raison.DOSSIERS)
    instruites = dossiers.filter(etat=EtatCandidature.INSTRUITE)
    if signales := instruites.filter(contestations__tranchee_le=None, contestations__isnull=False).distinct().count():
        verbe = "attend" if signales == 1 else "attendent"
        phrase = (
            f"{compte(signales, 'dossier')} de la vague {vague.numero}, signalé par sa collectivité, {verbe} une "
            "réponse."
        )
        return Blocage(phrase, Raison.COLLECTIVITE)
    return None


def vagues_instruites_par(valideur: Utilisateur, vagues: Collection[int]) -> set[int]:
    """Those of these waves in which `valideur` took part in the instruction of a file, and so decides nothing."""
    dossiers = dossiers_juges(valideur, vagues)
    return set(dossiers.order_by().values_list("vague", flat=True).distinct())


def dossiers_juges(valideur: Utilisateur, vagues: Collection[int]) -> QuerySet[Candidature]:
    """The files of these waves that `valideur` instructed or evaluates: whoever did decides on none of the wave."""
    instruits = Q(pk__in=instruites_par(valideur).values("pk"))
    return Candidature.objects.filter(instruits | Q(pk__in=evalues_par(valideur)), vague__in=vagues)


def _dire_l_annonce(vague: Vague, maintenant: datetime) -> str:
    if vague.annoncee_le is None:
        return ""
    signee = f"le {instant_fr(vague.annoncee_le)} par {vague.annoncee_par}"
    if vague.publique_a is not None and vague.publique_a > maintenant:
        return (
            f"L’annonce de la vague {vague.numero} est déjà programmée pour le {instant_fr(vague.publique_a)}\u00a0: "
            f"elle a été signée {signee}."
        )
    return f"Les résultats de la vague {vague.numero} ont été annoncés {signee}."
