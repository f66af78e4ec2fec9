"""The review before the deposit, its way to each answer and back, and the menu of the sections beside each page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from candidatures.depot.regles import ATTESTATION
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Depot
from rebond.comptes.seances.middleware import OUVERTE, VUE
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte

pytestmark = pytest.mark.django_db

DEPOSER = "Déposer le dossier"


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature()


@pytest.fixture
def porteur(candidature: Candidature) -> Client:
    return client_de(f.porteur_de(candidature))


def boutons(reponse) -> int:
    return texte(reponse).count(f'value="{DEPOSER}"') + texte(reponse).count(f">{DEPOSER}</button>")


def titres(reponse) -> list[str]:
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", brut)).split()) for brut in
            re.findall(r"<h1[^>]*>(.*?)</h1>", texte(reponse), re.DOTALL)]  # fmt: skip


def menu(reponse) -> dict[str, str]:
    """What the menu beside the page says of each section."""
    return dict(re.findall(r'data-etat-rubrique="(\w+)">([^<]+)<', texte(reponse)))


class TestRelecture:
    def test_modifier_mene_a_la_reponse_et_ramene_a_la_relecture(self, candidature, porteur):
        relue = porteur.get(page("deposer", candidature.pk))
        section = page("section", candidature.pk, "projets")
        assert f'href="{section}?retour=relire#id_projets"' in texte(relue)
        assert f'href="{page("section", candidature.pk, "choc")}?retour=relire#id_nature_groupe"' in texte(relue)
        reponse = porteur.get(f"{section}?retour=relire")
        ouverte, ouverte_revision = texte(reponse), reponse.context["revision"]
        assert 'name="suite" value="relire">Enregistrer et revenir à la relecture' in ouverte
        assert 'value="relire"' not in texte(porteur.get(section))
        saisie = {"revision": ouverte_revision, "projets": "Une fonderie", "suite": "relire"}
        suite = porteur.post(f"{section}?retour=relire", saisie)
        assert suite.url == f"{page('deposer', candidature.pk)}#relire-projets"
        assert 'id="relire-projets"' in texte(relue)

    def test_une_faute_n_oublie_pas_le_retour(self, candidature, porteur):
        section = page("section", candidature.pk, "projets") + "?retour=relire"
        fautive = porteur.post(section, {"revision": 0, "nombre_projets": "beaucoup", "suite": "relire"})
        assert "Enregistrer et revenir à la relecture" in texte(fautive)
        titre = f"Les projets déjà connus – dossier {candidature.reference} – Rebond industriel</title>"
        assert f"<title>Erreur\u00a0: {titre}" in texte(fautive)
        assert f"<title>{titre}" in texte(porteur.get(section))

    def test_qui_lit_sans_ecrire_n_a_rien_a_modifier(self, candidature):
        lue = texte(nouveau(candidature, Qualite.LECTEUR).get(page("deposer", candidature.pk)))
        assert "retour=relire" not in lue
        assert "fr-sidemenu" not in lue

    def test_les_membres_sont_dits_avec_le_chef_de_file(self, candidature, porteur):
        relue = texte(porteur.get(page("deposer", candidature.pk)))
        for membre in candidature.membres.all():
            assert membre.nom in relue
        assert ", chef de file" in relue

    def test_un_recouvrement_se_lit_avant_de_deposer_pour_qui_en_est(self, candidature, porteur):
        ailleurs = f.une_candidature(vague=candidature.vague)
        ailleurs.territoire.epcis.add(*candidature.territoire.epcis.all())
        phrase = "aussi partie d’un autre dossier de cette période de dépôt."
        inconnu = nouveau(candidature, Qualite.CO_PORTEUR)
        assert phrase not in texte(inconnu.get(page("deposer", candidature.pk)))
        assert phrase in texte(porteur.get(page("deposer", candidature.pk)))

    def test_deux_boutons_ne_font_qu_un_depot_atteste(self, candidature, porteur):
        relue = porteur.get(page("deposer", candidature.pk))
        assert boutons(relue) == 2
        assert texte(relue).count(ATTESTATION) == 2
        formulaires = [relue.context[nom] for nom in ("en_haut", "formulaire")]
        envois = [{nom: form[nom].value() or "" for nom in ("cle", "lecture", "atteste")} for form in formulaires]
        assert envois[0] == envois[1]
        for envoi in envois:
            assert porteur.post(page("deposer", candidature.pk), envoi).url == page("depot", candidature.pk, 1)
        assert Depot.objects.count() == 1
        assert EntreeJournal.objects.get(acte="deposer").details["attestation"] == ATTESTATION

    def test_ce_qui_est_deja_depose_n_est_pas_propose_en_tete(self, candidature, porteur):
        f.un_depot(candidature)
        assert boutons(porteur.get(page("deposer", candidature.pk))) == 1
        f.reecrire(candidature, "Réécrit depuis.")
        assert boutons(porteur.get(page("deposer", candidature.pk))) == 2

    def test_une_demande_qui_n_atteste_rien_est_recue_et_ne_dit_pas_l_avoir_fait(self, candidature, porteur):
        porteur.post(page("deposer", candidature.pk), {})
        assert "attestation" not in EntreeJournal.objects.get(acte="deposer").details


class TestDernieresMinutes:
    def cloturer_dans(self, candidature: Candidature, duree: timedelta) -> None:
        vague = candidature.vague
        vague.cloture = horloge_base() + duree
        vague.save(update_fields=["cloture"])

    def test_dix_minutes_avant_le_bouton_est_le_premier_et_dit_pourquoi(self, candidature, porteur):
        assert "Déposez maintenant" not in texte(porteur.get(page("deposer", candidature.pk)))
        self.cloturer_dans(candidature, timedelta(minutes=9))
        relue = texte(porteur.get(page("deposer", candidature.pk)))
        assert "Déposez maintenant" in relue
        assert "À l’heure dite, c’est trop tard." in relue
        assert relue.index("Déposez maintenant") < relue.index("Les collectivités du dossier")

    def test_incomplet_ce_qui_manque_vient_d_abord(self, porteur, candidature):
        candidature.contenu["projets"] = {}
        candidature.save(update_fields=["contenu"])
        self.cloturer_dans(candidature, timedelta(minutes=9))
        relue = texte(porteur.get(page("deposer", candidature.pk)))
        assert boutons(porteur.get(page("deposer", candidature.pk))) == 0
        assert relue.index("Répondez d’abord à ce qui suit.") < relue.index("Les collectivités du dossier")

    def test_passee_l_heure_la_page_dit_ce_qu_il_en_est_et_n_offre_plus_rien(self, candidature, porteur):
        en_retard(candidature)
        close = porteur.get(page("deposer", candidature.pk))
        assert "Ce dossier n’a pas été déposé" in texte(close)
        assert boutons(close) == 0

    def test_passee_l_heure_un_depot_fait_est_rappele(self, candidature, porteur):
        porteur.post(page("deposer", candidature.pk), {})
        en_retard(candidature)
        close = texte(porteur.get(page("deposer", candidature.pk)))
        assert Depot.objects.get().numero in close
        assert "Son instruction va commencer." in close


class TestMenuDesRubriques:
    @pytest.mark.parametrize("nom", ["section", "pieces", "deposer"])
    def test_un_seul_titre_et_il_se_voit(self, candidature, porteur, nom):
        arguments = [candidature.pk, "choc"] if nom == "section" else [candidature.pk]
        ouverte = porteur.get(page(nom, *arguments))
        attendu = {"section": "Le choc industriel Étape 1", "pieces": "Les pièces jointes Étape 7"}
        assert [un.partition(" sur ")[0] for un in titres(ouverte)] == [attendu.get(nom, "Relire et déposer Étape 8")]
        assert 'h1 class="fr-sr-only"' not in texte(ouverte)
        assert texte(ouverte).count('aria-current="page"') >= 1

    def test_chaque_rubrique_dit_ou_elle_en_est(self):
        candidature = f.une_candidature(complete=False)
        candidature.contenu = {"choc": {"nature": "fermeture"}, "projets": {"projets": "aucun"}}
        candidature.save(update_fields=["contenu"])
        ouverte = client_de(f.porteur_de(candidature)).get(page("section", candidature.pk, "choc"))
        assert menu(ouverte) == {
            "choc": "À compléter",
            "entreprises": "À commencer",
            "gouvernance": "À commencer",
            "projets": "Complète",
            "mission": "À commencer",
            "contact": "À commencer",
            "pieces": "À commencer",
        }


class TestDureeDeLaSeance:
    def vieillir(self, client: Client, **ages: timedelta) -> None:
        session, maintenant = client.session, horloge_base().timestamp()
        for cle, age in ages.items():
            session[{"vue": VUE, "ouverte": OUVERTE}[cle]] = maintenant - age.total_seconds()
        session.save()

    def test_demander_ne_prolonge_pas_et_le_bouton_prolonge(self, porteur, settings):
        settings.SESSION_INACTIVITE, settings.SESSION_DUREE = 30, 600
        self.vieillir(porteur, vue=timedelta(minutes=27), ouverte=timedelta(hours=1))
        adresse = "/compte/sessions/duree/"
        for _ in range(2):
            dit = porteur.get(adresse, headers={"Sec-Fetch-Mode": "cors"}).json()
            assert 170 <= dit["reste"] <= 180
            assert dit["prolongeable"]
        assert porteur.post(adresse).json() == {"reste": 1800, "prolongeable": True}
        assert porteur.get(adresse, headers={"Sec-Fetch-Mode": "cors"}).json()["reste"] > 1790

    def test_une_session_trop_longue_ne_se_prolonge_pas(self, porteur, settings):
        settings.SESSION_INACTIVITE, settings.SESSION_DUREE = 30, 600
        self.vieillir(porteur, vue=timedelta(), ouverte=timedelta(minutes=597))
        dit = porteur.post("/compte/sessions/duree/").json()
        assert 170 <= dit["reste"] <= 180
        assert not dit["prolongeable"]

    def test_deconnecte_on_l_apprend(self, client):
        assert client.get("/compte/sessions/duree/").status_code == 401

    def test_l_avertissement_n_est_que_pour_qui_est_connecte(self, client, porteur):
        assert "data-seance" in texte(porteur.get("/candidatures/"))
        assert "data-seance" not in texte(client.get("/compte/login/"))
