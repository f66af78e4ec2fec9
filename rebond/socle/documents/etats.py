"""What became of a file when it was opened."""

from django.db import models


class Ouverture(models.TextChoices):
    """What became of a file when it was opened to be read; the labels go on from « ce fichier est »."""

    LISIBLE = "lisible", "lisible"
    MOT_DE_PASSE = "mot_de_passe", "protégé par un mot de passe\u00a0: personne ne peut le lire"
    COUPE = "coupe", "incomplet\u00a0: sa fin manque"
    VIDE = "vide", "vide\u00a0: il n’a aucune page"
    PORTE_DOCUMENTS = (
        "porte_documents",
        "un porte-documents\u00a0: ce qu’il contient est enfermé dans d’autres fichiers",
    )
    FORMULAIRE = "formulaire", "un formulaire que seul Adobe Reader affiche"
    MACROS = "macros", "un document qui contient des macros"
    ABIME = "abime", "abîmé\u00a0: il ne s’ouvre pas"
    DEMESURE = "demesure", "trop complexe pour être ouvert"
    INCONNU = "inconnu", "d’un format que le portail ne connaît pas"


class ContenuActif(models.TextChoices):
    """What a file does or hides besides being read; the labels go on from « attention : »."""

    PROGRAMME = "programme", "contient un programme (JavaScript)"
    LANCEMENT = "lancement", "veut ouvrir autre chose sur votre ordinateur"
    FICHIERS = "fichiers", "contient d’autres fichiers"
    INCONNU = "inconnu", "le portail n’a pas pu vérifier s’il contient un programme"


class EtatLecture(models.TextChoices):
    """What search reads of a file; the labels go on from « pièce »."""

    LUE = "lue", "lue par la recherche"
    SANS_TEXTE = (
        "sans_texte",
        "non lisible par la recherche\u00a0: elle ne contient pas de texte, comme une page numérisée",
    )
    ILLISIBLE = "illisible", "non lisible par la recherche\u00a0: elle est trop complexe, ou abîmée"
