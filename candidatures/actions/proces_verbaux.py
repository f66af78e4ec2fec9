"""The procès-verbal of a closing."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from candidatures.etats import EtatCandidature
from candidatures.models import Candidature, Depot, ProcesVerbal, Vague
from rebond.socle.empreintes import empreinte


def etablir(*, vague: Vague, rang: int, candidatures: QuerySet[Candidature], maintenant: datetime) -> ProcesVerbal:
    contenu = _contenu(vague, candidatures, maintenant)
    return ProcesVerbal.objects.create(vague=vague, contenu=contenu, empreinte=empreinte(contenu))


def _contenu(vague: Vague, candidatures: QuerySet[Candidature], maintenant: datetime) -> dict[str, Any]:
    """Everything that the procès-verbal states, chained to the previous one by its fingerprint."""
    depots = (
        Depot.objects.filter(candidature__in=candidatures.values("pk"))
        .qui_comptent()
        .select_related("candidature__territoire__chef_de_file")
        .prefetch_related("pieces__document")
        .order_by("numero")
    )
    brouillons = (
        candidatures.filter(etat=EtatCandidature.BROUILLON).select_related("vague", "territoire").order_by("pk")
    )
    precedent = ProcesVerbal.objects.filter(vague__cloture__lt=vague.cloture).order_by("-vague__cloture").first()
    return {
        "format": 1,
        "vague": {
            "numero": vague.numero,
            "ouverture": vague.ouverture.isoformat(),
            "cloture": vague.cloture.isoformat(),
            "grace_secondes": int(vague.grace.total_seconds()),
        },
        "etabli_le": maintenant.isoformat(),
        "depots": [_ligne(depot) for depot in depots],
        "brouillons": [
            {"reference": brouillon.reference, "territoire": brouillon.territoire.nom} for brouillon in brouillons
        ],
        "precedent": precedent.empreinte if precedent else None,
    }


def _ligne(depot: Depot) -> dict[str, Any]:
    territoire = depot.candidature.territoire
    return {
        "numero": depot.numero,
        "reference": depot.contenu["reference"],
        "territoire": territoire.nom,
        "siren_chef_de_file": territoire.chef_de_file.siren,
        "recu_le": depot.recu_le.isoformat(),
        "enregistre_le": depot.enregistre_le.isoformat(),
        "source": depot.source,
        "empreinte": depot.empreinte,
        "pieces": [
            {"nom": piece.nom, "sha256": piece.document.sha256, "taille": piece.document.taille}
            for piece in depot.pieces.all()
        ],
    }
