"""The pages by which files are entrusted and graded."""

import pytest

from candidatures.models import Evaluateur, Evaluation
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.requetes import un_client
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import corriger, criteres, rendre
from tests.outils.pages import Page

pytestmark = pytest.mark.django_db


def adresse(monde: Monde, suite: str = "evaluation/") -> str:
    return f"/instruction/dossiers/{monde.dossier.pk}/{suite}"


def la_grille(client, chemin: str) -> dict[str, str]:
    """What the form of the page holds."""
    page = Page(chemin, client.get(chemin).content.decode())
    (formulaire,) = [f for f in page.formulaires if f.methode == "POST" and "lu" in f.rempli]
    return {nom: valeur for nom, valeur in formulaire.rempli.items() if nom in {"lu", "revision", "cle_d_envoi"}}


def typees(monde: Monde, place: int, motif: str = "Parce que.") -> dict[str, str]:
    notes = {f"note_{c.cle}": str(c.echelle[place].valeur) for c in criteres(monde.dossier)}
    return notes | {f"motif_{c.cle}": motif for c in criteres(monde.dossier)}


def test_un_brouillon_puis_une_evaluation_rendue(monde: Monde) -> None:
    client, chemin = un_client(monde.une), adresse(monde)
    premier = criteres(monde.dossier)[0]
    envoi = la_grille(client, chemin) | {f"note_{premier.cle}": "1", "brouillon": "oui"}
    assert client.post(chemin, envoi)["Location"] == chemin
    lue = client.get(chemin).content.decode()
    assert "Personne d’autre ne le lit" in lue
    rendue = client.post(chemin, la_grille(client, chemin) | typees(monde, 1) | {"rendre": "oui"})
    assert rendue["Location"] == adresse(monde, "")
    assert Evaluation.objects.get().rendue_le is not None
    assert "La vôtre est rendue depuis le" in client.get(adresse(monde, "")).content.decode()


def test_ce_qui_manque_est_dit_critere_par_critere_et_rien_de_ce_qui_est_ecrit_n_est_perdu(monde: Monde) -> None:
    client, chemin = un_client(monde.une), adresse(monde)
    premier, second, *_ = criteres(monde.dossier)
    envoi = la_grille(client, chemin) | {
        f"note_{premier.cle}": str(premier.echelle[-1].valeur),
        f"motif_{second.cle}": "Une raison écrite d’avance.",
        "rendre": "oui",
    }
    reponse = client.post(chemin, envoi)
    lue = reponse.content.decode()
    assert reponse.status_code == 200
    assert f"Écrivez pourquoi vous donnez {premier.echelle[-1].valeur} à «\u00a0{premier.libelle}" in lue
    assert f"Choisissez une note pour «\u00a0{second.libelle}" in lue
    # Typed, and kept as a draft already: closing the page loses nothing.
    gardee = Evaluation.objects.get()
    notes = {note.critere: (note.valeur, note.motif) for note in gardee.notes.all()}
    assert (gardee.rendue_le, notes[premier.cle]) == (None, (premier.echelle[-1].valeur, ""))
    assert notes[second.cle] == (None, "Une raison écrite d’avance.")
    # The page that came back may be sent again as it is.
    assert f'name="revision" value="{gardee.revision}"' in lue


def test_deux_onglets_ne_s_effacent_pas(monde: Monde) -> None:
    client, chemin = un_client(monde.une), adresse(monde)
    premier, second = la_grille(client, chemin), la_grille(client, chemin)
    client.post(chemin, premier | typees(monde, 1) | {"brouillon": "oui"})
    reponse = client.post(chemin, second | typees(monde, 2) | {"brouillon": "oui"})
    lue = reponse.content.decode()
    assert reponse.status_code == 409
    assert "depuis une autre page" in lue
    assert {n.valeur for n in Evaluation.objects.get().notes.all()} == {
        c.echelle[1].valeur for c in criteres(monde.dossier)
    }
    assert client.post(chemin, second | typees(monde, 2) | {"revision": "1", "brouillon": "oui"}).status_code == 302


def test_une_correction_rendue_pendant_la_lecture_est_dite_avant_de_rendre(monde: Monde) -> None:
    client, chemin = un_client(monde.une), adresse(monde)
    ouverte = la_grille(client, chemin)
    corriger(monde.dossier, monde.tiers, f.porteur_de(monde.dossier))
    reponse = client.post(chemin, ouverte | typees(monde, 1) | {"rendre": "oui"})
    assert reponse.status_code == 409
    assert "le territoire a rendu une correction" in reponse.content.decode()
    gardee = Evaluation.objects.get()
    assert (gardee.rendue_le, gardee.notes.exclude(valeur=None).count()) == (None, len(criteres(monde.dossier)))
    assert client.post(chemin, la_grille(client, chemin) | typees(monde, 1) | {"rendre": "oui"}).status_code == 302


@pytest.mark.parametrize("suite", ["evaluation/", "evaluation/abstention/"])
def test_qui_n_evalue_pas_le_dossier_n_y_trouve_rien(monde: Monde, suite: str) -> None:
    for qui in (monde.tiers, monde.valideur, f.un_agent(Role.COMITE), f.un_agent(Role.EXPERT)):
        assert un_client(qui).get(adresse(monde, suite)).status_code == 404
    assert un_client(monde.une).get(adresse(monde, suite)).status_code == 200


def test_les_dossiers_sans_evaluateurs_se_confient_d_une_page(monde: Monde) -> None:
    client = un_client(monde.valideur)
    chemin = f"/instruction/vagues/{monde.vague.numero}/evaluateurs/"
    page = Page(chemin, client.get(chemin).content.decode())
    (formulaire,) = [f for f in page.formulaires if f.methode == "POST" and "choix" in f.rempli]
    assert client.post(chemin, formulaire.rempli)["Location"] == chemin
    assert Evaluateur.objects.filter(candidature=monde.autre).count() == 2
    assert "Tous les dossiers que vous lisez ont leurs évaluateurs" in client.get(chemin).content.decode()


def test_les_notes_se_lisent_une_fois_toutes_rendues(monde: Monde) -> None:
    rendre(monde.dossier, monde.une, 1)
    rendre(monde.dossier, monde.deux, 3)
    client = un_client(monde.valideur)
    dossier = client.get(adresse(monde, "")).content.decode()
    assert "Note médiane" in dossier
    assert "Désaccord entre évaluateurs" in dossier
    liste = client.get(f"/instruction/vagues/{monde.vague.numero}/?evaluations=desaccord&tri=-note")
    assert [ligne.pk for ligne in liste.context["page"]] == [monde.dossier.pk]
    rapport = client.get(f"/instruction/vagues/{monde.vague.numero}/evaluations/").content.decode()
    assert f"{min(str(monde.une), str(monde.deux))}" in rapport
    assert client.get(adresse(monde, "evaluateurs/")).status_code == 409
