"""Beginning a file: from its page, or at once for whoever made an account to begin it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from candidatures.dossier.actions import dossiers
from candidatures.dossier.forms.dossiers import epcis_voulus
from candidatures.dossier.groupement.requetes import refuser_les_finies
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.requetes import deja_ouvert
from candidatures.pages.territoire.acces import adresse
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.entree import compte_prouve
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import territoire_de_travail
from territoires.models import Epci
from territoires.regles import cle_de

OUVERT = (
    "Votre dossier est commencé\u00a0: c’est un brouillon, à compléter à votre rythme. Voici sa première rubrique."
)
DEJA = "Vous participez déjà à ce dossier\u00a0: il n’en a pas été ouvert d’autre."


def commencer_ou_retrouver(
    request: HttpRequest, auteur: Utilisateur, vague: Vague, choisis: list[Epci], *, chef_de_file: Epci, nom: str
) -> str:
    """The address to go on to, once a message says what was done: the first section of a new file, or the file of
    this grouping that `auteur` takes part in already. Raises RegleEnfreinte.
    """
    deja = deja_ouvert(vague=vague, cle=cle_de(epci.siren for epci in choisis), personne=auteur)
    if deja is not None:
        messages.info(request, DEJA)
        return adresse(deja.pk)
    candidature = _ouvrir(auteur, vague, choisis, chef_de_file, nom)
    messages.success(request, OUVERT)
    return adresse(candidature.pk, candidature.cahier.cahier.sections[0].cle)


def _ouvrir(auteur: Utilisateur, vague: Vague, choisis: list[Epci], chef_de_file: Epci, nom: str) -> Candidature:
    maintenant = horloge_base()
    refuser_les_finies(choisis, maintenant)
    with transaction.atomic():
        territoire = territoire_de_travail(epcis=choisis, chef_de_file=chef_de_file, nom=nom)
        return dossiers.ouvrir_candidature(
            vague=vague,
            territoire=territoire,
            auteur=auteur,
            maintenant=maintenant,
            demonstration=settings.DEMONSTRATION or territoire.demonstration,
        )


@receiver(compte_prouve, dispatch_uid="candidatures.commencer_le_dossier_voulu")
def commencer_le_dossier_voulu(request: HttpRequest, utilisateur: Utilisateur, chemin: str, **_: Any) -> str | None:
    """Whoever made an account to begin the file of one intercommunalité, and was told so, finds it begun.

    None, and the page « Commencer un dossier » comes as it would have, for a grouping, whose lead is still to be
    chosen, and whenever a rule is against it: that page says which.
    """
    choisis = epcis_voulus(chemin)
    if choisis is None or len(choisis) != 1:
        return None
    vague = Vague.objects.ouvertes(horloge_base()).first()
    if vague is None:
        return None
    try:
        return commencer_ou_retrouver(request, utilisateur, vague, choisis, chef_de_file=choisis[0], nom="")
    except RegleEnfreinte:
        return None
