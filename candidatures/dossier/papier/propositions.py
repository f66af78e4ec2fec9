"""What a document that came back would change in a file, question by question. Nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

from candidatures.cahier import Question, Section, Type
from candidatures.dossier.completude import est_vide
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.fusion import egales
from candidatures.dossier.lecture import Reponse, lire_reponse
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.papier.comprehension import TEXTE_CITE, Brut, Recu, Rejet, ReponseLue

DU_DOCUMENT, GARDER = "document", "garder"
ILLISIBLE = "Cette réponse n’est pas comprise."


@dataclass(frozen=True)
class Proposition:
    """One answer of the document that differs from the saved one; `changee_depuis`: the saved one is not that which
    the document was printed with.
    """

    section: Section
    question: Question
    enregistree: Any
    du_document: Any
    changee_depuis: bool

    @property
    def nom(self) -> str:
        """Of the control that chooses."""
        return f"choix-{self.section.cle}.{self.question.cle}"

    @property
    def vide_le_champ(self) -> bool:
        return est_vide(self.du_document)

    @property
    def defaut(self) -> str:
        """What is chosen before anybody chooses: nothing goes away by it that the document did not mean to replace."""
        if est_vide(self.enregistree):
            return DU_DOCUMENT
        return GARDER if self.changee_depuis or self.vide_le_champ else DU_DOCUMENT

    @property
    def prend_le_document(self) -> bool:
        return self.defaut == DU_DOCUMENT

    @property
    def reponse_enregistree(self) -> Reponse:
        return lire_reponse(self.question, self.enregistree)

    @property
    def reponse_du_document(self) -> Reponse:
        return lire_reponse(self.question, self.du_document)


@dataclass
class Reprise:
    """`rejets` are what no form understands; `absentes` the questions that the document has not; `identiques` and
    `gardees` counts; `revisions` those of the sections when this was read.
    """

    propositions: list[Proposition] = field(default_factory=list)
    rejets: list[Rejet] = field(default_factory=list)
    absentes: list[str] = field(default_factory=list)
    identiques: int = 0
    gardees: int = 0
    revisions: dict[str, int] = field(default_factory=dict)

    @property
    def par_section(self) -> list[tuple[Section, list[Proposition]]]:
        sections: dict[str, tuple[Section, list[Proposition]]] = {}
        for proposition in self.propositions:
            sections.setdefault(proposition.section.cle, (proposition.section, []))[1].append(proposition)
        return list(sections.values())


def preparer(candidature: Candidature, recu: Recu) -> Reprise:
    """Compare `recu` with the file.

    A three-way comparison, as between two people (`fusion`): an answer that the document left as it was printed
    proposes nothing, whatever others saved since.
    """
    reprise = Reprise(revisions=revisions_de(candidature))
    bases = _bases(candidature, recu, reprise.revisions)
    for section in candidature.cahier.cahier.sections:
        lues = recu.reponses.get(section.cle, {})
        reprise.absentes += [question.libelle for question in section.saisies if question.cle not in lues]
        comprises = _comprises(section, lues, reprise)
        enregistrees = candidature.contenu.get(section.cle, {})
        for question in section.saisies:
            if question.cle not in comprises:
                continue
            mienne, leur = comprises[question.cle], enregistrees.get(question.cle)
            base = bases.get((section.cle, lues[question.cle].revision), enregistrees).get(question.cle)
            if egales(mienne, leur):
                reprise.identiques += 1
            elif egales(mienne, base):
                reprise.gardees += 1
            else:
                depuis = not egales(leur, base)
                reprise.propositions.append(Proposition(section, question, leur, mienne, depuis))
    return reprise


def revisions_de(candidature: Candidature) -> dict[str, int]:
    versions = VersionDeSection.objects.filter(candidature=candidature).order_by()
    return dict(versions.values_list("section").annotate(Max("revision")))


def _bases(
    candidature: Candidature, recu: Recu, revisions: Mapping[str, int]
) -> dict[tuple[str, int | None], Mapping[str, Any]]:
    """The answers that the document was printed with, by section and version."""
    voulues = {
        (section, lue.revision)
        for section, lues in recu.reponses.items()
        for lue in lues.values()
        if lue.revision is not None
    }
    bases: dict[tuple[str, int | None], Mapping[str, Any]] = {}
    anciennes = Q()
    for section, revision in voulues:
        if revision == revisions.get(section, 0):
            bases[section, revision] = candidature.contenu.get(section, {})
        elif not revision:
            bases[section, revision] = {}
        else:
            anciennes |= Q(section=section, revision=revision)
    if anciennes:
        versions = VersionDeSection.objects.filter(anciennes, candidature=candidature)
        bases |= {(une.section, une.revision): une.reponses for une in versions}
    return bases


def _comprises(section: Section, lues: Mapping[str, ReponseLue], reprise: Reprise) -> dict[str, Any]:
    """The answers that the section's own form understands; the others are refused with what it says of them."""
    if not lues:
        return {}
    saisie = SaisieDeSection(section, reponses={}, donnees=donnees_de(section, lues))
    reponses, incomprises = saisie.comprises({})
    for cle in (une for une in incomprises if une in lues):
        question = section.question(cle)
        reprise.rejets.append(Rejet.de(question.libelle, _cite(question, lues[cle].brut), _motif(saisie, question)))
    return {cle: reponses[cle] for cle in lues if cle in reponses and cle not in incomprises}


def donnees_de(section: Section, lues: Mapping[str, ReponseLue]) -> QueryDict:
    """What the page of the section would send, with these answers typed in it."""
    donnees = QueryDict(mutable=True)
    for question in section.saisies:
        brut = lues[question.cle].brut if question.cle in lues else ""
        if question.type is not Type.BLOC:
            _poser(donnees, question.cle, brut)
            continue
        # One row too many is enough for the form to refuse them all.
        rangees = [rangee for rangee in brut[: question.maximum + 1] if isinstance(rangee, dict)]
        donnees[f"{question.cle}-{TOTAL_FORM_COUNT}"] = str(len(rangees))
        donnees[f"{question.cle}-{INITIAL_FORM_COUNT}"] = "0"
        for rang, rangee in enumerate(rangees):
            for champ in question.champs:
                _poser(donnees, f"{question.cle}-{rang}-{champ.cle}", rangee.get(champ.cle, ""))
    return donnees


def _poser(donnees: QueryDict, nom: str, brut: Any) -> None:
    donnees.setlist(nom, [str(un) for un in brut] if isinstance(brut, list) else [str(brut)])


def _cite(question: Question, brut: Brut) -> str:
    if isinstance(brut, str):
        return brut
    return "\n".join(
        " | ".join(str(valeur) for valeur in un.values()) if isinstance(un, dict) else question.libelles.get(un, un)
        for un in brut[:TEXTE_CITE]
    )


def _motif(saisie: SaisieDeSection, question: Question) -> str:
    """All that the form says of it, in sentences."""
    if question.type is not Type.BLOC:
        dits = [str(erreur) for erreur in saisie.formulaire.errors.get(question.cle, ())]
    else:
        debut = f"{question.libelle},"
        dits = [
            point.texte if debut not in point.libelle else f"{point.libelle.removeprefix(debut)}\u00a0: {point.texte}"
            for point in saisie.points
            if point.libelle.startswith(question.libelle)
        ]
    return " ".join(dits) or ILLISIBLE
