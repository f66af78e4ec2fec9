"""What is read of uploads on their way, and of what files and people have brought."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import Televersement
from candidatures.dossier.models.reserves import Reserve
from rebond.socle.utilisateur import Utilisateur


def est_regle(televersement: Televersement) -> bool:
    """Whether the file is attached, or refused."""
    return bool(televersement.piece_id or televersement.refus)


def octets_recus(televersement: Televersement) -> int:
    """Those counted, unless the folder has lost them since: a restored backup does not hold it."""
    if est_regle(televersement):
        return televersement.recus
    fichier = chemin(televersement)
    return min(televersement.recus, fichier.stat().st_size if fichier.exists() else 0)


def chemin(televersement: Televersement) -> Path:
    """Where the bytes received so far lie."""
    return Path(settings.TELEVERSEMENTS) / str(televersement.pk)


def octets_du_dossier(candidature: Candidature) -> int:
    """Bytes that a file holds, each document once, and those for which it has reserved room."""
    return _octets("octets_du_dossier", candidature.pk)


def octets_envoyes_par(utilisateur: Utilisateur) -> int:
    """Bytes that an account has sent, or announced, in the last 24 hours."""
    return _octets("octets_envoyes_par", utilisateur.pk)


def octets_annonces() -> int:
    """Bytes for which room is reserved, in the whole portal, and that are not kept yet."""
    return Reserve.objects.filter(consommee=False).aggregate(somme=Sum("octets"))["somme"] or 0


def _octets(fonction: str, pk: int) -> int:
    """What the function of the database says, which its triggers ask too."""
    with connection.cursor() as curseur:
        curseur.callproc(fonction, [pk])
        octets: int = curseur.fetchone()[0]
    return octets
