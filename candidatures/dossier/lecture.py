"""What a reading page shows of a file: its answers in the order of the call, and its history in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from candidatures.cahier import Cahier, Question, Section, Type
from candidatures.dossier.completude import est_vide
from rebond.socle.journal.actions import entrees_sur
from rebond.socle.texte.typographie import compte, date_fr, decimal_fr, euros, instant_fr, nombre, siren_fr
from territoires.appellations import epci_fr

# Acts as the journal names them, and as people say them.
ACTES = {
    "ouvrir": "Dossier ouvert",
    "enregistrer": "Rubrique enregistrée",
    "envoyer_message": "Message envoyé",
    "demander_correction": "Correction demandée",
    "enregistrer_correction": "Correction enregistrée",
    "joindre_a_la_correction": "Pièce jointe à la correction",
    "enlever_de_la_correction": "Pièce enlevée de la correction",
    "rendre_correction": "Correction rendue",
    "fermer_correction": "Correction fermée sans réponse",
    "restaurer": "Version précédente d’une rubrique reprise",
    "joindre": "Pièce jointe ajoutée",
    "remplacer": "Pièce jointe remplacée",
    "enlever": "Pièce jointe enlevée",
    "ecarter_infectee": "Pièce écartée par l’antivirus",
    "deposer": "Dossier déposé",
    "rectifier_accuse": "Accusé de réception rectifié",
    "redeposer_sans_changement": "Dépôt demandé de nouveau, sans changement",
    "demander_depot_a_l_echeance": "Dépôt par le portail à l’échéance demandé",
    "renoncer_au_depot_a_l_echeance": "Dépôt par le portail à l’échéance annulé",
    "copier": "Dossier copié d’une vague précédente",
    "retirer": "Dossier retiré",
    "inviter": "Invitation envoyée",
    "renvoyer_invitation": "Invitation renvoyée",
    "revoquer_invitation": "Invitation annulée",
    "accepter_invitation": "Invitation acceptée",
    "changer_qualite": "Rôle changé dans le dossier",
    "retirer_participant": "Participation arrêtée",
    "quitter_dossier": "Dossier quitté",
    "passer_la_main": "Dossier confié à un autre porteur",
    "composer": "Groupement composé",
    "ajouter_membre": "Membre ajouté au groupement",
    "retirer_membre": "Membre retiré du groupement",
    "designer_chef_de_file": "Chef de file du groupement changé",
    "declarer_petr": "PETR déclaré et ajouté au groupement",
    "reprendre": "Dossier repris de Démarches simplifiées",
    "mettre_a_jour_reprise": "Reprise mise à jour",
    "reprendre_version": "Version plus récente reprise",
    "reprendre_laureate": "Décision reprise\u00a0: lauréat",
    "reprendre_non_retenue": "Décision reprise\u00a0: non retenu",
    "reprendre_ajournee": "Décision reprise\u00a0: ajourné",
    "ouvrir_instruction": "Passage en instruction",
    "constater_recevabilite": "Dossier déclaré recevable",
    "declarer_irrecevable": "Dossier déclaré irrecevable",
    "demander_avis": "Avis demandé",
    "rendre_avis": "Avis rendu",
    "revoquer_avis": "Demande d’avis annulée",
    "proposer": "Proposition faite",
    "declarer_interet": "Conflit d’intérêts déclaré",
    "labelliser": "Labellisation décidée",
    "ne_pas_retenir": "Décision de ne pas retenir",
    "ajourner": "Ajournement décidé",
    "programmer": "Vague programmée",
    "fixer_le_silence": "Portée du silence fixée",
    "deplacer": "Dates de la vague modifiées",
    "declarer_incident": "Incident déclaré",
    "clore_incident": "Fin d’un incident enregistrée",
    "suspendre": "Vague suspendue",
    "retablir": "Vague rétablie",
    "finir_serie": "Fin de la série des vagues",
    "reprendre_serie": "Série des vagues reprise",
    "annoncer_ouverture": "Ouverture de la vague annoncée",
    "annoncer_cloture": "Clôture de la vague annoncée",
    "modifier_cahier": "Cahier des charges modifié",
    "clore": "Clôture enregistrée",
    "proposer_prolongation": "Prolongation proposée",
    "accorder": "Prolongation accordée",
    "ecarter": "Prolongation écartée",
    "terminer": "Fin de la prolongation enregistrée",
    "prolonger": "Échéance prolongée",
    "annoncer": "Annonce des résultats signée",
}


@dataclass(frozen=True)
class Reponse:
    """An answer: a text, or for a block the labels of its columns and its rows of texts."""

    libelle: str
    texte: str = ""
    colonnes: tuple[str, ...] = ()
    lignes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class SectionLue:
    titre: str
    reponses: tuple[Reponse, ...]


@dataclass(frozen=True)
class Evenement:
    """A line of `composants/chronologie.html`."""

    quand: str
    titre: str
    texte: str


def lire(cahier: Cahier, sections: Mapping[str, Mapping[str, Any]]) -> list[SectionLue]:
    """Every question that is put, with its answer; an empty text where there is none."""
    return [lire_section(section, sections.get(section.cle, {})) for section in cahier.sections]


def lire_section(section: Section, reponses: Mapping[str, Any]) -> SectionLue:
    posees = (question for question in section.saisies if question.posee(reponses))
    return SectionLue(section.titre, tuple(lire_reponse(question, reponses.get(question.cle)) for question in posees))


def historique(objet: models.Model) -> list[Evenement]:
    """What the journal tells of `objet`, latest first; saving a draft is no event. Not for the territory's eyes."""
    entrees = entrees_sur(objet).exclude(acte="enregistrer")
    return [
        Evenement(
            quand=instant_fr(entree.fait_le or entree.ecrit_le),
            titre=libelle_acte(entree.acte),
            texte=f"Par {entree.acteur}" if entree.acteur_id_copie else "Par le portail",
        )
        for entree in entrees
    ]


def libelle_acte(acte: str) -> str:
    """« declarer_interet » → « Conflit d’intérêts déclaré »; an act unknown here keeps its own words."""
    return ACTES.get(acte) or acte.replace("_", " ").capitalize()


def lire_reponse(question: Question, valeur: Any) -> Reponse:
    if question.type is Type.BLOC and not est_vide(valeur):
        return Reponse(
            question.libelle,
            colonnes=tuple(champ.libelle for champ in question.champs),
            lignes=tuple(tuple(_texte(champ, ligne.get(champ.cle)) for champ in question.champs) for ligne in valeur),
        )
    return Reponse(question.libelle, _texte(question, valeur))


def _texte(question: Question, valeur: Any) -> str:
    if est_vide(valeur):
        return ""
    match question.type:
        case Type.ENTIER:
            return compte(valeur, question.unite.removesuffix("s")) if question.unite else nombre(valeur)
        case Type.DECIMAL:
            return f"{decimal_fr(valeur)}\u00a0{question.unite}".strip()
        case Type.MONTANT:
            return euros(valeur)
        case Type.DATE:
            return date_fr(date.fromisoformat(valeur))
        case Type.SIREN:
            return siren_fr(valeur)
        case Type.EPCI:
            return epci_fr(valeur)
        case Type.CHOIX | Type.CHOIX_MULTIPLE:
            libelles = question.libelles
            choisis = [valeur] if isinstance(valeur, str) else valeur
            return ", ".join(libelles.get(cle, cle) for cle in choisis)
    return str(valeur)
