"""The steps of a file, as its territory reads them: nothing before the hour, all of them after."""

import re
from datetime import timedelta

import pytest

from candidatures.dossier.etats import SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.labellisation.deroulement import ANNONCE, CLOTURE, ETAPES, PLUS_TARD, deroulement
from candidatures.models import Candidature, Decision, Recevabilite
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr, limite_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.labellisation.test_lettres_de_resultat import une_vague_annoncee
from tests.candidatures.pages.pages import client_de, page, sans_jeton, texte

pytestmark = pytest.mark.django_db


def lire(dossier: Candidature) -> str:
    dossier = Candidature.objects.get(pk=dossier.pk)
    return sans_jeton(client_de(f.porteur_de(dossier)).get(page("dossier", dossier.pk)))


def test_rien_n_est_date_avant_l_annonce_quoi_que_l_instruction_ait_fait():
    vague, (dossier,) = une_vague_close(None)
    avant = lire(dossier)
    assert avant.count(PLUS_TARD) == 1
    assert [avant.count(f">{etape}<") for etape in ETAPES] == [1, 1, 1]
    instruire(dossier)
    assert lire(dossier) == avant
    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: SensDecision.NE_PAS_RETENIR},
        valideur=f.un_agent(Role.VALIDEUR),
        maintenant=horloge_base(),
    )
    assert lire(dossier) == avant


def test_une_fois_l_annonce_publique_chaque_etape_a_sa_date():
    (laureat, refuse, _, irrecevable), _ = une_vague_annoncee(timedelta(0))
    refuse = Candidature.objects.select_related("vague").get(pk=refuse.pk)
    lues = deroulement(refuse, horloge_base())
    recevable = Recevabilite.objects.get(candidature=refuse).constatee_le
    prise = Decision.objects.get(candidature=refuse).prise_le
    assert [(etape.titre, etape.quand) for etape in lues] == [
        (CLOTURE, f"{limite_fr(refuse.echeance)} (heure de Paris)"),
        (ETAPES[0], f"{instant_fr(recevable)} (heure de Paris)"),
        (ETAPES[2], f"{instant_fr(prise)} (heure de Paris)"),
        (ANNONCE, f"{instant_fr(refuse.vague.publique_a)} (heure de Paris)"),
    ]
    for dossier, conteste in ((laureat, False), (refuse, True), (irrecevable, True)):
        assert ("Comprendre ou contester" in lire(dossier)) is conteste


def test_un_laureat_ouvre_sa_mission_et_un_autre_n_en_voit_rien():
    (laureat, refuse, *_), _ = une_vague_annoncee(timedelta(0))
    porteur = client_de(f.porteur_de(laureat))
    lue = texte(porteur.get(page("dossier", laureat.pk)))
    adresse = re.search(r'href="(/missions/\d+/)">Ouvrir la mission', lue)
    assert adresse is not None
    assert porteur.get(adresse[1]).status_code == 200
    assert "Ouvrir la mission" not in lire(refuse)


def test_sous_embargo_la_page_d_un_laureat_est_celle_d_un_autre():
    (laureat, refuse, *_), _ = une_vague_annoncee(timedelta(days=2))
    for dossier in (laureat, refuse):
        lue = lire(dossier)
        assert lue.count(PLUS_TARD) == 1
        assert "Ouvrir la mission" not in lue
        assert "Comprendre ou contester" not in lue
