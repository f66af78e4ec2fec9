"""The form on paper as data: what is printed, and the marks by which its answers are found again.

A mark (« repère ») stands beside each question: the file, the section, the question, and the version of the section
that the answers printed there are of. It is text: it survives Word, LibreOffice, and going from one to the other,
where content controls and bookmarks are lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from candidatures.cahier import Cahier, PieceAttendue, Question, Section, Type
from candidatures.cahier.forms.champs import aide_de
from candidatures.cahier.presentation import comptent
from candidatures.dossier.completude import est_vide
from rebond.socle.texte.typographie import decimal_fr, nombre, siren_fr
from territoires.appellations import epci_fr

REPERE = re.compile(r"(R\d+-\d{4,})/([\w-]+)\.([\w-]+)/(\d+)")
AVANT_LE_REPERE = "Repère, à ne pas effacer\u00a0: "
COCHEE, VIDE = "☒", "☐"
LIGNES_VIERGES = 5
# Of the box of a long text, for whoever writes by hand.
HAUTEUR_CM = 5
TITRE = "Formulaire à remplir sans connexion"
ENTETE = "Dossier"
CONSIGNES = (
    "Écrivez vos réponses dans les cases blanches, sous les questions. Laissez vide ce que vous ne savez pas encore.",
    "Pour choisir dans une liste, remplacez ☐ par ☒, ou écrivez x à sa place.",
    "Vous pouvez faire passer ce document à vos collègues, l’imprimer, le remplir en plusieurs fois.",
    "Les repères gris disent au portail où va chaque réponse\u00a0: ne les effacez pas.",
    "Gardez-le au format Word (.docx) ou LibreOffice (.odt), puis reprenez-le sur le portail.",
    "Vous y verrez chaque réponse avant qu’elle ne soit enregistrée.",
    "Ce document n’est pas un dépôt\u00a0: seul compte le dossier déposé sur le portail avant la date limite.",
)
TITRE_DES_PIECES = "Les pièces à joindre sur le portail"


@dataclass(frozen=True)
class Case:
    """One question. `lignes` are the lines of its answer box, which is high for a long text (`longue`); a block has
    `colonnes`, and `rangees` of cells.
    """

    libelle: str
    aide: str
    repere: str
    lignes: tuple[str, ...] = ()
    colonnes: tuple[str, ...] = ()
    rangees: tuple[tuple[str, ...], ...] = ()
    longue: bool = False


@dataclass(frozen=True)
class Rubrique:
    titre: str
    introduction: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Formulaire:
    """`entete` are labels and values; `pieces` sentences."""

    reference: str
    entete: tuple[tuple[str, str], ...]
    rubriques: tuple[Rubrique, ...]
    pieces: tuple[str, ...]

    @property
    def textes(self) -> frozenset[str]:
        """What is printed outside of the boxes: whatever else stands there was written by somebody."""
        fixes = [TITRE, *CONSIGNES, TITRE_DES_PIECES, *self.pieces]
        return frozenset(fixes + [texte for un in self.rubriques for texte in (un.titre, un.introduction)])


def formulaire_de(
    reference: str,
    cahier: Cahier,
    contenu: Mapping[str, Mapping[str, Any]],
    revisions: Mapping[str, int],
    entete: Mapping[str, str],
) -> Formulaire:
    """The form of a file, with the answers of `contenu`; `revisions` are those of its sections."""
    return Formulaire(
        reference=reference,
        entete=tuple(({ENTETE: reference} | dict(entete)).items()),
        rubriques=tuple(
            _rubrique(
                rang,
                section,
                reference,
                contenu.get(section.cle, {}),
                revisions.get(section.cle, 0),
                comptent(cahier, section),
            )
            for rang, section in enumerate(cahier.sections, start=1)
        ),
        pieces=tuple(_piece(piece) for piece in cahier.pieces_attendues),
    )


def _rubrique(
    rang: int,
    section: Section,
    reference: str,
    reponses: Mapping[str, Any],
    revision: int,
    compte_pour: Mapping[str, str],
) -> Rubrique:
    cases = (
        _case(
            f"{rang}.{numero}",
            question,
            section,
            reponses,
            f"{reference}/{section.cle}.{question.cle}/{revision}",
            compte_pour.get(question.cle, ""),
        )
        for numero, question in enumerate(section.saisies, start=1)
    )
    return Rubrique(f"{rang}. {section.titre}", section.introduction, tuple(cases))


def _case(
    numero: str, question: Question, section: Section, reponses: Mapping[str, Any], repere: str, compte_pour: str
) -> Case:
    libelle = f"{numero} {libelle_de(question)}"
    explications = [f"{choix.libelle}\u00a0: {choix.aide}" for choix in question.choix if choix.aide]
    aide = " ".join(filter(None, [aide_de(question, section.saisies), *explications, compte_pour]))
    valeur = reponses.get(question.cle)
    if question.type is Type.BLOC:
        rangees = [tuple(en_texte(champ, ligne.get(champ.cle)) for champ in question.champs) for ligne in valeur or []]
        vierges = max(min(question.maximum - len(rangees), LIGNES_VIERGES), 0)
        rangees += [("",) * len(question.champs)] * vierges
        colonnes = tuple(_colonne(champ) for champ in question.champs)
        return Case(libelle, aide, repere, colonnes=colonnes, rangees=tuple(rangees))
    if question.type in {Type.CHOIX, Type.CHOIX_MULTIPLE}:
        choisis = [valeur] if isinstance(valeur, str) else valeur or []
        cases = [f"{COCHEE if choix.cle in choisis else VIDE} {choix.libelle}" for choix in question.choix]
        return Case(libelle, aide, repere, tuple(cases))
    lignes = tuple(en_texte(question, valeur).split("\n"))
    return Case(libelle, aide, repere, lignes, longue=question.type is Type.TEXTE_LONG)


def libelle_de(question: Question) -> str:
    unite = "euros" if question.type is Type.MONTANT else question.unite
    return f"{question.libelle}{f', en {unite}' if unite else ''}{'' if question.obligatoire else ' (optionnel)'}"


def _colonne(champ: Question) -> str:
    choix = f"\u00a0: {', '.join(choix.libelle for choix in champ.choix)}" if champ.choix else ""
    return f"{libelle_de(champ)}{choix}"


def _piece(piece: PieceAttendue) -> str:
    de_chacun = ", une de chaque collectivité" if piece.par_membre else ""
    return f"{piece.libelle}{de_chacun} ({'obligatoire' if piece.obligatoire else 'facultative'})"


def en_texte(question: Question, valeur: Any) -> str:
    """An answer as one would type it: the portal reads it again the same."""
    if est_vide(valeur):
        return ""
    match question.type:
        case Type.ENTIER | Type.MONTANT:
            return nombre(valeur)
        case Type.DECIMAL:
            return decimal_fr(valeur)
        case Type.DATE:
            return f"{date.fromisoformat(valeur):%d/%m/%Y}"
        case Type.SIREN:
            return siren_fr(valeur)
        case Type.EPCI:
            return f"{epci_fr(valeur)} ({siren_fr(valeur['siren'])})"
        case Type.CHOIX | Type.CHOIX_MULTIPLE:
            choisis = [valeur] if isinstance(valeur, str) else valeur
            return ", ".join(question.libelles.get(cle, cle) for cle in choisis)
    return str(valeur)
