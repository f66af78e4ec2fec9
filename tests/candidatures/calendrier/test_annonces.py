"""The opening and the closing of a wave are announced once, at their instant, to those whom they concern."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from candidatures.calendrier.actions import annonces
from candidatures.calendrier.actions.vagues import suspendre
from candidatures.cloture.actions import cloture, prolongations
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.copie import actions as copies
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.dossier.regles import est_copiable
from candidatures.models import Candidature, Participation, Vague
from candidatures.tasks import annoncer_vagues
from candidatures.vagues.etats import EtatVague
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db
UNE_MINUTE = timedelta(minutes=1)
UN_JOUR = timedelta(days=1)


@pytest.fixture
def maintenant() -> datetime:
    return horloge_base()


@pytest.fixture
def passee(maintenant):
    return f.une_vague(cloture=maintenant - 30 * UN_JOUR)


@pytest.fixture
def ouverte(passee, maintenant):
    """Open for a minute."""
    return f.une_vague(ouverture=maintenant - UNE_MINUTE, cloture=maintenant + 90 * UN_JOUR)


def annoncer(vague: Vague, maintenant: datetime) -> list[str]:
    """Who is written to, in order."""
    annonces.annoncer(vague_id=vague.pk, maintenant=maintenant)
    return sorted(Courrier.objects.values_list("destinataire", flat=True))


def pose(candidature: Candidature, etat: EtatCandidature, **champs) -> Candidature:
    """The file in a state that the table would take several acts to reach."""
    with sans_declencheurs():
        Candidature.objects.filter(pk=candidature.pk).update(etat=etat, **champs)
    candidature.refresh_from_db()
    return candidature


def publier(vague: Vague, publique_a: datetime) -> None:
    valideur = f.un_utilisateur()
    with sans_declencheurs():
        Vague.objects.filter(pk=vague.pk).update(
            etat=EtatVague.PUBLIEE,
            labellisee_le=vague.cloture + UN_JOUR,
            labellisee_par=valideur,
            annoncee_le=vague.cloture + UN_JOUR,
            annoncee_par=valideur,
            publique_a=publique_a,
        )


class TestOuverture:
    def test_les_instructeurs_et_les_administrateurs_l_apprennent(self, ouverte, maintenant):
        agents = [f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.ADMINISTRATEUR)]
        f.un_agent(Role.EXPERT)
        parti = f.un_agent(Role.INSTRUCTEUR)
        parti.is_active = False
        parti.save()

        assert annoncer(ouverte, maintenant) == sorted(agent.email for agent in agents)
        assert entrees_sur(ouverte).get(acte="annoncer_ouverture").details == {"courriers": 2}

    def test_qui_n_a_jamais_depose_apprend_qu_il_peut_copier_son_dossier(self, passee, ouverte, maintenant):
        brouillon = f.une_candidature(vague=passee, complete=False)
        co_porteur, lecteur = f.un_utilisateur(), f.un_utilisateur()
        for personne, qualite in ((co_porteur, Qualite.CO_PORTEUR), (lecteur, Qualite.LECTEUR)):
            Participation.objects.create(candidature=brouillon, utilisateur=personne, qualite=qualite)
        cloture.clore(vague_id=passee.pk, maintenant=maintenant)
        Courrier.objects.all().delete()

        assert annoncer(ouverte, maintenant) == sorted([f.porteur_de(brouillon).email, co_porteur.email])
        texte = Courrier.objects.first().texte
        assert f"- {brouillon.reference}, territoire «\u00a0{brouillon.territoire.nom}\u00a0»" in texte

    def test_un_brouillon_dont_la_cloture_n_est_pas_enregistree_attend(self, passee, ouverte, maintenant):
        f.une_candidature(vague=passee, complete=False)
        assert annoncer(ouverte, maintenant) == []

    def test_une_personne_qui_a_plusieurs_dossiers_n_a_qu_un_courrier(self, passee, ouverte, maintenant):
        porteur = f.un_utilisateur()
        dossiers = [f.une_candidature(vague=passee, porteur=porteur, complete=False) for _ in range(2)]
        cloture.clore(vague_id=passee.pk, maintenant=maintenant)
        Courrier.objects.all().delete()
        assert annoncer(ouverte, maintenant) == [porteur.email]
        texte = Courrier.objects.get().texte
        assert all(dossier.reference in texte for dossier in dossiers)

    def test_rien_n_est_dit_d_une_decision_sous_embargo(self, passee, ouverte, maintenant):
        refuse = pose(f.une_candidature(vague=passee), EtatCandidature.NON_RETENUE)
        publier(passee, publique_a=maintenant + UN_JOUR)
        assert annoncer(ouverte, maintenant) == []
        Vague.objects.filter(pk=ouverte.pk).update(ouverture_annoncee_le=None)
        assert annoncer(ouverte, maintenant + UN_JOUR - UNE_MINUTE) == []
        publier(passee, publique_a=maintenant)
        Vague.objects.filter(pk=ouverte.pk).update(ouverture_annoncee_le=None)
        assert annoncer(ouverte, maintenant) == [f.porteur_de(refuse).email]

    def test_un_territoire_qui_a_recommence_depuis_n_est_pas_relance(self, passee, maintenant):
        original = f.une_candidature(vague=passee)
        cloture.clore(vague_id=passee.pk, maintenant=maintenant)
        suivante = f.une_vague(ouverture=passee.cloture, cloture=maintenant + UN_JOUR)
        copies.copier(
            candidature=original, vague=suivante, auteur=f.porteur_de(original), maintenant=maintenant - UNE_MINUTE
        )
        nouvelle = f.une_vague(ouverture=suivante.cloture, cloture=suivante.cloture + 90 * UN_JOUR)
        Courrier.objects.all().delete()
        assert annoncer(nouvelle, nouvelle.ouverture) == []

    @pytest.mark.parametrize("etat", EtatCandidature)
    @pytest.mark.parametrize("source", [Source.PORTAIL, Source.REPRISE])
    @pytest.mark.parametrize("embargo", [-UN_JOUR, UN_JOUR])
    def test_la_requete_dit_ce_que_dit_la_regle(self, passee, maintenant, etat, source, embargo):
        dossier = f.une_candidature(vague=passee, complete=False)
        numero = {"numero_source": "123"} if source is Source.REPRISE else {}
        pose(dossier, etat, source=source, **numero)
        publier(passee, publique_a=maintenant + embargo)
        dossier = Candidature.objects.select_related("vague").get(pk=dossier.pk)
        regle = est_copiable(etat_connu_du_territoire(dossier, maintenant), dossier.vague.phase(maintenant))
        assert Candidature.objects.copiables(maintenant).exists() == regle


class TestCloture:
    @pytest.fixture
    def close(self, maintenant):
        return f.une_vague(cloture=maintenant - UNE_MINUTE)

    def test_elle_est_annoncee_aux_agents_seuls(self, close, maintenant):
        f.une_candidature(vague=close)
        agent = f.un_agent(Role.INSTRUCTEUR)
        assert annoncer(close, maintenant) == [agent.email]
        courrier = Courrier.objects.get()
        assert courrier.objet == f"La vague {close.numero} est close"
        assert entrees_sur(close).get(acte="annoncer_cloture").details == {"courriers": 1}

    def test_elle_ne_l_est_pas_une_microseconde_plus_tot(self, close):
        f.un_agent(Role.INSTRUCTEUR)
        Vague.objects.update(ouverture_annoncee_le=close.cloture)
        assert annoncer(close, close.cloture - timedelta(microseconds=1)) == []
        assert len(annoncer(close, close.cloture)) == 1

    def test_la_cloture_d_une_vague_prolongee_s_annonce_a_la_fin_de_la_prolongation(self, ouverte, maintenant):
        signataires = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.VALIDEUR)
        proposee = prolongations.proposer(
            vague=ouverte,
            candidature=None,
            jusqu_au=ouverte.cloture + UN_JOUR,
            motif="Panne du réseau.",
            acteur=signataires[0],
            maintenant=maintenant,
        )
        prolongations.signer(prolongation=proposee, acteur=signataires[1], maintenant=maintenant)
        Vague.objects.filter(pk=ouverte.pk).update(ouverture_annoncee_le=maintenant)
        Courrier.objects.all().delete()
        assert annoncer(ouverte, ouverte.cloture) == []
        assert annoncer(ouverte, ouverte.cloture + UN_JOUR) == [signataires[0].email]

    def test_une_vague_prolongee_apres_sa_cloture_s_annonce_close_une_seconde_fois(self, close, maintenant):
        f.une_candidature(vague=close)
        signataires = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.VALIDEUR)
        assert annoncer(close, maintenant) == [signataires[0].email]
        proposee = prolongations.proposer(
            vague=close,
            candidature=None,
            jusqu_au=maintenant + UN_JOUR,
            motif="Panne du réseau.",
            acteur=signataires[0],
            maintenant=maintenant,
        )
        prolongations.signer(prolongation=proposee, acteur=signataires[1], maintenant=maintenant)
        Courrier.objects.exclude(cle__startswith="cloture-annoncee").delete()
        assert len(annoncer(close, maintenant + UN_JOUR - UNE_MINUTE)) == 1
        assert len(annoncer(close, maintenant + UN_JOUR)) == 2
        assert instant_fr(maintenant + UN_JOUR, secondes=True) in Courrier.objects.latest("pk").texte

    def test_la_base_refuse_une_annonce_en_avance(self, ouverte, maintenant):
        with pytest.raises(IntegrityError) as refus, f.dans_un_point_de_reprise():
            Vague.objects.filter(pk=ouverte.pk).update(cloture_annoncee_le=maintenant)
        assert nom_contrainte(refus.value) == "vague_rien_d_annonce_avant_l_heure"


class TestUneSeuleFois:
    def test_la_tache_relancee_n_ecrit_rien_de_plus(self, ouverte):
        f.un_agent(Role.INSTRUCTEUR)
        assert [annoncer_vagues(), annoncer_vagues()] == [1, 0]
        assert Courrier.objects.count() == 1

    def test_le_passe_est_marque_sans_courrier(self, passee, maintenant):
        f.un_agent(Role.INSTRUCTEUR)
        assert annoncer(passee, maintenant) == []
        passee.refresh_from_db()
        assert (passee.ouverture_annoncee_le, passee.cloture_annoncee_le) == (maintenant, maintenant)
        assert not entrees_sur(passee).filter(acte__startswith="annoncer_").exists()
        assert not Vague.objects.a_annoncer(maintenant).exists()

    def test_une_vague_suspendue_ne_s_annonce_pas(self, maintenant):
        f.un_agent(Role.ADMINISTRATEUR)
        vague = f.une_vague(ouverture=maintenant + UN_JOUR, cloture=maintenant + 9 * UN_JOUR)
        suspendre(vague=vague, motif="Crédits épuisés.", acteur=f.un_utilisateur(), maintenant=maintenant)
        assert annoncer(vague, vague.ouverture) == []
        assert annoncer(vague, vague.cloture) == []

    def test_le_nombre_de_requetes_ne_depend_pas_des_destinataires(self, passee, ouverte, maintenant):
        mesures = []
        for nombre in (1, 3):
            for _ in range(nombre):
                f.un_agent(Role.INSTRUCTEUR)
                pose(f.une_candidature(vague=passee, complete=False), EtatCandidature.RETIREE)
            Vague.objects.filter(pk=ouverte.pk).update(ouverture_annoncee_le=None)
            with CaptureQueriesContext(connection) as captees:
                annonces.annoncer(vague_id=ouverte.pk, maintenant=maintenant)
            mesures.append(len(captees))
        assert mesures[0] == mesures[1]
        assert Courrier.objects.count() == 8
