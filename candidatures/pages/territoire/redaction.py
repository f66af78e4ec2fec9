"""Writing in a section: the page, and the choice between two answers given at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from candidatures.cahier import Section, Type
from candidatures.dossier.actions import redaction
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.copie.requetes import nouveautes
from candidatures.dossier.forms.dossiers import EnregistrementForm
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.lecture import lire_reponse
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import derniere_version, presents, trancher
from candidatures.pages.territoire.acces import Ouvrage, adresse, contexte, mon_ouvrage, reception
from candidatures.pages.territoire.etapes import etape
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.relecture import avec_relus, champs_a_porter
from rebond.socle.formulaires.vues import avertir, personne
from rebond.socle.requete.champs_de_page import PROPRES_A_LA_PAGE
from rebond.socle.requete.saisies import oublier_la_saisie, reprend_la_saisie, saisie_gardee


def section_demandee(ouvrage: Ouvrage, cle: str) -> Section:
    """A 404 for a section that the file's specifications do not have."""
    if cle not in ouvrage.cahier:
        raise Http404
    return ouvrage.cahier.section(cle)


@require_http_methods(["GET", "HEAD", "POST"])
@reprend_la_saisie
def section(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    """One section of the draft. Whatever refuses it, what was typed stays in the page."""
    ouvrage = mon_ouvrage(request, pk)
    rubrique = section_demandee(ouvrage, cle)
    if request.method == "POST":
        return _enregistrer(request, ouvrage, rubrique, request.POST)
    if gardee := saisie_gardee(request):
        saisie = _saisie(ouvrage, rubrique, donnees=gardee)
        return _page(request, ouvrage, saisie, revision=EnregistrementForm(gardee).numero, gardee=True)
    if not ouvrage.peut_ecrire:
        return redirect("candidatures:lire", pk)
    reponses = ouvrage.candidature.contenu.get(cle, {})
    return _page(request, ouvrage, _saisie(ouvrage, rubrique, reponses=reponses))


def _saisie(
    ouvrage: Ouvrage, rubrique: Section, *, reponses: Mapping[str, Any] | None = None, donnees: QueryDict | None = None
) -> SaisieDeSection:
    """The section's form; in a copy, what the specifications ask anew is pointed out."""
    nouvelles = nouveautes(ouvrage.candidature, rubrique.cle)
    return SaisieDeSection(rubrique, reponses=reponses or {}, donnees=donnees, nouvelles=nouvelles)


def _enregistrer(request: HttpRequest, ouvrage: Ouvrage, rubrique: Section, donnees: QueryDict) -> HttpResponse:
    saisie = _saisie(ouvrage, rubrique, donnees=donnees)
    envoi = EnregistrementForm(donnees)
    complet = envoi.is_valid()
    if not (saisie.is_valid() and complet):
        refus = "" if complet else "La page reçue était incomplète\u00a0: enregistrez de nouveau."
        return _page(request, ouvrage, saisie, revision=envoi.numero, refus=refus)
    try:
        _ecrire(request, ouvrage, rubrique, saisie.reponses, envoi)
    except ConflitDeSaisie as conflit:
        return _page_de_conflit(request, ouvrage, rubrique, donnees, conflit)
    except RegleEnfreinte as erreur:
        return _page(request, ouvrage, saisie, revision=envoi.numero, refus=erreur.message, status=409)
    oublier_la_saisie(request)
    enregistree = f"Rubrique «\u00a0{rubrique.titre}\u00a0» enregistrée dans le brouillon."
    copie = _copie(request, ouvrage, rubrique)
    messages.success(request, avec_relus(enregistree, saisie.relus), extra_tags=copie)
    avertir(request, saisie.formulaire)
    suites = {
        "dossier": adresse(ouvrage.candidature.pk),
        "ici": adresse(ouvrage.candidature.pk, rubrique.cle),
    }
    return redirect(suites.get(envoi.cleaned_data["suite"]) or etape(ouvrage, rubrique.cle).adresse_suivante)


def _copie(request: HttpRequest, ouvrage: Ouvrage, rubrique: Section) -> str:
    """The name under which a browser keeps what this person types in this section (`saisie.js`)."""
    return f"rebond-{ouvrage.candidature.pk}-{rubrique.cle}-{personne(request).pk}"


def _ecrire(
    request: HttpRequest, ouvrage: Ouvrage, rubrique: Section, reponses: dict[str, Any], envoi: EnregistrementForm
) -> None:
    """Save, once the answers chosen on the page of a conflict have taken their place."""
    revision = envoi.numero
    if (tranchee := envoi.cleaned_data["tranchee"]) is not None:
        reponses = trancher(
            candidature=ouvrage.candidature,
            section=rubrique.cle,
            base=revision,
            enregistree=tranchee,
            miennes=reponses,
            gardees=[question.cle for question in rubrique.saisies if envoi.garde_l_enregistree(question.cle)],
        )
        revision = tranchee
    redaction.enregistrer_section(
        candidature=ouvrage.candidature,
        section=rubrique.cle,
        reponses=reponses,
        auteur=personne(request),
        maintenant=reception(request, ouvrage).instant,
        revision=revision,
    )


def _page(
    request: HttpRequest, ouvrage: Ouvrage, saisie: SaisieDeSection, *, status: int = 200, **autres: Any
) -> HttpResponse:
    derniere = derniere_version(ouvrage.candidature, saisie.section.cle)
    ailleurs = presents(
        candidature=ouvrage.candidature,
        section=saisie.section.cle,
        sauf=personne(request),
        maintenant=ouvrage.maintenant,
    )
    defauts: dict[str, Any] = {
        "revision": derniere.revision if derniere else 0,
        "derniere": derniere,
        "presents": ailleurs,
        "refus": "",
        "gardee": False,
        "copie": _copie(request, ouvrage, saisie.section),
        "pieces_de_la_section": [q for q in saisie.section.questions if q.type is Type.PIECE],
    }
    propres = contexte(ouvrage, saisie=saisie, etape=etape(ouvrage, saisie.section.cle), **(defauts | autres))
    return render(request, "candidatures/territoire/redaction/section.html", propres, status=status)


def _page_de_conflit(
    request: HttpRequest, ouvrage: Ouvrage, rubrique: Section, donnees: QueryDict, conflit: ConflitDeSaisie
) -> HttpResponse:
    """Question by question, both answers; all that was typed travels with the page."""
    choix = [
        {
            "question": rubrique.question(trouve.cle),
            "enregistree": lire_reponse(rubrique.question(trouve.cle), trouve.enregistree),
            "mienne": lire_reponse(rubrique.question(trouve.cle), trouve.mienne),
        }
        for trouve in conflit.conflits
    ]
    propres = contexte(
        ouvrage,
        rubrique=rubrique,
        choix=choix,
        message=conflit.message,
        derniere=conflit.derniere,
        saisie=champs_a_porter(donnees, (*PROPRES_A_LA_PAGE, "tranchee", "garder-")),
    )
    return render(request, "candidatures/territoire/redaction/conflit.html", propres, status=409)


def version_pour_lecture(ouvrage: Ouvrage, cle: str, revision: int) -> VersionDeSection:
    """A version of the section, or a 404."""
    versions = VersionDeSection.objects.filter(candidature=ouvrage.candidature, section=cle).select_related("auteur")
    trouvee = versions.filter(revision=revision).first()
    if trouvee is None:
        raise Http404
    return trouvee
