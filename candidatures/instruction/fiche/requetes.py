"""What the first screen of a file reads: of the file itself, and of the others that it meets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from candidatures.depot.entreprises import entreprises_en_sql
from candidatures.depot.models import Depot
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import avec_etat_connu, lus_en_entier_par
from rebond.socle.utilisateur import Utilisateur
from territoires.millesimes.suites import avec_lignee
from territoires.models import Epci, Territoire

# A file that meets more of them than that says so: nobody reads the hundredth.
LIES_MAX = 30


def avec_collectivites(dossiers: Any) -> Any:
    """Adds `collectivites`: SIREN, name and population of each member, the most populous first."""
    membres = Epci.objects.filter(territoires=OuterRef("territoire")).order_by("-population", "siren")
    lus = membres.values(lu=JSONObject(siren="siren", nom="nom", population="population"))
    return dossiers.annotate(collectivites=ArraySubquery(lus))


@dataclass(frozen=True)
class DossierLie:
    """Another file that this one meets, with the state that the reader may know. `ouvert`: they read it whole.

    `entreprises` are the SIREN that both name."""

    pk: int
    reference: str
    vague: int
    territoire: str
    etat_connu: EtatCandidature
    ouvert: bool
    meme_territoire: bool
    entreprises: tuple[str, ...]


def dossiers_lies(
    dossier: Candidature, sirens: list[str], personne: Utilisateur, instant: datetime
) -> list[DossierLie]:
    """Those of the same people, or that name one of the same companies (`sirens`), the latest first: one statement.

    Of those that `personne` reads whole; and of laureates, once announced to all, those of the same people. Whoever
    has an interest in one of them reads of it what everybody does.
    """
    touches = Territoire.epcis.through.objects.filter(epci__in=_lignee(dossier.territoire_id))
    du_territoire = Q(territoire__in=touches.values("territoire"))
    ouverts = Exists(lus_en_entier_par(personne).filter(pk=OuterRef("pk")))
    # Whoever does not read it whole knows that it is a laureate once everybody does.
    annonces = Q(du_territoire, etat_connu=EtatCandidature.LAUREATE)
    # Each from its own index, then the rest of these few: a company that ten thousand files name costs no more.
    citent = lus_en_entier_par(personne).filter(pk__in=_qui_citent(sirens)).exclude(pk=dossier.pk)
    derniers = citent.order_by("-pk").values("pk")[:LIES_MAX]
    proches = Candidature.objects.filter(du_territoire).order_by().values("pk").union(derniers, all=True)
    autres = Candidature.objects.filter(pk__in=proches).exclude(pk=dossier.pk).pour_liste()
    lies = avec_etat_connu(autres, personne, instant).filter(Q(ouverts) | annonces)
    deposes = Depot.objects.filter(candidature=OuterRef("pk")).order_by("-rang")
    lus = lies.annotate(
        ouvert=ouverts,
        meme_territoire=Case(When(du_territoire, then=Value(True)), default=Value(False), output_field=BooleanField()),
        cites=Subquery(deposes.annotate(lus=entreprises_en_sql("contenu")).values("lus")[:1]),
    )
    return [_lie(lu, sirens) for lu in lus.order_by("-pk")[:LIES_MAX]]


def _qui_citent(sirens: list[str]) -> QuerySet[Any, Any]:
    """The keys of the files whose deposit that counts names one of these companies."""
    depots = Depot.objects.alias(cites=entreprises_en_sql("contenu"))
    citent = depots.filter(cites__has_any_keys=sirens).qui_comptent() if sirens else depots.none()
    return citent.order_by().values("candidature")


def _lignee(territoire: int) -> QuerySet[Any, Any]:
    """The keys of the members of a territory, and of those that they come from or that come from them."""
    membres = avec_lignee(Epci.objects.filter(territoires=territoire)).order_by()
    lignee: QuerySet[Any, Any] = membres.values(membre=Func(F("lignee"), function="unnest"))
    return lignee


def _lie(lu: Any, sirens: list[str]) -> DossierLie:
    communes = tuple(siren for siren in sirens if siren in (lu.cites or ())) if lu.ouvert else ()
    return DossierLie(
        pk=lu.pk,
        reference=lu.reference,
        vague=lu.vague.numero,
        territoire=lu.territoire.nom,
        etat_connu=EtatCandidature(lu.etat_connu),
        ouvert=lu.ouvert,
        meme_territoire=lu.meme_territoire,
        entreprises=communes,
    )
