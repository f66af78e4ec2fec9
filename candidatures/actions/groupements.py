"""The authorities behind a file."""

from candidatures.models import Candidature, Membre


def membres_initiaux(*, candidature: Candidature) -> None:
    """The members of a new file: the EPCI of its territory, its lead first."""
    territoire = candidature.territoire
    Membre.objects.bulk_create(
        Membre(candidature=candidature, epci=epci, chef_de_file=epci.pk == territoire.chef_de_file_id)
        for epci in territoire.epcis.order_by("siren")
    )
