"""What evaluations answer when a file, or its instruction, asks."""

from typing import Any

from django.dispatch import receiver

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.signaux import juges_du_dossier
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.requetes import evalues_par
from candidatures.instruction.signaux import propositions_interdites
from rebond.socle.utilisateur import Utilisateur


@receiver(juges_du_dossier, dispatch_uid="candidatures.evalue_le_dossier")
def evalue_le_dossier(candidature: Candidature, personne: Utilisateur, **_: Any) -> bool:
    return Evaluateur.objects.filter(candidature=candidature, personne=personne).exists()


@receiver(propositions_interdites, dispatch_uid="candidatures.qui_evalue_ne_propose_pas")
def qui_evalue_ne_propose_pas(personne: Utilisateur, **_: Any) -> Any:
    return evalues_par(personne)
