"""A refusal leads back to the page that the act is of, not to the home page."""

import pytest

from rebond.socle.requete.chemins import Retour, page_parente


@pytest.mark.parametrize(
    ("chemin", "retour"),
    [
        ("/instruction/dossiers/32/proposition/", Retour("/instruction/dossiers/32/", "Revenir au dossier")),
        ("/instruction/dossiers/32/correction/fermer/", Retour("/instruction/dossiers/32/", "Revenir au dossier")),
        (
            "/instruction/vagues/13/annonce/",
            Retour("/instruction/vagues/13/", "Revenir aux dossiers de la vague"),
        ),
        ("/candidatures/5/retirer/", Retour("/candidatures/5/", "Revenir au dossier")),
        (
            "/candidatures/5/correction/rendre/",
            Retour("/candidatures/5/correction/", "Revenir à la page précédente"),
        ),
        ("/missions/3/enveloppe/4/accorder/", Retour("/missions/3/enveloppe/", "Revenir à la page précédente")),
        # A file is no page to come back to.
        ("/candidatures/5/pieces/8/remplacer/", Retour("/candidatures/5/pieces/", "Revenir à la page précédente")),
        ("/instruction/dossiers/32/evaluation/abstention/", Retour("/instruction/dossiers/32/", "Revenir au dossier")),
        ("/instruction/dossiers/32/evaluateurs/4/retirer/", Retour("/instruction/dossiers/32/", "Revenir au dossier")),
        ("/instruction/avis/4/decliner/", Retour("/instruction/avis/4/", "Revenir à la demande d’avis")),
        ("/contact/", None),
    ],
)
def test_on_revient_a_la_page_dont_part_l_acte(chemin: str, retour: Retour | None) -> None:
    assert page_parente(chemin) == retour


def test_on_y_retrouve_la_liste_d_ou_l_on_vient() -> None:
    """As it was searched: the address of the page keeps it for the one before and the one after."""
    retour = page_parente("/instruction/dossiers/32/proposition/", "etat=instruite&tri=-note")
    assert retour == Retour("/instruction/dossiers/32/?liste=etat%3Dinstruite%26tri%3D-note", "Revenir au dossier")
