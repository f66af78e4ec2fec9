"""What a form or an address of the instruction names that is not of whoever sends it: as if it did not exist."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.requetes import cible_de
from candidatures.models import Candidature, Vague
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.monde import ABSENT
from tests.acces.requetes import PROPRES_A_LA_PAGE, sql_de, tables_ecrites, un_client
from tests.candidatures.instruction.instruction import une_vague_close

pytestmark = pytest.mark.django_db
# What answers keep of a request: its messages, and what it asked for.
DU_VISITEUR = {"socle_acces", "exports_export"}


@dataclass
class Decor:
    """`moi` instructs `sien`; not `ailleurs`, of another région, nor `tu`, in which they have an interest. Nor does
    `etranger` instruct there; `expert` is of another organisme than `organisme`."""

    vague: Vague
    sien: Candidature
    ailleurs: Candidature
    tu: Candidature
    moi: Utilisateur
    etranger: Utilisateur
    expert: Utilisateur
    autre_expert: Utilisateur

    def du_dossier(self, nom: str) -> str:
        return reverse(f"instruction:{nom}", args=[self.sien.pk])

    def de_la_vague(self, nom: str) -> str:
        return reverse(f"instruction:{nom}", args=[self.vague.numero])


@pytest.fixture
def decor() -> Decor:
    nord, bretagne = f.un_departement("59", "32"), f.un_departement("29", "53")
    vague, (sien, ailleurs, tu) = une_vague_close(nord, bretagne, nord)
    moi = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    instruction.declarer_interet(candidature=tu, utilisateur=moi, motif="Mandat.", maintenant=horloge_base())
    etranger = f.un_agent(Role.INSTRUCTEUR, region=bretagne.region)
    return Decor(vague, sien, ailleurs, tu, moi, etranger, f.un_agent(Role.EXPERT), f.un_agent(Role.EXPERT))


Demande = tuple[str, str, dict[str, Any]]


# By name, what is sent with the key of a file (or of its attachment, of a person) that is not theirs.
DOSSIERS: dict[str, Callable[[Decor, int], Demande]] = {
    "lot": lambda d, cle: ("POST", d.de_la_vague("preparer_lot"), {"acte": "recevable", "dossiers": [cle]}),
    "lot relu": lambda d, cle: (
        *("POST", d.de_la_vague("preparer_lot")),
        {"acte": "recevable", "dossiers": [cle], "relu": "on", "empreinte": "x"},
    ),
    "répartir": lambda d, cle: ("POST", d.de_la_vague("repartir"), {f"dossier_{cle}": d.moi.pk, f"vue_{cle}": 0}),
    "répartir, en nommant": lambda d, cle: ("GET", f"{d.de_la_vague('repartir')}?dossiers={cle}", {}),
    "évaluer": lambda d, cle: ("POST", d.de_la_vague("confier_les_evaluations"), {"choix": f"{cle}:{d.moi.pk}"}),
    "exporter": lambda d, cle: ("GET", f"{d.de_la_vague('export_csv')}?dossiers={cle}", {}),
    "archiver": lambda d, cle: ("GET", f"{d.de_la_vague('archive_zip')}?dossiers={cle}", {}),
    "archiver un dossier": lambda d, cle: (
        *("POST", reverse("exports:demander")),
        {"adresse": reverse("instruction:archive_du_dossier_zip", args=[cle])},
    ),
    "parcourir": lambda d, cle: ("GET", f"{d.du_dossier('dossier')}?liste={quote(f'dossiers={cle}')}", {}),
}
AUTRES: dict[str, tuple[Callable[[Decor], int], Callable[[Decor, int], Demande]]] = {
    "pièce": (
        lambda _: enregistrer(b"Une note ailleurs.", type_mime="text/plain").pk,
        lambda d, cle: ("POST", d.du_dossier("marquer_lues"), {"document": [cle]}),
    ),
    "prévenir": (
        lambda d: d.etranger.pk,
        lambda d, cle: ("POST", d.du_dossier("notes"), {"texte": "Une note.", "pour": [cle]}),
    ),
    "confier": (
        lambda d: d.etranger.pk,
        lambda d, cle: ("POST", d.du_dossier("confier"), {"instructeur": cle, "mot": "Voilà.", "vue": 0}),
    ),
    "faire évaluer": (
        lambda d: d.etranger.pk,
        lambda d, cle: ("POST", d.du_dossier("evaluateurs"), {"personnes": [cle]}),
    ),
    "consulter": (
        lambda d: d.autre_expert.pk,
        lambda d, cle: (
            *("POST", d.du_dossier("demander_avis")),
            {f"organisme-{cible_de(d.expert).organisme.pk}": cle, "a_rendre_avant": "2031-01-01", "question": ""},
        ),
    ),
    "partager": (
        lambda d: cible_de(d.expert).organisme.pk,
        lambda d, cle: ("POST", d.de_la_vague("vues"), {"nom": "Vue", "demande": "", "partage": cle}),
    ),
}


def envoyer(client: Client, demande: Demande, *cles: int) -> tuple[Any, ...]:
    """What is answered, and on the page where it leads, without the `cles` that were sent; what was written for it."""
    methode, adresse, donnees = demande
    with sql_de() as sql:
        reponse = client.get(adresse) if methode == "GET" else client.post(adresse, donnees | f.d_une_autre_page())
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    suite = client.get(reponse["Location"]).content if reponse.status_code == 302 else b""
    envoyees = re.compile(rf"(?<!\d)(?:{'|'.join(map(str, cles))})(?!\d)".encode())
    lues = envoyees.sub(b"CLE", PROPRES_A_LA_PAGE.sub(b"", corps + suite)).decode()
    return reponse.status_code, tables_ecrites(sql) - DU_VISITEUR, lues.splitlines()


@pytest.mark.parametrize("quoi", DOSSIERS)
def test_un_dossier_d_un_autre_n_existe_pas(decor: Decor, quoi: str) -> None:
    cles = (ABSENT, decor.ailleurs.pk, decor.tu.pk)
    # Each in a session of its own: what is told in one may be told again on its next page.
    absent, ailleurs, tu = (envoyer(un_client(decor.moi), DOSSIERS[quoi](decor, cle), *cles) for cle in cles)
    assert ailleurs == absent
    assert tu == absent
    assert absent[1] == set()


@pytest.mark.parametrize("quoi", AUTRES)
def test_une_piece_ou_une_personne_d_ailleurs_n_existe_pas(decor: Decor, quoi: str) -> None:
    cle_de, demande = AUTRES[quoi]
    client, cles = un_client(decor.moi), (ABSENT, cle_de(decor))
    absent, trouvee = (envoyer(client, demande(decor, cle), *cles) for cle in cles)
    assert trouvee == absent
    assert absent[1] == set()
