"""From the tables of a document that came back to answers, and to what was not understood. Nothing is guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from candidatures.cahier import TYPES_A_CHOIX, Cahier, Question, Type
from candidatures.dossier.papier.formulaire import ENTETE, REPERE, Formulaire, libelle_de
from candidatures.dossier.papier.tables import Cellule, DocumentLu
from rebond.socle.texte.noms import nom_nu

# As it was typed: a text, keys of choices, or the rows of a block.
Brut = str | list[str] | list[dict[str, Any]]
COCHE = re.compile(r"^\W*(?:[☒☑✓✔✗✘■]|[xX]\W*[☐□])")
CASE = re.compile(r"^\s*(?:[xX]\s*)?[☐☒☑□■]")
SIREN_ENTRE_PARENTHESES = re.compile(r"\(\s*(\d{3}\s?\d{3}\s?\d{3})\s*\)")
AVANT_LES_MOTS = re.compile(r"^[\W_]*(?:[xX]\W*[☐□]\W*)?")
NUMERO = re.compile(r"^\s*\d+(?:\.\d+)*\s+")
TEXTE_CITE = 500
# Told one by one; a document that holds more is not a form.
REJETS_MAX = 500
HORS_DES_CASES = "Hors des cases"
PAS_UNE_QUESTION = "Ce tableau n’est pas une question du formulaire, ou son repère a été effacé."
PLUS_POSEE = "Cette question n’est pas posée dans votre dossier."
PAS_UN_CHOIX = "Ce n’est pas un des choix proposés."
UN_SEUL_CHOIX = "Une seule case peut être cochée."
DEUX_REPONSES = "Cette question est deux fois dans le document, avec deux réponses."
HORS = "Ce texte n’est dans aucune case\u00a0: recopiez-le dans la bonne réponse, s’il compte."
COLONNES = "Cette ligne n’a plus le nombre de cases du tableau."
ET_D_AUTRES = "Ce document contient d’autres textes hors des cases, qui ne sont pas montrés ici."
PERTE = "Un document joint garde son texte seul\u00a0: joignez le reste comme pièce, s’il compte."


@dataclass(frozen=True)
class Rejet:
    """Something that was not understood: where it stands, what it is, why."""

    ou: str
    texte: str
    raison: str

    @classmethod
    def de(cls, ou: str, texte: str, raison: str) -> "Rejet":
        """With as much of the text as tells which one it is."""
        cite = texte.strip()
        return cls(ou, cite if len(cite) <= TEXTE_CITE else f"{cite[:TEXTE_CITE]}…", raison)


@dataclass(frozen=True)
class ReponseLue:
    """`revision` is the version of the section that the document was printed from; None when it does not say, or
    says so of another file."""

    brut: Brut
    revision: int | None


@dataclass
class Recu:
    """What came back, by section and question. `ailleurs` are the other files that its marks name."""

    reponses: dict[str, dict[str, ReponseLue]] = field(default_factory=dict)
    rejets: list[Rejet] = field(default_factory=list)
    ailleurs: list[str] = field(default_factory=list)

    def rejeter(self, ou: str, texte: str, raison: str) -> None:
        if len(self.rejets) < REJETS_MAX:
            self.rejets.append(Rejet.de(ou, texte, raison))
        elif len(self.rejets) == REJETS_MAX:
            self.rejets.append(Rejet(HORS_DES_CASES, "…", ET_D_AUTRES))


def comprendre(lu: DocumentLu, cahier: Cahier, formulaire: Formulaire) -> Recu:
    """The answers of a document, under the specifications of the file that it is brought to."""
    recu = Recu()
    doubles: set[tuple[str, str]] = set()
    for table in lu.tables:
        for tete, rangees in _questions(table, cahier):
            _comprendre_une(tete, rangees, cahier, formulaire.reference, recu, doubles)
    for section, question in doubles:
        del recu.reponses[section][question]
    connus = {nom_nu(texte) for texte in formulaire.textes}
    for paragraphe in lu.hors:
        if nom_nu(paragraphe.texte) not in connus and paragraphe.texte.strip():
            recu.rejeter(HORS_DES_CASES, paragraphe.texte, HORS)
        _dire_les_pertes(HORS_DES_CASES, paragraphe, recu)
    return recu


def _questions(table: list[list[Cellule]], cahier: Cahier) -> Iterator[tuple[str, list[list[Cellule]]]]:
    """The questions of a table, each the text of its head and its rows: two tables that touch become one."""
    if not table or not table[0] or table[0][0].texte.strip() == ENTETE:
        return
    tete, rangees = "", list[list[Cellule]]()
    for rang, rangee in enumerate(table):
        premiere = rangee[0].texte if rangee else ""
        if REPERE.search(premiere) or (rang == 0 and _par_le_libelle(premiere, cahier)):
            if tete or rangees:
                yield tete, rangees
            tete, rangees = premiere, []
        else:
            rangees.append(rangee)
    yield tete, rangees


def _comprendre_une(
    tete: str, rangees: list[list[Cellule]], cahier: Cahier, reference: str, recu: Recu, doubles: set[tuple[str, str]]
) -> None:
    section, question, revision = _designee(tete, cahier, reference, recu)
    texte = "\n".join(cellule.texte for rangee in rangees for cellule in rangee)
    if question is None:
        if texte.strip():
            recu.rejeter(
                _premiere_ligne(tete) or HORS_DES_CASES, texte, PLUS_POSEE if REPERE.search(tete) else PAS_UNE_QUESTION
            )
        return
    for rangee in rangees:
        for cellule in rangee:
            _dire_les_pertes(question.libelle, cellule, recu)
    lu = _brut(question, rangees, texte, recu)
    if lu is None:
        return
    deja = recu.reponses.setdefault(section, {}).get(question.cle)
    if deja is not None and deja.brut != lu:
        doubles.add((section, question.cle))
        recu.rejeter(question.libelle, texte, DEUX_REPONSES)
        return
    recu.reponses[section][question.cle] = ReponseLue(lu, revision)


def _designee(tete: str, cahier: Cahier, reference: str, recu: Recu) -> tuple[str, Question | None, int | None]:
    trouve = REPERE.search(tete)
    if trouve is None:
        return *(_par_le_libelle(tete, cahier) or ("", None)), None
    dossier, section, cle, revision = trouve.groups()
    if dossier != reference and dossier not in recu.ailleurs:
        recu.ailleurs.append(dossier)
    question = next((q for q in cahier.section(section).saisies if q.cle == cle), None) if section in cahier else None
    return section, question, int(revision) if dossier == reference and len(revision) < 9 else None


def _par_le_libelle(tete: str, cahier: Cahier) -> tuple[str, Question] | None:
    """The only question that is worded so, when its mark was erased."""
    dit = nom_nu(NUMERO.sub("", _premiere_ligne(tete)))
    trouvees = [
        (section.cle, question)
        for section in cahier.sections
        for question in section.saisies
        if dit and dit in {nom_nu(question.libelle), nom_nu(libelle_de(question))}
    ]
    return trouvees[0] if len(trouvees) == 1 else None


def _premiere_ligne(texte: str) -> str:
    return texte.strip().split("\n", 1)[0]


def _dire_les_pertes(ou: str, cellule: Cellule, recu: Recu) -> None:
    for perte in sorted(cellule.pertes):
        recu.rejeter(ou, perte, PERTE)


def _brut(question: Question, rangees: list[list[Cellule]], texte: str, recu: Recu) -> Brut | None:
    """None when nothing of it is understood, which `recu` then says."""
    if question.type is Type.BLOC:
        return _bloc(question, rangees, recu)
    if question.type in TYPES_A_CHOIX:
        return _choix(question, texte, recu)
    return _valeur(question, texte)


def _valeur(question: Question, texte: str) -> str:
    if question.type is Type.EPCI and (siren := SIREN_ENTRE_PARENTHESES.search(texte)):
        return siren.group(1)
    return texte.strip()


def _choix(question: Question, texte: str, recu: Recu) -> Brut | None:
    cles = {nom_nu(choix.libelle): choix.cle for choix in question.choix}
    lignes = [ligne for ligne in texte.split("\n") if ligne.strip()]
    # Whoever erased the boxes kept what they chose.
    sans_cases = not any(CASE.match(ligne) for ligne in lignes)
    choisis = []
    for ligne in lignes:
        dit = nom_nu(AVANT_LES_MOTS.sub("", ligne))
        coche = bool(COCHE.match(ligne)) or sans_cases
        if dit not in cles and dit.startswith("x ") and dit[2:] in cles:
            dit, coche = dit[2:], True
        if dit not in cles:
            recu.rejeter(question.libelle, ligne, PAS_UN_CHOIX)
        elif coche and cles[dit] not in choisis:
            choisis.append(cles[dit])
    if question.type is Type.CHOIX_MULTIPLE:
        return choisis
    if len(choisis) > 1:
        recu.rejeter(question.libelle, ", ".join(question.libelles[cle] for cle in choisis), UN_SEUL_CHOIX)
        return None
    return choisis[0] if choisis else ""


def _bloc(question: Question, rangees: list[list[Cellule]], recu: Recu) -> Brut:
    lues: list[dict[str, Any]] = []
    for rang, rangee in enumerate(rangees):
        # One row too many is enough for the form to refuse them all.
        if len(lues) > question.maximum:
            break
        textes = [cellule.texte.strip() for cellule in rangee]
        if not any(textes) or (rang == 0 and textes[0].startswith(question.champs[0].libelle)):
            continue
        if len(textes) != len(question.champs):
            recu.rejeter(question.libelle, " | ".join(textes), COLONNES)
            continue
        paires = zip(question.champs, textes, strict=True)
        lues.append({champ.cle: _cellule_de_bloc(champ, texte) for champ, texte in paires})
    return lues


def _cellule_de_bloc(champ: Question, texte: str) -> Any:
    """A choice by its words; words that are none go to the form, which refuses them."""
    if champ.type not in TYPES_A_CHOIX:
        return _valeur(champ, texte)
    cles: Mapping[str, str] = {nom_nu(choix.libelle): choix.cle for choix in champ.choix}
    if champ.type is Type.CHOIX:
        return cles.get(nom_nu(texte), texte)
    dits = dict.fromkeys(dit.strip() for dit in re.split(r"[,;\n]", texte) if dit.strip())
    # Of more words than there are choices, one is none of them.
    return [cles.get(nom_nu(dit), dit) for dit in islice(dits, len(cles) + 1)]
