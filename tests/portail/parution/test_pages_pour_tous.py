"""A public page is the same for everyone, made once, and answered in one statement while nothing has changed."""

import gzip
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_script_prefix, reverse, set_script_prefix
from pytest_django import DjangoAssertNumQueries

from candidatures.models import Vague
from rebond.documentation import acces
from rebond.portail.parution import exemplaires
from rebond.portail.parution.adresses import PUBLIQUES
from rebond.portail.temoin import TEMOIN
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.parution.models import GARDEES
from rebond.socle.parution.version import version_parue
from rebond.socle.requete.cookies import MessagesEnCookie
from territoires.etats import Role
from tests import fabriques as f
from tests.projets import decor

pytestmark = pytest.mark.django_db

ADRESSES = [publique.nom for publique in PUBLIQUES]
#: What anyone may open and is not made once for everyone, and why.
A_QUI_DEMANDE = {
    "plan_du_site": "le menu de qui demande",
    "eligibilite": "la réponse à quatre questions",
    "epci_introuvable": "un formulaire, et sa clé",
    "territoires:recherche_epci": "une recherche, selon ce qui est tapé",
    "heure": "l’heure qu’il est",
    "sante": "l’état du portail, à l’instant",
    "robots": "un fichier de quelques lignes, que des automates gardent un jour",
    "sitemap": "un fichier de quelques lignes, que des automates gardent un jour",
    "security_txt": "un fichier de quatre lignes, que des automates gardent une heure",
    "entete": "ce qui est propre à qui est connecté ; rien aux autres",
    "socialaccount_login_cancelled": "la suite d’une connexion",
    "account_login": "un formulaire, et sa clé",
    "account_inactive": "la suite d’une connexion",
    "account_signup": "un formulaire, et sa clé",
    "account_reset_password": "un formulaire, et sa clé",
    "account_password_reset_completed": "la suite d’une demande",
    "account_request_login_code": "un formulaire, et sa clé",
    "candidatures:invitation": "l’invitation d’une personne",
    **dict.fromkeys(
        ("liens:lien", "liens:lien_pdf", "liens:lien_docx", "liens:lien_piece"), "ce qu’ouvre un lien secret"
    ),
    "verification:depots": "un formulaire, compté par adresse",
    "verification:depot": "un accusé de réception",
    "remise_de_donnees": "un formulaire",
    "refuser_des_lettres": "un formulaire, et sa clé",
}


def octets(reponse: HttpResponseBase) -> tuple[int, dict[str, str], bytes]:
    assert reponse.cookies == {}
    return reponse.status_code, dict(reponse.headers), reponse.content  # type: ignore[attr-defined]


@pytest.fixture
def publie() -> None:
    decor.une_annonce()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    f.une_vague()


def test_chaque_adresse_ouverte_a_tous_est_faite_une_fois_ou_dit_pourquoi_non() -> None:
    matrice = acces.lire(acces.FICHIER.read_text())
    publiques = {
        ligne.adresse
        for ligne in matrice.lignes
        if ligne.methode == "GET" and ligne.reponses[list(matrice.personnes).index("public")] in {"200", "204"}
    }
    assert publiques == {*ADRESSES, *A_QUI_DEMANDE}
    assert not set(ADRESSES) & set(A_QUI_DEMANDE)


def test_chacun_recoit_les_memes_octets_et_les_memes_entetes(publie: None) -> None:
    dossier = f.une_candidature(vague=Vague.objects.latest("cloture"))
    personnes = [None, f.un_utilisateur(), f.porteur_de(dossier), *map(f.un_agent, Role)]
    clients = [Client() for _ in personnes]
    for client, personne in zip(clients, personnes, strict=True):
        if personne is not None:
            client.force_login(personne)
            client.get(reverse("tableau_de_bord"))
            assert client.cookies[TEMOIN].value == "1"
    # Made for the one, sent to all the others; then made for another: whoever comes first changes nothing.
    for place, adresse in enumerate(map(reverse, ADRESSES)):
        rang = place % len(clients)
        exemplaires.vider()
        vues = [octets(client.get(adresse)) for client in clients[rang:] + clients[:rang]]
        exemplaires.vider()
        vues.append(octets(clients[-1 - rang].get(adresse)))
        assert all(vue == vues[0] for vue in vues), adresse
        statut, entetes, corps = vues[0]
        assert (statut, entetes["Vary"]) == (200, "Accept-Encoding")
        assert re.search(rb"csrfmiddlewaretoken|Se d\xc3\xa9connecter", corps) is None


def test_une_fois_faite_une_page_ne_demande_que_sa_version(
    publie: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(f.un_agent(Role.ADMINISTRATEUR))
    for adresse in map(reverse, ADRESSES):
        _ne_demande_que_sa_version(client, adresse, django_assert_num_queries)


def _ne_demande_que_sa_version(
    client: Client, adresse: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    premiere = client.get(adresse)
    with django_assert_num_queries(1) as captees:
        seconde = client.get(adresse)
    assert "FROM socle_parution" in captees[0]["sql"]
    assert octets(seconde) == octets(premiere)
    with django_assert_num_queries(1):
        connue = client.get(adresse, headers={"If-None-Match": f'"autre", W/{premiere["ETag"]}'})
    assert (connue.status_code, connue.content, connue["ETag"]) == (304, b"", premiere["ETag"])
    assert "Content-Security-Policy" in connue
    with django_assert_num_queries(1):
        assert client.head(adresse)["Content-Length"] == str(len(premiere.content))
    with django_assert_num_queries(1):
        assert client.get(adresse, headers={"If-None-Match": '"autre"'}).status_code == 200


def test_la_page_comprimee_est_la_meme_une_fois_ouverte(publie: None, client: Client) -> None:
    for adresse in map(reverse, ADRESSES):
        _se_rouvre(client, adresse)


def _se_rouvre(client: Client, adresse: str) -> None:
    telle_quelle = client.get(adresse)
    comprimee = client.get(adresse, headers={"Accept-Encoding": "br;q=1, gzip;q=0.8"})
    assert (telle_quelle.has_header("Content-Encoding"), comprimee["Content-Encoding"]) == (False, "gzip")
    assert gzip.decompress(comprimee.content) == telle_quelle.content
    assert len(comprimee.content) < len(telle_quelle.content)
    propres = {"ETag", "Content-Length", "Content-Encoding"}
    communs = [{n: v for n, v in lue.headers.items() if n not in propres} for lue in (telle_quelle, comprimee)]
    assert communs[0] == communs[1]
    # A strong mark is that of bytes: two codings have two.
    assert telle_quelle["ETag"] != comprimee["ETag"]
    for refus in ("gzip;q=0", "gzip; q=0.000", "*, gzip;q=0", "*;q=0", "br"):
        assert "Content-Encoding" not in client.get(adresse, headers={"Accept-Encoding": refus}), refus


def test_ce_qu_une_adresse_porte_en_plus_ne_fait_pas_une_page_de_plus(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attendu = octets(client.get("/"))
    exemplaires.vider()
    assert octets(client.get("/?utm_source=lettre")) == attendu
    with django_assert_num_queries(1):
        assert octets(client.get("/?utm_source=ailleurs")) == attendu


def test_une_page_du_calendrier_choisie_par_son_adresse_est_celle_de_qui_la_demande() -> None:
    for rang in range(35):
        debut = horloge_base() + timedelta(days=10 * rang)
        f.une_vague(ouverture=debut, cloture=debut + timedelta(days=9))
    premiere = Client().get("/calendrier/").content
    connecte, personne = Client(), f.un_utilisateur()
    connecte.force_login(personne)
    choisie = connecte.get("/calendrier/?page=2")
    assert str(personne) in choisie.content.decode()
    assert choisie["Cache-Control"] == "private, no-store"
    assert Client().get("/calendrier/?page=2").content not in (premiere, choisie.content)
    assert Client().get("/calendrier/").content == connecte.get("/calendrier/").content == premiere


def test_ce_que_le_portail_vient_de_repondre_se_lit_sur_une_page_qui_ne_se_garde_pas(client: Client) -> None:
    ordinaire = octets(client.get("/"))
    personne = f.un_utilisateur()
    client.force_login(personne)
    client.cookies[MessagesEnCookie.cookie_name] = _message("C’est enregistré.")
    page = client.get("/")
    assert "C’est enregistré." in page.content.decode()
    assert str(personne) in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not page.has_header("ETag")
    assert client.cookies[MessagesEnCookie.cookie_name].value == ""
    del client.cookies[MessagesEnCookie.cookie_name]
    del client.cookies[TEMOIN]
    assert octets(client.get("/")) == ordinaire


def test_ce_que_personne_n_a_signe_ne_se_lit_ni_ne_se_garde(client: Client) -> None:
    client.cookies[MessagesEnCookie.cookie_name] = "contrefait"
    assert client.get("/")["Cache-Control"] == "private, no-store"


def _message(texte: str) -> str:
    from django.http import HttpResponse
    from django.test import RequestFactory

    reponse = HttpResponse()
    MessagesEnCookie(RequestFactory().get("/"))._store([Message(constants.SUCCESS, texte)], reponse)
    return reponse.cookies[MessagesEnCookie.cookie_name].value


@pytest.mark.usefixtures("sans_valkey")
def test_sans_valkey_rien_ne_change(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    premiere = octets(client.get("/"))
    with django_assert_num_queries(1):
        assert octets(client.get("/")) == premiere


def test_un_hote_inconnu_n_obtient_pas_ce_qui_est_garde(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"Host": "ailleurs.example"}).status_code == 400


def test_qui_dit_au_serveur_ou_est_le_portail_ne_le_dit_qu_a_soi(client: Client) -> None:
    attendu = octets(client.get("/contact/"))
    exemplaires.vider()
    set_script_prefix("/ailleurs/")
    try:
        assert b'href="/ailleurs/' in client.get("/contact/", SCRIPT_NAME="/ailleurs").content
    finally:
        clear_script_prefix()
    assert octets(client.get("/contact/")) == attendu


def test_en_https_une_demande_en_clair_est_menee_a_la_meme_page_chiffree(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/", secure=True).status_code == 200
    assert Client().get("/").status_code == 301


def test_chaque_table_que_lisent_ces_pages_les_fait_paraitre(publie: None, client: Client) -> None:
    """Members of a territory change with its key, their départements with the reference, read before the portal
    serves."""
    with CaptureQueriesContext(connection) as captees:
        for nom in ADRESSES:
            client.get(reverse(nom))
    lues = {table for lue in captees for table in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', lue["sql"])}
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE prosrc LIKE '%INSERT INTO socle_parution%'"
        )
        paraissent = {table for (table,) in curseur.fetchall()}
    assert lues - paraissent == {
        *("socle_parution", "instants"),
        *("territoires_territoire_epcis", "territoires_epci_regions", "territoires_epci_departements"),
        "socle_utilisateur",
    } & (lues - paraissent)
    assert {"candidatures_vague", "candidatures_labellisation", "projets_communique"} <= lues


def test_les_parutions_ne_s_amassent_pas_et_aucune_version_ne_revient() -> None:
    vague, vues = f.une_vague(), []
    for rang in range(40):
        type(vague).objects.filter(pk=vague.pk).update(revision=rang)
        vues.append(version_parue().cle)
    assert len(set(vues)) == 40
    assert max(len(vue.split(",")) for vue in vues) == GARDEES


def test_un_brouillon_ne_refait_aucune_page(client: Client) -> None:
    avant = version_parue().cle
    vague = f.une_vague()
    assert version_parue().cle != avant
    avant = version_parue().cle
    candidature = f.une_candidature(vague=vague)
    apres_le_cahier = version_parue().cle
    candidature.territoire.prive = True
    type(candidature.territoire).objects.filter(pk=candidature.territoire_id).update(prive=True)
    avant = version_parue().cle
    type(candidature.territoire).objects.filter(pk=candidature.territoire_id).update(nom="Autrement nommé")
    assert version_parue().cle == avant
    assert apres_le_cahier
    type(candidature.territoire).objects.filter(pk=candidature.territoire_id).update(prive=False)
    assert version_parue().cle != avant


def test_l_instant_de_la_version_est_celui_de_la_base() -> None:
    avant = horloge_base()
    lu: datetime = version_parue().instant
    assert avant <= lu <= horloge_base()
