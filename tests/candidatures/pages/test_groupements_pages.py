"""The pages of a grouping, as a browser asks for them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.dossier.etats import Qualite
from candidatures.dossier.groupement import actions as groupements
from candidatures.models import Candidature
from territoires.actions import territoire_pour
from territoires.models import Epci, Petr
from tests import fabriques as f
from tests.candidatures.dossier.test_groupements import acte, joindre, membres, un_petr
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, sans_jeton, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature(complete=False)


@pytest.fixture
def porteur(candidature: Candidature) -> Client:
    return client_de(f.porteur_de(candidature))


def ajouter(candidature: Candidature, epci: Epci) -> int:
    acte(groupements.ajouter_membre, candidature, collectivite=epci)
    return candidature.membres.get(epci=epci).pk


class TestAcces:
    def test_un_tiers_recoit_partout_le_meme_404_que_pour_un_dossier_qui_n_existe_pas(
        self, candidature: Candidature
    ) -> None:
        membre, tiers = candidature.membres.get().pk, client_de(f.un_utilisateur())
        absent = sans_jeton(tiers.get(page("groupement", 999_999)))
        for adresse in (
            page("groupement", candidature.pk),
            page("carte_perimetre", candidature.pk),
            page("membre_ajouter", candidature.pk),
            page("petr_declarer", candidature.pk),
            page("membre_retirer", candidature.pk, membre),
        ):
            reponse = tiers.get(adresse)
            assert (reponse.status_code, sans_jeton(reponse)) == (404, absent)
            assert Client().get(adresse).url.startswith(reverse("account_login"))
        assert tiers.post(page("membre_chef_de_file", candidature.pk, membre)).status_code == 404

    def test_le_membre_d_un_autre_dossier_n_existe_pas(self, candidature: Candidature, porteur: Client) -> None:
        autre = f.une_candidature(vague=candidature.vague, complete=False).membres.get().pk
        assert porteur.get(page("membre_retirer", candidature.pk, autre)).status_code == 404
        assert porteur.post(page("membre_chef_de_file", candidature.pk, autre)).status_code == 404

    def test_un_lecteur_lit_sans_pouvoir_rien_changer(self, candidature: Candidature) -> None:
        membre, autre = ajouter(candidature, f.un_epci("CC du Lin")), f.un_epci()
        client = nouveau(candidature, Qualite.LECTEUR)
        lue = texte(client.get(page("groupement", candidature.pk)))
        assert "CC du Lin" in lue
        for absent in ("Ajouter un membre", "Désigner chef de file", "Retirer"):
            assert absent not in lue
        for adresse in (
            page("membre_ajouter", candidature.pk),
            page("petr_declarer", candidature.pk),
            page("membre_retirer", candidature.pk, membre),
        ):
            assert client.get(adresse).status_code == 409
        assert client.post(page("membre_chef_de_file", candidature.pk, membre)).status_code == 409
        envoi = {"siren": autre.siren, "nom": ""}
        refus = client.post(f"{page('membre_ajouter', candidature.pk)}?q={autre.siren}", envoi)
        assert (refus.status_code, candidature.membres.count()) == (409, 2)

    def test_apres_l_echeance_le_porteur_lit_encore(self, candidature: Candidature, porteur: Client) -> None:
        ajouter(candidature, f.un_epci())
        en_retard(candidature)
        reponse = porteur.get(page("groupement", candidature.pk))
        assert reponse.status_code == 200
        assert "Ajouter un membre" not in texte(reponse)
        assert porteur.get(page("membre_ajouter", candidature.pk)).status_code == 409


class TestGroupement:
    def test_la_page_dit_les_membres_le_perimetre_et_les_pieces_attendues(
        self, candidature: Candidature, porteur: Client
    ) -> None:
        autre = f.un_epci("CC du Lin", departement=f.un_departement("08", "44"))
        membre = ajouter(candidature, autre)
        lue = texte(porteur.get(page("groupement", candidature.pk)))
        for present in (
            "40\u202f000\u00a0habitants",
            "Département 08 (08), Département 59 (59)",
            "Région 32, Région 44",
            f'href="{page("pieces", candidature.pk)}#piece-deliberation-{membre}"',
            "À joindre",
            'alt="Carte du périmètre',
        ):
            assert present in lue
        carte = porteur.get(page("carte_perimetre", candidature.pk))
        assert carte["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "CC du Lin" in texte(carte)
        joindre(candidature, candidature.membres.get(pk=membre))
        assert "Jointe" in texte(porteur.get(page("groupement", candidature.pk)))

    def test_elle_signale_un_autre_dossier_sans_dire_lequel(self, candidature: Candidature, porteur: Client) -> None:
        chef, autre = candidature.territoire.epcis.get(), f.un_epci()
        secret = territoire_pour(epcis=[chef, autre], chef_de_file=autre, nom="Nom tenu secret")
        f.une_candidature(vague=candidature.vague, territoire=secret, complete=False)
        lue = texte(porteur.get(page("groupement", candidature.pk)))
        assert "un autre dossier de cette période de dépôt" in lue
        assert secret.nom not in lue
        assert autre.nom not in lue

    def test_trois_membres_ne_coutent_pas_plus_de_requetes_qu_un(
        self, candidature: Candidature, porteur: Client
    ) -> None:
        def requetes() -> int:
            with CaptureQueriesContext(connection) as faites:
                assert porteur.get(page("groupement", candidature.pk)).status_code == 200
            return len(faites)

        acte(groupements.ajouter_membre, candidature, collectivite=un_petr(f.un_epci(), f.un_epci()))
        petr = candidature.membres.get(chef_de_file=False)
        acte(groupements.designer_chef_de_file, candidature, collectivite=petr.petr)
        requetes()
        deux = requetes()
        for epci in (f.un_epci(), f.un_epci()):
            ajouter(candidature, epci)
        acte(
            groupements.ajouter_membre,
            candidature,
            collectivite=un_petr(f.un_epci(), f.un_epci(), nom="B", rang=80_009),
        )
        assert requetes() == deux


class TestChangements:
    def test_on_cherche_puis_on_ajoute(self, candidature: Candidature, porteur: Client) -> None:
        autre = f.un_epci("CC du Lin")
        adresse = f"{page('membre_ajouter', candidature.pk)}?q=lin"
        trouvee = texte(porteur.get(adresse))
        assert autre.siren in trouvee
        assert "il prend la place" not in trouvee
        reponse = porteur.post(adresse, {"siren": autre.siren, "nom": "Vallée du Lin"}, follow=True)
        assert "Le groupement compte un membre de plus." in texte(reponse)
        candidature.refresh_from_db()
        assert candidature.territoire.nom == "Vallée du Lin"
        assert porteur.post(adresse, {"siren": autre.siren, "nom": ""}).status_code == 409
        assert porteur.post(adresse, {"siren": "123456782", "nom": ""}).status_code == 200
        assert candidature.membres.count() == 2

    def test_la_suggestion_choisie_est_la_seule_proposee(self, candidature: Candidature, porteur: Client) -> None:
        un, deux = f.un_epci("CC du Lin"), f.un_epci("CC du Lin d’à côté")
        reponse = porteur.get(f"{page('membre_ajouter', candidature.pk)}?epci={un.siren}&epci={deux.siren}")
        assert list(reponse.context["formulaire"].collectivites.values()) == [deux]

    def test_un_siren_faux_ou_inconnu_est_dit(self, candidature: Candidature, porteur: Client) -> None:
        adresse = page("membre_ajouter", candidature.pk)
        assert "vérifiez ses neuf chiffres" in texte(porteur.get(f"{adresse}?q=123456789"))
        assert "Aucun PETR déclaré ne correspond non plus" in texte(porteur.get(f"{adresse}?q={f.un_siren(99_999)}"))

    def test_un_petr_connu_se_cherche_par_son_nom_et_prend_la_place_de_ses_membres(
        self, candidature: Candidature, porteur: Client
    ) -> None:
        chef = candidature.territoire.epcis.get()
        petr = un_petr(chef, f.un_epci(), nom="PETR du Pays d’Ésope")
        Petr.objects.filter(pk=petr.pk).update(declare_par=None)
        adresse = f"{page('membre_ajouter', candidature.pk)}?q=pays+esope"
        refus = porteur.post(adresse, {"siren": petr.siren, "nom": ""})
        assert (refus.status_code, membres(candidature)) == (409, [(chef.nom, True)])
        porteur.post(adresse, {"siren": petr.siren, "nom": "", "prend_la_place": "on"})
        assert membres(candidature) == [(petr.nom, True)]

    def test_on_declare_un_petr_avec_ses_intercommunalites(self, candidature: Candidature, porteur: Client) -> None:
        un, deux = f.un_epci("CC du Lin"), f.un_epci()
        base = page("petr_declarer", candidature.pk)
        assert "Numéro SIREN du PETR" not in texte(porteur.get(f"{base}?epci={un.siren}&q=lin"))
        adresse = f"{base}?epci={un.siren}&epci={deux.siren}"
        assert "Numéro SIREN du PETR" in texte(porteur.get(adresse))
        faux = porteur.post(adresse, {"siren": "123 456 789", "nom_du_petr": "PETR du Lin", "nom": ""})
        assert "SIREN n’est pas valide" in texte(faux)
        epci = porteur.post(adresse, {"siren": un.siren, "nom_du_petr": "PETR du Lin", "nom": ""})
        assert (epci.status_code, Petr.objects.count()) == (409, 0)
        siren = f.un_siren(80_003)
        porteur.post(adresse, {"siren": siren, "nom_du_petr": "PETR du Lin", "nom": ""})
        assert [nom for nom, _ in membres(candidature)][1:] == ["PETR du Lin"]
        assert set(Petr.objects.get(siren=siren).epcis.all()) == {un, deux}

    def test_on_retire_un_membre_apres_avoir_lu_ce_qui_part_avec_lui(
        self, candidature: Candidature, porteur: Client
    ) -> None:
        membre = ajouter(candidature, f.un_epci())
        joindre(candidature, candidature.membres.get(pk=membre))
        adresse = page("membre_retirer", candidature.pk, membre)
        assert "deliberation.pdf" in texte(porteur.get(adresse))
        assert porteur.post(adresse, {"nom": ""}).url == page("groupement", candidature.pk)
        assert (candidature.membres.count(), candidature.pieces.count()) == (1, 0)

    def test_on_designe_un_autre_chef_de_file(self, candidature: Candidature, porteur: Client) -> None:
        membre = ajouter(candidature, f.un_epci("CC du Lin"))
        reponse = porteur.post(page("membre_chef_de_file", candidature.pk, membre), follow=True)
        assert "CC du Lin est maintenant le chef de file" in texte(reponse)
        chef = candidature.membres.get(chef_de_file=True)
        assert chef.pk == membre
        assert porteur.post(page("membre_retirer", candidature.pk, membre), {"nom": ""}).status_code == 409

    def test_l_activite_du_dossier_dit_qui_a_change_le_groupement(
        self, candidature: Candidature, porteur: Client
    ) -> None:
        ajouter(candidature, f.un_epci("CC du Lin"))
        assert "Membre ajouté au groupement\u00a0: CC du Lin" in texte(porteur.get(page("equipe", candidature.pk)))
