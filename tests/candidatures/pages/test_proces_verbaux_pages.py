"""The procès-verbal as it is read and downloaded; the proof that a territory takes away."""

import hashlib
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions.proces_verbaux import etablir
from candidatures.models import ProcesVerbal
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.merkle import Arbre, est_incluse
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import beaucoup_de_depots, un_proces_verbal_de_format_1
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de as connecter

pytestmark = pytest.mark.django_db


def lire(client, acte: ProcesVerbal, fin: str = "", **filtre: str):
    return client.get(f"/instruction/vagues/{acte.vague.numero}/proces-verbal/{acte.rang}/{fin}", filtre)


def racine_de(lignes: list[str]) -> str:
    arbre = Arbre()
    for ligne in lignes:
        arbre.ajouter(ligne.encode())
    return arbre.racine().hex()


@pytest.fixture
def acte():
    return une_vague_close(None, None)[0].proces_verbal


@pytest.fixture
def client():
    return connecter(f.un_agent(Role.VALIDEUR))


def test_la_page_montre_l_empreinte_que_redonnent_les_fichiers_telecharges(acte, client):
    complet = json.loads(lire(client, acte, "complet.json").getvalue())
    lignes = lire(client, acte, "lignes.jsonl").getvalue().decode().splitlines()

    assert acte.empreinte in lire(client, acte).content.decode()
    assert complet["empreinte"] == racine_de(complet["lignes"]) == racine_de(lignes) == acte.empreinte
    assert json.loads(lignes[0]) == complet["entete"] == acte.contenu


def test_le_programme_de_la_documentation_retrouve_l_empreinte(acte, client, tmp_path, settings):
    documentation = (settings.RACINE / "docs" / "proces-verbal.md").read_text()
    programme = documentation.split("```python\n")[1].split("```")[0]
    lignes = tmp_path / "lignes.jsonl"
    lignes.write_bytes(lire(client, acte, "lignes.jsonl").getvalue())
    sortie = subprocess.run([sys.executable, "-c", programme, lignes], capture_output=True, check=True, text=True)
    assert sortie.stdout.strip() == acte.empreinte


def test_l_adresse_sans_rang_est_celle_de_la_cloture(acte, client):
    page = client.get(f"/instruction/vagues/{acte.vague.numero}/proces-verbal/")
    assert page.context["acte"] == acte


def test_les_lignes_se_lisent_par_nature_et_par_pages(client):
    vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=5))
    beaucoup_de_depots(vague, 60)
    acte = etablir(vague=vague, rang=1, candidatures=vague.candidatures.all(), maintenant=horloge_base())

    page = lire(client, acte, page="2").context["page"]
    brouillons = lire(client, acte, nature="brouillon").context["page"]

    assert (len(page.object_list), page.paginator.count) == (11, 61)
    assert [ligne["territoire"] for ligne in brouillons] == [f"Territoire n° {n}" for n in range(61, 67)]
    assert lire(client, acte, nature="inconnue").context["nature"] == "depot"


def test_la_page_coute_autant_de_requetes_pour_un_depot_que_pour_trois(client):
    couts = []
    for departements in ([None], [None] * 3):
        vague, _ = une_vague_close(*departements, cloture=horloge_base() - timedelta(days=100 * len(departements)))
        with CaptureQueriesContext(connection) as requetes:
            lire(client, vague.proces_verbal)
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 12


def test_seul_qui_lit_toute_la_vague_lit_le_proces_verbal(acte):
    region = f.un_departement().region
    for personne in (f.un_agent(Role.INSTRUCTEUR, region=region), f.un_agent(Role.EXPERT), f.un_utilisateur()):
        for fin in ("", "complet.json", "lignes.jsonl"):
            assert lire(connecter(personne), acte, fin).status_code == 404
    for role in (Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.COMITE):
        assert lire(connecter(f.un_agent(role)), acte).status_code == 200


def test_un_complement_se_lit_depuis_le_premier(acte, client):
    complement = etablir(
        vague=acte.vague, rang=2, candidatures=acte.vague.candidatures.none(), maintenant=horloge_base()
    )
    assert list(lire(client, acte).context["autres"]) == [complement]
    assert "complément n°\u00a01" in lire(client, complement).content.decode()


def test_un_proces_verbal_d_avant_les_lignes_se_lit_et_se_telecharge_toujours(client):
    depot = f.un_depot(f.une_candidature(vague=f.une_vague(cloture=horloge_base() - timedelta(minutes=5))))
    ancien = un_proces_verbal_de_format_1(depot)
    page = lire(client, ancien)
    assert depot.numero in page.content.decode()
    assert "Mesnil" in lire(client, ancien, nature="brouillon").content.decode()
    telecharge = lire(client, ancien, "complet.json").getvalue()
    assert hashlib.sha256(telecharge).hexdigest() == ancien.empreinte
    assert lire(client, ancien, "lignes.jsonl").status_code == 404


class TestLaPreuve:
    def test_un_territoire_emporte_la_preuve_que_son_depot_est_inscrit(self):
        vague, (dossier, *_) = une_vague_close(None, None, None)
        client = connecter(f.porteur_de(dossier))
        adresse = f"/candidatures/{dossier.pk}/depots/1/"

        page = client.get(adresse)
        preuve = client.get(f"{adresse}preuve.json").json()

        acte = vague.proces_verbal
        assert f"{adresse}preuve.json" in page.content.decode()
        assert json.loads(preuve["ligne"])["numero"] == dossier.depots.get().numero
        assert preuve["empreinte"] == acte.empreinte
        assert est_incluse(
            preuve["ligne"].encode(),
            rang=preuve["rang"],
            taille=preuve["taille"],
            chemin=[bytes.fromhex(voisine) for voisine in preuve["chemin"]],
            racine=bytes.fromhex(acte.empreinte),
        )

    def test_il_n_y_en_a_pas_avant_la_cloture(self):
        depot = f.un_depot()
        client = connecter(f.porteur_de(depot.candidature))
        adresse = f"/candidatures/{depot.candidature_id}/depots/1/"
        assert client.get(adresse).context["inscription"] is None
        assert client.get(f"{adresse}preuve.json").status_code == 404

    def test_personne_d_autre_ne_la_recoit(self):
        _, (dossier,) = une_vague_close(None)
        client = connecter(f.un_utilisateur())
        assert client.get(f"/candidatures/{dossier.pk}/depots/1/preuve.json").status_code == 404
