"""The saved versions of a section: list, comparison, return to an earlier one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from candidatures.dossier.actions import redaction
from candidatures.dossier.comparaison import comparer
from candidatures.dossier.forms.versions import ComparaisonForm
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import derniere_version
from candidatures.pages.territoire.acces import contexte, mon_dossier
from candidatures.pages.territoire.atelier.redaction import section_demandee, version_pour_lecture
from candidatures.pages.territoire.listes import ListeDesVersions
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois


@require_safe
@login_required
def versions(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    rubrique = section_demandee(ouvert, cle)
    toutes = VersionDeSection.objects.filter(candidature=ouvert.candidature, section=cle)
    liste = ListeDesVersions(toutes, request.GET)
    return render(
        request,
        "candidatures/territoire/redaction/versions.html",
        contexte(ouvert, rubrique=rubrique, **liste.contexte),
    )


@require_safe
@login_required
def version(request: HttpRequest, pk: int, cle: str, revision: int) -> HttpResponse:
    """One version beside another, by default the present one, question by question."""
    ouvert = mon_dossier(request, pk)
    rubrique = section_demandee(ouvert, cle)
    choisie = version_pour_lecture(ouvert, cle, revision)
    derniere = derniere_version(ouvert.candidature, cle)
    assert derniere is not None  # noqa: S101 - there is at least the chosen one
    formulaire = ComparaisonForm(request.GET)
    autre = version_pour_lecture(ouvert, cle, formulaire.avec or derniere.revision)
    return render(
        request,
        "candidatures/territoire/redaction/version.html",
        contexte(
            ouvert,
            rubrique=rubrique,
            version=choisie,
            autre=autre,
            derniere=derniere,
            lignes=comparer(rubrique, choisie.reponses, autre.reponses),
        ),
    )


@require_POST
@login_required
@une_seule_fois
def restaurer(request: HttpRequest, pk: int, cle: str, revision: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    section_demandee(ouvert, cle)
    redaction.restaurer(
        candidature=ouvert.candidature,
        section=cle,
        revision=revision,
        auteur=personne(request),
        maintenant=horloge_base(),
    )
    messages.success(request, f"La version {revision} est de nouveau celle du brouillon. Les autres sont conservées.")
    return redirect("candidatures:section", pk, cle)
