"""Two workers announce the same opening at the same instant, each on its own connection."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from candidatures.calendrier.actions import annonces
from candidatures.calendrier.actions.vagues import suspendre
from candidatures.dossier.actions.dossiers import ouvrir_candidature
from candidatures.models import Candidature, Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.vagues.test_suspensions import MOTIF
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 6


def test_six_ouvriers_a_la_fois_n_annoncent_qu_une_ouverture():
    agents = [f.un_agent(Role.INSTRUCTEUR) for _ in range(3)]
    vague = f.une_vague(ouverture=horloge_base() - timedelta(minutes=1))
    depart = threading.Barrier(ENSEMBLE, timeout=DELAI)

    def annoncer() -> int:
        try:
            depart.wait()
            return annonces.annoncer(vague_id=vague.pk, maintenant=horloge_base())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=ENSEMBLE) as fils:
        ecrits = [fil.result(DELAI) for fil in [fils.submit(annoncer) for _ in range(ENSEMBLE)]]

    assert sorted(ecrits) == [0] * (ENSEMBLE - 1) + [len(agents)]
    assert Courrier.objects.count() == len(agents)
    assert entrees_sur(vague).filter(acte="annoncer_ouverture").count() == 1


def test_l_ouvrier_qui_trouve_la_vague_tenue_la_laisse_au_suivant():
    f.un_agent(Role.INSTRUCTEUR)
    vague = f.une_vague(ouverture=horloge_base() - timedelta(minutes=1))

    def annoncer() -> int:
        try:
            return annonces.annoncer(vague_id=vague.pk, maintenant=horloge_base())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            Vague.objects.select_for_update().get(pk=vague.pk)
            assert fils.submit(annoncer).result(DELAI) == 0
        assert fils.submit(annoncer).result(DELAI) == 1


def test_un_dossier_attend_la_suspension_en_cours_et_n_entre_pas_dans_la_vague():
    acteur, territoire, porteur = f.un_utilisateur(), f.un_territoire(), f.un_utilisateur()
    maintenant = horloge_base()
    vague = f.une_vague(ouverture=maintenant + timedelta(days=1), cloture=maintenant + timedelta(days=9))

    def ouvrir() -> Candidature:
        try:
            # What this worker believes: the wave, read before, has opened.
            vague.ouverture = maintenant - timedelta(days=1)
            return ouvrir_candidature(vague=vague, territoire=territoire, auteur=porteur, maintenant=maintenant)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            suspendre(vague=Vague.objects.get(pk=vague.pk), motif=MOTIF, acteur=acteur, maintenant=maintenant)
            entrant = fils.submit(ouvrir)
            attendre(attend_un_verrou)
        with pytest.raises(RegleEnfreinte, match="suspendue"):
            entrant.result(DELAI)
    assert not Candidature.objects.exists()
