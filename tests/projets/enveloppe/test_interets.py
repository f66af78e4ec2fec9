"""Whoever has an interest in the file of a laureate holds none of its envelopes."""

import pytest
from django.test import Client

from candidatures.instruction import actions as instruction
from candidatures.models import Candidature, Participation
from projets.models import Concours, Enveloppe
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.outils.refus import refus
from tests.projets import conduite
from tests.projets.enveloppe.outils import accorder, adresse

pytestmark = pytest.mark.django_db


def participer(dossier: Candidature, personne: Utilisateur) -> None:
    Participation.objects.create(candidature=dossier, utilisateur=personne, qualite="lecteur")


def avoir_participe(dossier: Candidature, personne: Utilisateur) -> None:
    participer(dossier, personne)
    Participation.objects.filter(candidature=dossier, utilisateur=personne).delete()


def declarer(dossier: Candidature, personne: Utilisateur) -> None:
    instruction.declarer_interet(candidature=dossier, utilisateur=personne, motif="Mandat.", maintenant=horloge_base())


@pytest.mark.parametrize("prendre_interet", [participer, avoir_participe, declarer])
def test_un_gestionnaire_interesse_n_accorde_rien(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, prendre_interet
) -> None:
    pages = [adresse(enveloppe, "ouvrir/"), adresse(enveloppe, f"{enveloppe.pk}/accorder/")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    prendre_interet(enveloppe.mission.labellisations.get().candidature, gestionnaire)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    with pytest.raises(RegleEnfreinte, match="un autre gestionnaire"):
        accorder(enveloppe, 1_000, gestionnaire)
    projet = conduite.un_projet(enveloppe)
    accord = {"accorde_le": conduite.ACCORD, "accorde_par": gestionnaire}
    passe_a_cote = Concours(enveloppe=enveloppe, projet=projet, montant=1_000, **accord)
    assert refus(passe_a_cote.save) == "concours_accorde_par_un_tiers"
