"""« Bon pour dépôt »: who gives it, on what, what changed since, and what the deposit waits for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.depot.accords import actions
from candidatures.depot.accords.requetes import manquants
from candidatures.depot.actions.depots import AccordsManquants, deposer
from candidatures.depot.actions.echeance import demander_depot_a_l_echeance
from candidatures.depot.relecture import lecture_du_brouillon
from candidatures.dossier.etats import GenreDeLien, Qualite
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.dossier.liens.actions import revoquer_lien
from candidatures.dossier.pieces.actions.pieces import joindre_piece
from candidatures.models import Accord, Candidature, Depot, Membre, Participation, Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.candidatures.depot.test_echeance import clore
from tests.candidatures.dossier.liens.outils import ADRESSE, adresse, un_groupement, un_lien
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.refus import refus
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db


def exiger(vague: Vague, exige: bool = True) -> Vague:
    """Whatever its opening."""
    with sans_declencheurs():
        Vague.objects.filter(pk=vague.pk).update(accords_requis=exige)
    vague.refresh_from_db()
    return vague


def une_vague_qui_les_exige() -> Vague:
    return exiger(f.une_vague())


def un_dossier_complet(vague: Vague | None = None) -> tuple[Candidature, Membre]:
    """Of two authorities, complete, in a wave that asks for their marks unless it is given."""
    candidature, membre = un_groupement(vague=vague or une_vague_qui_les_exige())
    joindre_piece(
        candidature=candidature,
        fichier=ContentFile(f.PDF + b"\n%2", name="autre.pdf"),
        nom="autre.pdf",
        nature="deliberation",
        membre=membre,
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )
    candidature.refresh_from_db()
    return candidature, membre


def un_agent(candidature: Candidature, membre: Membre) -> Utilisateur:
    """Somebody of the file who is known to work for `membre`, and only reads."""
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=Qualite.LECTEUR)
    f.un_rattachement(personne, membre.siren)
    return personne


def signer(candidature: Candidature, membre: Membre, **par: object) -> Accord:
    signature = actions.Signature("Odile Maire", "présidente", candidature.empreinte)
    par = par or {"auteur": un_agent(candidature, membre)}
    return actions.donner_accord(
        candidature=candidature, membre=membre, signature=signature, maintenant=horloge_base(), **par
    )


def deposer_maintenant(candidature: Candidature) -> Depot:
    return deposer(candidature=candidature, auteur=f.porteur_de(candidature), recu_le=horloge_base(), cle=uuid4())


@pytest.fixture
def dossier() -> tuple[Candidature, Membre]:
    return un_dossier_complet()


class TestDonner:
    def test_un_agent_de_la_collectivite_le_donne_une_fois_par_version(self, dossier):
        candidature, membre = dossier
        agent = un_agent(*dossier)
        accord = signer(*dossier, auteur=agent)
        assert signer(*dossier, auteur=agent) == accord
        assert (accord.siren, accord.empreinte, accord.par) == (membre.siren, candidature.empreinte, agent)
        assert EntreeJournal.objects.filter(acte="donner_accord").count() == 1

    def test_ni_un_autre_participant_ni_un_agent_qui_ne_participe_pas(self, dossier):
        candidature, membre = dossier
        etranger = f.un_utilisateur()
        f.un_rattachement(etranger, membre.siren)
        for auteur in (f.porteur_de(candidature), etranger):
            with pytest.raises(RegleEnfreinte, match="Seule une personne"):
                signer(*dossier, auteur=auteur)
        assert client_de(etranger).get(page("donner_accord", candidature.pk, membre.pk)).status_code == 404
        porteur = client_de(f.porteur_de(candidature))
        assert porteur.get(page("donner_accord", candidature.pk, membre.pk)).status_code == 409

    def test_un_dossier_incomplet_ne_s_approuve_pas(self):
        with pytest.raises(RegleEnfreinte, match="n’est pas complet"):
            signer(*un_groupement())

    def test_sur_une_version_qui_a_change_il_ne_vaut_rien_et_ce_qui_a_change_est_montre(self, dossier):
        candidature, membre = dossier
        agent = un_agent(*dossier)
        ancienne = candidature.empreinte
        signer(*dossier, auteur=agent)
        f.reecrire(candidature, "Trois usines ferment.")
        lue = texte(client_de(agent).get(page("donner_accord", candidature.pk, membre.pk)))
        assert "valait pour une autre version" in lue
        assert "Trois" in lue
        envoi = {"empreinte": ancienne, "signataire": "Odile", "fonction": "présidente", "lu": "on"}
        reponse = client_de(agent).post(page("donner_accord", candidature.pk, membre.pk), envoi)
        assert reponse.status_code == 409
        assert "Odile" in texte(reponse)
        assert not Accord.objects.filter(empreinte=candidature.empreinte).exists()
        envoi["empreinte"] = candidature.empreinte
        assert client_de(agent).post(page("donner_accord", candidature.pk, membre.pk), envoi).status_code == 302
        assert Accord.objects.filter(siren=membre.siren).count() == 2

    def test_par_un_lien_sans_compte(self, dossier):
        candidature, _ = dossier
        lien, jeton = un_lien(GenreDeLien.ACCORD, *dossier)
        assert "Une usine ferme." in texte(Client().get(adresse(jeton)))
        envoi = {"empreinte": candidature.empreinte, "signataire": "Odile", "fonction": "présidente"}
        assert "Cochez la case" in texte(Client().post(adresse(jeton), envoi))
        assert Client().post(adresse(jeton), envoi | {"lu": "on"}).status_code == 302
        accord = Accord.objects.get()
        assert (accord.lien, accord.par, accord.signataire) == (lien, None, "Odile")
        assert "Odile, présidente" in texte(Client().get(adresse(jeton)))
        lue = texte(client_de(f.porteur_de(candidature)).get(page("accords", candidature.pk)))
        assert ADRESSE in lue

    def test_un_lien_qui_a_fini_depuis_la_lecture_ne_marque_rien_et_le_dit(self, dossier):
        candidature, _ = dossier
        lien, _ = un_lien(GenreDeLien.ACCORD, *dossier)
        parts = Participation.objects.filter(candidature=candidature, utilisateur=lien.fait_par)
        parts.update(qualite=Qualite.LECTEUR)
        with pytest.raises(RegleEnfreinte, match="vient d’être annulé"):
            signer(*dossier, lien=lien)
        parts.update(qualite=Qualite.PORTEUR)
        revoquer_lien(lien=lien, auteur=lien.fait_par, maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="vient d’être annulé"):
            signer(*dossier, lien=lien)
        assert not Accord.objects.exists()

    def test_le_lien_ne_dit_pas_qui_a_change_quoi(self, dossier):
        candidature, _ = dossier
        lien, jeton = un_lien(GenreDeLien.ACCORD, *dossier)
        signer(*dossier, lien=lien)
        f.reecrire(candidature, "Trois usines ferment.")
        lue = texte(Client().get(adresse(jeton)))
        assert "Ce qui a changé depuis" in lue
        assert str(f.porteur_de(candidature)) not in lue


class TestDeposer:
    def test_le_depot_attend_chaque_membre_et_dit_qui_manque(self, dossier):
        candidature, membre = dossier
        with pytest.raises(AccordsManquants) as manque:
            deposer_maintenant(candidature)
        assert manque.value.noms == [membre.nom]
        signer(*dossier)
        assert deposer_maintenant(candidature).empreinte == candidature.empreinte

    def test_la_page_du_refus_mene_a_qui_rappeler(self, dossier):
        candidature, membre = dossier
        porteur = client_de(f.porteur_de(candidature))
        assert "bon pour dépôt" in texte(porteur.get(page("deposer", candidature.pk)))
        reponse = porteur.post(page("deposer", candidature.pk), {"cle": str(uuid4()), "lecture": ""})
        assert reponse.status_code == 409
        assert f"Il manque 1\u00a0bon pour dépôt sur cette version\u00a0: {membre.nom}." in texte(reponse)
        assert page("accords", candidature.pk) in texte(reponse)

    def test_un_accord_sur_une_autre_version_ne_suffit_pas(self, dossier):
        candidature, _ = dossier
        signer(*dossier)
        f.reecrire(candidature)
        with pytest.raises(AccordsManquants):
            deposer_maintenant(candidature)

    def test_la_version_relue_et_signee_se_depose_meme_si_le_brouillon_a_change(self, dossier):
        candidature, _ = dossier
        lue = lecture_du_brouillon(candidature, pieces_de(candidature), membres_de(candidature))
        signer(*dossier)
        f.reecrire(candidature)
        depot = deposer(
            candidature=candidature,
            auteur=f.porteur_de(candidature),
            recu_le=horloge_base(),
            cle=uuid4(),
            lecture=lue,
            relue=True,
        )
        assert depot.empreinte == lue.empreinte

    def test_seule_une_collectivite_se_passe_d_accord(self):
        assert f.un_depot(f.une_candidature(vague=une_vague_qui_les_exige())).rang == 1

    def test_sans_la_regle_le_depot_ne_coute_rien_de_plus_et_avec_elle_une_requete(self):
        vague = f.une_vague()
        comptes = []
        for exige in (False, True):
            exiger(vague, exige)
            candidature, membre = un_dossier_complet(vague)
            signer(candidature, membre)
            porteur = client_de(f.porteur_de(candidature))
            with CaptureQueriesContext(connection) as posees:
                reponse = porteur.post(page("deposer", candidature.pk), {"cle": str(uuid4()), "lecture": ""})
            assert reponse.status_code == 302
            lues = [lue["sql"] for lue in posees.captured_queries]
            comptes.append((len(lues), len([sql for sql in lues if "candidatures_accord" in sql])))
        (sans, aucun), (avec, un) = comptes
        assert (aucun, un, avec - sans) == (0, 1, 1)

    def test_le_portail_ne_depose_a_l_echeance_que_ce_que_chacun_a_signe(self, dossier):
        sans, avec = dossier[0], un_dossier_complet(dossier[0].vague)
        signer(*avec)
        for candidature in (sans, avec[0]):
            demander_depot_a_l_echeance(
                candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base()
            )
        clore(sans.vague)
        assert set(Depot.objects.values_list("candidature", flat=True)) == {avec[0].pk}
        lettre = Courrier.objects.get(
            destinataire=f.porteur_de(sans).email, cle__startswith=f"cloture-{sans.vague_id}-"
        )
        assert "il en manquait au moins un" in lettre.texte


class TestRappeler:
    def test_qui_est_connu_et_le_dernier_lien_une_fois_par_jour(self, dossier):
        candidature, membre = dossier
        agent = un_agent(*dossier)
        lien, _ = un_lien(GenreDeLien.ACCORD, *dossier)
        with sans_declencheurs():
            type(lien).objects.filter(pk=lien.pk).update(fait_le=horloge_base() - timedelta(days=1))
        porteur = client_de(f.porteur_de(candidature))
        rappeler = page("rappeler_accord", candidature.pk, membre.pk)
        assert porteur.post(rappeler).status_code == 302
        assert Courrier.objects.filter(destinataire=agent.email, cle__startswith="accord-").count() == 1
        assert Courrier.objects.filter(destinataire=ADRESSE).count() == 2
        assert porteur.post(rappeler, f.d_une_autre_page()).status_code == 409
        assert Courrier.objects.filter(destinataire=ADRESSE).count() == 2

    def test_quand_personne_n_est_connu_la_page_le_dit(self, dossier):
        candidature, membre = dossier
        porteur = client_de(f.porteur_de(candidature))
        reponse = porteur.post(page("rappeler_accord", candidature.pk, membre.pk))
        assert reponse.status_code == 409
        assert "Nous ne savons pas à qui écrire" in texte(reponse)

    def test_un_lecteur_ne_rappelle_personne(self, dossier):
        candidature, membre = dossier
        lecteur = client_de(un_agent(*dossier))
        assert lecteur.post(page("rappeler_accord", candidature.pk, membre.pk)).status_code == 409


class TestCeQuePostgresTient:
    def un(self, dossier: tuple[Candidature, Membre], **champs: object):
        candidature, membre = dossier
        donnes = {
            "candidature": candidature,
            "siren": membre.siren,
            "nom": membre.nom,
            "empreinte": candidature.empreinte,
            "lecture": {},
            "signataire": "Odile",
            "fonction": "présidente",
        }
        return lambda: Accord.objects.create(**{**donnes, **champs})

    def test_une_marque_est_d_un_membre_sur_la_version_de_ce_dossier(self, dossier):
        candidature, _ = dossier
        agent = un_agent(*dossier)
        autre = f.une_candidature(vague=candidature.vague)
        assert refus(self.un(dossier, par=agent)) is None
        assert refus(self.un(dossier, par=agent, empreinte=autre.empreinte)) == "accord_sur_cette_version"
        assert refus(self.un(dossier, par=agent, empreinte="0" * 64)) == "accord_sur_cette_version"
        assert refus(self.un(dossier, par=agent, siren=f.un_siren(70_001))) == "accord_d_un_membre"
        assert refus(self.un(dossier, par=f.porteur_de(candidature))) == "accord_de_sa_collectivite"
        assert refus(self.un(dossier)) == "accord_par_un_compte_ou_un_lien"
        assert refus(self.un(dossier, par=agent, fonction="")) == "accord_signe"
        lien, _ = un_lien(GenreDeLien.PIECE, *dossier)
        assert refus(self.un(dossier, lien=lien)) == "accord_de_sa_collectivite"
        lien, _ = un_lien(GenreDeLien.ACCORD, *dossier)
        assert refus(self.un(dossier, lien=lien)) is None
        type(lien).objects.filter(pk=lien.pk).update(revoque_le=horloge_base())
        assert refus(self.un(dossier, lien=lien)) == "accord_de_sa_collectivite"

    def test_une_par_membre_et_version_pour_toujours(self, dossier):
        agent = un_agent(*dossier)
        accord = signer(*dossier, auteur=agent)
        assert refus(self.un(dossier, par=agent)) == "accord_un_par_membre_et_version"
        siens = Accord.objects.filter(pk=accord.pk)
        for change in (siens.delete, lambda: siens.update(signataire="X")):
            with pytest.raises(Exception, match="permission denied"), f.dans_un_point_de_reprise():
                change()

    @pytest.mark.jumeau("postgres:depot_signe_par_ses_membres")
    def test_aucun_depot_sans_les_marques_quoi_que_croie_l_application(self, dossier):
        candidature, _ = dossier
        lue = lecture_du_brouillon(candidature, pieces_de(candidature), membres_de(candidature))
        contenu = {**lue.cadre, "sections": candidature.contenu}

        def inserer() -> None:
            Depot.objects.create(
                candidature=candidature,
                rang=1,
                numero="X-1",
                recu_le=horloge_base(),
                contenu=contenu,
                empreinte=candidature.empreinte,
                cle=uuid4(),
                auteur=f.porteur_de(candidature),
            )

        assert manquants(candidature, contenu, candidature.empreinte)
        assert refus(inserer) == "depot_signe_par_ses_membres"
        signer(*dossier)
        assert not manquants(candidature, contenu, candidature.empreinte)
        assert refus(inserer) is None

    def test_la_regle_ne_change_plus_une_fois_la_vague_ouverte(self):
        ouverte = f.une_vague()
        assert (
            refus(lambda: Vague.objects.filter(pk=ouverte.pk).update(accords_requis=True))
            == "accords_figes_a_l_ouverture"
        )
        ouverture = horloge_base() + timedelta(days=200)
        future = f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=30))
        assert refus(lambda: Vague.objects.filter(pk=future.pk).update(accords_requis=True)) is None
