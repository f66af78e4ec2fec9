"""Speaking to PostgreSQL over TLS, when its address says so; what an address says that nobody reads is refused."""

import pytest

from rebond.environnement import Environnement, ReglageInvalide
from tests.production.reglages import lancer

ADRESSE = "postgresql://rebond_application:secret@base.example.fr:5432/rebond"
LES_DIRE = "from django.conf import settings; print('lus', settings.DATABASES['default']['OPTIONS'])"


def test_l_adresse_de_la_base_dit_comment_elle_se_chiffre() -> None:
    chiffree = f"{ADRESSE}?sslmode=verify-full&sslrootcert=/etc/ssl/base.pem"
    code, dit = lancer("-c", LES_DIRE, DATABASE_URL=chiffree)
    assert (code, [ligne for ligne in dit.splitlines() if ligne.startswith("lus")]) == (
        0,
        ["lus {'sslmode': 'verify-full', 'sslrootcert': '/etc/ssl/base.pem', 'application_name': 'rebond'}"],
    ), dit


@pytest.mark.parametrize("suite", ["?ssl=true", "?sslmode=require&options=-c%20role%3Dx", "?sslmode=peut-etre"])
def test_ce_que_personne_ne_lirait_est_refuse(suite: str) -> None:
    """An address that asks for TLS in words of its own would be spoken to in clear."""
    with pytest.raises(ReglageInvalide, match="DATABASE_URL"):
        Environnement({"DATABASE_URL": f"{ADRESSE}{suite}"}).base_postgres("DATABASE_URL")
