"""Writing in a section: the page, and the choice between two answers given at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from candidatures.cahier import Question, Section, Type
from candidatures.cahier.presentation import comptent, presenter_grille
from candidatures.cahier.verification import CHAMPS_D_UNE_RUBRIQUE
from candidatures.dossier.actions import redaction
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.copie.requetes import nouveautes
from candidatures.dossier.forms.dossiers import EnregistrementForm
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import derniere_version, presents, trancher
from candidatures.pages.territoire.acces import DossierOuvert, adresse, contexte, mon_dossier, reception
from candidatures.pages.territoire.atelier.conflits import Choix
from candidatures.pages.territoire.atelier.relecture import RELIRE, retour_a_la_relecture
from candidatures.pages.territoire.etapes import etape
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.relecture import avec_relus, champs_a_porter
from rebond.socle.formulaires.vues import avertir, personne
from rebond.socle.requete.champs_de_page import PROPRES_A_LA_PAGE
from rebond.socle.requete.saisies import oublier_la_saisie, reprend_la_saisie, saisie_gardee
from rebond.socle.requete.trop_gros import champs_au_plus


def section_demandee(ouvert: DossierOuvert, cle: str) -> Section:
    """A 404 for a section that the file's specifications do not have."""
    if cle not in ouvert.cahier:
        raise Http404
    return ouvert.cahier.section(cle)


@champs_au_plus(CHAMPS_D_UNE_RUBRIQUE)
@require_http_methods(["GET", "HEAD", "POST"])
@reprend_la_saisie
def section(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    """One section of the draft. Whatever refuses it, what was typed stays in the page."""
    ouvert = mon_dossier(request, pk)
    rubrique = section_demandee(ouvert, cle)
    if request.method == "POST":
        return _enregistrer(request, ouvert, rubrique, request.POST)
    if gardee := saisie_gardee(request):
        saisie = _saisie(ouvert, rubrique, donnees=gardee)
        return _page(request, ouvert, saisie, revision=EnregistrementForm(gardee).numero, gardee=True)
    if not ouvert.peut_ecrire:
        return redirect("candidatures:lire", pk)
    reponses, du_compte = ouvert.candidature.contenu.get(cle), False
    if reponses is None:
        reponses = reprises_du_compte(rubrique, ouvert)
        du_compte = bool(reponses)
    return _page(request, ouvert, _saisie(ouvert, rubrique, reponses=reponses), du_compte=du_compte)


def reprises_du_compte(rubrique: Section, ouvert: DossierOuvert) -> dict[str, str]:
    """What the porteur has already said of themselves, where a section that nobody wrote yet asks it (by the
    autocomplete token of its questions). Nothing is kept before they save the page."""
    if not ouvert.est_du_porteur:
        return {}
    connus = {"name": ouvert.lecteur.get_full_name(), "email": ouvert.lecteur.email}
    dits = {question.cle: connus.get(question.remplissage, "") for question in rubrique.questions}
    return {cle: valeur for cle, valeur in dits.items() if valeur}


def _saisie(
    ouvert: DossierOuvert,
    rubrique: Section,
    *,
    reponses: Mapping[str, Any] | None = None,
    donnees: QueryDict | None = None,
) -> SaisieDeSection:
    """The section's form; in a copy, what the specifications ask anew is pointed out."""
    nouvelles = nouveautes(ouvert.candidature, rubrique.cle)
    return SaisieDeSection(
        rubrique,
        reponses=reponses or {},
        donnees=donnees,
        nouvelles=nouvelles,
        comptent=comptent(ouvert.cahier, rubrique),
    )


def _enregistrer(request: HttpRequest, ouvert: DossierOuvert, rubrique: Section, donnees: QueryDict) -> HttpResponse:
    envoi = EnregistrementForm(donnees)
    textes = [question.cle for question in rubrique.saisies if question.type is Type.TEXTE_LONG]
    donnees = envoi.avec_les_textes_reunis(donnees, textes)
    saisie = _saisie(ouvert, rubrique, donnees=donnees)
    complet = envoi.is_valid()
    if not (saisie.is_valid() and complet):
        refus = "" if complet else "La page reçue était incomplète\u00a0: enregistrez de nouveau."
        return _page(request, ouvert, saisie, revision=envoi.numero, refus=refus)
    try:
        _ecrire(request, ouvert, rubrique, saisie.reponses, envoi)
    except ConflitDeSaisie as conflit:
        return _page_de_conflit(request, ouvert, rubrique, donnees, conflit)
    except RegleEnfreinte as erreur:
        return _page(request, ouvert, saisie, revision=envoi.numero, refus=erreur.message, status=409)
    oublier_la_saisie(request)
    enregistree = f"Rubrique «\u00a0{rubrique.titre}\u00a0» enregistrée dans le brouillon."
    copie = _copie(request, ouvert, rubrique)
    messages.success(request, avec_relus(enregistree, saisie.relus), extra_tags=copie)
    avertir(request, saisie.formulaire)
    suites = {
        "dossier": adresse(ouvert.candidature.pk),
        "ici": adresse(ouvert.candidature.pk, rubrique.cle),
        RELIRE: retour_a_la_relecture(ouvert, rubrique.cle),
    }
    return redirect(suites.get(envoi.cleaned_data["suite"]) or etape(ouvert, rubrique.cle).adresse_suivante)


def _copie(request: HttpRequest, ouvert: DossierOuvert, rubrique: Section) -> str:
    """The name under which a browser keeps what this person types in this section (`saisie.js`)."""
    return f"rebond-{ouvert.candidature.pk}-{rubrique.cle}-{personne(request).pk}"


def _ecrire(
    request: HttpRequest, ouvert: DossierOuvert, rubrique: Section, reponses: dict[str, Any], envoi: EnregistrementForm
) -> None:
    """Save, once the answers chosen on the page of a conflict have taken their place."""
    revision = envoi.numero
    if (tranchee := envoi.cleaned_data["tranchee"]) is not None:
        reponses = trancher(
            candidature=ouvert.candidature,
            section=rubrique.cle,
            base=revision,
            enregistree=tranchee,
            miennes=reponses,
            gardees=[question.cle for question in rubrique.saisies if envoi.garde_l_enregistree(question.cle)],
            reunies=[
                question.cle
                for question in rubrique.saisies
                if envoi.reunit(question.cle) and question.type is not Type.TEXTE_LONG
            ],
        )
        revision = tranchee
    redaction.enregistrer_section(
        candidature=ouvert.candidature,
        section=rubrique.cle,
        reponses=reponses,
        auteur=personne(request),
        maintenant=reception(request, ouvert).instant,
        revision=revision,
    )


def _page(
    request: HttpRequest, ouvert: DossierOuvert, saisie: SaisieDeSection, *, status: int = 200, **autres: Any
) -> HttpResponse:
    derniere = derniere_version(ouvert.candidature, saisie.section.cle)
    ailleurs = presents(
        candidature=ouvert.candidature,
        section=saisie.section.cle,
        sauf=personne(request),
        maintenant=ouvert.maintenant,
    )
    defauts: dict[str, Any] = {
        "revision": derniere.revision if derniere else 0,
        "derniere": derniere,
        "presents": ailleurs,
        "refus": "",
        "gardee": False,
        "du_compte": False,
        "vers_la_relecture": request.GET.get("retour") == RELIRE,
        "copie": _copie(request, ouvert, saisie.section),
        "pieces_de_la_section": _pieces(ouvert, saisie.section),
        "criteres": presenter_grille(ouvert.cahier, saisie.section.cle),
    }
    propres = contexte(ouvert, saisie=saisie, etape=etape(ouvert, saisie.section.cle), **(defauts | autres))
    return render(request, "candidatures/territoire/redaction/section.html", propres, status=status)


def _pieces(ouvert: DossierOuvert, rubrique: Section) -> list[tuple[Question, str]]:
    """The attachments that the section asks for, each with the criteria for which it counts."""
    phrases = comptent(ouvert.cahier, rubrique)
    return [(q, phrases.get(q.cle, "")) for q in rubrique.questions if q.type is Type.PIECE]


def _page_de_conflit(
    request: HttpRequest, ouvert: DossierOuvert, rubrique: Section, donnees: QueryDict, conflit: ConflitDeSaisie
) -> HttpResponse:
    """Question by question, both answers; all that was typed travels with the page."""
    choix = [Choix.de(rubrique.question(trouve.cle), trouve) for trouve in conflit.conflits]
    propres = contexte(
        ouvert,
        rubrique=rubrique,
        choix=choix,
        message=conflit.message,
        derniere=conflit.derniere,
        saisie=champs_a_porter(donnees, (*PROPRES_A_LA_PAGE, "tranchee", "garder-", "reunie-")),
    )
    return render(request, "candidatures/territoire/redaction/conflit.html", propres, status=409)


def version_pour_lecture(ouvert: DossierOuvert, cle: str, revision: int) -> VersionDeSection:
    """A version of the section, or a 404."""
    versions = VersionDeSection.objects.filter(candidature=ouvert.candidature, section=cle).select_related("auteur")
    trouvee = versions.filter(revision=revision).first()
    if trouvee is None:
        raise Http404
    return trouvee
