"""How passwords are kept (OWASP ASVS 5.0, 11.4.2): the tests themselves use a hash that costs nothing."""

from tests.production.reglages import lancer

# OWASP, « Password Storage Cheat Sheet »: for PBKDF2-HMAC-SHA256.
ITERATIONS_MIN = 600_000
GARDER = "from django.contrib.auth.hashers import make_password; print('gardé', make_password('tulipe-canal-violon'))"


def test_un_mot_de_passe_se_garde_derive_lentement_et_avec_un_sel() -> None:
    code, dit = lancer("manage.py", "shell", "--no-imports", "-c", GARDER)
    (garde,) = [ligne.removeprefix("gardé ") for ligne in dit.splitlines() if ligne.startswith("gardé ")]
    algorithme, iterations, sel, _ = garde.split("$")
    assert (code, algorithme, int(iterations) >= ITERATIONS_MIN, len(sel) >= 16) == (0, "pbkdf2_sha256", True, True)
