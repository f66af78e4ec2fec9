"""Two workers at one grouped act: they share its files, and each is done once."""

import pytest
from django.db import transaction

from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.models import ActeSurDossier
from candidatures.instruction.lots.registre import ACTES
from candidatures.models import Candidature, Recevabilite
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def test_deux_ouvriers_se_partagent_les_dossiers(ailleurs):
    vague, dossiers = une_vague_close(None, None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    groupe = lots.demander(
        acte=ACTES["recevable"], vague=vague, personne=moi, dossiers=[d.pk for d in dossiers], donnees={}
    )
    with transaction.atomic():
        # The first worker is held at its first file, which it keeps; this one does the others meanwhile.
        Candidature.objects.select_for_update().get(pk=dossiers[0].pk)
        premier = ailleurs(lots.faire, pk=groupe.pk, maintenant=horloge_base())
        attendre(attend_un_verrou)
        second = ailleurs(lots.faire, pk=groupe.pk, maintenant=horloge_base()).result(DELAI)
    assert (second, premier.result(DELAI)) == (2, 1)
    assert not ActeSurDossier.objects.a_faire().exists()
    assert Recevabilite.objects.count() == 3
    assert EntreeJournal.objects.filter(acte="constater_recevabilite").count() == 3


def test_deux_ouvriers_qui_finissent_au_meme_instant_n_ecrivent_qu_une_lettre_qui_dit_tout(ailleurs):
    """Each ends one of the last two files: the second one, who waits for the first, is the one who tells."""
    vague, dossiers = une_vague_close(None, None)
    moi, bo = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    elus = [f"{dossier.pk}:{bo.pk}" for dossier in dossiers]
    lots.demander(
        acte=ACTES["confier"], vague=vague, personne=moi, dossiers=[d.pk for d in dossiers], donnees={"elus": elus}
    )
    une, autre = ActeSurDossier.objects.order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        lots._faire(une, horloge_base())
        second = ailleurs(lots._faire, ligne_pk=autre, maintenant=horloge_base())
        attendre(attend_un_verrou)
        assert not Courrier.objects.filter(destinataire=bo.email).exists()
    assert second.result(DELAI) == 1
    (lettre,) = Courrier.objects.filter(destinataire=bo.email)
    assert all(dossier.reference in lettre.texte for dossier in dossiers)
