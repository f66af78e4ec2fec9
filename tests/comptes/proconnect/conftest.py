from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from rebond.environnement import Environnement
from rebond.reglages_de_connexion import reglages
from tests.comptes.proconnect.fournisseur import CLIENT, SECRET, SIRET, Fournisseur, ouvert


@pytest.fixture
def proconnect(settings: Any) -> Iterator[Fournisseur]:
    """ProConnect set as an installation sets it, answered by a server that a test may make lie."""
    with ouvert() as fournisseur:
        csp = settings.CONTENT_SECURITY_POLICY = deepcopy(settings.CONTENT_SECURITY_POLICY)
        environ = {
            "REBOND_PROCONNECT_ADRESSE": fournisseur.adresse,
            "REBOND_PROCONNECT_CLIENT": CLIENT,
            "REBOND_PROCONNECT_SECRET": SECRET,
            "REBOND_SECOND_FACTEUR": "facultatif",
        }
        lus = reglages(
            Environnement(environ),
            adresse="http://localhost:8000",
            demonstration=False,
            cle="une-clef",
            csp=csp,
        )
        for nom, valeur in lus.items():
            setattr(settings, nom, valeur)
        fournisseur.claims = {
            "sub": "personne-1",
            "uid": "1234",
            "email": "dominique@exemple.fr",
            "email_verified": True,
            "given_name": "Dominique",
            "usual_name": "Exemple",
            "siret": SIRET,
        }
        yield fournisseur
