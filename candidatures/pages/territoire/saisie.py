"""What the browser asks while someone is typing: save by itself, see who else is there. Answers are JSON."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.views.decorators.http import require_POST

from candidatures.cahier import Section, Type
from candidatures.depot.suivi import rappel
from candidatures.dossier.actions import redaction
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.completude import manques
from candidatures.dossier.forms.dossiers import EnregistrementForm
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.fusion import egales
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import derniere_version, presents, reponses_de
from candidatures.pages.territoire.acces import DossierOuvert, mon_dossier, reception
from candidatures.pages.territoire.redaction import section_demandee
from rebond.comptes.seances.middleware import sans_activite
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.citations import citer
from rebond.socle.texte.typographie import compte

DECONNECTE = (
    "Vous êtes déconnecté\u00a0: rien de ce que vous tapez n’est plus enregistré. Votre texte reste dans cette page, "
    "et une copie sur cet ordinateur. Connectez-vous, puis revenez ici\u00a0: l’enregistrement reprendra."
)


@require_POST
def automatique(request: HttpRequest, pk: int, cle: str) -> JsonResponse:
    """Save what the form holds. A field that makes no sense yet keeps its saved answer, and the page says which."""
    if not request.user.is_authenticated:
        return _deconnecte()
    ouvert = mon_dossier(request, pk)
    rubrique = section_demandee(ouvert, cle)
    saisie = SaisieDeSection(rubrique, reponses={}, donnees=request.POST)
    revision = EnregistrementForm(request.POST).numero
    reponses, incomprises = saisie.comprises(reponses_de(ouvert.candidature, cle, revision))
    try:
        version = redaction.enregistrer_section(
            candidature=ouvert.candidature,
            section=cle,
            reponses=reponses,
            auteur=personne(request),
            maintenant=reception(request, ouvert).instant,
            revision=revision,
            automatique=True,
        )
    except ConflitDeSaisie as conflit:
        questions = [rubrique.question(trouve.cle).libelle for trouve in conflit.conflits]
        return JsonResponse({"etat": "conflit", "message": _message_de_conflit(conflit, questions)}, status=409)
    except RegleEnfreinte as refus:
        return JsonResponse({"etat": "refus", "message": refus.message}, status=409)
    return _enregistre(ouvert, saisie, version, reponses, incomprises)


def _enregistre(
    ouvert: DossierOuvert,
    saisie: SaisieDeSection,
    version: VersionDeSection,
    reponses: dict[str, Any],
    incomprises: list[str],
) -> JsonResponse:
    """What was kept, what could not be, what is still missing, and what others saved meanwhile."""
    rubrique = saisie.section
    return JsonResponse(
        {
            "etat": "enregistre",
            "revision": version.revision,
            "incomprises": [rubrique.question(question).libelle for question in incomprises],
            "motifs": [motif for question in incomprises if (motif := saisie.motif(question))],
            "relus": saisie.relus,
            "manques": _ce_qui_manque(ouvert),
            "rappel": rappel(ouvert.etat),
            **_des_autres(rubrique, version, reponses),
        }
    )


def _deconnecte() -> JsonResponse:
    """Signing in happens in another tab, which then says to come back to this one."""
    connexion = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: reverse('connecte')})}"
    return JsonResponse({"etat": "deconnecte", "message": DECONNECTE, "connexion": connexion}, status=401)


def _message_de_conflit(conflit: ConflitDeSaisie, questions: list[str]) -> str:
    concernees = ", ".join(f"«\u00a0{question}\u00a0»" for question in questions)
    return (
        f"La même réponse que la vôtre a changé\u00a0: {concernees}, par {citer(conflit.derniere.auteur)}. "
        "Rien n’est écrasé\u00a0: enregistrez la rubrique pour choisir."
    )


def _ce_qui_manque(ouvert: DossierOuvert) -> str:
    """The checklist in one line, from the answers just saved."""
    nombre = len(manques(ouvert.composition))
    return f"Il manque encore {compte(nombre, 'élément')} pour déposer." if nombre else "Le dossier est complet."


def _des_autres(rubrique: Section, version: VersionDeSection, envoyees: dict[str, Any]) -> dict[str, Any]:
    """What others saved meanwhile: the values that the page shows from now on; blocks need the page to be reloaded."""
    changees = [q for q in rubrique.saisies if not egales(version.reponses.get(q.cle), envoyees.get(q.cle))]
    if not changees:
        return {"champs": {}, "recharger": False}
    formulaire = SaisieDeSection(rubrique, reponses=version.reponses).formulaire
    valeurs = {q.cle: formulaire[q.cle].value() for q in changees if q.type is not Type.BLOC}
    return {
        "champs": {cle: _en_liste(formulaire.fields[cle].widget.format_value(v)) for cle, v in valeurs.items()},
        "recharger": any(q.type is Type.BLOC for q in changees),
        "par": str(version.auteur),
    }


def _en_liste(valeur: Any) -> list[str]:
    valeurs = valeur if isinstance(valeur, list | tuple) else [valeur]
    return [str(une) for une in valeurs if une not in (None, "")]


@require_POST
@sans_activite
def presence(request: HttpRequest, pk: int, cle: str) -> JsonResponse:
    """Say that one is there; learn who else is, and whether someone has saved since."""
    if not request.user.is_authenticated:
        return _deconnecte()
    ouvert = mon_dossier(request, pk)
    section_demandee(ouvert, cle)
    moi, maintenant = personne(request), horloge_base()
    if ouvert.peut_ecrire:
        redaction.signaler_presence(
            candidature=ouvert.candidature, section=cle, utilisateur=moi, maintenant=maintenant
        )
    derniere = derniere_version(ouvert.candidature, cle)
    autres = presents(candidature=ouvert.candidature, section=cle, sauf=moi, maintenant=maintenant)
    return JsonResponse(
        {
            "etat": "present",
            "presents": [str(autre) for autre in autres],
            "revision": derniere.revision if derniere else 0,
            "par": str(derniere.auteur) if derniere else "",
        }
    )
