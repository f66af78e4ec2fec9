"""The largest file that the call may ask for: 50 questions, 40 attachments, several authorities."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cahier import Cahier, PieceAttendue, Question, Section, Type, vers_json
from candidatures.dossier.actions import redaction
from candidatures.dossier.pieces.actions import pieces
from candidatures.models import CahierDesCharges
from rebond.socle.horloge.temps import horloge_base
from territoires.actions import territoire_pour
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page
from tests.outils.connexion import decrire_la_seance

pytestmark = pytest.mark.django_db

QUESTIONS, PIECES, REQUETES_MAX = 50, 40, 12


def un_cahier(questions: int) -> Cahier:
    """Two sections: one of `questions` questions of most kinds, with a block, and an empty one."""
    types = [Type.TEXTE, Type.TEXTE_LONG, Type.ENTIER, Type.DECIMAL, Type.MONTANT, Type.DATE, Type.SIREN]
    simples = tuple(
        Question(f"q{rang}", f"Question {rang}", types[rang % len(types)], obligatoire=rang % 3 == 0)
        for rang in range(questions - 1)
    )
    bloc = Question(
        "bloc", "Entreprises", Type.BLOC, champs=(Question("nom", "Nom"), Question("siren", "SIREN", Type.SIREN))
    )
    return Cahier(
        sections=(Section("grande", "La grande rubrique", "", (*simples, bloc)), Section("autre", "Une autre")),
        pieces=(
            PieceAttendue("deliberation", "Délibération", obligatoire=True, par_membre=True),
            PieceAttendue("autre", "Autre"),
        ),
    )


def un_dossier(*, questions: int, jointes: int, membres: int):
    vague = f.une_vague()
    CahierDesCharges.objects.create(vague=vague, version=1, definition=vers_json(un_cahier(questions)))
    epcis = [f.un_epci() for _ in range(membres)]
    candidature = f.une_candidature(
        vague=vague, territoire=territoire_pour(epcis=epcis, chef_de_file=epcis[0], nom="Grand"), complete=False
    )
    auteur = f.porteur_de(candidature)
    redaction.enregistrer_section(
        candidature=candidature,
        section="grande",
        reponses={"q0": "Oui", "bloc": [{"nom": f"Entreprise {rang}", "siren": ""} for rang in range(jointes)]},
        auteur=auteur,
        maintenant=horloge_base(),
    )
    for rang in range(jointes):
        pieces.joindre_piece(
            candidature=candidature,
            fichier=ContentFile(f.PDF + b"%%%d" % rang, name="piece.pdf"),
            nom=f"piece-{rang}.pdf",
            nature="autre",
            auteur=auteur,
            maintenant=horloge_base(),
        )
    return candidature


# Who asks and their roles, the file with its reader's part; then what each page is about.
REQUETES = {
    "dossier": 6,
    "lire": 4,
    "section": 6,
    "pieces": 4,
    "deposer": 10,
    "versions": 4,
    "groupement": 9,
    "equipe": 8,
}


@pytest.mark.parametrize(
    "mesures",
    [{"questions": 2, "jointes": 1, "membres": 1}, {"questions": QUESTIONS, "jointes": PIECES, "membres": 3}],
    ids=["petit", "grand"],
)
def test_les_pages_coutent_moins_de_douze_requetes_quelle_que_soit_la_taille_du_dossier(
    mesures: dict[str, int],
) -> None:
    candidature = un_dossier(**mesures)
    porteur = f.porteur_de(candidature)
    client = client_de(porteur)
    decrire_la_seance(client, porteur)
    couts = {}
    for nom in REQUETES:
        arguments = ("grande",) if nom in {"section", "versions"} else ()
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(page(nom, candidature.pk, *arguments)).status_code == 200
        couts[nom] = len(requetes)
    assert couts == REQUETES
    assert max(REQUETES.values()) < REQUETES_MAX
