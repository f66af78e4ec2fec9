"""What a file taken over held before: shown and exported, to each what is theirs."""

import csv
import io
import json

import pytest
from django.urls import reverse

from candidatures.models import Candidature
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page, texte
from tests.candidatures.reprise.reprise import champ, la_vague_passee, reprendre, un_dossier

pytestmark = pytest.mark.django_db

SANS_PLACE = "Couleur préférée du maire"


@pytest.fixture
def dossier() -> Candidature:
    la_vague_passee()
    modele = un_dossier(
        messages=[{"email": "a@collectivite.example", "body": "<p>Bonjour &amp; merci</p>", "createdAt": None}],
        annotations=[champ("Note du service", valeur="À revoir en comité")],
    )
    modele["champs"].append(champ(SANS_PLACE, valeur="<b>Bleu</b>"))
    reprendre(modele)
    return Candidature.objects.get()


def test_le_territoire_lit_ce_qui_n_a_pas_de_place_sans_ce_qui_est_au_service(dossier):
    porteur = client_de(f.porteur_de(dossier))
    assert page("reprise", dossier.pk) in texte(porteur.get(page("dossier", dossier.pk)))
    html = texte(porteur.get(page("reprise", dossier.pk)))
    assert SANS_PLACE in html
    assert "&lt;b&gt;Bleu&lt;/b&gt;" in html
    assert "Bonjour &amp; merci" in html
    assert "À revoir en comité" not in html
    brut = json.loads(texte(porteur.get(page("reprise_json", dossier.pk))))
    assert "annotations" not in brut["dossier"]
    assert "À revoir en comité" not in texte(porteur.get(page("reprise_csv", dossier.pk)))


def test_l_instructeur_lit_tout_et_emporte_tout(dossier):
    service = client_de(f.un_agent(Role.INSTRUCTEUR))
    assert "À revoir en comité" in texte(service.get(reverse("instruction:reprise", args=[dossier.pk])))
    brut = json.loads(texte(service.get(reverse("instruction:reprise_json", args=[dossier.pk]))))
    assert brut["dossier"] == dossier.reprise["dossier"]
    tableau = service.get(reverse("instruction:reprise_csv", args=[dossier.pk])).getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(tableau), delimiter=";"))
    assert SANS_PLACE in tableau
    assert tuple(lignes[0]) == ("Partie", "Intitulé", "Texte", "Précision")
    Candidature.objects.filter(pk=dossier.pk).update(demonstration=True)
    tableau = service.get(reverse("instruction:reprise_csv", args=[dossier.pk])).getvalue().decode("utf-8-sig")
    invente = list(csv.DictReader(io.StringIO(tableau), delimiter=";"))
    assert [ligne.pop("Source") for ligne in invente] == ["Données de démonstration"] * len(lignes)
    assert invente == lignes


def test_pour_les_autres_et_pour_un_dossier_d_ici_la_page_n_existe_pas(dossier):
    etranger = client_de(f.un_utilisateur())
    for nom in ("reprise", "reprise_json", "reprise_csv"):
        assert etranger.get(page(nom, dossier.pk)).status_code == 404
        assert etranger.get(reverse(f"instruction:{nom}", args=[dossier.pk])).status_code == 404
    ici = f.une_candidature(vague=f.une_vague(), complete=False)
    assert client_de(f.porteur_de(ici)).get(page("reprise", ici.pk)).status_code == 404
