"""The list of files is filtered, sorted, searched and exported."""

import pytest
from python_calamine import CalamineWorkbook

from candidatures.instruction.etats import SensAvis
from candidatures.models import Candidature
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter, demander

pytestmark = pytest.mark.django_db


@pytest.fixture
def trois():
    """Three files: « Val d’Étain » with a rendered avis, « Pays noir » waiting for one, « Rives » without."""
    vague, dossiers = une_vague_close(None, None, None, noms=["Val d’Étain", "Pays noir", "Rives"])
    auteur = f.un_agent(Role.INSTRUCTEUR)
    expert = f.un_agent(Role.EXPERT)
    for dossier in dossiers[:2]:
        demander(dossier, expert, auteur)
    rendre_avis(
        candidature=dossiers[0], expert=expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
    )
    instruire(dossiers[2], instructeur=auteur)
    return connecter(auteur), vague, dossiers


@pytest.mark.parametrize(
    ("filtre", "trouves"),
    [
        ({}, ["Pays noir", "Rives", "Val d’Étain"]),
        ({"tri": "-territoire"}, ["Val d’Étain", "Rives", "Pays noir"]),
        ({"q": "etain"}, ["Val d’Étain"]),
        ({"avis": "sans"}, ["Rives"]),
        ({"avis": "attendus"}, ["Pays noir"]),
        ({"avis": "rendus"}, ["Val d’Étain"]),
        ({"etat": "instruite"}, ["Rives"]),
        ({"filiere": "naval"}, []),
        ({"filiere": "textile", "q": "pays"}, ["Pays noir"]),
        ({"region": "32"}, ["Pays noir", "Rives", "Val d’Étain"]),
        ({"tri": "n’importe quoi", "region": "inconnue"}, ["Pays noir", "Rives", "Val d’Étain"]),
    ],
)
def test_la_liste_se_filtre_se_trie_et_se_cherche(trois, filtre, trouves):
    client, vague, _ = trois
    page = client.get(f"/instruction/vagues/{vague.numero}/", filtre).context["page"]
    assert [dossier.territoire.nom for dossier in page] == trouves


def test_la_recherche_trouve_par_reference_et_par_siren(trois):
    client, vague, dossiers = trois
    cherche = dossiers[1]
    for saisie in (cherche.reference, cherche.reference.lower(), cherche.territoire.chef_de_file.siren):
        page = client.get(f"/instruction/vagues/{vague.numero}/", {"q": saisie}).context["page"]
        assert [dossier.pk for dossier in page] == [cherche.pk]


def test_l_export_dit_que_les_donnees_sont_de_demonstration(trois, tmp_path):
    client, vague, dossiers = trois
    Candidature.objects.filter(pk=dossiers[0].pk).update(demonstration=True)
    fichier = tmp_path / "liste.xlsx"
    fichier.write_bytes(client.get(f"/instruction/vagues/{vague.numero}/dossiers.xlsx?tri=territoire").getvalue())
    lignes = CalamineWorkbook.from_path(str(fichier)).get_sheet_by_index(0).to_python()
    assert [ligne[1] for ligne in lignes] == ["Territoire", "Pays noir", "Rives", "Val d’Étain"]
    assert {ligne[-1].split(" – ")[0] for ligne in lignes[1:]} == {"Données de démonstration"}


def test_sans_personne_a_consulter_la_liste_dit_pourquoi_et_que_faire():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    adresse = f"/instruction/dossiers/{dossier.pk}/avis/demander/"
    phrase = "demandez à un administrateur de donner ce rôle"
    assert phrase in client.get(adresse).content.decode()
    f.un_agent(Role.EXPERT)
    assert phrase not in client.get(adresse).content.decode()
