"""Two people on the same specifications, and the opening of the wave."""

from dataclasses import replace

import pytest

from candidatures.cahier import MODELE
from candidatures.cahier.actions import DEPASSE, cahier_en_vigueur
from candidatures.cahier.requetes import cahier_courant
from candidatures.vagues.regles import CAHIER_FIGE
from tests import fabriques as f
from tests.candidatures.pages.cahiers.outils import CHANGEMENTS, PARTIES, cahier_de, changer, envoyer, page
from tests.candidatures.pages.pages import texte

pytestmark = pytest.mark.django_db


def test_le_second_garde_sa_saisie_puis_l_ajoute_a_ce_que_l_autre_a_fait(client, vague):
    changer(vague, replace(MODELE, texte="De l’autre."))
    saisie = {"titre": "Le choc subi", "introduction": ""}
    reponse = envoyer(client, vague, "cahier_section", "choc", **saisie)
    assert reponse.status_code == 409
    assert reponse.context["formulaire"].non_field_errors() == [DEPASSE]
    assert reponse.context["formulaire"]["titre"].value() == "Le choc subi"
    assert '<input type="hidden" name="version" value="2">' in texte(reponse)
    assert envoyer(client, vague, "cahier_section", "choc", version=2, **saisie).status_code == 302
    cahier = cahier_de(vague)
    assert (cahier.texte, cahier.section("choc").titre) == ("De l’autre.", "Le choc subi")


def test_une_page_qui_ne_dit_pas_sa_version_est_depassee(client, vague):
    assert envoyer(client, vague, "cahier_texte", version="", texte="Lisez").status_code == 409
    assert cahier_de(vague) == MODELE


def test_a_l_ouverture_tout_se_lit_et_plus_rien_ne_change(client):
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    lue = texte(client.get(page("cahier", vague)))
    assert "Figé à l’ouverture de la vague" in lue
    assert "Modifier" not in lue
    assert "Que s’est-il passé, et qu’est-ce qui est à craindre" in lue
    assert "Gravité du choc industriel" in lue
    for nom in ("cahier_versions", "cahier_apercu"):
        assert client.get(page(nom, vague)).status_code == 200
    for nom, *arguments in [*([nom] for nom in CHANGEMENTS), *PARTIES]:
        refus = client.get(page(nom, vague, *arguments))
        assert (refus.status_code, CAHIER_FIGE in texte(refus)) == (409, True), nom
        assert envoyer(client, vague, nom, *arguments).status_code == 409, nom
    reponse = envoyer(client, vague, "cahier_deplacer", descendre="choc")
    assert [str(message) for message in client.get(reponse.url).context["messages"]] == [CAHIER_FIGE]
    assert cahier_courant(vague=vague).version == 1
