"""What is read of the thread of a file."""

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.echanges.models import LectureDesMessages, Message
from rebond.socle.utilisateur import Utilisateur


def est_du_service(candidature: Candidature, personne: Utilisateur) -> bool:
    """Whether `personne` instructs this file, and so writes on behalf of the State."""
    return a_instruire_par(personne).filter(pk=candidature.pk).exists()


def non_lus(*, candidature: Candidature, utilisateur: Utilisateur) -> int:
    """How many messages of others `utilisateur` has not read in this thread."""
    lecture = LectureDesMessages.objects.filter(candidature=candidature, utilisateur=utilisateur).values("lu")
    messages = Message.objects.filter(candidature=candidature).exclude(auteur=utilisateur)
    return messages.filter(pk__gt=Coalesce(Subquery(lecture), 0)).count()
