"""Reading the links of a file, and finding the one whose secret somebody holds."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.jetons import empreinte_du_jeton
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.regles_de_liens import LIEN_FINI, REDACTEURS, est_ouvert
from rebond.socle.erreurs import RegleEnfreinte


def vivants(maintenant: datetime) -> QuerySet[Lien]:
    """Neither revoked nor expired, by somebody who still writes in the file."""
    redige = Participation.objects.filter(
        candidature=OuterRef("candidature"), utilisateur=OuterRef("fait_par"), qualite__in=sorted(REDACTEURS)
    )
    return Lien.objects.filter(Exists(redige), revoque_le=None, expire_le__gt=maintenant)


def lien_de(jeton: str, maintenant: datetime, *genres: GenreDeLien) -> Lien | None:
    """The link that holds this secret, with its file, when it opens something at `maintenant`.

    None alike for one that is unknown, revoked, expired, of another kind, or whose file no longer takes anything: one
    statement answers for all of them.
    """
    lus = vivants(maintenant).filter(empreinte=empreinte_du_jeton(jeton), genre__in=genres)
    lien = lus.select_related("fait_par").first()
    if lien is None:
        return None
    lien.candidature = Candidature.objects.pour_lecture().get(pk=lien.candidature_id)
    return lien if est_ouvert(lien.genre, lien.candidature.etat, lien.candidature.phase(maintenant)) else None


def exiger_vivant(lien: Lien, maintenant: datetime) -> None:
    """For an act that holds the file: nobody takes the link back meanwhile.

    Raises `RegleEnfreinte` for a link that has ended since its page was read.
    """
    if not vivants(maintenant).filter(pk=lien.pk).exists():
        raise RegleEnfreinte(LIEN_FINI)


def membre_de(lien: Lien, membres: Iterable[Membre]) -> Membre | None:
    """The authority that the link was made for, among those of its file; None once it has left them."""
    return next((membre for membre in membres if membre.siren == lien.siren), None)


def liens_de_lecture(candidature: Candidature, maintenant: datetime) -> list[Lien]:
    """Those that open something, latest first."""
    lus = vivants(maintenant).filter(candidature=candidature, genre=GenreDeLien.LECTURE)
    return list(lus.select_related("fait_par").order_by("-pk"))


def derniers_par_membre(candidature: Candidature) -> dict[tuple[str, str], Lien]:
    """The last link of each kind made for each authority, whatever it is worth now: by number and kind."""
    lus = Lien.objects.filter(candidature=candidature).exclude(genre=GenreDeLien.LECTURE)
    return {(lien.siren, lien.genre): lien for lien in lus.select_related("fait_par").order_by("pk")}
