"""Deposits and closings at the same instant, each on its own connection."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots, echeance
from candidatures.depot.etats import LectureDuDepot
from candidatures.depot.relecture import lecture_du_brouillon
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.models import Candidature, Participation, ProcesVerbal, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import numeros
from tests.concurrence.attente import DELAI, ENSEMBLE, attend_un_verrou, attendre
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db(transaction=True)


def deposer(candidature, *, recu_le=None, cle=None, **autres):
    return depots.deposer(
        candidature=Candidature.objects.select_related("vague").get(pk=candidature.pk),
        auteur=f.porteur_de(candidature),
        recu_le=recu_le or horloge_base(),
        cle=cle or uuid4(),
        **autres,
    )


def test_la_meme_demande_envoyee_dix_fois_a_la_fois_ne_fait_qu_un_depot(ailleurs):
    candidature = f.une_candidature()
    cle = uuid4()
    depart = threading.Barrier(ENSEMBLE, timeout=DELAI)

    def envoyer():
        depart.wait()
        return deposer(candidature, cle=cle)

    demandes = [ailleurs(envoyer) for _ in range(ENSEMBLE)]

    assert len({demande.result(DELAI).pk for demande in demandes}) == 1
    assert candidature.depots.count() == 1


def test_la_cloture_attend_les_depots_en_cours_et_les_compte(ailleurs):
    """A request received in time, still being recorded when the closing starts, is in the procès-verbal."""
    candidature = f.une_candidature()
    vague = candidature.vague
    with transaction.atomic():
        depot = deposer(candidature)
        # The deadline falls between the reception and the end of the recording.
        fermeture = ailleurs(avancer_l_echeance_puis_clore, vague=vague)
        attendre(attend_un_verrou)
        assert not fermeture.done()
    proces_verbal = fermeture.result(DELAI)

    assert numeros(proces_verbal) == [depot.numero]
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.EN_INSTRUCTION


def avancer_l_echeance_puis_clore(vague):
    Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def test_un_depot_qui_attendait_la_cloture_est_refuse(ailleurs):
    candidature = f.une_candidature()
    vague = candidature.vague
    recu_le = horloge_base()
    with transaction.atomic():
        Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
        cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
        retard = ailleurs(deposer, candidature=candidature, recu_le=recu_le)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="clôture"):
        retard.result(DELAI)
    candidature.refresh_from_db()
    assert (candidature.etat, candidature.depots.count()) == (EtatCandidature.BROUILLON, 0)


def test_la_cloture_attend_la_version_complete_en_cours_d_enregistrement_et_la_depose(ailleurs):
    candidature = f.une_candidature()
    porteur = f.porteur_de(candidature)
    echeance.demander_depot_a_l_echeance(candidature=candidature, auteur=porteur, maintenant=horloge_base())
    ecrit_le = horloge_base()
    with transaction.atomic():
        redaction.enregistrer_section(
            candidature=candidature,
            section="projets",
            reponses={"projets": "Écrit à la dernière seconde."},
            auteur=porteur,
            maintenant=ecrit_le,
        )
        fermeture = ailleurs(avancer_l_echeance_puis_clore, vague=candidature.vague)
        attendre(attend_un_verrou)
    fermeture.result(DELAI)

    depot = candidature.depots.get()
    assert depot.recu_le == ecrit_le
    assert depot.contenu["sections"]["projets"] == {"projets": "Écrit à la dernière seconde."}


def test_une_demande_qui_attendait_la_cloture_est_refusee(ailleurs):
    candidature = f.une_candidature()
    porteur, recue_le = f.porteur_de(candidature), horloge_base()
    with transaction.atomic():
        avancer_l_echeance_puis_clore(candidature.vague)
        demande = ailleurs(
            echeance.demander_depot_a_l_echeance, candidature=candidature, auteur=porteur, maintenant=recue_le
        )
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte):
        demande.result(DELAI)
    candidature.refresh_from_db()
    assert (candidature.depot_a_l_echeance_le, candidature.depots.count()) == (None, 0)


def test_dix_clotures_a_la_fois_ne_font_qu_un_proces_verbal(ailleurs):
    vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=2))
    f.un_depot(f.une_candidature(vague=vague))
    depart = threading.Barrier(ENSEMBLE, timeout=DELAI)

    def clore():
        depart.wait()
        return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())

    resultats = [ailleurs(clore) for _ in range(ENSEMBLE)]

    assert len([r for r in resultats if r.result(DELAI) is not None]) == 1
    assert (ProcesVerbal.objects.count(), Courrier.objects.filter(cle__startswith="cloture-").count()) == (1, 1)


class TestDeVraisOuvriers:
    """Two workers race for one closing; one is killed in the very middle of it."""

    VERROU = 7_310_042

    @pytest.fixture
    def vague(self):
        vague = f.une_vague(cloture=horloge_base() - timedelta(minutes=2))
        for _ in range(3):
            f.un_depot(f.une_candidature(vague=vague))
        return vague

    @pytest.fixture
    def barriere(self):
        """Whoever records a procès-verbal stops inside its transaction until the test lets go of an advisory lock."""
        administrer(f"""
            CREATE FUNCTION essai_barriere() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_advisory_xact_lock_shared({self.VERROU}); RETURN NEW; END $$;
            CREATE TRIGGER essai_barriere AFTER INSERT ON candidatures_procesverbal
            FOR EACH ROW EXECUTE FUNCTION essai_barriere();
        """)
        connection.cursor().execute(f"SELECT pg_advisory_lock({self.VERROU})")
        yield lambda: connection.cursor().execute(f"SELECT pg_advisory_unlock({self.VERROU})")
        connection.cursor().execute("SELECT pg_advisory_unlock_all()")
        administrer("DROP TRIGGER essai_barriere ON candidatures_procesverbal", "DROP FUNCTION essai_barriere()")

    def test_un_ouvrier_tue_au_milieu_de_la_cloture_ne_laisse_rien_et_l_autre_la_finit(self, vague, barriere, ouvrier):
        from celery import current_app

        premier = ouvrier(environ={"REBOND_PROCESSUS": "premier"})
        current_app.send_task("candidatures.tasks.clore_vagues_echues")
        attendre(lambda: attend_un_verrou("premier", "advisory"))
        ouvrier(environ={"REBOND_PROCESSUS": "second"})
        current_app.send_task("candidatures.tasks.clore_vagues_echues")
        attendre(lambda: attend_un_verrou("second"))

        premier.tuer()
        assert not ProcesVerbal.objects.exists()
        # What the dead worker had begun ends without its commit; the second, which waited for the row, starts over.
        barriere()
        attendre(ProcesVerbal.objects.exists)

        self.verifier(vague)

    def test_un_ouvrier_tue_au_milieu_ne_laisse_qu_un_depot_demande_au_portail(self, vague, barriere, ouvrier):
        from celery import current_app

        candidature = f.une_candidature(vague=vague)
        echeance.demander_depot_a_l_echeance(
            candidature=candidature,
            auteur=f.porteur_de(candidature),
            maintenant=vague.cloture - timedelta(seconds=30),
        )
        premier = ouvrier(environ={"REBOND_PROCESSUS": "premier"})
        current_app.send_task("candidatures.tasks.clore_vagues_echues")
        # The first one has made the deposit, and stops in the procès-verbal.
        attendre(lambda: attend_un_verrou("premier", "advisory"))
        ouvrier(environ={"REBOND_PROCESSUS": "second"})
        current_app.send_task("candidatures.tasks.clore_vagues_echues")
        attendre(lambda: attend_un_verrou("second"))
        premier.tuer()
        assert not candidature.depots.exists()
        barriere()
        attendre(ProcesVerbal.objects.exists)

        depot = candidature.depots.get()
        assert depot.recu_le == vague.cloture - timedelta(seconds=30)
        assert numeros(vague.proces_verbal).count(depot.numero) == 1
        assert len(numeros(vague.proces_verbal)) == 4

    def test_deux_ouvriers_ensemble_ne_cloturent_qu_une_fois(self, vague, ouvrier):
        from celery import current_app

        for _ in range(2):
            ouvrier(pool="prefork", concurrence=2)
        for _ in range(8):
            current_app.send_task("candidatures.tasks.clore_vagues_echues")
        attendre(lambda: current_app.connection().default_channel.client.llen("celery") == 0)
        attendre(ProcesVerbal.objects.exists)

        self.verifier(vague)

    def verifier(self, vague):
        vague.refresh_from_db()
        assert vague.etat == EtatVague.EN_INSTRUCTION
        assert ProcesVerbal.objects.count() == 1
        assert len(numeros(vague.proces_verbal)) == 3
        etats = set(vague.candidatures.values_list("etat", flat=True))
        assert etats == {EtatCandidature.EN_INSTRUCTION}
        assert Courrier.objects.filter(cle__startswith="cloture-").count() == 3


def test_deux_onglets_qui_deposent_le_meme_contenu_a_la_fois_ne_font_qu_un_depot(ailleurs):
    """Each tab has its own key: the file's row makes the second wait, and find its content deposited."""
    candidature = f.une_candidature()
    depart = threading.Barrier(2, timeout=DELAI)

    def envoyer():
        depart.wait()
        return deposer(candidature)

    un, autre = (demande.result(DELAI) for demande in [ailleurs(envoyer), ailleurs(envoyer)])
    assert un == autre == candidature.depots.get()


def test_une_collegue_qui_ecrit_pendant_le_depot_n_y_met_pas_sa_phrase(ailleurs):
    """She saves after the page was read; the request waits for her save, sees it, and deposits what was read."""
    candidature = f.une_candidature()
    lue = lecture_du_brouillon(candidature, pieces_de(candidature), membres_de(candidature))
    collegue = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
    with transaction.atomic():
        f.reecrire(candidature, "Deux usines ferment.", par=collegue)
        demande = ailleurs(lambda: deposer(candidature, lecture=lue, relue=True))
        attendre(attend_un_verrou)
        assert not demande.done()
    depot = demande.result(DELAI)

    assert (depot.lecture, depot.empreinte) == (LectureDuDepot.RELUE, lue.empreinte)
    assert depot.contenu["sections"]["choc"]["description"] == "Une usine ferme."
