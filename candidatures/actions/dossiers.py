"""Writing a file: opening it, withdrawing it."""

from datetime import datetime

from django.db import transaction

from candidatures.actions.cahiers import cahier_en_vigueur
from candidatures.actions.ecriture import qualite_de, tenir
from candidatures.actions.groupements import membres_initiaux
from candidatures.actions.rappels import oublier_rappels
from candidatures.etats import Phase, Qualite
from candidatures.models import Candidature, Participation, Vague
from candidatures.regles import peut_retirer
from rebond.socle.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur
from rebond.socle.transitions import appliquer
from territoires.models import Territoire

CONFLITS = {
    "candidature_unique_par_territoire_et_vague": "Un dossier existe déjà pour ce territoire dans cette vague. "
    "Rapprochez-vous de la collectivité chef de file pour y participer.",
    "vague_maintenue": "Cette vague est suspendue\u00a0: aucun dossier ne peut y être commencé.",
}


def ouvrir_candidature(
    *,
    vague: Vague,
    territoire: Territoire,
    auteur: Utilisateur,
    maintenant: datetime,
    demonstration: bool = False,
) -> Candidature:
    """Open an empty draft of which `auteur` is the porteur.

    Raises `RegleEnfreinte` when the wave is not open at `maintenant`, or when this territory already has a file.
    """
    if vague.phase(maintenant) is not Phase.OUVERTE:
        raise RegleEnfreinte(f"La vague {vague.numero} n’est pas ouverte : aucun dossier ne peut y être commencé.")
    with traduire(CONFLITS), transaction.atomic():
        candidature = Candidature.objects.create(
            vague=vague,
            cahier=cahier_en_vigueur(vague=vague),
            territoire=territoire,
            modifiee_le=maintenant,
            demonstration=demonstration,
        )
        membres_initiaux(candidature=candidature)
        Participation.objects.create(candidature=candidature, utilisateur=auteur, qualite=Qualite.PORTEUR)
        consigner("ouvrir", candidature, acteur=auteur, fait_le=maintenant, territoire=territoire.cle)
    return candidature


def retirer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Withdraw the file, until the deadline. Its deposits stay, and no longer count."""
    with transaction.atomic():
        verrouillee = tenir(candidature)
        if not peut_retirer(verrouillee.etat, verrouillee.phase(maintenant), qualite_de(verrouillee, auteur)):
            raise RegleEnfreinte("Ce dossier ne peut plus être retiré, ou vous n’en êtes pas le porteur.")
        oublier_rappels(verrouillee)
        return appliquer(verrouillee, "retirer", acteur=auteur, maintenant=maintenant)
