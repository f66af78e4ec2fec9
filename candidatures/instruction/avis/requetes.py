"""Of whom an avis may be asked, who is to answer, and what is read of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import JSONObject

from candidatures.depot.models import Depot
from candidatures.dossier.etats import ETATS_EN_COURS
from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.acces import interets_de
from candidatures.instruction.models import DeclarationInteret
from candidatures.instruction.saisine.acces import adressees_a_l_organisme_de
from candidatures.instruction.saisine.models import AvisRendu, LeveeDeReserve, RelanceDAvis, Saisine
from candidatures.instruction.saisine.regles import (
    DELAI_PROPOSE,
    ENTRE_DEUX_RELANCES,
    TENUE_PAR_UN_AUTRE,
    empechement_de_fixer,
)
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.requetes import phases_de, terme_de
from rebond.comptes.habilitations import habilitations_de, tenues_par_tous
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.noms import nom_nu
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Epci, Organisme

PAS_DE_VOTRE_ORGANISME = "Cette demande ne s’adresse pas à votre organisme."
INTERETS: tuple[Any, ...] = (DeclarationInteret, Participation, AncienneParticipation)


@dataclass(frozen=True)
class Cible:
    """Of whom an avis is asked: somebody of an organisme, or whoever of it takes it."""

    organisme: Organisme
    expert: Utilisateur | None = None


@dataclass(frozen=True)
class Consultable:
    """An organisme that may be asked for an avis on a file, and those of it who would read it, by name."""

    organisme: Organisme
    experts: tuple[Utilisateur, ...]


def consultables(dossier: Candidature) -> list[Consultable]:
    """The organismes whose avis may be asked on `dossier`: they have experts there without any interest in it, and no
    request under way. In three statements."""
    occupes = Saisine.objects.actives().filter(candidature=dossier).values_list("organisme", flat=True)
    par_organisme: dict[Organisme, dict[int, Utilisateur]] = {}
    for tenue in _experts_pour(dossier).exclude(organisme__in=list(occupes)):
        par_organisme.setdefault(tenue.organisme, {})[tenue.utilisateur_id] = tenue.utilisateur
    return [
        Consultable(organisme, tuple(sorted(experts.values(), key=attrgetter("rang_du_nom"))))
        for organisme, experts in sorted(par_organisme.items(), key=lambda paire: nom_nu(paire[0].nom))
    ]


def collegues(saisine: Saisine, sauf: Utilisateur | None = None) -> list[Utilisateur]:
    """Those of the organisme who may answer, by name."""
    trouves = {
        tenue.utilisateur_id: tenue.utilisateur
        for tenue in _experts_pour(saisine.candidature).filter(organisme=saisine.organisme_id)
    }
    return sorted((qui for qui in trouves.values() if qui != sauf), key=attrgetter("rang_du_nom"))


def exiger_de_l_organisme(tenue: Saisine, personne: Utilisateur, *, tenue_par_lui: bool) -> None:
    """Raises `RegleEnfreinte` unless `personne` holds the request, or might: an expert of its organisme, without any
    interest in the file. With `tenue_par_lui`, somebody else may not hold it."""
    if tenue.expert == personne:
        return
    if personne not in collegues(tenue):
        raise RegleEnfreinte(PAS_DE_VOTRE_ORGANISME)
    if tenue_par_lui and tenue.expert is not None:
        raise RegleEnfreinte(TENUE_PAR_UN_AUTRE)


def destinataires(saisine: Saisine) -> list[Utilisateur]:
    """Who is told of a request: whoever holds it, else all those who may take it."""
    if saisine.expert is not None:
        return [saisine.expert] if saisine.expert.is_active else []
    return collegues(saisine)


def cible_de(expert: Utilisateur) -> Cible:
    """`expert` in person, for the organisme of which they are one. Raises `RegleEnfreinte` when they are none."""
    organisme = organisme_de(expert, Role.EXPERT)
    if organisme is None:
        raise RegleEnfreinte(pas_expert(expert))
    return Cible(organisme, expert)


def jour_propose(vague: int, aujourd_hui: date) -> date:
    """By when an avis that is asked on `aujourd_hui` would be due: when the phase of the avis of the wave (its key)
    ends, if it has one that is not over; some days from now else."""
    terme = terme_de(phases_de(vague), NatureDePhase.AVIS)
    fin = jour_de_paris(terme) if terme else aujourd_hui
    return aujourd_hui + DELAI_PROPOSE if empechement_de_fixer(fin, aujourd_hui) else fin


def pas_expert(personne: Utilisateur) -> str:
    return f"{personne} n’a pas le rôle d’expert\u00a0: son avis ne peut pas être demandé."


def organisme_de(personne: Utilisateur, role: Role) -> Organisme | None:
    """That for which `personne` holds `role`; the first one when there are several."""
    tenues = sorted((h for h in habilitations_de(personne) if h.role == role), key=lambda tenue: tenue.pk)
    return tenues[0].organisme if tenues else None


def ce_qui_est_lu(dossier: Candidature) -> tuple[int, int | None]:
    """What whoever opens the file now reads: the keys of the deposit that counts, and of the last correction given
    back."""
    depot = Depot.objects.filter(candidature=dossier).order_by("-rang").values_list("pk", flat=True)[:1].get()
    rendues = dossier.corrections.filter(rendue_le__isnull=False).order_by("-rendue_le", "-pk")
    return depot, rendues.values_list("pk", flat=True).first()


def lu_dans(depot: Depot, corrections: Iterable[Any]) -> tuple[int, int | None]:
    """The same, of rows that were read already."""
    rendues = [demande for demande in corrections if demande.rendue_le]
    derniere = max(rendues, key=lambda demande: (demande.rendue_le, demande.pk), default=None)
    return depot.pk, derniere.pk if derniere else None


def jeton_de_lecture(dossier: Candidature) -> str:
    """The same as one text, which a page carries."""
    depot, correction = ce_qui_est_lu(dossier)
    return f"{depot}-{correction or 0}"


def avis_lus_par(personne: Utilisateur, dossier: Any) -> list[Saisine]:
    """The requests on `dossier` (`avec_ce_qu_en_fait`) that `personne` reads, each with its avis: all, or theirs
    alone; those of their organisme that wait for somebody too. In one statement."""
    lues = en_une_fois(Saisine.objects.filter(candidature=dossier))
    if not dossier.lu_en_entier:
        siennes = Q(expert=personne) | (Q(expert=None) & adressees_a_l_organisme_de(personne))
        lues = lues.filter(siennes)
    return [relue(saisine) for saisine in lues]


def du_dossier(dossier: Candidature) -> Any:
    """Every request on the file, with what was answered."""
    return _avec_tout(Saisine.objects.filter(candidature=dossier))


def saisines_de(expert: Utilisateur) -> Any:
    """The requests that exist for `expert`: theirs, for ever once they gave their avis, and those of their organisme
    that an avis may still answer, whoever holds them. Never one on a file in which they have an interest."""
    siennes = Q(expert=expert) & (Q(rendu_le__isnull=False) | Q(close_le=None))
    ouvertes = Q(rendu_le=None, close_le=None, candidature__etat__in=ETATS_EN_COURS)
    de_l_organisme = ouvertes & adressees_a_l_organisme_de(expert)
    return Saisine.objects.filter(siennes | de_l_organisme).exclude(candidature__in=interets_de(expert))


def demandes_d_avis(expert: Utilisateur) -> Any:
    """`saisines_de`, each `a_rendre` as long as `expert` may answer (they hold it, or nobody does), or
    `chez_un_collegue`; neither is an avis that they gave, or that nobody awaits any more."""
    attendue = Q(rendu_le=None, close_le=None, candidature__etat__in=ETATS_EN_COURS)
    return saisines_de(expert).annotate(
        a_rendre=_dit(attendue & (Q(expert=expert) | Q(expert=None))),
        chez_un_collegue=_dit(attendue & Q(expert__isnull=False) & ~Q(expert=expert)),
    )


def tenues_par(expert: Utilisateur) -> Any:
    """The requests that `expert` holds or held, however they ended; none on a file in which they have an interest."""
    return Saisine.objects.filter(expert=expert).exclude(candidature__in=interets_de(expert))


def attendus_encore(dossier: Candidature) -> list[Saisine]:
    """Whose avis would not come any more, once a proposal is made."""
    return list(Saisine.objects.attendues().filter(candidature=dossier).select_related("organisme", "expert"))


def situer(saisines: Iterable[Any], lu: tuple[int, int | None], maintenant: datetime) -> None:
    """Says of each whether it is `retard`, and whether the territory gave a correction back after what its avis read
    (`depasse`): nobody knows of the oldest. `lu`: what whoever opens the file now reads."""
    for saisine in saisines:
        avis: AvisRendu | None = getattr(saisine, "avis", None)
        saisine.retard = saisine.en_retard(maintenant)
        saisine.depasse = avis is not None and bool(avis.depot_id) and (avis.depot_id, avis.correction_id) != lu


def derniers_contacts(saisines: Iterable[Saisine]) -> dict[int, datetime]:
    """When each was last reminded of."""
    relances = RelanceDAvis.objects.filter(saisine__in=saisines).order_by("relancee_le")
    return dict(relances.values_list("saisine", "relancee_le"))


def a_relancer(saisines: Collection[Saisine], maintenant: datetime) -> list[Saisine]:
    """Those of which nobody was written to for a day: neither of the request itself, nor of a reminder."""
    contacts = derniers_contacts(saisines)
    depuis = maintenant - ENTRE_DEUX_RELANCES
    return [
        saisine
        for saisine in saisines
        if saisine.annoncee_le and max(saisine.annoncee_le, contacts.get(saisine.pk, saisine.annoncee_le)) <= depuis
    ]


def _dit(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


AVEC = (
    *("organisme", "expert", "demande_par", "close_par", "avis__auteur", "avis__depot", "avis__correction"),
    *("avis__document__lisibilite", "avis__document__analyse", "avis__document__effacement"),
)
# Where Django keeps what `prefetch_related` has read.
PRELUS = "_prefetched_objects_cache"


def _avec_tout(saisines: Any) -> Any:
    levees = Prefetch("avis__levees", LeveeDeReserve.objects.select_related("levee_par"))
    relances = Prefetch("relances", RelanceDAvis.objects.select_related("par"))
    return saisines.select_related(*AVEC).prefetch_related(levees, relances).order_by("pk")


def en_une_fois(saisines: Any) -> Any:
    """The same as `_avec_tout` in one statement: `relue` makes of each row what the prefetches would."""
    levees = LeveeDeReserve.objects.filter(avis=OuterRef("avis")).order_by("rang")
    relances = RelanceDAvis.objects.filter(saisine=OuterRef("pk")).order_by("pk")
    return (
        saisines.select_related(*AVEC)
        .annotate(
            levees_lues=ArraySubquery(levees.values(lu=_fait("levee_le", "levee_par", "rang", "motif"))),
            relances_lues=ArraySubquery(relances.values(lu=_fait("relancee_le", "par"))),
        )
        .order_by("pk")
    )


def relue(saisine: Any) -> Saisine:
    vars(saisine)[PRELUS] = {"relances": [_refait(RelanceDAvis, lu) for lu in saisine.relances_lues]}
    avis = getattr(saisine, "avis", None)
    if avis is not None:
        vars(avis)[PRELUS] = {"levees": [_refait(LeveeDeReserve, lu) for lu in saisine.levees_lues]}
    lue: Saisine = saisine
    return lue


def _fait(instant: str, par: str, *champs: str) -> JSONObject:
    """What somebody did: when, who, and `champs`."""
    auteur = JSONObject(**{nom: f"{par}__{nom}" for nom in ("pk", "prenom", "nom", "email")})
    return JSONObject(**{nom: nom for nom in ("pk", instant, *champs)}, **{par: auteur})


def _refait(modele: Any, lu: Mapping[str, Any]) -> Any:
    """The row that `_fait` read, for a page to show."""
    valeurs = dict(lu)
    for nom, valeur in lu.items():
        if nom.endswith("_le"):
            valeurs[nom] = datetime.fromisoformat(valeur)
        elif isinstance(valeur, dict):
            valeurs[nom] = Utilisateur(**valeur) if valeur["pk"] else None
    return modele(**valeurs)


def _experts_pour(dossier: Candidature) -> Any:
    """Roles of experts that reach the territory of the file, of people who have no interest in it."""
    membres = Epci.objects.filter(territoires=dossier.territoire_id).order_by().values("pk")
    regions = Epci.regions.through.objects.filter(epci__in=membres).values("region")
    departements = Epci.departements.through.objects.filter(epci__in=membres).values("departement")
    ici = (
        Q(region=None, departement=None, territoire=None)
        | Q(territoire=dossier.territoire_id)
        | Q(region__in=regions)
        | Q(departement__in=departements)
    )
    tenues = tenues_par_tous(Role.EXPERT).filter(ici)
    for interet in INTERETS:
        tenues = tenues.exclude(utilisateur__in=interet.objects.filter(candidature=dossier).values("utilisateur"))
    return tenues
