"""How long an expert reads the file that was put to them."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from candidatures.dossier.etats import ETATS_INSTRUITS, SensDecision
from candidatures.instruction.acces import pour_agents
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.regles import LECTURE_APRES_L_AVIS, empechement_de_consulter, fin_de_lecture
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Saisine
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    demander_avis,
    instruire,
    rendre_avis,
    une_saisine,
    une_vague_close,
)
from tests.candidatures.jumeaux import PREMIERE, UN_JOUR, autour
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db

# Drawn with each page.
SECRETS = re.compile(r'(csrfmiddlewaretoken|cle_d_envoi)" value="[^"]*"|nonce="[^"]*"')


@pytest.fixture
def expert() -> Utilisateur:
    return f.un_agent(Role.EXPERT)


@pytest.fixture
def dossier(expert: Utilisateur) -> Candidature:
    _, (dossier,) = une_vague_close(None)
    instruit = {"candidature": dossier, "maintenant": horloge_base()}
    demander_avis(expert=expert, question="", auteur=f.un_agent(Role.INSTRUCTEUR), **instruit)
    return dossier


def rendre(dossier: Candidature, expert: Utilisateur, le: datetime) -> None:
    rendre_avis(candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte="Un projet sérieux.", maintenant=le)


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
        Saisine.objects.update(rendu_le=horloge_base() - LECTURE_APRES_L_AVIS)
    # Their own avis, and nothing else.
    assert statuts(dossier, expert) == ([404, 404, 404], True)
    assert not pour_agents(expert).exists()


def test_la_page_dit_jusqu_a_quand_on_peut_relire(dossier: Candidature, expert: Utilisateur) -> None:
    client = Client()
    client.force_login(expert)
    adresse = f"/instruction/dossiers/{dossier.pk}/"
    assert "relire ce dossier" not in client.get(adresse).content.decode()
    rendre(dossier, expert, horloge_base())
    assert "Vous pouvez relire ce dossier jusqu’au" in client.get(adresse).content.decode()


@pytest.mark.parametrize("rendu", [True, False])
def test_apres_la_proposition_un_expert_lit_son_avis_et_rien_d_autre(
    dossier: Candidature, expert: Utilisateur, rendu: bool
) -> None:
    """From then on, not a byte of what they read depends on what is decided."""
    if rendu:
        rendre(dossier, expert, horloge_base())
    saisine = Saisine.objects.get()
    instruire(dossier)
    assert statuts(dossier, expert) == ([404, 404, 404], True)
    vus = [tout(dossier, saisine, expert)]
    assert ("Un projet sérieux." in vus[0]["saisine"]) == rendu
    maintenant, valideur = horloge_base(), f.un_agent(Role.VALIDEUR)
    decisions = {dossier.pk: SensDecision.NE_PAS_RETENIR}
    labellisation.labelliser(vague=dossier.vague, decisions=decisions, valideur=valideur, maintenant=maintenant)
    vus.append(tout(dossier, saisine, expert))
    labellisation.annoncer(
        vague=dossier.vague, valideur=valideur, publique_a=maintenant + UN_JOUR, maintenant=maintenant
    )
    vus.append(tout(dossier, saisine, expert))
    assert vus[1:] == [vus[0]] * 2


def tout(dossier: Candidature, saisine: Saisine, expert: Utilisateur) -> dict[str, str]:
    """What this expert reads of a file: bytes, but for what is drawn anew for each page."""
    client = Client()
    client.force_login(expert)
    adresses = {
        "liste": "/instruction/avis/",
        "saisine": f"/instruction/avis/{saisine.pk}/",
        "rendre": f"/instruction/dossiers/{dossier.pk}/avis/rendre/",
        "decliner": f"/instruction/avis/{saisine.pk}/decliner/",
        "tableau": "/tableau-de-bord/",
    }
    return {nom: SECRETS.sub("", client.get(adresse).content.decode()) for nom, adresse in adresses.items()}


def test_un_instructeur_qui_fut_expert_garde_son_dossier(dossier: Candidature, expert: Utilisateur) -> None:
    rendre(dossier, expert, horloge_base() - 2 * LECTURE_APRES_L_AVIS)
    autre = f.un_agent(Role.INSTRUCTEUR)
    rendre(dossier, autre, horloge_base() - 2 * LECTURE_APRES_L_AVIS)
    assert list(pour_agents(autre)) == [dossier]


@pytest.mark.jumeau("candidatures.instruction.saisine.models.SaisineQuerySet.qui_ouvrent")
def test_la_fin_de_la_lecture_d_un_expert() -> None:
    """In each state of a file, whatever its expert gave."""
    rendus = [None, PREMIERE, PREMIERE + 3 * UN_JOUR]
    _, dossiers = une_vague_close(*[None] * len(ETATS_INSTRUITS))
    experts = [f.un_utilisateur() for _ in rendus]
    with ignorer():
        for dossier, etat in zip(dossiers, sorted(ETATS_INSTRUITS), strict=True):
            Candidature.objects.filter(pk=dossier.pk).update(etat=etat)
            for expert, le in zip(experts, rendus, strict=True):
                une_saisine(dossier, expert, rendu_le=le)
    toutes = Saisine.objects.select_related("candidature")
    fins = {s: fin_de_lecture(rendu_le=s.rendu_le) for s in toutes}
    comptes = set()
    for instant in autour(fins.values()):
        ouvertes = {
            saisine
            for saisine, fin in fins.items()
            if not empechement_de_consulter(saisine.candidature.etat) and (fin is None or instant < fin)
        }
        assert set(Saisine.objects.qui_ouvrent(instant)) == ouvertes
        comptes.add(len(ouvertes))
    assert comptes == {2, 4, 6}
