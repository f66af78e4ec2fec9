"""What is dear is counted by account, or by address for whoever is not signed in, and refused with a page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from candidatures.pages.territoire import televersements
from rebond.socle.requete import limites
from rebond.socle.requete.compteurs import Limite
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.televersements.outils import annoncer, envoyer
from tests.candidatures.pages.pages import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def serrees(monkeypatch):
    for nom in ("RECHERCHES", "RECHERCHES_D_UNE_ADRESSE", "FICHIERS"):
        monkeypatch.setattr(limites, nom, Limite(getattr(limites, nom).nom, 2, 60))


def statuts(client, chemin, fois=3, **entetes):
    return [client.get(chemin, **entetes).status_code for _ in range(fois)]


@pytest.mark.usefixtures("serrees")
class TestRecherches:
    def test_un_compte_est_borne_ou_qu_il_soit_et_lui_seul(self, client):
        moi, autre = f.un_agent(Role.AUDITEUR), f.un_agent(Role.AUDITEUR)
        assert statuts(client_de(moi), "/journal/?objet=a") == [200, 200, 429]
        assert statuts(client_de(moi), "/journal/?objet=b", 1, REMOTE_ADDR="192.0.2.9") == [429]
        assert statuts(client_de(autre), "/journal/?objet=a", 1) == [200]
        assert statuts(client_de(moi), "/journal/", 1) == [200]

    def test_un_visiteur_est_borne_par_son_adresse(self, client):
        assert statuts(client, "/calendrier/?page=1") == [200, 200, 429]
        assert statuts(client, "/calendrier/?page=1", 1, REMOTE_ADDR="192.0.2.9") == [200]

    @pytest.mark.usefixtures("sans_valkey")
    def test_sans_valkey_aussi(self, client):
        assert statuts(client, "/calendrier/?page=1") == [200, 200, 429]

    def test_le_refus_dit_pourquoi_et_quand_revenir(self, client):
        client.force_login(f.un_utilisateur())
        statuts(client, "/calendrier/?page=1")
        refus = client.get("/calendrier/?page=1")
        assert (refus.status_code, refus["Retry-After"]) == (429, "60")
        assert limites.PHRASES["recherches"] in refus.text
        assert "Attendez une minute, puis recommencez." in refus.text


@pytest.mark.usefixtures("serrees")
def test_les_fichiers_d_un_formulaire_se_comptent_et_les_autres_formulaires_non(client):
    client.force_login(f.un_utilisateur())
    envois = [
        client.post("/candidatures/1/pieces/", {"fichier": SimpleUploadedFile("a", b"a")}).status_code
        for _ in range(3)
    ]
    assert envois == [404, 404, 429]
    assert [client.post("/candidatures/1/pieces/", {"a": "b"}).status_code for _ in range(3)] == [404] * 3


def test_un_fichier_annonce_morceau_par_morceau_compte_et_le_refus_est_une_phrase(monkeypatch):
    monkeypatch.setattr(televersements, "FICHIERS", Limite(limites.FICHIERS.nom, 1, 60))
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    premier, second = annoncer(porteur, candidature), annoncer(porteur, candidature)
    assert (premier.status_code, second.status_code) == (201, 429)
    assert (second["Content-Type"], second.text) == ("text/plain; charset=utf-8", limites.PHRASES["fichiers"])


@pytest.mark.parametrize("debut", ["9" * 4400, "٣", "-1", str(10**12)])
def test_un_decalage_qui_n_est_pas_un_nombre_borne_est_refuse(debut):
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    adresse = annoncer(porteur, candidature)["Location"]
    assert envoyer(porteur, adresse, debut, b"a").status_code == 400


def vues(resolveur, prefixe=""):
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from vues(motif, prefixe + str(motif.pattern))
        elif isinstance(motif, URLPattern):
            yield prefixe + str(motif.pattern), motif.callback


def enveloppes(vue):
    while vue is not None:
        yield vue.__code__
        vue = getattr(vue, "__wrapped__", None)


def test_aucun_tableau_ni_document_fait_sur_le_champ_n_est_sans_borne():
    """Every address whose answer is made while one waits, by what its view calls."""
    chers = {"_repondre", "document_prepare", "en_jsonl", "en_json", "en_pdf"}
    borne = limites.limiter(limites.EXPORTS)(lambda _: None).__code__
    trouvees = {chemin: list(enveloppes(vue)) for chemin, vue in vues(get_resolver())}
    cheres = {chemin for chemin, codes in trouvees.items() if any(chers & set(code.co_names) for code in codes)}
    assert len(cheres) >= 10
    assert {chemin for chemin in cheres if borne not in trouvees[chemin]} == set()
