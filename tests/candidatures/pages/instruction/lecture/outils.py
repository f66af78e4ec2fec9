"""What the tests of the page of a file have in common."""

from candidatures.instruction import actions as instruction
from rebond.socle.horloge.temps import horloge_base
from tests.candidatures.instruction.instruction import constater_recevabilite


def constater(dossier, auteur, *, recevable=True, motif=""):
    return constater_recevabilite(
        candidature=dossier, recevable=recevable, motif=motif, auteur=auteur, maintenant=horloge_base()
    )


def declarer(dossier, personne):
    return instruction.declarer_interet(
        candidature=dossier, utilisateur=personne, motif="Mandat.", maintenant=horloge_base()
    )


def adresse(dossier, suite=""):
    return f"/instruction/dossiers/{dossier.pk}/{suite}"
