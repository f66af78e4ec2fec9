"""What is read of the exports of a person."""

import hashlib
from datetime import datetime

from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.export.regles import empechement_de_demander
from rebond.socle.utilisateur import Utilisateur


def exports_de(personne: Utilisateur) -> list[ExportDeDonnees]:
    """The last ones first."""
    return list(ExportDeDonnees.objects.filter(personne=personne).select_related("document").order_by("-pk")[:10])


def empechement_pour(personne: Utilisateur, maintenant: datetime) -> str | None:
    siens = ExportDeDonnees.objects.filter(personne=personne)
    prets = siens.exclude(pret_le=None).order_by("-pret_le").values_list("pret_le", flat=True)
    return empechement_de_demander(
        en_cours=siens.a_preparer().exists(), dernier_pret_le=prets.first(), maintenant=maintenant
    )


def empreinte_du_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
