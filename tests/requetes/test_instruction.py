"""What an agent asks of a wave, one thing at a time and all at once: as many statements for sixty files as for ten.

`test_nombre_de_requetes` opens each page of the portal as it comes; here are those that are asked something, and what
is read over before an act, which no address gives.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.cahier import FILIERES
from candidatures.cahier.models import _lus
from candidatures.dossier.etats import SensDecision
from candidatures.instruction.attente import Attente
from candidatures.instruction.filtres import EVALUATIONS, NOTES, FiltresDesDossiers
from candidatures.instruction.lots.forms import TELECHARGER
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.suivi.etats import ChoixDAvis, Etape
from candidatures.models import Candidature, Vague
from candidatures.pages.instruction.listes import ListeDesDossiers
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.requetes import un_client
from tests.outils.vagues_pleines import une_vague_pleine
from tests.requetes.plafonds import PLAFOND

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 10, 60
#: The code of the région and of the département of the first file of each wave, whose name begins with « C4c ».
LA = "17"
#: A value of each filter: what is left out of here fails below. A name, and a number, which are looked for otherwise.
DEMANDES: dict[str, tuple[str, ...]] = {
    "onglet": tuple(Onglet),
    "etape": (Etape.PRET,),
    "q": ("c4c", "200068500", "R1-7", "usine fermee"),
    "etat": ("instruite",),
    "region": (LA, "inconnue"),
    "departement": (LA, "99"),
    "filiere": (FILIERES[0].cle,),
    "avis": tuple(ChoixDAvis),
    "responsable": ("moi", "a_prendre", "1"),
    "particularite": tuple(Particularite),
    "etiquette": ("À revoir", "Inconnue"),
    "proposition": (SensDecision.LABELLISER,),
    "evaluations": tuple(EVALUATIONS),
    "note": tuple(NOTES),
    "attente": tuple(Attente),
}
ENSEMBLE = (
    f"q=c4c&region={LA}&departement={LA}",
    "&".join(f"{nom}={valeurs[0]}" for nom, valeurs in DEMANDES.items() if nom != "onglet"),
    "&".join(f"{nom}={valeurs[-1]}" for nom, valeurs in DEMANDES.items()),
)
# The list that a file was opened from is asked again for its neighbours, and its région is read first: one statement
# too many, to be taken away. This may only shrink.
DE_PLUS = {f"{role} /instruction/dossiers/n/?liste=region%3D{LA}": 13 for role in (Role.INSTRUCTEUR, Role.VALIDEUR)}
# What is read over before an act is received once, which takes six by itself; the clock is asked two or three times.
# Besides: the phases of the wave and the organismes; what is found or proposed of each file, and its conditions; what
# is awaited and what was reminded of. « Confier » reads twice who holds the files, and who could.
DE_PLUS |= {"aperçu avis": 13, "aperçu recevable": 14, "aperçu relancer": 14, "aperçu confier": 17}
NUMERO = re.compile(r"/[0-9]+/")
AUTOUR = ("vues", "repartir", "evaluations_de_la_vague", "confier_les_evaluations", "decisions", "resultats")


def test_chaque_filtre_a_une_valeur_ici() -> None:
    assert DEMANDES.keys() == FiltresDesDossiers.base_filters.keys()


def adresses(vague: Vague, role: Role) -> list[str]:
    """One thing at a time for whoever instructs, all at once for the others too: they read less."""
    liste, dossier = reverse("instruction:vague", args=[vague.numero]), Candidature.objects.filter(vague=vague).first()
    assert dossier
    demandes = ["", *ENSEMBLE]
    if role == Role.INSTRUCTEUR:
        demandes += [f"{nom}={valeur}" for nom, valeurs in DEMANDES.items() for valeur in valeurs]
        demandes += [f"tri=-{tri}" for tri in ListeDesDossiers.tris(ListeDesDossiers.colonnes)]
    suite = [f"{liste}?{demande}" for demande in demandes]
    suite += [reverse(f"instruction:{nom}", args=[vague.numero]) for nom in AUTOUR]
    suite += [f"{reverse('instruction:repartir', args=[vague.numero])}?de=moi", reverse("tableau_de_bord")]
    suite += [f"{reverse('instruction:dossier', args=[dossier.pk])}?liste=region%3D{LA}"]
    return [*suite, *(f"/recherche/?q={saisie}" for saisie in ("usine", "c4c", "usine&dans=dossiers"))]


def compter(demander: Callable[[], Any]) -> int:
    """Nothing is remembered from one page to the next."""
    cache.clear()
    _lus.clear()
    with CaptureQueriesContext(connection) as captees:
        reponse = demander()
        assert reponse.status_code in (200, 302, 404, 409), reponse
        reponse.getvalue()
    return sum("SAVEPOINT" not in captee["sql"] for captee in captees)


def releves(vague: Vague, clients: dict[Role, Client]) -> dict[str, int]:
    comptes = {}
    for role, client in clients.items():
        for adresse in adresses(vague, role):
            comptes[f"{role} {NUMERO.sub('/n/', adresse)}"] = compter(partial(client.get, adresse))
    preparer = reverse("instruction:preparer_lot", args=[vague.numero])
    for acte in (*ACTES, f"{TELECHARGER}csv"):
        envoi = {"acte": acte, "tous": "on"}
        comptes[f"aperçu {acte}"] = compter(partial(clients[Role.INSTRUCTEUR].post, preparer, envoi))
    return comptes


def test_ce_qui_est_demande_d_une_vague_coute_autant_pour_soixante_dossiers_que_pour_dix() -> None:
    petite = une_vague_pleine(PEU, cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    clients = {role: un_client(f.un_agent(role)) for role in (Role.INSTRUCTEUR, Role.VALIDEUR)}
    petits = releves(petite, clients)
    grands = releves(une_vague_pleine(BEAUCOUP, cloture=f.midi_a_paris(f.date(2023, 6, 1))), clients)
    assert {nom: (petits[nom], grands[nom]) for nom in petits if petits[nom] < grands[nom]} == {}
    assert {nom: nombre for nom, nombre in grands.items() if nombre > PLAFOND} == DE_PLUS
