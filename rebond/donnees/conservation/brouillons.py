"""Drafts that nobody deposited, long after their deadline: what they hold goes, and who wrote them keeps a reference.

The row stays: a procès-verbal names it, and whoever took part in it judges none of its territory's files.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import CONTENUS, ECHEANCE, Candidature
from candidatures.dossier.models.pieces import PieceJointe, Televersement
from candidatures.dossier.models.versions import VersionComplete, VersionDeSection
from candidatures.dossier.regles import CONSERVATION_DES_BROUILLONS
from candidatures.instruction.echanges.models import LectureDesMessages
from candidatures.instruction.recherche.models import TexteDuDossier
from rebond.socle.journal.actions import consigner


def brouillons_echus(maintenant: datetime) -> QuerySet[Candidature]:
    """Those that still hold something. Never one of which a deposit was made."""
    siens = {"candidature": OuterRef("pk")}
    pleins = (
        ~Q(contenu={})
        | Q(Exists(VersionDeSection.objects.filter(**siens)))
        | Q(Exists(PieceJointe.objects.filter(**siens)))
    )
    anciens = Candidature.objects.alias(limite=ECHEANCE).filter(
        etat=EtatCandidature.BROUILLON, depots=None, limite__lt=maintenant - CONSERVATION_DES_BROUILLONS
    )
    return anciens.filter(pleins)


def vider_les_brouillons(brouillons: QuerySet[Candidature]) -> int:
    """Their files go with the documents that nothing else refers to, some days later; search finds nothing of them."""
    lot = list(brouillons.defer(*CONTENUS).select_related("vague", "territoire").order_by("pk"))
    for modele in (VersionDeSection, VersionComplete, Televersement, PieceJointe, LectureDesMessages, TexteDuDossier):
        modele._default_manager.filter(candidature__in=lot).delete()
    Candidature.objects.filter(pk__in=[brouillon.pk for brouillon in lot]).update(
        contenu={}, empreinte="", reprise=None
    )
    for brouillon in lot:
        consigner(ActeDuDossier.VIDER_BROUILLON, brouillon, acteur=None)
    return len(lot)
