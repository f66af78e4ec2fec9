"""What is read of the links between people and authorities."""

from collections.abc import Collection

from django.db.models import QuerySet

from rebond.socle.utilisateur import Utilisateur
from territoires.models import AdresseOfficielle, Epci, Petr, Rattachement


def nom_de_la_collectivite(siren: str, *, petr: str = "") -> str:
    """The official name of the EPCI, else of a PETR that everybody knows, else `petr`, which the caller has read in a
    file; empty for none of them. What somebody else has declared does not exist.
    """
    epci = Epci.objects.filter(siren=siren).values_list("nom", flat=True).first()
    connu = Petr.objects.filter(siren=siren, declare_par=None).values_list("nom", flat=True).first()
    return str(epci or connu or petr)


def rattachement_de(utilisateur: Utilisateur, siren: str) -> Rattachement | None:
    """The one that is in force or waits."""
    return Rattachement.objects.en_cours().filter(utilisateur=utilisateur, siren=siren).first()


def sirens_prouves(utilisateur: Utilisateur) -> QuerySet[Rattachement, str]:
    """Authorities that `utilisateur` is known to work for; a query may hold it."""
    return Rattachement.objects.prouves().filter(utilisateur=utilisateur).values_list("siren", flat=True)


def est_rattache(utilisateur: Utilisateur, sirens: Collection[str]) -> bool:
    """Whether `utilisateur` is known to work for one of these authorities."""
    return Rattachement.objects.prouves().filter(utilisateur=utilisateur, siren__in=sirens).exists()


def est_reconnue(siren: str) -> bool:
    """Whether a SIRET alone proves something of that authority: an EPCI of the reference, or a PETR that an agent of
    the State has already recognised. Anybody may declare a PETR under the SIREN of their own company.
    """
    if Epci.objects.filter(siren=siren).exists():
        return True
    if not Petr.objects.filter(siren=siren).exists():
        return False
    deja = Rattachement.objects.filter(siren=siren, prouve_le__isnull=False)
    return AdresseOfficielle.objects.filter(siren=siren).exists() or deja.exists()
