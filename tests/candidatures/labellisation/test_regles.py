"""When results may become public."""

from datetime import UTC, datetime, timedelta

from candidatures.labellisation.regles import embargo_valide

MAINTENANT = datetime(2023, 6, 1, 10, tzinfo=UTC)


def test_des_resultats_sont_publics_maintenant_ou_plus_tard_jamais_dans_le_passe() -> None:
    instants = (MAINTENANT - timedelta(microseconds=1), MAINTENANT, MAINTENANT + timedelta(microseconds=1))
    assert [embargo_valide(instant, MAINTENANT) for instant in instants] == [False, True, True]
