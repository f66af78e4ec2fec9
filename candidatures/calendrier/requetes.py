"""What is read of the series of the waves."""

from candidatures.vagues.models.series import FinDeSerie


def fin_de_serie() -> FinDeSerie | None:
    """The end of the series that is in force, if any."""
    return FinDeSerie.objects.filter(reprise_le=None).select_related("decidee_par").first()
