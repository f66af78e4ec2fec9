"""The deposit that a porteur asks of the portal, made inside the closing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import echeance
from candidatures.depot.requetes import cle_du_depot
from candidatures.dossier.actions import equipe, redaction
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.models import Candidature, Depot, Participation, ProcesVerbal, Vague, VersionComplete
from candidatures.vagues.etats import EtatVague
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import lignes, numeros

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def vague():
    return f.une_vague(cloture=horloge_base() + timedelta(days=1))


@pytest.fixture
def dossier(vague):
    return f.une_candidature(vague=vague)


def demander(candidature: Candidature, maintenant=None) -> Candidature:
    return echeance.demander_depot_a_l_echeance(
        candidature=candidature, auteur=f.porteur_de(candidature), maintenant=maintenant or horloge_base()
    )


def renoncer(candidature: Candidature) -> Candidature:
    return echeance.y_renoncer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())


def ecrire(candidature: Candidature, maintenant=None, **reponses) -> None:
    """Answers of the section « projets », which is obligatory."""
    redaction.enregistrer_section(
        candidature=candidature,
        section="projets",
        reponses=reponses,
        auteur=f.porteur_de(candidature),
        maintenant=maintenant or horloge_base(),
    )


def clore(vague: Vague) -> ProcesVerbal | None:
    """Now, at the end of the wave and of its grace."""
    Vague.objects.filter(pk=vague.pk, etat=EtatVague.PREVUE).update(cloture=horloge_base(), grace=timedelta(0))
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


class TestLaDemande:
    def test_elle_est_datee_signee_journalisee_et_annoncee_a_tous(self, dossier):
        autre = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=autre, qualite=Qualite.LECTEUR)
        maintenant = horloge_base()
        demander(dossier, maintenant)
        dossier.refresh_from_db()
        assert (dossier.depot_a_l_echeance_le, dossier.depot_a_l_echeance_par) == (maintenant, f.porteur_de(dossier))
        entree = EntreeJournal.objects.get(acte="demander_depot_a_l_echeance")
        assert (entree.fait_le, entree.objet_id) == (maintenant, str(dossier.pk))
        lettres = Courrier.objects.filter(cle__startswith=f"equipe-{entree.pk}-")
        assert {lettre.destinataire for lettre in lettres} == {autre.email, f.porteur_de(dossier).email}

    def test_redemander_ne_change_ni_l_instant_ni_n_ecrit(self, dossier):
        premiere = demander(dossier).depot_a_l_echeance_le
        lettres = Courrier.objects.count()
        assert demander(dossier).depot_a_l_echeance_le == premiere
        assert Courrier.objects.count() == lettres

    def test_y_renoncer_efface_la_demande_et_le_dit(self, dossier):
        demander(dossier)
        lettres = Courrier.objects.count()
        renoncer(dossier)
        renoncer(dossier)
        dossier.refresh_from_db()
        assert (dossier.depot_a_l_echeance_le, dossier.depot_a_l_echeance_par) == (None, None)
        assert EntreeJournal.objects.filter(acte="renoncer_au_depot_a_l_echeance").count() == 1
        assert Courrier.objects.count() == lettres + 1

    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_en_decide(self, dossier, qualite):
        autre = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=autre, qualite=qualite)
        for acte in (echeance.demander_depot_a_l_echeance, echeance.y_renoncer):
            with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
                acte(candidature=dossier, auteur=autre, maintenant=horloge_base())

    def test_a_l_instant_de_la_cloture_il_est_trop_tard(self, dossier, vague):
        with pytest.raises(RegleEnfreinte):
            demander(dossier, vague.cloture)
        demander(dossier, vague.cloture - timedelta(microseconds=1))

    def test_une_demande_recue_a_temps_mais_enregistree_apres_la_cloture_est_refusee(self, vague):
        """Promised and not carried out would be worse than refused."""
        brouillon = f.une_candidature(vague=vague, complete=False)
        recue_le = horloge_base()
        clore(vague)
        with pytest.raises(RegleEnfreinte):
            demander(brouillon, recue_le)


class TestLaCloture:
    def test_le_dossier_complet_est_depose_au_nom_du_porteur_et_compte(self, dossier, vague):
        demande_le = demander(dossier).depot_a_l_echeance_le
        version = VersionComplete.objects.get(candidature=dossier)

        proces_verbal = clore(vague)

        depot = Depot.objects.get()
        assert (depot.source, depot.rang, depot.auteur) == (Source.ECHEANCE, 1, f.porteur_de(dossier))
        assert (depot.recu_le, depot.cle) == (demande_le, cle_du_depot(dossier))
        assert (depot.contenu, depot.empreinte) == (version.contenu, version.empreinte)
        assert depot.pieces.get().document == dossier.pieces.get().document
        assert numeros(proces_verbal) == [depot.numero]
        assert lignes(proces_verbal)[0]["source"] == "echeance"
        assert lignes(proces_verbal, "brouillon") == []
        dossier.refresh_from_db()
        assert dossier.etat == EtatCandidature.EN_INSTRUCTION

    def test_le_journal_dit_que_le_portail_a_depose_et_a_la_demande_de_quand(self, dossier, vague):
        demande_le = demander(dossier).depot_a_l_echeance_le
        clore(vague)
        depot = Depot.objects.get()
        entree = EntreeJournal.objects.get(acte="deposer")
        assert (entree.acteur, entree.acteur_id_copie) == ("Portail", None)
        assert entree.details == {
            "de": "brouillon",
            "vers": "deposee",
            "depot": depot.numero,
            "empreinte": depot.empreinte,
            "source": "echeance",
            "recu_le": depot.recu_le.isoformat(),
            "demande_le": demande_le.isoformat(),
        }

    def test_sa_lettre_dit_que_le_portail_a_depose_et_quand_c_etait_recu(self, dossier, vague):
        demander(dossier)
        clore(vague)
        lettre = Courrier.objects.get(cle__startswith="cloture-")
        assert "déposé par le portail" in lettre.objet
        assert Depot.objects.get().numero in lettre.texte
        assert "Ce qui a été écrit après cette version n’est pas déposé" in lettre.texte

    def test_la_version_enregistree_apres_la_demande_est_recue_a_son_enregistrement(self, dossier, vague):
        demander(dossier)
        ecrit_le = horloge_base()
        ecrire(dossier, ecrit_le, projets="Une nouvelle idée.")
        clore(vague)
        depot = Depot.objects.get()
        assert depot.recu_le == ecrit_le
        assert depot.contenu["sections"]["projets"] == {"projets": "Une nouvelle idée."}

    def test_un_brouillon_redevenu_incomplet_est_depose_dans_sa_derniere_version_complete(self, dossier, vague):
        demander(dossier)
        ecrire(dossier)
        clore(vague)
        assert Depot.objects.get().contenu["sections"]["projets"] == {"projets": "Aucun."}

    def test_ce_qui_a_ete_modifie_depuis_le_depot_est_depose_de_nouveau(self, dossier, vague):
        premier = f.un_depot(dossier)
        demander(dossier)
        ecrire(dossier, projets="Une nouvelle idée.")
        proces_verbal = clore(vague)
        second = Depot.objects.exclude(pk=premier.pk).get()
        assert (second.rang, second.numero) == (2, f"{dossier.reference}-2")
        assert numeros(proces_verbal) == [second.numero]

    def test_ce_qui_est_deja_depose_ne_l_est_pas_deux_fois(self, dossier, vague):
        demander(dossier)
        ecrire(dossier, projets="Autre chose.")
        ecrire(dossier, projets="Aucun.")
        depot = f.un_depot(dossier)
        ecrire(dossier, projets="Autre chose.")
        ecrire(dossier, projets="Aucun.")
        clore(vague)
        assert list(Depot.objects.all()) == [depot]
        assert "déposé à temps" in Courrier.objects.get(cle__startswith="cloture-").texte

    def test_sans_aucune_version_complete_il_reste_un_brouillon_et_la_lettre_dit_pourquoi(self, vague):
        brouillon = f.une_candidature(vague=vague, complete=False)
        demander(brouillon)
        proces_verbal = clore(vague)
        brouillon.refresh_from_db()
        assert (brouillon.etat, Depot.objects.count()) == (EtatCandidature.BROUILLON, 0)
        assert [ligne["reference"] for ligne in lignes(proces_verbal, "brouillon")] == [brouillon.reference]
        lettre = Courrier.objects.get(cle__startswith="cloture-")
        assert "Le portail n’en avait aucune" in lettre.texte

    def test_sans_demande_ou_apres_renonciation_rien_n_est_depose(self, dossier, vague):
        demander(dossier)
        renoncer(dossier)
        f.une_candidature(vague=vague)
        clore(vague)
        assert not Depot.objects.exists()

    def test_un_dossier_retire_reste_retire(self, dossier, vague):
        from candidatures.depot.actions.retrait import retirer

        demander(dossier)
        retirer(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())
        clore(vague)
        dossier.refresh_from_db()
        assert (dossier.etat, Depot.objects.count()) == (EtatCandidature.RETIREE, 0)

    def test_apres_une_passation_c_est_au_nom_du_nouveau_porteur(self, dossier, vague):
        demander(dossier)
        nouveau = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=nouveau, qualite=Qualite.CO_PORTEUR)
        equipe.passer_la_main(candidature=dossier, a=nouveau, auteur=f.porteur_de(dossier), maintenant=horloge_base())
        clore(vague)
        assert Depot.objects.get().auteur == nouveau

    def test_une_version_devenue_trop_tardive_n_empeche_pas_la_cloture(self, dossier, vague):
        """The deadline was brought forward, before the save: nothing received in time is there to deposit."""
        demander(dossier)
        VersionComplete.objects.update(fait_le=horloge_base() + MINUTE)
        assert clore(vague) is not None
        dossier.refresh_from_db()
        assert (dossier.etat, Depot.objects.count()) == (EtatCandidature.BROUILLON, 0)

    def test_interrompue_au_milieu_elle_ne_laisse_rien_et_recommence(self, dossier, vague):
        demander(dossier)
        with transaction.atomic():
            clore(vague)
            transaction.set_rollback(True)
        dossier.refresh_from_db()
        assert (dossier.etat, Depot.objects.count()) == (EtatCandidature.BROUILLON, 0)
        clore(vague)
        assert clore(vague) is None
        assert (Depot.objects.count(), ProcesVerbal.objects.count()) == (1, 1)

    def test_deposer_de_nouveau_sans_rien_de_neuf_ne_fait_rien(self, dossier, vague):
        demander(dossier)
        Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
        vague.refresh_from_db()
        assert (
            len(echeance.deposer_a_l_echeance(candidatures=vague.candidatures.all(), maintenant=horloge_base())) == 1
        )
        assert echeance.deposer_a_l_echeance(candidatures=vague.candidatures.all(), maintenant=horloge_base()) == []

    def test_la_base_refuse_un_second_depot_du_portail_et_celui_que_personne_n_a_demande(self, dossier):
        demander(dossier)
        version = VersionComplete.objects.get(candidature=dossier)
        valeurs = {
            "candidature": dossier,
            "source": Source.ECHEANCE,
            "contenu": version.contenu,
            "empreinte": version.empreinte,
            "auteur": f.porteur_de(dossier),
        }
        avant = dossier.depot_a_l_echeance_le - timedelta(microseconds=1)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Depot.objects.create(rang=1, numero="essai-1", recu_le=avant, cle=uuid4(), **valeurs)
        assert nom_contrainte(refus.value) == "depot_a_l_echeance_demande"
        cle = cle_du_depot(dossier)
        Depot.objects.create(rang=1, numero="essai-1", recu_le=horloge_base(), cle=cle, **valeurs)
        with pytest.raises(IntegrityError, match="cle"), transaction.atomic():
            Depot.objects.create(rang=2, numero="essai-2", recu_le=horloge_base(), cle=cle, **valeurs)

    def test_elle_coute_autant_de_requetes_pour_trois_dossiers_que_pour_douze(self):
        couts = []
        for nombre in (3, 12):
            fin = horloge_base() - timedelta(days=100 * nombre)
            vague = f.une_vague(cloture=fin)
            for _ in range(nombre):
                demander(f.une_candidature(vague=vague), fin - MINUTE / 2)
            with CaptureQueriesContext(connection) as requetes:
                cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
            assert Depot.objects.filter(candidature__vague=vague).count() == nombre
            couts.append(len([r for r in requetes if "SAVEPOINT" not in r["sql"]]))
        assert couts[0] == couts[1] <= 35
