"""What saving, depositing and each page of a file ask of the database, whatever the size of the file."""

import re
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.actions.dossier_tenu import section_tenue
from candidatures.dossier.etats import Qualite
from candidatures.dossier.instantane import composition_de, instantane, membres_de, pieces_de
from candidatures.dossier.requetes import derniere_version
from candidatures.models import Candidature, Depot, VersionComplete, VersionDeSection
from rebond.socle.documents.models import Analyse
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.pieces.outils import un_second_membre
from tests.candidatures.dossier.pieces.test_pages import remplir
from tests.candidatures.pages.pages import client_de, page, texte

# As many as a block takes.
LIGNES = 30
# Who asks, and the clock; the transaction and its end; the lock; the file; the write.
ENREGISTRER = ["SELECT", "BEGIN", "SELECT … FOR UPDATE", "SELECT", "WITH … UPDATE", "COMMIT"]
DEPOSER = [
    *("SELECT", "SELECT", "BEGIN", "SELECT … FOR SHARE", "SELECT … FOR UPDATE", "SELECT"),
    # The deposit, its files, the state of the file and the journal.
    *("INSERT", "INSERT", "UPDATE", "INSERT"),
    # The territory that it holds, the reminders that nobody waits for any more.
    *("SAVEPOINT", "WITH … UPDATE", "RELEASE", "SELECT … FOR UPDATE", "COMMIT"),
]
PAGES = {"dossier": 6, "lire": 4, "section": 6, "pieces": 4, "deposer": 10, "versions": 4, "liste": 4}


def gestes(requetes: CaptureQueriesContext) -> list[str]:
    """Each statement by its verbs: « SELECT … FOR UPDATE »."""
    return [_geste(dite["sql"].strip()) for dite in requetes]


def _geste(sql: str) -> str:
    verbe = sql.split(maxsplit=1)[0]
    if verbe == "WITH":
        return "WITH … UPDATE" if "UPDATE candidatures_candidature" in sql else verbe
    verrou = re.search(r"FOR (UPDATE|SHARE)(?: OF \S+)?(?: SKIP LOCKED)?$", sql)
    return f"{verbe} … FOR {verrou[1]}" if verrou else verbe


def entre(candidature: Candidature) -> Client:
    """The porteur, signed in as the portal's own page leaves them."""
    porteur = f.porteur_de(candidature)
    client = client_de(porteur)
    UserSession.objects.create(user=porteur, session_key=client.session.session_key, ip="127.0.0.1")
    return client


def lignes(nombre: int) -> dict[str, Any]:
    """What a browser sends of so many companies."""
    champs: dict[str, Any] = {"emplois_concernes": "120", "liste-TOTAL_FORMS": nombre, "liste-INITIAL_FORMS": 0}
    for rang in range(nombre):
        champs |= {f"liste-{rang}-nom": f"Filature {rang}", f"liste-{rang}-emplois": "3"}
    return champs


def enregistrer(client: Client, candidature: Candidature, **champs: Any) -> tuple[list[str], dict[str, Any]]:
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.post(page("automatique", candidature.pk, "entreprises"), {"revision": 1, **champs})
    assert reponse.status_code == 200
    return gestes(requetes), reponse.json()


@pytest.mark.django_db(transaction=True)
def test_enregistrer_pendant_la_saisie_tient_en_six_instructions_quelle_que_soit_la_taille() -> None:
    candidature = f.une_candidature()
    client = entre(candidature)
    enregistrer(client, candidature, **lignes(1))
    petit, _ = enregistrer(client, candidature, **{**lignes(1), "revision": 2, "liste-0-nom": "Tissage"})
    remplir(candidature, settings.PIECES_NOMBRE_MAX - 1)
    grand, dit = enregistrer(client, candidature, **{**lignes(LIGNES), "revision": 3})
    assert petit == grand == ENREGISTRER
    assert (dit["etat"], dit["revision"], dit["manques"]) == ("enregistre", 4, "Le dossier est complet.")

    candidature.refresh_from_db()
    version = VersionDeSection.objects.get(candidature=candidature, section="entreprises", revision=4)
    assert len(version.reponses["liste"]) == LIGNES
    assert candidature.contenu == f.un_contenu() | {"entreprises": version.reponses}
    assert (version.automatique, version.auteur, version.restauree_de) == (True, f.porteur_de(candidature), None)
    assert candidature.modifiee_le == version.enregistree_le
    complete = VersionComplete.objects.get(candidature=candidature)
    present = instantane(Candidature.objects.get(pk=candidature.pk), pieces_de(candidature), membres_de(candidature))
    assert (complete.contenu, complete.empreinte) == (present, candidature.empreinte)
    assert (complete.fait_le, complete.auteur) == (version.enregistree_le, version.auteur)


@pytest.mark.django_db(transaction=True)
def test_ce_qui_ne_change_rien_n_ecrit_rien() -> None:
    candidature = f.une_candidature()
    client = entre(candidature)
    enregistrer(client, candidature, **lignes(1))
    rien, dit = enregistrer(client, candidature, **{**lignes(1), "revision": 2})
    assert rien == [geste for geste in ENREGISTRER if geste != "WITH … UPDATE"]
    assert dit["revision"] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("jointes", [1, "au plus"])
def test_deposer_tient_en_quinze_instructions_quelle_que_soit_la_taille(jointes: Any) -> None:
    candidature = f.une_candidature()
    if jointes != 1:
        remplir(candidature, settings.PIECES_NOMBRE_MAX - 1)
    client = entre(candidature)
    lecture = re.search(r'name="lecture" value="([^"]*)"', texte(client.get(page("deposer", candidature.pk))))
    assert lecture
    demande = {"cle": uuid4(), "lecture": lecture[1]}
    with CaptureQueriesContext(connection) as requetes:
        assert client.post(page("deposer", candidature.pk), demande).status_code == 302
    assert gestes(requetes) == DEPOSER

    depot = Depot.objects.get()
    assert depot.pieces.count() == candidature.pieces.count()
    assert (depot.lecture, depot.cle) == ("conforme", demande["cle"])
    assert EntreeJournal.objects.get(acte="deposer").details["depot"] == depot.numero
    # The same request again is the same deposit.
    with CaptureQueriesContext(connection) as requetes:
        assert client.post(page("deposer", candidature.pk), demande).status_code == 302
    assert gestes(requetes) == [*DEPOSER[:6], "SELECT", "COMMIT"]
    assert Depot.objects.get() == depot


@pytest.mark.django_db
def test_les_pages_d_un_dossier_ne_lisent_pas_deux_fois_la_meme_chose() -> None:
    candidature = f.une_candidature()
    client = entre(candidature)
    vus = []
    for _ in range(2):
        couts = {}
        for nom in PAGES:
            arguments = {"section": ("entreprises",), "versions": ("entreprises",)}.get(nom, ())
            adresse = page(nom, candidature.pk, *arguments) if nom != "liste" else page(nom)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            lues = [dite["sql"] for dite in requetes]
            assert len(set(lues)) == len(lues)
            assert not [sql for sql in lues if "definition" in sql]
            couts[nom] = len(lues)
        vus.append(couts)
        if candidature.pieces.count() == 1:
            remplir(candidature, settings.PIECES_NOMBRE_MAX - 1)
    assert vus == [PAGES, PAGES]


@pytest.mark.django_db
def test_le_dossier_tenu_dit_ce_que_diraient_les_autres_lectures() -> None:
    candidature = f.une_candidature()
    remplir(candidature, 2)
    un_second_membre(candidature)
    infectee, saine, _ = candidature.pieces.order_by("pk")
    Analyse.objects.create(document=infectee.document, saine=False, detail="Eicar")
    Analyse.objects.create(document=saine.document, saine=True)
    seule = Candidature.objects.get(pk=candidature.pk)
    pieces, membres = pieces_de(seule), membres_de(seule)
    with section_tenue(
        dossier=candidature.pk, section="choc", revision=1, personne=f.porteur_de(candidature)
    ) as tenue:
        assert tenue is not None
        assert tenue.contenu == instantane(seule, pieces, membres)
        assert tenue.composition == composition_de(seule, pieces, membres)
        assert str(tenue.candidature) == str(seule)
        assert [jointe.saine for jointe in tenue.composition.jointes] == [False, True, True]
        derniere = derniere_version(candidature, "choc")
        assert derniere is not None
        assert tenue.derniere is not None
        for champ in VersionDeSection._meta.concrete_fields:
            assert getattr(tenue.derniere, champ.attname) == getattr(derniere, champ.attname), champ.name
        assert str(tenue.derniere.auteur) == str(derniere.auteur)
        assert tenue.base == derniere.reponses
        assert tenue.qualite is Qualite.PORTEUR


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [(), (Role.PRESSE,), (Role.INSTRUCTEUR,), (Role.VALIDEUR,)])
def test_qui_tient_un_role_lit_son_dossier_comme_les_autres(roles: tuple[Role, ...]) -> None:
    candidature = f.une_candidature()
    porteur = f.porteur_de(candidature)
    sans = texte(client_de(porteur).get(page("lire", candidature.pk)))
    for role in roles:
        f.un_role(porteur, role)
    avec = texte(client_de(porteur).get(page("lire", candidature.pk)))
    assert _corps(sans) == _corps(avec)
    etranger = f.un_utilisateur()
    for role in roles:
        f.un_role(etranger, role)
    assert client_de(etranger).get(page("lire", candidature.pk)).status_code == 404


@pytest.mark.django_db
def test_une_page_va_a_une_seule_heure_et_un_acte_la_demande() -> None:
    candidature = f.une_candidature()
    client = entre(candidature)
    with CaptureQueriesContext(connection) as requetes:
        client.get(page("liste"))
    assert [dite["sql"] for dite in requetes if dite["sql"] == "SELECT clock_timestamp()"] == []
    avant = horloge_base()
    assert horloge_base() > avant


def _corps(html: str) -> str:
    (corps,) = re.findall(r"<main.*</main>", html, re.DOTALL)
    return str(corps)
