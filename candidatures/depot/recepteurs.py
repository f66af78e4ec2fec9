"""What deposits answer when a link with an authority is proven."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.dispatch import receiver

from candidatures.depot.actions.tenue import dire_le_lien_prouve, lever_les_reserves
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature
from rebond.comptes.rattachements.signaux import rattachement_prouve
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement


@receiver(rattachement_prouve, dispatch_uid="candidatures.leve_les_reserves")
def leve_les_reserves(rattachement: Rattachement, acteur: Utilisateur | None, maintenant: datetime, **_: Any) -> None:
    """Whoever has just been recognised carries files that were waiting for it, in this wave or in a closed one."""
    portees = Candidature.objects.sous_reserve().filter(
        participations__utilisateur=rattachement.utilisateur, participations__qualite=Qualite.PORTEUR
    )
    dossiers = dict(portees.values_list("pk", "vague"))
    with connection.cursor() as curseur:
        # A closing under way is waited for, as a deposit does.
        curseur.execute(
            "SELECT id FROM candidatures_vague WHERE id = ANY(%s) ORDER BY id FOR SHARE",
            [sorted(set(dossiers.values()))],
        )
    lever_les_reserves(candidatures=list(dossiers), acteur=acteur, maintenant=maintenant)
    dire_le_lien_prouve(personne=rattachement.utilisateur, siren=rattachement.siren, maintenant=maintenant)
