"""How a database is emptied after a test that commits: of what was written, whatever its size, and of nothing else."""

import pytest
from django.db import connection

from tests import fabriques as f
from tests.outils import roles

pytestmark = pytest.mark.django_db(transaction=True)
# More than `essais.vider` deletes row by row.
BEAUCOUP = (
    "INSERT INTO socle_battement (nom, instant) SELECT lpad(n::text, 50, '0'), now() FROM generate_series(1, 60000) n"
)


def remplies() -> set[str]:
    noms = connection.introspection.django_table_names(only_existing=False)
    with connection.cursor() as curseur:
        curseur.execute(" UNION ALL ".join(f"SELECT '{nom}' WHERE EXISTS (SELECT 1 FROM {nom})" for nom in noms))
        return {ligne[0] for ligne in curseur.fetchall()}


@pytest.mark.parametrize("instruction", ["SELECT", BEAUCOUP], ids=["peu", "beaucoup"])
def test_ce_qui_est_ecrit_s_en_va_et_ce_qui_est_de_naissance_reste(instruction: str) -> None:
    f.un_depot(f.une_candidature())
    with connection.cursor() as curseur:
        curseur.execute(instruction)
    assert {"candidatures_depot", "candidatures_candidature", "socle_document"} < remplies()
    roles._vider(None)
    assert remplies() == set(roles.DE_NAISSANCE) - {"django_migrations"}
