"""What the tests of attachments have in common."""

from django.core.files.base import ContentFile

from candidatures.dossier.pieces.actions import pieces
from candidatures.models import Membre
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.outils.fichiers import un_png

PNG = un_png()


def un_pdf(rang):
    return f.PDF + b"%" + str(rang).encode()


def joindre(candidature, contenu=f.PDF, nom="note.pdf", **arguments):
    valeurs = {
        "fichier": ContentFile(contenu, name=nom),
        "nom": nom,
        "nature": "autre",
        "auteur": f.porteur_de(candidature),
        "maintenant": horloge_base(),
    }
    return pieces.joindre_piece(candidature=candidature, **(valeurs | arguments))


def un_second_membre(candidature):
    return Membre.objects.create(candidature=candidature, epci=f.un_epci("CC de la Vallée"))
