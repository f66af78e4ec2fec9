"""Who reads an envelope, and at which cost."""

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.enveloppe.regles import empechement_d_accorder
from projets.enveloppe.requetes import PAR_PAGE, attendent
from projets.models import Concours, Enveloppe, Projet
from projets.portefeuille.etats import EtatProjet, Voie
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region
from tests.fabriques import un_agent, un_departement, un_utilisateur
from tests.outils.roles import administrer, sans_declencheurs
from tests.projets import conduite, masse
from tests.projets.enveloppe.outils import accorder, adresse
from tests.projets.pages.test_echelle import lire

pytestmark = pytest.mark.django_db
AU = date(2023, 8, 1)


def test_l_equipe_lit_l_enveloppe_et_n_accorde_rien(client: Client, enveloppe: Enveloppe) -> None:
    equipier = conduite.un_equipier(enveloppe.mission)
    client.force_login(equipier)
    assert client.get(adresse(enveloppe)).status_code == 200
    for suite in ("ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="Seul un gestionnaire"):
        accorder(enveloppe, 1_000, equipier)


def test_un_gestionnaire_d_ailleurs_n_accorde_rien_ici(client: Client, enveloppe: Enveloppe) -> None:
    un_departement("29", "53")
    breton = un_agent(Role.GESTIONNAIRE, region=Region.objects.get(code="53"))
    client.force_login(breton)
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="de ce territoire"):
        accorder(enveloppe, 1_000, breton)


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.CHARGE_MISSION])
def test_pour_les_autres_l_enveloppe_n_existe_pas(client: Client, enveloppe: Enveloppe, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404


def test_l_enveloppe_coute_autant_pour_un_concours_que_pour_trois(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while Concours.objects.count() < attendus:
            accorder(enveloppe, 1_000, gestionnaire)
            conduite.un_projet(enveloppe)
        with django_assert_num_queries(9):
            [situation] = client.get(adresse(enveloppe)).context["situations"]
        assert (len(situation.concours), len(situation.attendent)) == (attendus, attendus)
        assert Projet.objects.count() == 2 * attendus


def une_longue_attente(enveloppe: Enveloppe, nombre: int) -> list[Projet]:
    """So many more projects that wait for a grant, in the order in which they are shown."""
    conduite.un_projet(enveloppe)
    masse.grossir(enveloppe.mission, nombre)
    with sans_declencheurs():
        administrer("DELETE FROM projets_concours")
        Projet.objects.update(etat=EtatProjet.ORIENTE, voie=Voie.ENVELOPPE, enveloppe=enveloppe, oriente_le=AU)
    return list(Projet.objects.order_by("pk"))


def test_la_regle_et_sa_requete_choisissent_les_memes_projets(enveloppe: Enveloppe) -> None:
    projets = une_longue_attente(enveloppe, 12)
    with sans_declencheurs():
        for projet, etat in zip(projets, EtatProjet, strict=False):
            abandonne = {"abandonne_le": AU, "abandon": "Parti."} if etat == EtatProjet.ABANDONNE else {}
            Projet.objects.filter(pk=projet.pk).update(etat=etat, **abandonne)
        Projet.objects.filter(pk=projets[-1].pk).update(voie=Voie.SANS_AIDE, enveloppe=None)
        Projet.objects.filter(pk=projets[-2].pk).update(
            annule_le=horloge_base(), annule_par=conduite.un_gestionnaire(), annulation="Saisi deux fois."
        )
    attendus = [
        projet
        for projet in Projet.objects.order_by("pk")
        if not empechement_d_accorder(
            projet.etat, projet.voie, annule=projet.est_annule, ici=projet.enveloppe_id == enveloppe.pk
        )
    ]
    assert 0 < len(attendus) < len(projets)
    assert list(attendent(enveloppe).order_by("pk")) == attendus


def test_des_milliers_de_projets_en_attente_se_lisent_page_par_page(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    une_longue_attente(enveloppe, 20)
    requetes, petite = lire(client, adresse(enveloppe))
    tous = une_longue_attente(enveloppe, 2_000)
    autant, page = lire(client, adresse(enveloppe))
    assert (requetes, len(page) < 4 * len(petite), page.count('<th scope="row"')) == (autant, True, PAR_PAGE)
    lus: list[str] = []
    for rang in range(1, -(-len(tous) // PAR_PAGE) + 1):
        page = client.get(adresse(enveloppe), {f"attente-{enveloppe.pk}": rang}).content.decode()
        lus += re.findall(r"accorder/\?projet=(\d+)", page)
    assert lus == [str(projet.pk) for projet in tous]


def test_les_concours_accordes_aussi(client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    tous = une_longue_attente(enveloppe, 2 * PAR_PAGE)
    with sans_declencheurs():
        Concours.objects.bulk_create(
            Concours(enveloppe=enveloppe, projet=projet, montant=1, accorde_le=AU, accorde_par=gestionnaire)
            for projet in tous
        )
    derniere = client.get(adresse(enveloppe), {f"concours-{enveloppe.pk}": 3, f"attente-{enveloppe.pk}": "x"})
    (situation,) = derniere.context["situations"]
    assert [concours.projet for concours in situation.concours] == tous[2 * PAR_PAGE :]
    assert f"?concours-{enveloppe.pk}=2&amp;attente-{enveloppe.pk}=x" in derniere.content.decode()


def test_un_projet_parmi_des_milliers_se_cherche_sans_perdre_le_montant(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    tous = une_longue_attente(enveloppe, 2_000)
    vers = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    vide = client.get(vers)
    assert (vide.content.count(b"<option"), len(vide.content) < 60_000) == (101, True)
    voulu = tous[1_234]
    cherche = {"projet-recherche": voulu.intitule, "projet-chercher": "oui", "montant": "1 0"}
    page = client.post(vers, cherche).content.decode()
    assert (f'value="{voulu.pk}"' in page, 'value="1 0"' in page, "fr-error-text" in page) == (True, True, False)
    assert not Concours.objects.exists()
    tape = {"projet": voulu.pk, "montant": "10", "accorde_le": "2023-08-10"}
    relue = client.post(vers, tape)
    assert "Relisez cette aide" in relue.content.decode()
    assert voulu.intitule in relue.content.decode()
