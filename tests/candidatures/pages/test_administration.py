"""The administrateur's pages: calendar, roles, outbox; and the auditeur's journal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.models import Vague
from candidatures.vagues.actes import ActeDeVague
from rebond.comptes.habilitations import a_le_role
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Habilitation, Organisme
from tests import fabriques as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def client(administrateur):
    client = Client()
    client.force_login(administrateur)
    return client


def local(instant):
    return f"{instant.astimezone(PARIS):%Y-%m-%dT%H:%M}"


def a_la_minute(instant):
    return instant.replace(second=0, microsecond=0)


@pytest.fixture
def deux_vagues():
    """The first opens in ten days; the second follows it at once."""
    debut = a_la_minute(horloge_base()) + timedelta(days=10)
    premiere = f.une_vague(ouverture=debut, cloture=debut + timedelta(days=30))
    seconde = f.une_vague(ouverture=premiere.cloture, cloture=premiere.cloture + timedelta(days=30))
    return premiere, seconde


def test_le_calendrier_se_complete_jusqu_a_une_date(client):
    dans_un_an = (horloge_base() + timedelta(days=365)).astimezone(PARIS).date()
    reponse = client.post("/administration/vagues/", {"jusqu_au": dans_un_an.isoformat()})
    assert reponse.status_code == 302
    derniere = Vague.objects.latest("numero")
    assert derniere.cloture.astimezone(PARIS).date() > dans_un_an


def test_une_date_passee_est_refusee_sur_son_champ(client):
    reponse = client.post("/administration/vagues/", {"jusqu_au": "2023-01-01"})
    assert reponse.context["formulaire"].errors == {"jusqu_au": ["Choisissez une date à venir."]}


def test_les_dates_d_une_vague_se_deplacent_a_l_heure_de_paris(client, deux_vagues):
    vague, _ = deux_vagues
    ouverture = vague.ouverture + timedelta(days=1)
    client.post(
        f"/administration/vagues/{vague.numero}/", {"ouverture": local(ouverture), "cloture": local(vague.cloture)}
    )
    vague.refresh_from_db()
    assert vague.ouverture == ouverture
    assert EntreeJournal.objects.filter(acte="deplacer", objet_id=str(vague.pk)).exists()


def test_un_chevauchement_se_lit_au_champ_qui_le_cause(client, deux_vagues):
    premiere, seconde = deux_vagues
    saisie = {"ouverture": local(premiere.ouverture), "cloture": local(seconde.ouverture + timedelta(hours=1))}
    erreurs = client.post(f"/administration/vagues/{premiere.numero}/", saisie).context["formulaire"].errors
    assert list(erreurs) == ["cloture"]
    assert erreurs["cloture"][0].startswith("Cette période chevauche celle d’une autre vague. La vague")

    saisie = {"ouverture": local(premiere.cloture - timedelta(hours=1)), "cloture": local(seconde.cloture)}
    erreurs = client.post(f"/administration/vagues/{seconde.numero}/", saisie).context["formulaire"].errors
    assert list(erreurs) == ["ouverture"]


def test_les_dates_d_une_vague_ouverte_ne_changent_plus_et_la_page_dit_pourquoi(client):
    vague = f.une_vague()
    bornes = (vague.ouverture, vague.cloture)
    page = client.get(f"/administration/vagues/{vague.numero}/").content.decode()
    assert "Reporter sa clôture serait une prolongation, motivée et signée par deux personnes." in page
    assert "<form method" not in page.split("<main")[1].split("</main")[0]
    reponse = client.post(
        f"/administration/vagues/{vague.numero}/",
        {"ouverture": local(vague.ouverture), "cloture": local(a_la_minute(vague.cloture) + timedelta(days=1))},
    )
    assert reponse.status_code == 409
    vague.refresh_from_db()
    assert (vague.ouverture, vague.cloture) == bornes


def test_une_vague_close_ne_se_modifie_plus(client):
    vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=5))
    assert client.get(f"/administration/vagues/{vague.numero}/").status_code == 404


def test_un_role_se_donne_par_adresse_et_se_retire(client):
    personne = f.un_utilisateur("agent@example.fr")
    organisme = Organisme.objects.get()
    saisie = {"adresse": "Agent@Example.fr", "role": Role.EXPERT, "organisme": organisme.pk}
    assert client.post("/administration/roles/donner/", saisie).status_code == 302
    habilitation = Habilitation.objects.get(utilisateur=personne)
    assert (habilitation.role, habilitation.perimetre) == (Role.EXPERT, "national")
    assert a_le_role(Utilisateur.objects.get(pk=personne.pk), Role.EXPERT)
    client.post(f"/administration/roles/{habilitation.pk}/retirer/")
    assert not a_le_role(Utilisateur.objects.get(pk=personne.pk), Role.EXPERT)
    actes = EntreeJournal.objects.filter(objet_id=str(habilitation.pk)).order_by("pk").values_list("acte", flat=True)
    assert list(actes) == ["habilitation donnée", "habilitation activée", "habilitation retirée"]


def test_une_adresse_mal_ecrite_et_deux_perimetres_sont_refuses_sur_leurs_champs(client):
    departement = f.un_departement()
    saisie = {
        "adresse": "inconnue@example",
        "role": Role.EXPERT,
        "organisme": Organisme.objects.get().pk,
        "region": departement.region.pk,
        "departement": departement.pk,
    }
    reponse = client.post("/administration/roles/donner/", saisie)
    assert set(reponse.context["formulaire"].errors) == {"adresse", "departement"}
    assert "inconnue@example" in reponse.content.decode()


def test_l_administrateur_ne_se_retire_pas_son_propre_role(client, administrateur):
    habilitation = administrateur.habilitations.get()
    reponse = client.post(f"/administration/roles/{habilitation.pk}/retirer/")
    assert reponse.status_code == 409
    assert administrateur.habilitations.filter(role=Role.ADMINISTRATEUR).exists()


def test_un_courriel_mis_de_cote_se_renvoie_et_lui_seul(client):
    ecarte = Courrier.objects.create(
        cle="un", destinataire="a@example.fr", objet="Un", texte="…", abandonne_le=horloge_base(), tentatives=12
    )
    attente = Courrier.objects.create(cle="deux", destinataire="b@example.fr", objet="Deux", texte="…")
    assert client.post(f"/courriers/{attente.pk}/renvoyer/").status_code == 404
    assert client.get(f"/courriers/{ecarte.pk}/renvoyer/").url == "/courriers/"
    assert client.post(f"/courriers/{ecarte.pk}/renvoyer/").status_code == 302
    ecarte.refresh_from_db()
    assert (ecarte.abandonne_le, ecarte.tentatives) == (None, 0)


def test_la_liste_des_courriels_ne_montre_jamais_leur_texte(client):
    secret = "Votre territoire est lauréat."
    Courrier.objects.create(cle="x", destinataire="a@example.fr", objet="Résultat", texte=secret)
    page = client.get("/courriers/", {"situation": "attente", "q": "résultat"}).content.decode()
    assert "a@example.fr" in page
    assert secret not in page


def remplir(nombre):
    for _ in range(nombre):
        f.une_vague(cloture=horloge_base() - timedelta(days=100 * (1 + Vague.objects.count())), ouverture=None)
        personne = f.un_agent(Role.PRESSE)
        Courrier.objects.create(cle=personne.email, destinataire=personne.email, objet="Bonjour", texte="…")


@pytest.mark.parametrize(
    ("adresse", "role"),
    [
        ("/administration/vagues/", Role.ADMINISTRATEUR),
        ("/administration/roles/", Role.ADMINISTRATEUR),
        ("/courriers/", Role.ADMINISTRATEUR),
        ("/journal/", Role.AUDITEUR),
        ("/tableau-de-bord/", Role.ADMINISTRATEUR),
    ],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(adresse, role):
    client = Client()
    client.force_login(f.un_agent(role))
    mesures = []
    for nombre in (1, 2):
        remplir(nombre)
        with CaptureQueriesContext(connection) as captees:
            assert client.get(adresse).status_code == 200
        mesures.append(len(captees))
    assert mesures[0] == mesures[1]


def test_le_journal_se_filtre_par_acte_objet_et_auteur():
    client = Client()
    client.force_login(f.un_agent(Role.AUDITEUR))
    vague, personne = f.une_vague(), f.un_utilisateur(nom="Étienne")
    consigner(ActeDeVague.DEPLACER, vague, acteur=personne)
    consigner(ActeDeVague.CLORE, vague, acteur=None)
    for filtre in ({"acte": "deplacer"}, {"acteur": "etienne"}):
        page = client.get("/journal/", filtre).context["page"]
        assert [entree.acte for entree in page] == ["deplacer"]
    contexte = client.get("/journal/", {"objet": str(vague)}).context
    (acte,) = (colonne for colonne in contexte["liste"].colonnes if colonne.cle == "acte")
    assert [acte.lire(entree) for entree in contexte["page"]] == ["Clôture enregistrée", "Dates de la vague modifiées"]
    assert client.get("/journal/", {"au": "2020-01-01"}).context["page"].paginator.count == 0
