"""What is read of the journal by several pages."""

from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from candidatures.cloture.models.prolongations import Prolongation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation.models.evaluations import Evaluation
from candidatures.instruction.acces import interets_de
from candidatures.labellisation.models import Labellisation
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.vagues import Vague
from projets.enveloppe.models import Enveloppe
from projets.feuille_de_route.models import Axe
from projets.mission.models import Industriel, Mission
from projets.portefeuille.models import Projet
from projets.rapport.models import Rapport
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur

DE_LA_MISSION = "mission__labellisations__candidature"
# What entries are on that belongs to a file, and how. A test asks of every other kind whether it does not.
D_UN_DOSSIER: tuple[tuple[Any, str], ...] = (
    (Candidature, "pk"),
    (Evaluation, "candidature"),
    (Prolongation, "candidature"),
    (Labellisation, "candidature"),
    (Mission, "labellisations__candidature"),
    *((modele, DE_LA_MISSION) for modele in (Industriel, Projet, Rapport, Enveloppe)),
    (Axe, f"feuille__{DE_LA_MISSION}"),
)


def entrees_lisibles_par(auditeur: Utilisateur) -> QuerySet[EntreeJournal]:
    """Everything, but what was done on a file in which the auditeur has an interest, what tells its end, and what is
    said of a file before its evaluations are read by all: an auditeur may evaluate it too.

    Of an object that is there no more (an axis that was taken away) nobody can say whose it was: it is kept from
    whoever has an interest somewhere.
    """
    tues = cles_du_journal(Evaluation.objects.tues())
    tout = EntreeJournal.objects.exclude(_sur(Evaluation) & Q(objet_id__in=tues))
    interets = Candidature.objects.filter(pk__in=interets_de(auditeur))
    if not interets.exists():
        return tout
    for modele, chemin in D_UN_DOSSIER:
        permis = modele.objects.exclude(**{f"{chemin}__in": interets.values("pk")})
        tout = tout.exclude(_sur(modele) & ~Q(objet_id__in=cles_du_journal(permis)))
    vagues = Vague.objects.filter(candidatures__in=interets.values("pk"))
    return tout.exclude(_sur(Vague), acte=ActeDeVague.LABELLISER, objet_id__in=cles_du_journal(vagues))


def cles_du_journal(objets: QuerySet[Any]) -> Any:
    """Primary keys as the journal writes them."""
    return objets.order_by().annotate(cle=Cast("pk", TextField())).values("cle")


def _sur(modele: Any) -> Q:
    return Q(objet_type=modele._meta.label_lower)
