"""A project oriented anew while someone grants it an aid, each on its own connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from projets.enveloppe import actions as enveloppes
from projets.models import Concours
from projets.portefeuille.etats import EtatProjet, Voie
from rebond.socle.horloge.temps import horloge_base
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.projets import conduite

pytestmark = pytest.mark.django_db(transaction=True)


def test_orienter_et_accorder_a_la_fois_ne_s_attendent_pas_l_un_l_autre() -> None:
    """Each needs the project and the envelope: taken in two orders, Postgres would have to fail one of them. The one
    that comes second waits for the other, then reads what it did."""
    enveloppe = conduite.une_enveloppe()
    projet = conduite.un_projet(enveloppe)
    autre = conduite.une_enveloppe(enveloppe.mission)
    gestionnaire = conduite.un_gestionnaire()

    def accorder() -> Concours:
        try:
            return enveloppes.accorder(
                enveloppe=enveloppe,
                projet=projet,
                montant=1_000,
                accorde_le=conduite.ACCORD,
                acteur=gestionnaire,
                maintenant=horloge_base(),
            )
        finally:
            connections.close_all()

    equipier = conduite.un_equipier(enveloppe.mission)
    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            for vers in (autre, enveloppe):
                enveloppes.orienter(
                    projet=projet,
                    voie=Voie.ENVELOPPE,
                    oriente_le=conduite.OUVERTURE,
                    enveloppe=vers,
                    acteur=equipier,
                    maintenant=horloge_base(),
                )
            attente = fils.submit(accorder)
            attendre(attend_un_verrou)
        concours = attente.result(DELAI)

    projet.refresh_from_db()
    assert (concours.projet, projet.etat) == (projet, EtatProjet.ACCORDE)
