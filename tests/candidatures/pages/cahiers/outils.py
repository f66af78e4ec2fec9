"""What the tests of the editor of specifications have in common."""

from dataclasses import replace

from django.urls import reverse

from candidatures.cahier import MODELE
from candidatures.cahier.actions import modifier_cahier
from candidatures.cahier.requetes import cahier_courant
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f

CHANGEMENTS = [
    *("cahier_texte", "cahier_pieces", "cahier_conditions", "cahier_grille", "cahier_reprendre"),
    "cahier_section_ajouter",
]
PARTIES = [
    ("cahier_critere", "choc"),
    ("cahier_restaurer", 1),
    ("cahier_section", "choc"),
    ("cahier_section_retirer", "choc"),
    ("cahier_question_ajouter", "choc"),
    ("cahier_question", "choc", "filieres"),
    ("cahier_question_retirer", "choc", "filieres"),
]

# The model's grid, for specifications that put other questions.
CRITERES_SANS_QUESTIONS = tuple(replace(critere, questions=()) for critere in MODELE.criteres)


def page(nom, vague, *arguments):
    return reverse(f"administration:{nom}", args=[vague.numero, *arguments])


def envoyer(client, vague, nom, *arguments, version=1, requete="", **saisie):
    return client.post(page(nom, vague, *arguments) + requete, {"version": version, "commentaire": ""} | saisie)


def lignes(prefixe, *rangees):
    gestion = {"TOTAL_FORMS": len(rangees), "INITIAL_FORMS": 0}
    donnees = {f"{prefixe}-{nom}": valeur for nom, valeur in gestion.items()}
    for rang, rangee in enumerate(rangees):
        donnees |= {f"{prefixe}-{rang}-{nom}": valeur for nom, valeur in rangee.items()}
    return donnees


def cahier_de(vague):
    return cahier_courant(vague=vague).cahier


def changer(vague, cahier):
    return modifier_cahier(
        vague=vague,
        version=cahier_courant(vague=vague).version,
        cahier=cahier,
        commentaire="",
        auteur=f.un_utilisateur(),
        maintenant=horloge_base(),
    )
