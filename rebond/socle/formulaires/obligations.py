"""What a form says of a question left without an answer: what to do, in words of its own.

A field that gives its own `error_messages["required"]` is obeyed. Otherwise the sentence comes from the label: those
that many forms share are written here once; any other is quoted, with the verb of its kind.
"""

from typing import Any

from django import forms
from django.utils.html import strip_tags

from rebond.socle.formulaires.champs_de_temps import ChampDeTemps
from rebond.socle.formulaires.champs_nombres import ChampNombre

PAR_DEFAUT = str(forms.Field.default_error_messages["required"])
# Written for those who are asked: « your » first name, not that of the field.
PHRASES = {
    "Prénom": "Saisissez votre prénom.",
    "Nom": "Saisissez le nom.",
    "E-mail": "Saisissez votre adresse e-mail.",
    "Mot de passe": "Saisissez votre mot de passe.",
    "Mot de passe actuel": "Saisissez votre mot de passe actuel.",
    "Mot de passe (confirmation)": "Saisissez votre mot de passe une seconde fois.",
    "Nouveau mot de passe": "Choisissez un nouveau mot de passe.",
    "Nouveau mot de passe (confirmation)": "Saisissez votre nouveau mot de passe une seconde fois.",
    "Code": "Saisissez le code que vous avez reçu.",
    "Adresse e-mail de la personne": "Saisissez l’adresse e-mail de la personne.",
    "Adresse e-mail officielle de la collectivité": "Saisissez l’adresse e-mail officielle de la collectivité.",
    "Pour quelle intercommunalité travaillez-vous ?": "Écrivez le nom de votre intercommunalité ou de votre commune.",
    "Quelle intercommunalité est le chef de file ?": "Choisissez l’intercommunalité chef de file.",
    "Nouveau responsable": "Choisissez une personne.",
    "Rôle": "Choisissez un rôle.",
    "Rôle dans le dossier": "Choisissez un rôle.",
    "Type": "Choisissez un type.",
    "Votre message": "Écrivez votre message.",
    "Votre réponse": "Écrivez votre réponse.",
    "Votre avis": "Choisissez le sens de votre avis.",
    "Sa demande": "Écrivez ce que cette personne demande.",
    "Motivation": "Écrivez ce qui motive votre avis.",
    "Motif": "Écrivez le motif.",
    "Raison de la correction": "Écrivez le raison de la correction.",
    "Raison": "Écrivez la raison.",
    "Raison de l’abandon": "Écrivez la raison de l’abandon.",
    "Raison de l’annulation": "Écrivez la raison de l’annulation.",
    "Description": "Décrivez ce qui s’est passé.",
    "Texte de la page": "Écrivez le texte de la page.",
    "Nature du conflit d’intérêts": "Dites en quoi consiste le conflit d’intérêts.",
    "Ce qui est à corriger, et pourquoi": "Écrivez ce qui est à corriger, et pourquoi.",
    "Ce que vaut le silence à ce terme": "Écrivez ce que vaut le silence à ce terme.",
    "Numéro du dépôt": "Saisissez le numéro du dépôt.",
    "Numéro SIREN du PETR": "Saisissez le numéro SIREN du PETR\u00a0: neuf chiffres.",
    "Nom du PETR": "Saisissez le nom du PETR.",
    "SIREN": "Saisissez le numéro SIREN\u00a0: neuf chiffres.",
    "Raison sociale": "Saisissez la raison sociale de l’entreprise.",
    "Référence du dossier": "Saisissez la référence du dossier.",
    "Code de vérification (SHA-256) du document": "Saisissez les 64 chiffres et lettres de ce code.",
    "Code de vérification (SHA-256) des réponses": "Saisissez les 64 chiffres et lettres de ce code.",
    "Intitulé": "Saisissez l’intitulé.",
    "Intitulé du projet": "Saisissez l’intitulé du projet.",
    "Titre de l’axe": "Saisissez le titre de l’axe.",
    "Titre de la rubrique": "Saisissez le titre de la rubrique.",
    "Nom de l’enveloppe": "Saisissez le nom de l’enveloppe.",
    "Nom d’une ligne": "Dites comment s’appelle une ligne, par exemple «\u00a0Entreprise\u00a0».",
    "Libellé": "Saisissez le libellé.",
    "Question": "Écrivez la question.",
    "Pièce": "Saisissez le nom de la pièce.",
    "Critère": "Saisissez le nom du critère.",
    "Choix proposés": "Écrivez les choix proposés, un par ligne.",
    "Financeur": "Saisissez le nom du financeur.",
    "Montant en euros": "Saisissez le montant en euros.",
    "Montant total en euros": "Saisissez le montant total en euros.",
    "Investissement en euros": "Saisissez l’investissement en euros.",
    "Projet": "Choisissez un projet.",
    "Industriel": "Choisissez un industriel.",
    "Expert": "Choisissez un expert.",
    "Chargé de mission": "Choisissez une personne.",
    "Nature du projet": "Choisissez la nature du projet.",
    "Intercommunalité du projet": "Choisissez l’intercommunalité du projet.",
    "Intercommunalité du site": "Choisissez l’intercommunalité du site.",
    "Vague à reprendre": "Choisissez la vague à reprendre.",
    "À rendre avant le": "Donnez la date limite de la correction.",
    "À compter du": "Donnez la date à partir de laquelle cette estimation vaut.",
    "Abandonné le": "Donnez la date de l’abandon.",
    "Chiffres au": "Donnez la date des chiffres.",
    "Clôture": "Donnez la date et l’heure de clôture.",
    "Ouverture": "Donnez la date et l’heure d’ouverture.",
    "Date d’ouverture": "Donnez la date d’ouverture.",
    "Date de début de la mission": "Donnez la date de début de la mission.",
    "Date de l’accord": "Donnez la date de l’accord.",
    "Début": "Donnez la date et l’heure du début.",
    "Fin de l’incident": "Donnez la date et l’heure de la fin.",
    "Date de la restitution": "Donnez la date de la restitution.",
    "Nouvelle échéance": "Donnez la nouvelle date limite.",
    "Orienté le": "Donnez la date de l’orientation.",
    "Programmer jusqu’au": "Donnez la date de fin du calendrier.",
    "Recensé le": "Donnez la date à laquelle le projet a été recensé.",
    "Formats acceptés": "Choisissez au moins un format.",
}
VERBES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.BooleanField, "Cochez la case"),
    (forms.FileField, "Choisissez un fichier pour"),
    (forms.ChoiceField, "Choisissez une réponse à"),
    (forms.ModelChoiceField, "Choisissez une réponse à"),
    (ChampDeTemps, "Donnez une date pour"),
    (ChampNombre, "Saisissez un nombre pour"),
    (forms.EmailField, "Saisissez une adresse e-mail pour"),
)
ADRESSE_INCOMPLETE = "Écrivez l’adresse e-mail en entier, par exemple prenom.nom@mairie.fr."


def phrase(champ: forms.Field, libelle: str) -> str:
    """What to say when `champ`, which the page calls `libelle`, has no answer."""
    if connue := PHRASES.get(libelle.replace("\u00a0", " ").replace("\u202f", " ")):
        return connue
    verbe = next((verbe for genre, verbe in VERBES if isinstance(champ, genre)), "Répondez à")
    return f"{verbe} «\u00a0{libelle.rstrip('.')}\u00a0»."


def dire(formulaire: Any) -> None:
    """Give the questions of `formulaire`, which is about to be judged, the sentences that they have not."""
    for nom, champ in formulaire.fields.items():
        messages = champ.error_messages
        if champ.required and str(messages.get("required")) == PAR_DEFAUT:
            messages["required"] = phrase(champ, strip_tags(str(formulaire[nom].label)))
        if isinstance(champ, forms.EmailField):
            messages.setdefault("invalid", ADRESSE_INCOMPLETE)
