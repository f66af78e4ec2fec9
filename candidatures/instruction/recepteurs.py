"""What the instruction answers when a file asks."""

from typing import Any

from django.dispatch import receiver

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.signaux import juges_du_dossier
from candidatures.instruction.acces import instruites_par
from candidatures.instruction.saisine.models import Saisine
from rebond.socle.utilisateur import Utilisateur


@receiver(juges_du_dossier, dispatch_uid="candidatures.intervient_dans_l_instruction")
def intervient_dans_l_instruction(candidature: Candidature, personne: Utilisateur, **_: Any) -> bool:
    return (
        instruites_par(personne).filter(pk=candidature.pk).exists()
        or Saisine.objects.filter(candidature=candidature, expert=personne).exists()
    )
