"""What keeps a release from being frozen: each bound, and each sentence alone."""

from datetime import date

import pytest

from projets.communique import regles

HIER, AUJOURD_HUI = date(2023, 8, 27), date(2023, 8, 28)


def refus(**autres: object) -> list[str]:
    sans_obstacle: dict = {
        "au": HIER,
        "aujourd_hui": AUJOURD_HUI,
        "laureats": 1,
        "textes": ["Voir https://rebond.gouv.fr/."],
        "contacts": ["presse@industrie.gouv.fr"],
        "sans_feuille": [],
        "demonstration": False,
    }
    return [phrase.replace("\u00a0", " ") for phrase in regles.refus_de_figer(**(sans_obstacle | autres))]


@pytest.mark.parametrize(
    ("motif", "suffisant"),
    [
        ("un mot de trop !", True),
        ("un deux troisxy", True),
        (" un deux troisx ", False),
        ("un deuxtroisxyz", False),
        ("à b c d e f g h i", False),
        ("un a deux b trois", True),
    ],
)
def test_un_motif_a_quinze_signes_et_trois_mots(motif: str, suffisant: bool) -> None:
    assert regles.motif_suffisant(motif) is suffisant


@pytest.mark.parametrize(
    ("contact", "joignable"),
    [
        ("presse@industrie.gouv.fr ou presse@localhost", False),
        ("presse@localhost, 01 53 18 46 19", False),
        ("presse@industrie.gouv.fr ou cabinet@industrie.gouv.fr", True),
        ("01 53 18 46 1", True),
        ("01 53 18 46", False),
    ],
)
def test_tous_les_courriels_d_un_contact_menent_quelque_part(contact: str, joignable: bool) -> None:
    assert regles.contact_joignable(contact, demonstration=False) is joignable


def test_chaque_adresse_qui_ne_mene_nulle_part_est_nommee_une_fois_et_elle_seule() -> None:
    textes = ["Voir https://rebond.gouv.fr/a, http://localhost:8000/b.", "Et http://localhost:8000/b ; https:///c"]
    assert regles.adresses_injoignables(textes, demonstration=False) == ["http://localhost:8000/b", "https:///c"]
    invente = ["https://rebond.example/"]
    assert regles.adresses_injoignables(invente, demonstration=True) == []
    assert regles.adresses_injoignables(invente, demonstration=False) == invente


def test_rien_ne_retient_un_communique_complet_d_une_journee_finie() -> None:
    assert refus() == []


@pytest.mark.parametrize("au", [AUJOURD_HUI, date(2023, 8, 29)])
def test_une_journee_qui_n_est_pas_finie_renvoie_a_la_veille(au: date) -> None:
    (phrase,) = refus(au=au)
    assert phrase.endswith("Arrêtez les chiffres au 27 août 2023, ou revenez demain.")


@pytest.mark.parametrize(
    ("autres", "debut"),
    [
        ({"laureats": 0}, "Aucun territoire lauréat n’était annoncé à cette date"),
        ({"contacts": ["Presse"]}, "Le contact presse « Presse » ne permet de joindre personne"),
        ({"textes": ["http://localhost/"]}, "L’adresse http://localhost/, imprimée dans le texte"),
        ({"sans_feuille": ["Nord"]}, "La feuille de route de « Nord » est vide"),
    ],
)
def test_chaque_obstacle_est_dit_a_lui_seul(autres: dict[str, object], debut: str) -> None:
    (phrase,) = refus(**autres)
    assert phrase.startswith(debut)


@pytest.mark.parametrize("domaine", ["invalid", "test", "localhost", "local", "internal", "lan", "home", "arpa"])
def test_un_domaine_reserve_ne_se_joint_pas_meme_dans_une_demonstration(domaine: str) -> None:
    assert not regles.hote_joignable(f"rebond.gouv.{domaine}", demonstration=True)


def test_un_contact_a_remplir_ne_joint_personne_meme_avec_une_adresse() -> None:
    assert not regles.contact_joignable("[Nom] : presse@industrie.gouv.fr", demonstration=False)
