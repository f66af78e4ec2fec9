"""A wave that is suspended never opens; a series that has ended has no other wave until it is resumed."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from candidatures.calendrier.actions.vagues import (
    finir_la_serie,
    generer_calendrier,
    modifier_vague,
    reprendre_la_serie,
    retablir,
    suspendre,
)
from candidatures.calendrier.requetes import fin_de_serie
from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots
from candidatures.dossier.actions import dossiers
from candidatures.models import Candidature, FinDeSerie, ProcesVerbal, Vague
from candidatures.vagues.etats import EtatVague, Phase
from projets.chiffres.calcul import calculer
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, texte
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)
MOTIF = "Les crédits de l’année sont épuisés."


@pytest.fixture
def maintenant() -> datetime:
    return horloge_base()


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def prochaine(maintenant):
    return f.une_vague(ouverture=maintenant + UN_JOUR, cloture=maintenant + 30 * UN_JOUR)


def suspendue(vague: Vague, acteur, maintenant: datetime) -> Vague:
    suspendre(vague=vague, motif=MOTIF, acteur=acteur, maintenant=maintenant)
    return Vague.objects.get(pk=vague.pk)


class TestSuspension:
    def test_une_vague_suspendue_n_ouvre_ni_ne_se_clot_jamais(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        pendant, apres = vague.ouverture + UN_JOUR, vague.cloture + UN_JOUR

        assert {vague.phase(instant) for instant in (maintenant, pendant, apres)} == {Phase.SUSPENDUE}
        assert not Vague.objects.a_venir(maintenant).exists()
        assert not Vague.objects.ouvertes(pendant).exists()
        assert not Vague.objects.closes(apres).exists()
        assert not Vague.objects.a_clore(apres).exists()
        assert cloture.clore(vague_id=vague.pk, maintenant=apres) is None
        assert not ProcesVerbal.objects.exists()

    def test_le_motif_est_garde_avec_la_vague_et_au_journal(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        assert (vague.etat, vague.suspendue_le, vague.motif_suspension) == (EtatVague.SUSPENDUE, maintenant, MOTIF)
        entree = entrees_sur(vague).get(acte="suspendre")
        assert (entree.acteur_id_copie, entree.details["motif"]) == (administrateur.pk, MOTIF)

    def test_aucun_dossier_ne_s_y_commence(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
            dossiers.ouvrir_candidature(
                vague=vague,
                territoire=f.un_territoire(),
                auteur=f.un_utilisateur(),
                maintenant=vague.ouverture + UN_JOUR,
            )

    def test_la_base_refuse_un_dossier_meme_a_qui_croit_la_vague_ouverte(self, prochaine, administrateur, maintenant):
        """The instance was read before the suspension."""
        suspendue(prochaine, administrateur, maintenant)
        prochaine.etat, prochaine.ouverture = EtatVague.PREVUE, maintenant - UN_JOUR
        with pytest.raises(RegleEnfreinte, match="suspendue"):
            dossiers.ouvrir_candidature(
                vague=prochaine,
                territoire=f.un_territoire(),
                auteur=f.un_utilisateur(),
                maintenant=maintenant,
            )
        assert not Candidature.objects.exists()

    def test_la_base_refuse_un_depot(self, maintenant):
        candidature = f.une_candidature()
        with ignorer("candidatures.Vague:vague_suspendue_avant_d_ouvrir"):
            Vague.objects.update(etat=EtatVague.SUSPENDUE, suspendue_le=maintenant, motif_suspension=MOTIF)
        candidature.refresh_from_db()
        with pytest.raises(RegleEnfreinte):
            depots.deposer(
                candidature=candidature,
                auteur=f.porteur_de(candidature),
                recu_le=horloge_base(),
                cle="7f5c9c39-0b57-4f0e-8a0e-6f6a2f1d9f10",
            )
        assert not candidature.depots.exists()

    def test_une_vague_ouverte_ne_se_suspend_pas_meme_si_l_application_retarde(self, administrateur):
        """The database's clock decides, whatever `maintenant` says."""
        vague = f.une_vague()
        with pytest.raises(RegleEnfreinte, match="L’ouverture de cette vague est passée"):
            suspendre(vague=vague, motif=MOTIF, acteur=administrateur, maintenant=vague.ouverture - UN_JOUR)
        vague.refresh_from_db()
        assert vague.etat == EtatVague.PREVUE

    def test_une_suspension_sans_motif_est_refusee_par_la_base(self, prochaine, maintenant):
        with pytest.raises(IntegrityError) as refus, f.dans_un_point_de_reprise():
            Vague.objects.filter(pk=prochaine.pk).update(etat=EtatVague.SUSPENDUE, suspendue_le=maintenant)
        assert nom_contrainte(refus.value) == "vague_suspension_datee_et_motivee"

    def test_la_periode_d_une_vague_suspendue_est_libre(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        f.une_vague(ouverture=vague.ouverture + UN_JOUR, cloture=vague.cloture + UN_JOUR)
        with pytest.raises(RegleEnfreinte, match="chevauche"):
            retablir(vague=vague, motif="Elle peut avoir lieu.", acteur=administrateur, maintenant=maintenant)

    def test_la_prochaine_releve_n_est_jamais_une_vague_suspendue(self, prochaine, administrateur, maintenant):
        suivante = f.une_vague(ouverture=prochaine.cloture, cloture=prochaine.cloture + 30 * UN_JOUR)
        suspendue(prochaine, administrateur, maintenant)
        chiffres = {chiffre.cle: chiffre for chiffre in calculer(au=jour_de_paris(maintenant)).values()}
        assert chiffres["prochaine_releve"].valeur == jour_de_paris(suivante.cloture)


class TestRetablissement:
    def test_retablie_elle_retrouve_ses_dates(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        retablir(vague=vague, motif="Des crédits sont ouverts.", acteur=administrateur, maintenant=maintenant)
        vague.refresh_from_db()
        assert (vague.etat, vague.suspendue_le, vague.motif_suspension) == (EtatVague.PREVUE, None, "")
        assert list(Vague.objects.a_venir(maintenant)) == [prochaine]
        assert entrees_sur(vague).get(acte="retablir").details["motif"] == "Des crédits sont ouverts."

    def test_passee_l_heure_de_son_ouverture_elle_ne_se_retablit_plus(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        with ignorer("candidatures.Vague:vague_close_ne_bouge_plus"):
            Vague.objects.update(ouverture=maintenant - UN_JOUR)
        with pytest.raises(RegleEnfreinte, match="ni rétablie"):
            retablir(vague=vague, motif="Trop tard.", acteur=administrateur, maintenant=maintenant)

    def test_suspendue_elle_ne_se_deplace_pas(self, prochaine, administrateur, maintenant):
        vague = suspendue(prochaine, administrateur, maintenant)
        with pytest.raises(RegleEnfreinte, match="rétablissez-la"):
            modifier_vague(
                vague=vague,
                ouverture=vague.ouverture + UN_JOUR,
                cloture=vague.cloture,
                acteur=administrateur,
                maintenant=maintenant,
            )


class TestRevision:
    def test_chaque_changement_publie_fait_une_revision(self, prochaine, administrateur, maintenant):
        revisions = [Vague.objects.get().revision]
        modifier_vague(
            vague=prochaine,
            ouverture=prochaine.ouverture,
            cloture=prochaine.cloture + UN_JOUR,
            acteur=administrateur,
            maintenant=maintenant,
        )
        revisions.append(Vague.objects.get().revision)
        vague = suspendue(prochaine, administrateur, maintenant)
        revisions.append(vague.revision)
        retablir(vague=vague, motif="Elle aura lieu.", acteur=administrateur, maintenant=maintenant)
        revisions.append(Vague.objects.get().revision)

        assert revisions == [0, 1, 2, 3]
        assert Vague.objects.get().revisee_le > maintenant

    def test_l_instruction_n_en_fait_pas(self):
        vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=2))
        avant = Vague.objects.get()
        cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
        apres = Vague.objects.get()
        assert (apres.revision, apres.revisee_le) == (avant.revision, avant.revisee_le)


class TestFinDeSerie:
    @pytest.fixture
    def serie(self, maintenant, prochaine):
        """One open, two to come."""
        ouverte = f.une_vague(ouverture=maintenant - UN_JOUR, cloture=prochaine.ouverture)
        suivante = f.une_vague(ouverture=prochaine.cloture, cloture=prochaine.cloture + 30 * UN_JOUR)
        return ouverte, prochaine, suivante

    def finir(self, administrateur, maintenant):
        return finir_la_serie(motif=MOTIF, acteur=administrateur, maintenant=maintenant)

    def test_les_vagues_a_venir_sont_suspendues_et_l_ouverte_continue(self, serie, administrateur, maintenant):
        fin = self.finir(administrateur, maintenant)
        ouverte, prochaine, suivante = serie
        phases = {vague.numero: vague.phase(maintenant) for vague in Vague.objects.all()}
        assert phases == {
            ouverte.numero: Phase.OUVERTE,
            prochaine.numero: Phase.SUSPENDUE,
            suivante.numero: Phase.SUSPENDUE,
        }
        assert entrees_sur(fin).get().details == {"motif": MOTIF, "vagues": [prochaine.numero, suivante.numero]}

    def test_rien_ne_se_programme_ni_ne_se_retablit_avant_la_reprise(self, serie, administrateur, maintenant):
        self.finir(administrateur, maintenant)
        dans_deux_ans = maintenant + 730 * UN_JOUR
        with pytest.raises(RegleEnfreinte, match="La série des vagues est terminée depuis le"):
            generer_calendrier(jusqu_a=dans_deux_ans, acteur=administrateur, maintenant=maintenant)
        with pytest.raises(RegleEnfreinte, match="reprenez-la"):
            retablir(vague=serie[1], motif="Non.", acteur=administrateur, maintenant=maintenant)

        reprendre_la_serie(motif="Crédits ouverts.", acteur=administrateur, maintenant=maintenant)
        assert fin_de_serie() is None
        assert generer_calendrier(jusqu_a=dans_deux_ans, acteur=administrateur, maintenant=maintenant)
        retablir(vague=serie[1], motif="Oui.", acteur=administrateur, maintenant=maintenant)

    def test_la_serie_ne_finit_qu_une_fois_avant_d_etre_reprise(self, administrateur, maintenant):
        self.finir(administrateur, maintenant)
        with pytest.raises(RegleEnfreinte, match="déjà terminée"):
            self.finir(administrateur, maintenant)
        reprendre_la_serie(motif="Reprise.", acteur=administrateur, maintenant=horloge_base())
        self.finir(administrateur, horloge_base())
        assert FinDeSerie.objects.count() == 2

    def test_une_serie_en_cours_ne_se_reprend_pas(self, administrateur, maintenant):
        with pytest.raises(RegleEnfreinte, match="n’est pas terminée"):
            reprendre_la_serie(motif="Pourquoi pas.", acteur=administrateur, maintenant=maintenant)


class TestPages:
    @pytest.fixture
    def client(self, administrateur):
        return client_de(administrateur)

    def test_l_administrateur_suspend_puis_retablit(self, client, prochaine):
        adresse = f"/administration/vagues/{prochaine.numero}/suspendre/"
        assert "Écrivez le motif" in texte(client.post(adresse, {"motif": ""}))
        assert "est suspendue" in texte(client.post(adresse, {"motif": MOTIF}, follow=True))
        assert client.get(adresse).status_code == 404
        public = texte(client.get("/calendrier/"))
        assert "Suspendue" in public
        assert MOTIF in public
        assert "Programmée" not in public

        retour = f"/administration/vagues/{prochaine.numero}/retablir/"
        assert MOTIF in texte(client.get(retour))
        assert "est rétablie" in texte(client.post(retour, {"motif": "Crédits ouverts."}, follow=True))
        assert MOTIF not in texte(client.get("/calendrier/"))

    def test_l_administrateur_finit_la_serie_puis_la_reprend(self, client, prochaine):
        assert f"Vague {prochaine.numero}, du " in texte(client.get("/administration/vagues/serie/finir/"))
        page = texte(client.post("/administration/vagues/serie/finir/", {"motif": MOTIF}, follow=True))
        assert "La série des vagues est terminée" in page
        assert 'name="jusqu_au"' not in page
        encore = {"motif": MOTIF} | f.d_une_autre_page()
        assert client.post("/administration/vagues/serie/finir/", encore).status_code == 409
        assert MOTIF in texte(client.get("/administration/vagues/serie/reprendre/"))
        page = texte(client.post("/administration/vagues/serie/reprendre/", {"motif": "Oui."}, follow=True))
        assert 'name="jusqu_au"' in page
        assert client.get("/administration/vagues/serie/reprendre/").status_code == 404

    @pytest.mark.parametrize("acte", ["suspendre/", "retablir/"])
    def test_une_vague_ouverte_n_a_pas_ces_pages(self, client, acte):
        assert client.get(f"/administration/vagues/{f.une_vague().numero}/{acte}").status_code == 404

    @pytest.mark.parametrize("adresse", ["serie/finir/", "serie/reprendre/", "1/suspendre/", "1/retablir/"])
    def test_pour_les_autres_ces_pages_n_existent_pas(self, adresse):
        assert client_de(f.un_agent(Role.INSTRUCTEUR)).get(f"/administration/vagues/{adresse}").status_code == 404
