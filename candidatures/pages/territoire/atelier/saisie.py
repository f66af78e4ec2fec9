"""What the browser asks while someone is typing: save by itself, see who else is there. Answers are JSON."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from candidatures.cahier import Section, Type
from candidatures.cahier.verification import CHAMPS_D_UNE_RUBRIQUE
from candidatures.depot.suivi import Rubrique, rappel, rubriques
from candidatures.dossier.actions import redaction
from candidatures.dossier.actions.dossier_tenu import SectionTenue, section_tenue
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.forms.dossiers import EnregistrementForm
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.fusion import egales
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import derniere_version, presents
from candidatures.pages.commun.saisies import deconnecte
from candidatures.pages.territoire.acces import mon_dossier, reception_selon
from candidatures.pages.territoire.atelier.redaction import section_demandee
from rebond.comptes.seances.middleware import sans_activite
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.horloges import Arrivee, arrivee_de
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.trop_gros import champs_au_plus
from rebond.socle.texte.citations import citer
from rebond.socle.texte.typographie import compte


@champs_au_plus(CHAMPS_D_UNE_RUBRIQUE)
@require_POST
def automatique(request: HttpRequest, pk: int, cle: str) -> JsonResponse:
    """Save what the form holds. A field that makes no sense yet keeps its saved answer, and the page says which."""
    if not request.user.is_authenticated:
        return deconnecte()
    # The whole request is here before the file is held: nobody waits for a slow line.
    arrivee = arrivee_de(request)
    revision = EnregistrementForm(request.POST).numero
    with section_tenue(dossier=pk, section=cle, revision=revision, personne=personne(request)) as tenue:
        if tenue is None or cle not in tenue.cahier:
            raise Http404
        saisie = SaisieDeSection(tenue.cahier.section(cle), reponses={}, donnees=request.POST)
        try:
            return _enregistrer(request, tenue, saisie, arrivee)
        except ConflitDeSaisie as conflit:
            questions = [saisie.section.question(trouve.cle).libelle for trouve in conflit.conflits]
            return JsonResponse({"etat": "conflit", "message": _message_de_conflit(conflit, questions)}, status=409)
        except RegleEnfreinte as refus:
            return JsonResponse({"etat": "refus", "message": refus.message}, status=409)


def _enregistrer(request: HttpRequest, tenue: SectionTenue, saisie: SaisieDeSection, arrivee: Arrivee) -> JsonResponse:
    reponses, incomprises = saisie.comprises(tenue.reponses_de_depart)
    version = redaction.enregistrer(
        tenue,
        reponses,
        auteur=personne(request),
        maintenant=reception_selon(request, tenue.candidature.vague, arrivee, tenue.lecture).instant,
        automatique=True,
    )
    return _enregistre(tenue, saisie, version, reponses, incomprises)


def _enregistre(
    tenue: SectionTenue,
    saisie: SaisieDeSection,
    version: VersionDeSection,
    reponses: dict[str, Any],
    incomprises: list[str],
) -> JsonResponse:
    """What was kept, what could not be, what is still missing, and what others saved meanwhile."""
    rubrique, lignes = saisie.section, rubriques(tenue.composition)
    return JsonResponse(
        {
            "etat": "enregistre",
            "revision": version.revision,
            "incomprises": [rubrique.question(question).libelle for question in incomprises],
            "motifs": [motif for question in incomprises if (motif := saisie.motif(question))],
            "relus": saisie.relus,
            "manques": _ce_qui_manque(lignes),
            "etats": {ligne.section: ligne.avancement for ligne in lignes},
            "rappel": rappel(EtatCandidature(tenue.candidature.etat)),
            **_des_autres(rubrique, version, reponses),
        }
    )


def _message_de_conflit(conflit: ConflitDeSaisie, questions: list[str]) -> str:
    concernees = ", ".join(f"«\u00a0{question}\u00a0»" for question in questions)
    return (
        f"La même réponse que la vôtre a changé\u00a0: {concernees}, par {citer(conflit.derniere.auteur)}. "
        "Rien n’est écrasé\u00a0: enregistrez la rubrique pour choisir."
    )


def _ce_qui_manque(lignes: Iterable[Rubrique]) -> str:
    """The checklist in one line, from the answers just saved."""
    nombre = sum(len(ligne.manques) for ligne in lignes)
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
        return deconnecte()
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
