"""What a reading page shows of a file: its answers in the order of the call, and its history in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from candidatures.cahier import Cahier, Question, Section, Type
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.completude import est_vide
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import compte, date_fr, decimal_fr, euros, instant_fr, nombre, siren_fr
from territoires.appellations import epci_fr


# Acts as the journal names them, and as people say them.
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
    return [en_evenement(entree) for entree in entrees_sur(objet).exclude(acte=ActeDuDossier.ENREGISTRER)]


def en_evenement(entree: EntreeJournal) -> Evenement:
    return Evenement(
        quand=instant_fr(entree.fait_le or entree.ecrit_le),
        titre=libelle_acte(entree.acte, entree.objet_type),
        texte=f"Par {entree.acteur}" if entree.acteur_id_copie else "Par le portail",
    )


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
