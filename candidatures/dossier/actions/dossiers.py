"""Writing a file: opening it, withdrawing it."""

from datetime import datetime

from django.db import transaction

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.regles import TROP_D_OUVERTURES, empechement_d_ouvrir_encore
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import VAGUE_SUSPENDUE, empechement_de_commencer
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire

CONFLITS = {"dossiers_ouverts_par_jour": TROP_D_OUVERTURES, "vague_maintenue": VAGUE_SUSPENDUE}


def ouvrir_candidature(
    *,
    vague: Vague,
    territoire: Territoire,
    auteur: Utilisateur,
    maintenant: datetime,
    demonstration: bool = False,
) -> Candidature:
    """Open an empty draft of which `auteur` is the porteur. Others may have begun theirs for the same grouping: it
    makes no difference here, and holds nothing before it is deposited.

    Raises `RegleEnfreinte` when the wave is not open at `maintenant`, or when `auteur` has opened too many files
    today.
    """
    if refus := empechement_de_commencer(vague.phase(maintenant), vague.numero):
        raise RegleEnfreinte(refus)
    with traduire(CONFLITS), transaction.atomic():
        compter_les_ouvertures(auteur)
        candidature = Candidature.objects.create(
            vague=vague,
            cahier=cahier_en_vigueur(vague=vague),
            territoire=territoire,
            ouverte_par=auteur,
            modifiee_le=maintenant,
            demonstration=demonstration,
        )
        membres_initiaux(candidature=candidature)
        Participation.objects.create(candidature=candidature, utilisateur=auteur, qualite=Qualite.PORTEUR)
        consigner(ActeDuDossier.OUVRIR, candidature, acteur=auteur, fait_le=maintenant, territoire=territoire.cle)
    return candidature


def compter_les_ouvertures(auteur: Utilisateur) -> None:
    """Wait for the other openings of `auteur`, then raise `RegleEnfreinte` when there were too many today."""
    verrous.attendre(f"ouvertures-{auteur.pk}")
    if refus := empechement_d_ouvrir_encore(Candidature.objects.ouvertes_depuis_un_jour(auteur).count()):
        raise RegleEnfreinte(refus)


def membres_initiaux(*, candidature: Candidature) -> None:
    """The members of a new file: the EPCI of its territory, its lead first."""
    territoire = candidature.territoire
    Membre.objects.bulk_create(
        Membre(candidature=candidature, epci=epci, chef_de_file=epci.pk == territoire.chef_de_file_id)
        for epci in territoire.epcis.order_by("siren")
    )
