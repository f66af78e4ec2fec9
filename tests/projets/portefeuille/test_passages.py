"""What becomes of a project: orientation, abandonment, entry by mistake, correction."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.test import Client

from projets.chiffres import de_la_mission
from projets.mission import actions as missions
from projets.models import Enveloppe, Mission, Projet
from projets.portefeuille import actions as portefeuille
from projets.portefeuille.actions import faire
from projets.portefeuille.etats import EtatProjet, NatureProjet, Voie
from projets.portefeuille.regles import actes_possibles
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from tests.fabriques import d_une_autre_page, un_utilisateur
from tests.projets import conduite, decor
from tests.projets.portefeuille.outils import adresse, saisie

pytestmark = pytest.mark.django_db


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
