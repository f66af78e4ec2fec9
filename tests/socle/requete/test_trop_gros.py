"""What is too big is refused by a page, on a connection that stays; what only nearly is comes back as it was typed."""

import http.client
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLResolver, get_resolver

from rebond.socle.requete import trop_gros
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de

MO = 1024 * 1024
FORMULAIRE = {"Content-Type": "application/x-www-form-urlencoded"}
CONTACT = "/compte/login/code/"


def vues(motifs=None, prefixe=""):
    """Each named view of the portal."""
    for motif in get_resolver().url_patterns if motifs is None else motifs:
        if isinstance(motif, URLResolver):
            espace = f"{motif.namespace}:" if motif.namespace else ""
            yield from vues(motif.url_patterns, prefixe + espace)
        elif motif.name:
            yield f"{prefixe}{motif.name}", motif.callback


def titre(page: str) -> bool:
    return "<h1>Votre envoi est trop gros</h1>" in page


@pytest.mark.django_db
def test_trois_millions_d_octets_dans_une_rubrique_reviennent_avec_ce_qui_ne_va_pas():
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    adresse = f"/candidatures/{candidature.pk}/rubriques/choc/"
    tape = "a" * (3 * MO)
    reponse = porteur.post(adresse, {"description": tape})
    assert (reponse.status_code, tape in reponse.text) == (200, True)
    assert "caractères" in reponse.text


@pytest.mark.django_db
def test_une_requete_trop_grosse_a_sa_page_et_ses_nombres():
    client = client_de(f.un_utilisateur())
    corps = "x=" + "a" * (7 * MO)
    reponse = client.post("/candidatures/", corps, content_type=FORMULAIRE["Content-Type"])
    assert (reponse.status_code, titre(reponse.text)) == (413, True)
    assert "Il pèse 8 Mo, et le portail en reçoit 6 au plus en une fois." in reponse.text
    assert "Connection" not in reponse


@pytest.mark.django_db
@pytest.mark.parametrize("genre", ["champs", "texte"])
def test_trop_de_champs_ou_trop_de_texte_autour_d_un_fichier_aussi(genre, settings):
    client = client_de(f.un_utilisateur())
    donnees = {
        "champs": {f"c{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)},
        "texte": {"c": "a" * (7 * MO)},
    }[genre]
    fichier = SimpleUploadedFile("a.txt", b"a")
    reponse = client.post("/candidatures/", donnees | {"fichier": fichier})
    assert (reponse.status_code, titre(reponse.text)) == (413, True)


def test_seules_les_pages_qui_en_ont_besoin_recoivent_plus_de_champs_que_django(settings):
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 1000
    marquees = {nom: vue.champs_au_plus for nom, vue in vues() if hasattr(vue, "champs_au_plus")}
    assert marquees == {
        "candidatures:section": 2000,
        "candidatures:automatique": 2000,
        "candidatures:correction_section": 2000,
        "instruction:decisions": 25_000,
    }


@pytest.mark.django_db
def test_une_rubrique_recoit_ce_qu_elle_demande_et_pas_davantage():
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    adresse = f"/candidatures/{candidature.pk}/rubriques/choc/"
    for combien, statut in ((1500, 200), (2001, 413)):
        tapes = {"description": "é" * 9999, **{f"c{n}": "" for n in range(combien - 1)}}
        reponse = porteur.post(adresse, urlencode(tapes), content_type=FORMULAIRE["Content-Type"])
        assert (reponse.status_code, "é" * 9999 in reponse.text) == (statut, statut == 200)
    assert "Il compte plus de 2\u202f000 réponses" in reponse.text
    # What comes with files is counted while it is read.
    assert porteur.post(adresse, {f"c{n}": "" for n in range(1500)}).status_code == 413


@pytest.mark.django_db
def test_une_autre_page_n_en_recoit_que_mille():
    client = client_de(f.un_utilisateur())
    for combien, statut in ((1000, 302), (1001, 413)):
        tapes = urlencode({f"c{n}": "" for n in range(combien)})
        assert client.post("/nulle-part", tapes, content_type=FORMULAIRE["Content-Type"]).status_code in {statut, 404}
        reponse = client.post("/candidatures/", tapes, content_type=FORMULAIRE["Content-Type"])
        assert titre(reponse.text) is (statut == 413)


@pytest.mark.django_db
def test_qui_n_est_pas_connecte_n_envoie_pas_de_fichier_et_l_apprend(client):
    gros = SimpleUploadedFile("a.bin", b"0" * (7 * MO))
    reponse = client.post("/candidatures/1/pieces/", {"fichier": gros}, follow=True)
    assert reponse.redirect_chain[0] == ("/compte/login/?next=/candidatures/1/pieces/", 302)
    assert trop_gros.DECONNECTE in reponse.text


@pytest.mark.django_db
def test_un_fichier_permis_passe_encore(settings):
    settings.PIECE_TAILLE_MAX = 8 * MO
    client = client_de(f.un_utilisateur())
    reponse = client.post("/candidatures/1/pieces/", {"fichier": SimpleUploadedFile("a.bin", b"0" * (7 * MO))})
    assert reponse.status_code == 404
    settings.PIECE_TAILLE_MAX = 0
    reponse = client.post("/candidatures/1/pieces/", {"fichier": SimpleUploadedFile("a.bin", b"0" * (11 * MO))})
    assert (reponse.status_code, titre(reponse.text)) == (413, True)


@pytest.mark.django_db
@pytest.mark.parametrize("longueur", ["9" * 4400, "-1", "abc"])
def test_une_longueur_qui_n_en_est_pas_une_est_refusee(client, longueur):
    reponse = client.post(CONTACT, "x=1", content_type=FORMULAIRE["Content-Type"], CONTENT_LENGTH=longueur)
    assert reponse.status_code == 413


@pytest.mark.django_db(transaction=True)
def test_la_connexion_n_est_pas_coupee(live_server):
    """Over a socket: the page comes back after the whole request, and the same connection serves the next one."""
    adresse = urlsplit(live_server.url)
    connexion = http.client.HTTPConnection(adresse.hostname or "", adresse.port, timeout=30)
    connexion.request("POST", CONTACT, body=b"x=" + b"a" * (12 * MO), headers=FORMULAIRE)
    reponse = connexion.getresponse()
    assert (reponse.status, titre(reponse.read().decode())) == (413, True)
    connexion.request("GET", "/sante/")
    assert connexion.getresponse().status == 200
    connexion.close()


@pytest.mark.django_db
def test_ce_qui_ne_finit_pas_n_est_pas_lu_sans_fin(client, monkeypatch):
    monkeypatch.setattr(trop_gros, "JETE_AU_PLUS", MO)
    reponse = client.post(CONTACT, "x=" + "a" * (9 * MO), content_type=FORMULAIRE["Content-Type"])
    assert (reponse.status_code, reponse["Connection"]) == (413, "close")
