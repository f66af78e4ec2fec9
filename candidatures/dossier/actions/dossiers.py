"""Writing a file: opening it, withdrawing it."""

from datetime import datetime

from django.db import transaction

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import VAGUE_SUSPENDUE, empechement_de_commencer
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire

CONFLITS = {
    "candidature_unique_par_territoire_et_vague": "Un dossier existe déjà pour ce territoire dans cette vague. "
    "Rapprochez-vous de la collectivité chef de file pour y participer.",
    "vague_maintenue": VAGUE_SUSPENDUE,
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
    if refus := empechement_de_commencer(vague.phase(maintenant), vague.numero):
        raise RegleEnfreinte(refus)
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
        consigner(ActeDuDossier.OUVRIR, candidature, acteur=auteur, fait_le=maintenant, territoire=territoire.cle)
    return candidature


def membres_initiaux(*, candidature: Candidature) -> None:
    """The members of a new file: the EPCI of its territory, its lead first."""
    territoire = candidature.territoire
    Membre.objects.bulk_create(
        Membre(candidature=candidature, epci=epci, chef_de_file=epci.pk == territoire.chef_de_file_id)
        for epci in territoire.epcis.order_by("siren")
    )
