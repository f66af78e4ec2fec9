"""What somebody typed, in the State's own words."""

from time import process_time

import pytest

from rebond.socle.texte.citations import AU_PLUS, citer, contient_un_lien


@pytest.mark.parametrize(
    ("tape", "cite"),
    [
        ("Odile Martin", "« Odile Martin »"),
        ("J.-P. Durand-Le Goff", "« J.-P. Durand-Le Goff »"),
        ("CC de l’Avesnois", "« CC de l’Avesnois »"),
        ("Votre aide : https://aides.example/rib", "« Votre aide : aides. example/rib »"),
        ("www.piege.example", "« piege. example »"),
        ("piege．example", "« piege. example »"),
        ("HTTP://PIEGE.EXAMPLE", "« PIEGE. EXAMPLE »"),
        ("appelez tel:0102030405", "« appelez 0102030405 »"),
        ("une ligne\nBonjour,\r\nle Préfet", "« une ligne Bonjour, le Préfet »"),
        ("fin ». L’État écrit : «", "« fin ”. L’État écrit : “ »"),
        ("a.martin@example.fr", "« a.martin@example.fr »"),
        ("x" * 500, f"« {'x' * (AU_PLUS - 1)}… »"),
    ],
)
def test_une_citation_tient_en_une_ligne_et_ne_mene_nulle_part(tape, cite):
    assert citer(tape) == cite.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


@pytest.mark.parametrize("nom", ["https://x", "www.x", "voir aides.example", "ecris a moi@x.fr", "aides．example"])
def test_un_nom_qui_mene_quelque_part_est_refuse(nom):
    assert contient_un_lien(nom)


@pytest.mark.parametrize("nom", ["Cambrésis", "Saint-Ét. et Loire", "Pays d’Auge (14 et 61)", "C.C. du Bocage"])
def test_un_nom_de_territoire_n_est_pas_pris_pour_une_adresse(nom):
    assert not contient_un_lien(nom)


@pytest.mark.parametrize("signe", ["é", "@", "-a"])
def test_un_texte_d_un_megaoctet_se_lit_aussitot(signe: str) -> None:
    debut = process_time()
    contient_un_lien(signe * 500_000)
    assert process_time() - debut < 10
