"""How long an expert reads the file that was put to them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import etat_connu_de, pour_agents
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.regles import LECTURE_APRES_L_AVIS, fin_de_lecture
from candidatures.models import Avis, Candidature, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.jumeaux import PREMIERE, UN_JOUR, autour, des_vagues, un_cahier
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert() -> Utilisateur:
    return f.un_agent(Role.EXPERT)


@pytest.fixture
def dossier(expert: Utilisateur) -> Candidature:
    _, (dossier,) = une_vague_close(None)
    instruit = {"candidature": dossier, "maintenant": horloge_base()}
    instruction.demander_avis(expert=expert, question="", auteur=f.un_agent(Role.INSTRUCTEUR), **instruit)
    return dossier


def rendre(dossier: Candidature, expert: Utilisateur, le: datetime) -> None:
    instruction.rendre_avis(
        candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte="Un projet sérieux.", maintenant=le
    )


def statuts(dossier: Candidature, expert: Utilisateur) -> tuple[list[int], bool]:
    """Of the addresses of the file for this expert; and whether the list of opinions names it."""
    client = Client()
    client.force_login(expert)
    base = f"/instruction/dossiers/{dossier.pk}/"
    piece = dossier.depots.get().pieces.get()
    lus = [lire(client, f"{base}{suite}") for suite in ("", f"pieces/{piece.pk}/", "interets/")]
    return lus, dossier.reference in client.get("/instruction/avis/").content.decode()


def lire(client: Client, adresse: str) -> int:
    reponse = client.get(adresse)
    b"".join(reponse.streaming_content if reponse.streaming else [])  # a file that is sent is read to its end
    return reponse.status_code


def test_la_lecture_d_un_expert_finit_quinze_jours_apres_son_avis(dossier: Candidature, expert: Utilisateur) -> None:
    assert timedelta(days=15) == LECTURE_APRES_L_AVIS
    assert statuts(dossier, expert) == ([200, 200, 200], True)
    rendre(dossier, expert, horloge_base() - LECTURE_APRES_L_AVIS + timedelta(minutes=5))
    assert statuts(dossier, expert) == ([200, 200, 200], True)
    with ignorer():
        Avis.objects.update(rendu_le=horloge_base() - LECTURE_APRES_L_AVIS)
    assert statuts(dossier, expert) == ([404, 404, 404], False)
    assert not pour_agents(expert).exists()


def test_la_page_dit_jusqu_a_quand_on_peut_relire(dossier: Candidature, expert: Utilisateur) -> None:
    client = Client()
    client.force_login(expert)
    adresse = f"/instruction/dossiers/{dossier.pk}/"
    assert "relire ce dossier" not in client.get(adresse).content.decode()
    rendre(dossier, expert, horloge_base())
    assert "Vous pouvez relire ce dossier jusqu’au" in client.get(adresse).content.decode()


def test_un_avis_jamais_rendu_n_ouvre_pas_le_dossier_pour_toujours(dossier: Candidature, expert: Utilisateur) -> None:
    """The same days after the results are public; an embargo that has still to end changes nothing."""
    maintenant = horloge_base()
    assert etat_connu_de(expert, dossier, maintenant + 400 * UN_JOUR) is not None
    agent = f.un_utilisateur()
    annonce = {"labellisee_le": maintenant, "labellisee_par": agent, "annoncee_le": maintenant, "annoncee_par": agent}
    with ignorer():
        Vague.objects.filter(pk=dossier.vague_id).update(
            etat=EtatVague.PUBLIEE, publique_a=maintenant + UN_JOUR, **annonce
        )
    for apres, lu in ((timedelta(), True), (15 * UN_JOUR, True), (16 * UN_JOUR, False)):
        assert (etat_connu_de(expert, dossier, maintenant + apres) is not None) == lu


def test_un_instructeur_qui_fut_expert_garde_son_dossier(dossier: Candidature, expert: Utilisateur) -> None:
    rendre(dossier, expert, horloge_base() - 2 * LECTURE_APRES_L_AVIS)
    autre = f.un_agent(Role.INSTRUCTEUR)
    rendre(dossier, autre, horloge_base() - 2 * LECTURE_APRES_L_AVIS)
    assert list(pour_agents(autre)) == [dossier]


@pytest.mark.jumeau("candidatures.instruction.models.AvisQuerySet.qui_ouvrent")
def test_la_fin_de_la_lecture_d_un_expert() -> None:
    vagues = des_vagues()
    cahier, territoire = un_cahier(vagues[0]), f.un_territoire()
    rendus = [None, *(v.publique_a for v in vagues if v.publique_a), PREMIERE + 3 * UN_JOUR]
    with ignorer():
        dossiers = Candidature.objects.bulk_create(
            Candidature(vague=v, cahier=cahier, territoire=territoire) for v in vagues
        )
        experts = [f.un_utilisateur() for _ in rendus]
        Avis.objects.bulk_create(
            Avis(
                candidature=dossier,
                expert=expert,
                demande_par=expert,
                demande_le=PREMIERE,
                rendu_le=le,
                **({"sens": SensAvis.FAVORABLE, "texte": "Bien."} if le else {}),
            )
            for dossier in dossiers
            for expert, le in zip(experts, rendus, strict=True)
        )
    tous = Avis.objects.select_related("candidature__vague")
    fins = {a: fin_de_lecture(rendu_le=a.rendu_le, publique_a=a.candidature.vague.publique_a) for a in tous}
    comptes = set()
    for instant in autour(fins.values()):
        ouverts = {avis for avis, fin in fins.items() if fin is None or instant < fin}
        assert set(Avis.objects.qui_ouvrent(instant)) == ouverts
        comptes.add(len(ouverts))
    assert len(comptes) > 3
