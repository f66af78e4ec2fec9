"""Pages of the portfolio: listing, estimating again, orienting, and what comes out as a file."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from projets.chiffres import de_la_mission
from projets.mission import actions as missions
from projets.models import Enveloppe, Estimation, Mission, Projet
from projets.portefeuille import actions as portefeuille
from projets.portefeuille.actions import faire
from projets.portefeuille.etats import EtatProjet, NatureProjet, Voie
from projets.portefeuille.regles import actes_possibles
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import euros
from territoires.etats import Role
from territoires.regles import siren_fictif
from tests.fabriques import d_une_autre_page, un_agent, un_utilisateur, une_vague
from tests.outils.relecture import champs_caches, lignes_relues
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return decor.une_mission(decor.un_laureat(une_vague(), horloge_base()), restituee_le=None)


@pytest.fixture
def projet(mission: Mission) -> Projet:
    return decor.un_projet(decor.un_industriel(mission, 1), un_utilisateur())


@pytest.fixture
def equipe(client: Client, mission: Mission) -> Client:
    client.force_login(conduite.un_equipier(mission))
    return client


def adresse(projet: Projet, suite: str = "") -> str:
    return f"/missions/{projet.mission_id}/projets/{projet.pk}/{suite}"


def saisie(mission: Mission, **champs: Any) -> dict[str, Any]:
    industriel = mission.industriels.first() or decor.un_industriel(mission, 9)
    return {
        "industriel": industriel.pk,
        "intitule": "Nouvelle ligne",
        "nature": NatureProjet.CAPACITE.value,
        "epci": industriel.epci.pk,
        "structurant": "on",
        "recense_le": "2023-06-01",
        "investissement": "1 250 000",
        "emplois_potentiels": "12",
    } | champs


def test_un_projet_entre_au_portefeuille_avec_sa_premiere_estimation(equipe: Client, mission: Mission) -> None:
    assert equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission)).status_code == 302
    projet = Projet.objects.get()
    estimation = projet.estimations.get()
    assert (projet.intitule, projet.structurant, projet.etat) == ("Nouvelle ligne", True, EtatProjet.DETECTE)
    assert (estimation.au, estimation.investissement) == (date(2023, 6, 1), 1_250_000)
    assert (estimation.emplois_potentiels, estimation.emplois_previsionnels) == (12, None)
    envoye_deux_fois = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission))
    assert (envoye_deux_fois.status_code, envoye_deux_fois["Location"]) == (302, f"/missions/{mission.pk}/projets/")
    le_meme_nom = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission, emplois_potentiels="13"))
    assert le_meme_nom.status_code == 409
    assert "déjà au portefeuille" in le_meme_nom.content.decode()
    assert Projet.objects.count() == 1


def test_ce_qui_est_refuse_reste_saisi(equipe: Client, mission: Mission) -> None:
    page = f"/missions/{mission.pk}/projets/ajouter/"
    reponse = equipe.post(page, saisie(mission, investissement="beaucoup", description="Une halle."))
    html = reponse.content.decode()
    assert "Il faut un seul montant" in html
    assert 'value="beaucoup"' in html
    assert "Une halle." in html
    assert "recense_le" in equipe.post(page, saisie(mission, recense_le="2099-01-01")).context["formulaire"].errors
    assert not Projet.objects.exists()


def test_un_industriel_d_une_autre_mission_n_est_pas_propose(equipe: Client, mission: Mission, projet: Projet) -> None:
    autre = Mission.objects.create(titre="Autre mission")
    industriel = autre.industriels.create(siren=projet.industriel.siren, nom="Usine lointaine", epci=projet.epci)
    reponse = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission, industriel=industriel.pk))
    assert "industriel" in reponse.context["formulaire"].errors


def test_une_nouvelle_estimation_laisse_la_precedente(equipe: Client, projet: Projet) -> None:
    page = adresse(projet, "estimer/")
    assert "1\u202f000\u202f000" in equipe.get(page).content.decode()
    nouvelle = {"au": "2023-08-01", "investissement": "2 000 000", "emplois_potentiels": "20"}
    assert equipe.post(page, nouvelle).status_code == 302
    assert list(projet.estimations.values_list("au", "investissement")) == [
        (date(2023, 5, 2), 1_000_000),
        (date(2023, 8, 1), 2_000_000),
    ]
    html = equipe.get(adresse(projet)).content.decode()
    assert "1\u202f000\u202f000\u00a0€" in html
    assert "2\u202f000\u202f000\u00a0€" in html
    trop_tot = equipe.post(page, nouvelle | {"au": "2023-01-01"})
    assert trop_tot.status_code == 409
    assert "précéder le recensement" in trop_tot.content.decode()
    assert 'value="2 000 000"' in trop_tot.content.decode()


@pytest.mark.parametrize(
    ("montant", "relu"),
    [
        ("10 000 000", "10 000 000 € (dix millions d’euros)"),
        ("100 000", "100 000 € (cent mille euros)"),
        ("1,2 M€", "1 200 000 € (un million deux cent mille euros)"),
        ("1.250", "1 250 € (mille deux cent cinquante euros)"),
    ],
)
def test_une_estimation_qui_surprend_se_relit_avant_d_etre_gardee(
    equipe: Client, projet: Projet, montant: str, relu: str
) -> None:
    champs = {"au": "2023-10-01", "investissement": montant, "emplois_potentiels": "12"}
    lue = equipe.post(adresse(projet, "estimer/"), champs)
    assert lignes_relues(lue) == {
        "Investissement": relu,
        "Estimation précédente": "1 000 000 €",
        "Créations potentielles d’emplois": "12",
    }
    assert projet.estimations.count() == 1
    assert equipe.post(adresse(projet, "estimer/"), champs_caches(lue)).status_code == 302
    assert projet.estimations.count() == 2


def test_postgres_garde_les_estimations_telles_quelles(projet: Projet) -> None:
    with pytest.raises(Error, match="estimation_immuable"), transaction.atomic():
        Estimation.objects.update(investissement=1)
    with pytest.raises(Error, match="estimation_immuable"), transaction.atomic():
        Estimation.objects.all().delete()


def test_postgres_refuse_un_passage_inconnu(projet: Projet) -> None:
    with pytest.raises(Error, match="realise"), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(etat=EtatProjet.REALISE)


def test_les_boutons_sont_ceux_que_la_regle_permet(equipe: Client, projet: Projet) -> None:
    page = equipe.get(adresse(projet))
    assert [acte for acte, *_ in page.context["actes"]] == actes_possibles(EtatProjet.DETECTE)
    assert "Orienter le projet" not in page.content.decode()
    assert equipe.get(adresse(projet, "orienter/")).status_code == 409
    assert equipe.post(adresse(projet, "actes/realiser/")).status_code == 409
    assert equipe.post(adresse(projet, "actes/accorder/")).status_code == 404
    assert equipe.post(adresse(projet, "actes/qualifier/")).status_code == 302
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.QUALIFIE
    html = equipe.get(adresse(projet)).content.decode()
    assert "Orienter le projet" in html
    assert "Projet qualifié" in html


def test_un_abandon_se_confirme_d_abord_et_ne_se_fait_qu_une_fois(equipe: Client, projet: Projet) -> None:
    page = adresse(projet, "abandonner/")
    assert page in equipe.get(adresse(projet)).content.decode()
    assert "Un projet abandonné le reste" in equipe.get(page).content.decode()
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.DETECTE
    sans_raison = equipe.post(page, {"abandonne_le": "2023-07-20", "motif": "x"})
    assert set(sans_raison.context["formulaire"].errors) == {"motif"}
    avant_son_recensement = equipe.post(page, {"abandonne_le": "2020-01-01", "motif": "Autre site retenu"})
    assert avant_son_recensement.status_code == 409
    assert equipe.post(adresse(projet, "actes/abandonner/")).status_code == 404
    assert equipe.post(page, {"abandonne_le": "2023-07-20", "motif": "Autre site retenu"}).status_code == 302
    projet.refresh_from_db()
    assert (projet.etat, projet.abandonne_le, projet.abandon) == (
        EtatProjet.ABANDONNE,
        date(2023, 7, 20),
        "Autre site retenu",
    )
    assert "Autre site retenu" in equipe.get(adresse(projet)).content.decode()
    refus = equipe.get(page)
    assert (refus.status_code, "déjà abandonné ne s’abandonne plus" in refus.content.decode()) == (409, True)
    encore = {"abandonne_le": "2023-07-20", "motif": "Autre site retenu"} | d_une_autre_page()
    refus = equipe.post(page, encore)
    assert (refus.status_code, "déjà abandonné ne s’abandonne plus" in refus.content.decode()) == (409, True)


def test_postgres_veut_la_date_et_la_raison_d_un_abandon(projet: Projet) -> None:
    with pytest.raises(Error, match="projet_abandon_entier"), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(etat=EtatProjet.ABANDONNE)
    with pytest.raises(Error, match="projet_abandon_entier"), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(abandonne_le=date(2023, 7, 20), abandon="Autre site")


def test_un_projet_ne_s_abandonne_pas_avant_le_jour_de_son_orientation(equipe: Client, mission: Mission) -> None:
    """« Projets orientés » would count from the 18th a project that was given up on the 17th."""
    enveloppe = conduite.une_enveloppe(mission)
    projet = decor.un_projet(decor.un_industriel(mission, 4), un_utilisateur(), enveloppe=enveloppe)
    abandon = {"abandonne_le": "2023-07-17", "motif": "Autre site retenu"}
    refus = equipe.post(adresse(projet, "abandonner/"), abandon)
    assert refus.status_code == 409
    assert "avant le jour de son orientation" in refus.content.decode()
    assert equipe.post(adresse(projet, "abandonner/"), abandon | {"abandonne_le": "2023-07-18"}).status_code == 302


class TestSaisiParErreur:
    """Kept, told, counted nowhere; another thing than what was given up."""

    def test_un_projet_annule_ne_compte_plus_mais_reste_lisible(
        self, equipe: Client, mission: Mission, projet: Projet
    ) -> None:
        decor.un_projet(decor.un_industriel(mission, 2), un_utilisateur(), investissement=3_000_000)
        aujourd_hui = jour_de_paris(horloge_base())
        assert de_la_mission(mission, au=aujourd_hui)["projets_recenses"].valeur == 2
        page = adresse(projet, "annuler/")
        assert page in equipe.get(adresse(projet)).content.decode()
        assert set(equipe.post(page, {"raison": "x"}).context["formulaire"].errors) == {"raison"}
        assert equipe.post(page, {"raison": "Saisi deux fois"}).status_code == 302
        chiffres = de_la_mission(mission, au=aujourd_hui)
        assert (chiffres["projets_recenses"].valeur, chiffres["investissements"].valeur) == (1, 3_000_000)
        # Nor does it at an earlier date: it never was a project.
        assert de_la_mission(mission, au=date(2023, 7, 1))["projets_recenses"].valeur == 1
        liste = equipe.get(f"/missions/{mission.pk}/projets/")
        assert liste.context["page"].paginator.count == 1
        assert "Projets saisis par erreur" in liste.content.decode()
        assert "Saisi deux fois" in liste.content.decode()
        assert str(projet) not in equipe.get(f"/missions/{mission.pk}/projets.csv").getvalue().decode("utf-8-sig")
        html = equipe.get(adresse(projet)).content.decode()
        assert "il a été saisi par erreur" in html
        assert "Nouvelle estimation" not in html
        assert EntreeJournal.objects.get(acte="annuler").details == {"raison": "Saisi deux fois"}

    def test_rien_n_arrive_plus_a_un_projet_annule(self, equipe: Client, projet: Projet) -> None:
        equipe.post(adresse(projet, "annuler/"), {"raison": "Saisi deux fois"})
        estimation = {"au": "2023-08-01", "investissement": "1", "emplois_potentiels": "0"}
        for suite, donnees in (
            ("annuler/", {"raison": "Encore une fois"}),
            ("actes/qualifier/", {}),
            ("abandonner/", {"abandonne_le": "2023-08-01", "motif": "Autre site retenu"}),
            ("estimer/", estimation),
            ("modifier/", saisie(projet.mission, intitule="Autre")),
        ):
            assert equipe.post(adresse(projet, suite), donnees).status_code == 409, suite
        assert projet.estimations.count() == 1

    def test_le_meme_projet_se_saisit_de_nouveau(self, equipe: Client, mission: Mission, projet: Projet) -> None:
        equipe.post(adresse(projet, "annuler/"), {"raison": "Mauvaise intercommunalité"})
        encore = saisie(mission, intitule=projet.intitule)
        assert equipe.post(f"/missions/{mission.pk}/projets/ajouter/", encore).status_code == 302

    def test_une_entreprise_s_annule_sans_ses_projets_et_son_siren_redevient_libre(
        self, equipe: Client, mission: Mission, projet: Projet
    ) -> None:
        industriel = projet.industriel
        page = f"/missions/{mission.pk}/industriels/{industriel.pk}/annuler/"
        assert "annulez-les d’abord" in equipe.get(page).content.decode()
        assert equipe.post(page, {"raison": "Saisie deux fois"}).status_code == 409
        equipe.post(adresse(projet, "annuler/"), {"raison": "Saisi deux fois"})
        assert equipe.post(page, {"raison": "Saisie deux fois"}).status_code == 302
        aujourd_hui = jour_de_paris(horloge_base())
        assert de_la_mission(mission, au=aujourd_hui)["industriels_rencontres"].valeur == 0
        liste = equipe.get(f"/missions/{mission.pk}/industriels/")
        assert liste.context["page"].paginator.count == 0
        assert "Saisie deux fois" in liste.content.decode()
        nouvelle = {"siren": industriel.siren, "nom": industriel.nom, "epci": industriel.epci_id}
        assert equipe.post(f"/missions/{mission.pk}/industriels/ajouter/", nouvelle).status_code == 302
        assert equipe.get(page).status_code == 404

    def test_une_entreprise_annulee_entre_temps_ne_recoit_plus_de_projet(
        self, equipe: Client, mission: Mission, projet: Projet
    ) -> None:
        """Someone cancels the company while a colleague fills in the form of a project for it."""
        industriel = decor.un_industriel(mission, 3)
        acteur = mission.equipe.get()
        champs = {"acteur": acteur, "maintenant": horloge_base()}
        missions.annuler_industriel(
            industriel=type(industriel).objects.get(pk=industriel.pk), raison="Saisie deux fois", **champs
        )
        with pytest.raises(RegleEnfreinte, match="Cette entreprise est annulée"):
            portefeuille.recenser(
                industriel=industriel,
                intitule="Un projet de trop",
                nature=NatureProjet.CAPACITE,
                epci=industriel.epci,
                recense_le=date(2023, 5, 2),
                investissement=1,
                emplois_potentiels=1,
                structurant=False,
                **champs,
            )
        assert list(mission.projets.all()) == [projet]

    def test_postgres_veut_l_auteur_et_la_raison(self, projet: Projet) -> None:
        sans_projet = decor.un_industriel(projet.mission, 2)
        for objet, contrainte in ((projet, "projet"), (sans_projet, "industriel")):
            with pytest.raises(Error, match=f"{contrainte}_annulation_signee"), transaction.atomic():
                type(objet)._default_manager.filter(pk=objet.pk).update(annule_le=horloge_base())


def test_un_acte_qui_ecrit_plus_qu_un_etat_ne_passe_pas_par_la_petite_porte(mission: Mission, projet: Projet) -> None:
    for acte in ("accorder", "orienter"):
        with pytest.raises(ValueError, match=acte):
            faire(projet=projet, acte=acte, acteur=conduite.un_equipier(mission), maintenant=horloge_base())


def test_l_enveloppe_reste_possible_pour_un_projet_qui_n_est_pas_structurant(equipe: Client, projet: Projet) -> None:
    equipe.post(adresse(projet, "actes/qualifier/"))
    assert "n’est pas noté comme structurant" in equipe.get(adresse(projet, "orienter/")).content.decode()
    Projet.objects.filter(pk=projet.pk).update(structurant=True)
    assert "n’est pas noté comme structurant" not in equipe.get(adresse(projet, "orienter/")).content.decode()


def test_un_projet_s_oriente_vers_l_enveloppe_de_sa_mission(equipe: Client, projet: Projet) -> None:
    equipe.post(adresse(projet, "actes/qualifier/"))
    page = adresse(projet, "orienter/")
    enveloppe = Enveloppe.objects.create(
        mission=projet.mission, nom="Enveloppe d’essai", montant=1_000_000, ouverte_le=date(2023, 7, 3)
    )
    choix = {"voie": Voie.ENVELOPPE.value, "oriente_le": "2023-07-18"}
    assert "enveloppe" in equipe.post(page, choix).context["formulaire"].errors
    trop_tot = equipe.post(page, {"voie": Voie.SANS_AIDE.value, "oriente_le": "2023-01-01"})
    assert trop_tot.status_code == 409
    assert "avant d’avoir été recensé" in trop_tot.content.decode()
    avant_l_ouverture = equipe.post(page, choix | {"enveloppe": enveloppe.pk, "oriente_le": "2023-07-02"})
    assert avant_l_ouverture.status_code == 409
    assert "n’ouvre que le 3\u00a0juillet\u00a02023" in avant_l_ouverture.content.decode()
    assert equipe.post(page, choix | {"enveloppe": enveloppe.pk}).status_code == 302
    projet.refresh_from_db()
    assert (projet.etat, projet.voie, projet.enveloppe) == (EtatProjet.ORIENTE, Voie.ENVELOPPE, enveloppe)
    autrement = {"voie": Voie.SANS_AIDE.value, "oriente_le": "2023-07-19", "enveloppe": enveloppe.pk}
    assert equipe.post(page, autrement).status_code == 302
    projet.refresh_from_db()
    assert (projet.voie, projet.enveloppe) == (Voie.SANS_AIDE, None)


def test_la_description_se_corrige_et_le_journal_le_dit(equipe: Client, mission: Mission, projet: Projet) -> None:
    page = adresse(projet, "modifier/")
    assert 'value="Projet de Usine 1"' in equipe.get(page).content.decode()
    assert equipe.post(page, saisie(mission, intitule="Halle neuve")).status_code == 302
    projet.refresh_from_db()
    assert projet.intitule == "Halle neuve"
    assert EntreeJournal.objects.get(acte="modifier").objet_id == str(projet.pk)
    assert "Description modifiée" in equipe.get(adresse(projet)).content.decode()


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.INSTRUCTEUR, Role.VALIDEUR])
def test_les_agents_lisent_un_projet_et_n_y_touchent_pas(client: Client, projet: Projet, role: Role) -> None:
    client.force_login(un_agent(role))
    html = client.get(adresse(projet)).content.decode()
    assert "Qualifier le projet" not in html
    for suite in ("modifier/", "estimer/", "orienter/", "actes/qualifier/"):
        assert client.post(adresse(projet, suite)).status_code == 404
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.DETECTE


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.COMITE, Role.AUDITEUR, Role.CHARGE_MISSION])
def test_pour_les_autres_le_projet_n_existe_pas(client: Client, projet: Projet, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for suite in ("", "modifier/", "estimer/", "orienter/", "abandonner/", "annuler/"):
        assert client.get(adresse(projet, suite)).status_code == 404


def test_un_projet_ne_se_lit_que_dans_sa_mission(equipe: Client, mission: Mission) -> None:
    autre = Mission.objects.create(titre="Autre mission")
    epci = mission.labellisations.get().territoire.chef_de_file
    industriel = autre.industriels.create(siren=siren_fictif(82_000), nom="Ailleurs", epci=epci)
    ailleurs = decor.un_projet(industriel, un_utilisateur())
    assert equipe.get(f"/missions/{mission.pk}/projets/{ailleurs.pk}/").status_code == 404


def test_le_portefeuille_se_cherche_se_filtre_se_trie_et_s_additionne(
    equipe: Client, mission: Mission, projet: Projet
) -> None:
    grand = decor.un_projet(
        decor.un_industriel(mission, 2),
        un_utilisateur(),
        investissement=3_000_000,
        potentiels=30,
        nature=NatureProjet.NUMERIQUE,
    )
    Projet.objects.filter(pk=grand.pk).update(structurant=True)

    def page(requete: str) -> dict[str, Any]:
        contexte = equipe.get(f"/missions/{mission.pk}/projets/?{requete}").context
        return {"projets": [lu.pk for lu in contexte["page"]], **contexte["totaux"]}

    les_deux = page("")
    chiffres = de_la_mission(mission, au=jour_de_paris(horloge_base()))
    assert les_deux == {
        "projets": [projet.pk, grand.pk],
        "nombre": chiffres["projets_recenses"].valeur,
        "investissements": str(chiffres["investissements"]),
        "potentiels": str(chiffres["creations_potentielles"]),
    }
    assert page("tri=-investissement")["projets"] == [grand.pk, projet.pk]
    un_seul = page("structurant=oui")
    assert un_seul == {
        "projets": [grand.pk],
        "nombre": 1,
        "investissements": euros(3_000_000),
        "potentiels": "30\u00a0emplois",
    }
    assert page("nature=numerique")["projets"] == [grand.pk]
    assert page("etat=detecte&structurant=non")["projets"] == [projet.pk]
    assert page(f"epci={projet.epci.pk}")["nombre"] == 2
    assert page(f"q={projet.industriel.siren}")["projets"] == [projet.pk]
    assert page("q=usine+2")["projets"] == [grand.pk]
    assert page("q=rien")["nombre"] == 0
    decor.un_projet_sans_estimation(grand.industriel)
    assert page("")["potentiels"] == "40\u00a0emplois (renseigné pour 2\u00a0projets sur 3)"


def test_le_portefeuille_coute_autant_pour_un_projet_que_pour_trois(
    equipe: Client, mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while mission.projets.count() < attendus:
            decor.un_projet(decor.un_industriel(mission, mission.projets.count() + 1), un_utilisateur())
        with django_assert_num_queries(11):
            assert len(equipe.get(f"/missions/{mission.pk}/projets/").context["page"]) == attendus


def test_l_export_se_relit_dit_ce_qui_est_invente_et_n_execute_rien(
    equipe: Client, mission: Mission, projet: Projet
) -> None:
    Mission.objects.filter(pk=mission.pk).update(demonstration=True)
    Projet.objects.filter(pk=projet.pk).update(intitule='=HYPERLINK("https://exemple.fr")')

    contenu = equipe.get(f"/missions/{mission.pk}/projets.csv").getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(contenu), delimiter=";"))
    assert [ligne["Projet"] for ligne in lignes] == ['\'=HYPERLINK("https://exemple.fr")']
    assert lignes[0]["Investissement (€)"] == "1000000"
    assert lignes[0]["Source"].startswith(f"Données de démonstration – {mission.titre}")

    classeur = CalamineWorkbook.from_filelike(
        io.BytesIO(equipe.get(f"/missions/{mission.pk}/projets.xlsx?structurant=non").getvalue())
    )
    cellules = classeur.get_sheet_by_index(0).to_python()
    assert (cellules[0][0], cellules[0][-1]) == ("Projet", "Source")
    assert cellules[1][0] == '=HYPERLINK("https://exemple.fr")'
    assert cellules[1][7] == date(2023, 5, 2)
    assert cellules[1][10] == 1_000_000
    assert cellules[1][-1].startswith("Données de démonstration")
    filtre = equipe.get(f"/missions/{mission.pk}/projets.csv?structurant=oui").getvalue().decode("utf-8-sig")
    assert "HYPERLINK" not in filtre
