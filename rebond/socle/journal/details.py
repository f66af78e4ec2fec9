"""The details of an entry in words, for whoever reads the journal: the entry itself keeps keys, codes and instants."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field

from rebond.socle.texte.accords import enumerer, minuscule
from rebond.socle.texte.typographie import INSECABLE, date_fr, euros, instant_fr, nombre, siren_fr

#: What each key is called. One that is missing is written as it is: entries outlive the words of a version.
MOTS: Mapping[str, str] = {
    "adresse": "Adresse e-mail",
    "ancien": "Ancien responsable",
    "ancienne": "SIREN de celle qui n’existe plus",
    "appareil": "Appareil",
    "apres": "Après",
    "attestation": "Attestation",
    "au": "Jusqu’au",
    "avant": "Avant",
    "avec": "Avec la mission n°",
    "cloture": "Clôture",
    "collectivite": "Collectivité",
    "commentaire": "Commentaire",
    "compte": "Compte n°",
    "contexte": "Contexte",
    "courriers": "E-mails",
    "debut": "Début",
    "decision_implicite_le": "Décision par le silence le",
    "depot": "Dépôt",
    "description": "Description",
    "detail": "Précision",
    "ecarts": "Écarts",
    "email": "Adresse e-mail",
    "empreinte": "Code de vérification (SHA-256)",
    "en_poste": "Prend effet aussitôt",
    "enregistre_le": "Enregistré le",
    "epcis": "Intercommunalités (SIREN)",
    "equipier": "Membre de l’équipe",
    "etiquette": "Étiquette",
    "expert": "Expert",
    "expire_le": "Expire le",
    "fin": "Fin",
    "fondee": "Signalement fondé",
    "genre": "Genre",
    "investissement": "Investissement",
    "jours": "Durée en jours",
    "jusqu_au": "Jusqu’au",
    "lecture": "Lecture",
    "lien": "Lien n°",
    "membres": "Membres (SIREN)",
    "message": "Message n°",
    "montant": "Montant",
    "mot": "Mot pour la suite",
    "motif": "Raison",
    "moyen": "Moyen",
    "nature": "Nature",
    "nom": "Nom",
    "nombre": "Nombre",
    "numero": "Numéro",
    "octets": "Taille en octets",
    "organisme": "Organisme",
    "originale": "Dossier d’origine",
    "ouverture": "Ouverture",
    "personne": "Personne",
    "pour": "Pour",
    "qualite": "Rôle dans le dossier",
    "raison": "Raison",
    "recue_le": "Reçue le",
    "regle": "Règle",
    "remplace": "Remplace",
    "reponse": "Réponse",
    "reponses": "Réponses",
    "requis": "Exigé",
    "reserve": "Réserve",
    "restants": "Seconds facteurs restants",
    "revision": "Version",
    "saisie": "D’où on le sait",
    "section": "Rubrique",
    "sections": "Rubriques",
    "sens": "Sens",
    "sha256": "Code de vérification (SHA-256)",
    "sha256_remplace": "Code de vérification de ce qui est remplacé (SHA-256)",
    "signataire": "Signataire",
    "siren": "SIREN",
    "siret": "SIRET",
    "systeme": "Système d’origine",
    "territoire": "Territoire",
    "type": "Format",
    "vague": "Vague",
    "vagues": "Vagues",
    "version": "Version",
}
MONTANTS = frozenset({"montant", "investissement"})
#: Numbers that name something, and count nothing.
NUMEROS = frozenset({"avec", "compte", "lien", "message", "numero", "revision", "vague", "version"})
SIRENS = frozenset({"siren", "ancienne", "epcis", "membres"})
#: A change of state is one thing, of what it is done on.
DE, VERS, ETAT = "de", "vers", "etat"
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
JOUR = re.compile(r"\d{4}-\d\d-\d\d")
DITS = {"True": "oui", "False": "non"}
VIDES: tuple[Any, ...] = (None, "", "None", [], {})


def details_en_mots(objet_type: str, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """« Jusqu’au », « 2 mars 2026 à 14:05:12 »: instants in Paris, codes by their names; what is empty is
    left out."""
    dits = [*_passage(objet_type, details)]
    dites = {DE, VERS} if dits else set()
    for cle, valeur in sorted(details.items()):
        if valeur not in VIDES and cle not in dites:
            dits.append((_mot(cle), _valeur(cle, valeur, objet_type)))
    return dits


def _passage(objet_type: str, details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """« De brouillon à déposé »."""
    noms = _choix(objet_type, ETAT)
    if details.get(DE) in noms and details.get(VERS) in noms:
        yield (
            "Passe",
            f"de «{INSECABLE}{noms[details[DE]]}{INSECABLE}» à «{INSECABLE}{noms[details[VERS]]}{INSECABLE}»",
        )


def _mot(cle: str) -> str:
    return MOTS.get(cle) or cle.replace("_", " ").capitalize()


def _valeur(cle: str, valeur: Any, objet_type: str) -> str:
    if isinstance(valeur, Mapping):
        dits = details_en_mots(objet_type, valeur)
        return ", ".join(f"{minuscule(mot)}{INSECABLE}: {dit}" for mot, dit in dits)
    if isinstance(valeur, list):
        return enumerer([_valeur(cle, element, objet_type) for element in valeur])
    if isinstance(valeur, bool):
        return DITS[str(valeur)]
    if isinstance(valeur, int | float):
        if cle in NUMEROS:
            return str(valeur)
        return euros(int(valeur)) if cle in MONTANTS else nombre(int(valeur))
    texte = str(valeur)
    if cle in SIRENS and len(texte) == len("123456789"):
        return siren_fr(texte)
    return _choix(objet_type, cle).get(texte) or DITS.get(texte) or _moment(texte)


def _moment(texte: str) -> str:
    """A day or an instant as people write it; any other text as it is."""
    try:
        if INSTANT.fullmatch(texte):
            return instant_fr(datetime.fromisoformat(texte), secondes=True)
        return date_fr(date.fromisoformat(texte)) if JOUR.fullmatch(texte) else texte
    except ValueError:
        return texte


@cache
def _choix(objet_type: str, champ: str) -> Mapping[str, str]:
    """The names of the values of that field: of what the act was done on, or else of whatever has it."""
    modeles = sorted(apps.get_models(), key=lambda modele: modele._meta.label_lower != objet_type)
    choix: dict[str, str] = {}
    for modele in modeles:
        for trouve in modele._meta.concrete_fields:
            if isinstance(trouve, Field) and trouve.name == champ and trouve.choices:
                if champ == ETAT and modele._meta.label_lower != objet_type:
                    continue
                for valeur, libelle in trouve.flatchoices:
                    choix.setdefault(str(valeur), str(libelle))
    return choix
