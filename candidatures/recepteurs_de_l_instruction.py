"""What the instruction answers when a file asks."""

from typing import Any

from django.dispatch import receiver

from candidatures.connaissance import instruites_par
from candidatures.models import Avis, Candidature
from candidatures.signaux_du_dossier import juges_du_dossier
from rebond.socle.models import Utilisateur


@receiver(juges_du_dossier, dispatch_uid="candidatures.intervient_dans_l_instruction")
def intervient_dans_l_instruction(candidature: Candidature, personne: Utilisateur, **_: Any) -> bool:
    return (
        instruites_par(personne).filter(pk=candidature.pk).exists()
        or Avis.objects.filter(candidature=candidature, expert=personne).exists()
    )
