"""The journal of accesses, read by the administrateur and the auditeur; reading it is an access like any other."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import interets_de
from candidatures.instruction.saisine.models import Saisine
from candidatures.labellisation.models import Labellisation
from projets.mission.models import Mission
from projets.rapport.models import Rapport
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.portail.listes_acces import ListeDesAcces
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import CONSERVATION, Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.listes import Extrait
from rebond.socle.requete.acces import consigner_la_lecture
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

LECTEURS = (Role.ADMINISTRATEUR, Role.AUDITEUR)


@require_safe
@role_requis(*LECTEURS)
def acces(request: HttpRequest) -> HttpResponse:
    liste = _liste(request, _caches_a(personne(request)))
    consigner_la_lecture(request, NatureAcces.CONSULTATION, request.GET.urlencode())
    contexte = liste.contexte | {"mois": CONSERVATION.days // 30}
    return render(request, "portail/acces.html", contexte)


@require_safe
@role_requis(*LECTEURS)
def exporter(request: HttpRequest) -> HttpResponse:
    mention = f"Journal des accès au {instant_fr(horloge_base())} (heure de Paris)"
    caches = _caches_a(personne(request))
    return Extrait(_liste(request, caches), [mention], caches=caches)


def _liste(request: HttpRequest, caches: Collection[str]) -> ListeDesAcces:
    return ListeDesAcces(_sauf(caches), request.GET, fichier="acces")


def _sauf(caches: Collection[str]) -> QuerySet[Acces]:
    tout = Acces.objects.all()
    if not caches:
        return tout
    condition = Q()
    for chemin in caches:
        condition |= Q(chemin__startswith=chemin)
    return tout.exclude(condition)


def _caches_a(lecteur: Utilisateur) -> list[str]:
    """How the paths begin of what the reader may not read: what was read of a file in which they have an interest.

    For an administrateur, also what the press office prepares and what was read of a mission that they do not know of:
    an announcement that waits for its hour is not theirs to know.
    """
    caches = list(_chemins_des_interets(lecteur))
    if not a_le_role(lecteur, Role.AUDITEUR):
        caches += [reverse("presse:accueil"), *_chemins_des_missions(_missions_tues_a(lecteur))]
    return caches


def _missions_tues_a(lecteur: Utilisateur) -> QuerySet[Mission]:
    return Mission.objects.exclude(pk__in=Mission.objects.sues_de(lecteur).values("pk"))


def _chemins_des_interets(lecteur: Utilisateur) -> Iterator[str]:
    """Where what concerns these files is read."""
    dossiers = list(Candidature.objects.filter(pk__in=interets_de(lecteur)).values_list("pk", flat=True))
    if not dossiers:
        return
    for nom in ("candidatures:dossier", "instruction:dossier"):
        yield from (reverse(nom, args=[dossier]) for dossier in dossiers)
    saisines = Saisine.objects.filter(candidature__in=dossiers).values_list("pk", flat=True)
    yield from (reverse("instruction:saisine", args=[saisine]) for saisine in saisines)
    labels = Labellisation.objects.filter(candidature__in=dossiers)
    yield from _chemins_des_missions(Mission.objects.filter(labellisations__in=labels))


def _chemins_des_missions(missions: QuerySet[Mission]) -> Iterator[str]:
    cles = list(missions.values_list("pk", flat=True))
    yield from (reverse("projets:mission", args=[cle]) for cle in cles)
    rapports = Rapport.objects.filter(mission__in=cles).values_list("pk", flat=True)
    yield from (reverse("rapports:rapport", args=[cle]) for cle in rapports)
