"""Whatever an address or a form of the instruction says, it is answered: never an error of ours, never markup."""

from datetime import timedelta

import pytest
from django.test import Client

from candidatures.models import Candidature, VueEnregistree
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.requetes import un_client
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.pages import Page

pytestmark = pytest.mark.django_db
MONSTRES = ("9" * 4400, "\x00", "é" * 3000)
# What a list, its file or its archive may be asked, by their own names, and what no page has.
DE_LA_LISTE = (
    *(
        "onglet",
        "etape",
        "region",
        "departement",
        "responsable",
        "avis",
        "correction",
        "filiere",
        "note",
        "ecart",
        "q",
    ),
    *("ecart", "etat", "page", "tri", "colonnes", "dossiers", "liste", "place", "ancre", "de", "a", "inconnue"),
)


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def client() -> Client:
    return un_client(f.un_agent(Role.INSTRUCTEUR))


def pages(dossier: Candidature) -> list[str]:
    vague, siennes = f"/instruction/vagues/{dossier.vague.numero}/", f"/instruction/dossiers/{dossier.pk}/"
    de_la_vague = ("", "dossiers.csv", "dossiers.xlsx", "dossiers.zip", "repartir/", "vues/", "evaluations/")
    return [
        *(f"{vague}{page}" for page in de_la_vague),
        *(f"{siennes}{page}" for page in ("", "notes/")),
        *("/instruction/", "/instruction/evaluations/"),
    ]


@pytest.mark.parametrize("monstre", MONSTRES, ids=["géant", "nul", "long"])
def test_aucune_valeur_ne_fait_tomber_une_page(client: Client, dossier: Candidature, monstre: str) -> None:
    for page in pages(dossier):
        lue = client.get(page, dict.fromkeys(DE_LA_LISTE, monstre))
        assert lue.status_code in {200, 302}, page


def test_dix_mille_cles_et_une_page_au_dela_de_la_derniere(client: Client, dossier: Candidature) -> None:
    """Refused whole, with a page of ours, or read as what there is."""
    vague = f"/instruction/vagues/{dossier.vague.numero}/"
    cles = [str(cle) for cle in range(10_000)]
    for page in (vague, f"{vague}dossiers.csv", f"{vague}dossiers.zip", f"{vague}repartir/"):
        assert client.get(page, {"dossiers": cles}).status_code == 400
    assert client.post(f"{vague}actes/", {"acte": "recevable", "dossiers": cles}).status_code == 413
    derniere = client.get(vague, {"page": "999999"})
    assert dossier.reference in derniere.text
    suite = client.get(f"/instruction/dossiers/{dossier.pk}/", {"liste": "&".join(f"dossiers={cle}" for cle in cles)})
    assert suite.status_code in {200, 400}


def test_une_vue_ne_garde_que_ce_qu_une_liste_demande(client: Client, dossier: Candidature) -> None:
    adresse = f"/instruction/vagues/{dossier.vague.numero}/vues/"
    for rang, demande in enumerate(("a&" * 999, "dossiers=1&dossiers=2&q=<b>x</b>&page=9", "https://exemple.fr/?q=x")):
        client.post(adresse, {"nom": f"<i>{rang}</i>", "demande": demande, **f.d_une_autre_page()})
    gardees = list(VueEnregistree.objects.order_by("pk").values_list("demande", flat=True))
    assert len(gardees) == 3
    assert not any(mot in gardee for gardee in gardees for mot in ("dossiers", "page", "exemple.fr", "<"))
    page = client.get(adresse)
    assert "<i>" not in page.text
    ouvertes = [lien for lien in Page(adresse, page.text).liens if "?" in lien]
    assert ouvertes
    assert {client.get(lien).status_code for lien in ouvertes} <= {200, 302}


def test_ce_que_des_gens_ecrivent_n_est_jamais_du_balisage(client: Client, dossier: Candidature) -> None:
    """In notes, messages, words with a file, questions, reasons: on its page and in what lists and searches show."""
    balise = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    base = f"/instruction/dossiers/{dossier.pk}/"
    collegue = f.un_agent(Role.INSTRUCTEUR)
    expert = f.un_agent(Role.EXPERT)
    organisme = expert.habilitations.get().organisme_id
    envois = {
        "notes/": {"texte": balise, "pour": [collegue.pk]},
        "messages/": {"texte": balise},
        "confier/": {"instructeur": collegue.pk, "mot": balise, "vue": 0},
        "avis/demander/": {f"organisme-{organisme}": expert.pk, "question": balise, "a_rendre_avant": dans_un_mois()},
        "correction/demander/": {"motif": balise, "questions": "projets.projets", "echeance_0": dans_un_mois()},
    }
    for page, donnees in envois.items():
        client.post(f"{base}{page}", donnees | f.d_une_autre_page())
    lues = [base, *(f"{base}{page}" for page in ("notes/", "messages/", "confier/")), "/tableau-de-bord/"]
    lues += [f"/instruction/vagues/{dossier.vague.numero}/?q=alert", "/recherche/?q=alert"]
    textes = {page: client.get(page).text for page in lues}
    assert "alert(1)" in textes[base]
    assert not [page for page, texte in textes.items() if "<script>alert" in texte or "<img src=x" in texte]
    demande = un_client(expert).get(f"/instruction/avis/{dossier.saisines.get().pk}/").text
    assert "alert(1)" in demande
    assert "<script>alert" not in demande


def dans_un_mois() -> str:
    return (jour_de_paris(horloge_base()) + timedelta(days=30)).isoformat()
