"""What a worker has read of the attachments of a wave: a page of each, and thirty of those of the last files.

A search weighs the last files that answer, and shows them: theirs are the vectors and the texts that it reads. Of all
the others it reads what the index says, which a short text says as a long one does.
"""

import hashlib
from itertools import accumulate
from random import Random

from django.core.files.base import ContentFile

from candidatures.instruction.recherche.verite import PIECE
from candidatures.models import Vague
from rebond.recherche.source import PESES
from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.stockage import enregistrer_fichier
from tests.banc.donnees.semis import semer

PIECES, PAGES, SIGNES_D_UNE_PAGE = 5, 30, 3_000
# Of French prose, so many words by how often they come, the first ones all the time.
MOTS = 6_000
#: In every text, long or short, and in answers too.
PARTOUT = "usine"
#: In attachments alone, those of all files.
DANS_LES_PIECES = "annexe"
# Some more than are weighed.
LONGUES = PESES + 20
COURTE = f"{DANS_LES_PIECES.capitalize()} sur l’{PARTOUT} et ses emplois."


def lire_les_pieces(vague: Vague) -> None:
    """Once for a wave; all of them have the same attachments."""
    documents = [_un_document(rang) for rang in range(PIECES)]
    with semer() as semoir:
        semoir.executer(
            """
            INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
            SELECT c.id, %(piece)s || d.id, CASE WHEN c.rang <= %(longues)s THEN l.vecteur ELSE courte END
              FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS rang FROM candidatures_candidature
                     WHERE vague_id = %(vague)s) c,
                   unnest(%(documents)s::bigint[]) d (id) JOIN socle_lecture l ON l.document_id = d.id,
                   recherche_vecteur(%(courte)s) courte
            """,
            piece=PIECE,
            longues=LONGUES,
            vague=vague.pk,
            documents=documents,
            courte=COURTE,
        )


def _un_document(rang: int) -> int:
    document = enregistrer_fichier(ContentFile(f"Pièce {rang} du banc.".encode()), type_mime="text/plain")
    if not Lecture.objects.filter(document=document).exists():
        Lecture.objects.create(document=document, etat=EtatLecture.LUE, texte=_un_texte(rang))
    return int(document.pk)


def _un_texte(rang: int) -> str:
    """What everybody looks for comes at its very end: whoever cuts the text short does not see it."""
    hasard = Random(rang)  # noqa: S311 (prose, not a secret)
    mots = [hashlib.sha256(f"mot-{numero}".encode()).hexdigest()[: 3 + numero % 9] for numero in range(MOTS)]
    cumul = list(accumulate(1 / (numero + 1) for numero in range(MOTS)))
    texte, taille = [], 0
    while taille < PAGES * SIGNES_D_UNE_PAGE:
        phrase = " ".join(hasard.choices(mots, cum_weights=cumul, k=15))
        texte.append(f"{phrase.capitalize()}.")
        taille += len(phrase) + 2
    return " ".join([*texte, COURTE])
