"""What the tests of corrections have in common."""

from datetime import timedelta

from candidatures.instruction.correction import actions
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f

QUESTION = "projets.projets"
UNE_MICROSECONDE = timedelta(microseconds=1)


def demander(dossier, auteur, **autres):
    maintenant = horloge_base()
    valeurs = {
        "questions": [QUESTION],
        "natures": ["lettre"],
        "motif": "Précisez les projets.",
        "echeance": maintenant + timedelta(days=10),
        "maintenant": maintenant,
    }
    return actions.demander_correction(candidature=dossier, auteur=auteur, **(valeurs | autres))


def corriger(demande, *, auteur=None, maintenant=None, revision=0, section="projets", **reponses):
    return actions.enregistrer_correction(
        demande=demande,
        section=section,
        reponses=reponses or {"projets": "Une fonderie."},
        auteur=auteur or f.porteur_de(demande.candidature),
        maintenant=maintenant or horloge_base(),
        revision=revision,
    )


def rendre(demande, *, auteur=None, recu_le=None, sans_le_reste=True):
    """The attachment of `demander` is not always given: it is left out on purpose, unless told otherwise."""
    return actions.rendre_correction(
        demande=demande,
        auteur=auteur or f.porteur_de(demande.candidature),
        recu_le=recu_le or horloge_base(),
        sans_le_reste=sans_le_reste,
    )


def etat(dossier):
    dossier.refresh_from_db()
    return dossier.etat
