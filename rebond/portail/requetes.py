"""What is read of the journal by several pages."""

from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import interets_de
from candidatures.labellisation.models import Labellisation
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.vagues import Vague
from projets.mission.models import Mission
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur


def entrees_lisibles_par(auditeur: Utilisateur) -> QuerySet[EntreeJournal]:
    """Everything, but what was done on a file in which the auditeur has an interest, and what tells its end."""
    interets = Candidature.objects.filter(pk__in=interets_de(auditeur))
    tout = EntreeJournal.objects.all()
    if not interets.exists():
        return tout
    labels = Labellisation.objects.filter(candidature__in=interets.values("pk"))
    missions = Mission.objects.filter(labellisations__in=labels.values("pk"))
    vagues = Vague.objects.filter(candidatures__in=interets.values("pk"))
    return (
        tout.exclude(objet_type="candidatures.candidature", objet_id__in=cles_du_journal(interets))
        .exclude(objet_type="candidatures.labellisation", objet_id__in=cles_du_journal(labels))
        .exclude(objet_type="projets.mission", objet_id__in=cles_du_journal(missions))
        .exclude(objet_type="candidatures.vague", acte=ActeDeVague.LABELLISER, objet_id__in=cles_du_journal(vagues))
    )


def cles_du_journal(objets: QuerySet[Any]) -> Any:
    """Primary keys as the journal writes them."""
    return objets.order_by().annotate(cle=Cast("pk", TextField())).values("cle")
