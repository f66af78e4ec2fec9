"""What changes from one version of the specifications to another, in words for those who wrote under the first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from candidatures.cahier.definition import (
    LIBELLES_FORMATS,
    LIBELLES_TYPES,
    Cahier,
    Choix,
    Condition,
    ConditionDeRecevabilite,
    Critere,
    Format,
    PieceAttendue,
    Question,
    Section,
    Type,
)
from candidatures.cahier.ecarts_de_grille import changements_de_condition, changements_de_critere
from candidatures.cahier.ecarts_de_redaction import (
    changements_de_redaction,
    changements_de_redaction_d_une_piece,
    introduction_changee,
    ordre_change,
)
from rebond.socle.texte.typographie import compte

TEXTE_DE_L_APPEL = "texte de l’appel"
ORDRE = "ordre"
TEXTES = frozenset({Type.TEXTE, Type.TEXTE_LONG})


class Genre(StrEnum):
    AJOUT = "ajout"
    RETRAIT = "retrait"
    CHANGEMENT = "changement"


@dataclass(frozen=True)
class Difference:
    """One thing that was added, removed or changed.

    `objet` says what it is (« rubrique », « question », « pièce »…), `rubrique` the title of the section that it
    belongs to, if any. `details` are sentences. `section` and `cle` are keys of the new specifications where it is
    there, of the old ones otherwise.
    """

    genre: Genre
    objet: str
    libelle: str
    rubrique: str = ""
    details: tuple[str, ...] = ()
    section: str = ""
    cle: str = ""

    @property
    def est_un_ajout(self) -> bool:
        return self.genre is Genre.AJOUT

    @property
    def est_un_retrait(self) -> bool:
        return self.genre is Genre.RETRAIT

    @property
    def est_une_phrase(self) -> bool:
        """Whether `libelle` says it all, rather than naming what changes."""
        return self.objet in {TEXTE_DE_L_APPEL, ORDRE}


def differences(ancien: Cahier, nouveau: Cahier, *, redaction: bool = False) -> list[Difference]:
    """In the order of the new specifications; what they no longer hold comes after what precedes it there.

    With `redaction`, also what asks nobody anything else: helps, introductions, order. Then nothing is left out.
    """
    trouvees = []
    if ancien.texte != nouveau.texte:
        trouvees.append(Difference(Genre.CHANGEMENT, TEXTE_DE_L_APPEL, "Le texte de l’appel est modifié"))
    for section in nouveau.sections:
        ancienne = ancien.section(section.cle) if section.cle in ancien else None
        trouvees += _section(ancienne, section, redaction=redaction)
    trouvees += [
        Difference(
            Genre.RETRAIT,
            "rubrique",
            section.titre,
            section=section.cle,
            details=_questions(section, "Elle demandait"),
        )
        for section in ancien.sections
        if section.cle not in nouveau
    ]
    trouvees += _pieces(ancien, nouveau, redaction=redaction)
    trouvees += _conditions(ancien, nouveau, redaction=redaction)
    trouvees += _criteres(ancien, nouveau)
    return trouvees + (list(_ordres(ancien, nouveau)) if redaction else [])


def questions_nouvelles(ancien: Cahier, nouveau: Cahier, section: str) -> set[str]:
    """Keys of the questions of `section` that the old specifications did not put, or put otherwise."""
    anciennes = _par_cle(ancien.section(section)) if section in ancien else {}
    return {
        question.cle
        for question in nouveau.section(section).questions
        if question.cle not in anciennes or changements(anciennes[question.cle], question)
    }


def changements(ancienne: Question, nouvelle: Question) -> list[str]:
    """Sentences that say how a question changed; empty when it asks the same thing in the same way."""
    return [phrase for ecart in ECARTS for phrase in ecart(ancienne, nouvelle)]


def _section(ancienne: Section | None, section: Section, *, redaction: bool) -> Iterator[Difference]:
    if ancienne is None:
        details = _questions(section, "Elle demande")
        yield Difference(Genre.AJOUT, "rubrique", section.titre, section=section.cle, details=details)
        return
    details = tuple(_changements_de_section(ancienne, section, redaction=redaction))
    if details:
        yield Difference(Genre.CHANGEMENT, "rubrique", section.titre, section=section.cle, details=details)
    avant, apres = _par_cle(ancienne), _par_cle(section)
    for question in section.questions:
        if question.cle not in avant:
            yield _de_question(Genre.AJOUT, question, section, tuple(_presenter(question)))
        elif ecarts := _changements_entiers(avant[question.cle], question, redaction=redaction):
            yield _de_question(Genre.CHANGEMENT, question, section, tuple(ecarts))
    for question in ancienne.questions:
        if question.cle not in apres:
            yield _de_question(Genre.RETRAIT, question, section, ())


def _changements_de_section(ancienne: Section, section: Section, *, redaction: bool) -> Iterator[str]:
    if ancienne.titre != section.titre:
        yield f"Elle s’appelait «\u00a0{ancienne.titre}\u00a0»."
    if redaction:
        yield from introduction_changee(ancienne, section)
        yield from ordre_change(ancienne.questions, section.questions, "de ses questions")


def _changements_entiers(ancienne: Question, nouvelle: Question, *, redaction: bool) -> list[str]:
    ecarts = changements(ancienne, nouvelle)
    return ecarts + list(changements_de_redaction(ancienne, nouvelle)) if redaction else ecarts


def _de_question(genre: Genre, question: Question, section: Section, details: tuple[str, ...]) -> Difference:
    objet = "pièce" if question.type is Type.PIECE else "question"
    return Difference(genre, objet, question.libelle, section.titre, details, section.cle, question.cle)


def _pieces(ancien: Cahier, nouveau: Cahier, *, redaction: bool) -> Iterator[Difference]:
    """Those of the whole file: the others are questions of their section."""
    avant, apres = ({piece.cle: piece for piece in cahier.pieces} for cahier in (ancien, nouveau))
    for piece in nouveau.pieces:
        if piece.cle not in avant:
            details = (_obligation(obligatoire=piece.obligatoire),)
            yield Difference(Genre.AJOUT, "pièce", piece.libelle, details=details, cle=piece.cle)
        elif ecarts := tuple(_changements_de_piece(avant[piece.cle], piece, redaction=redaction)):
            yield Difference(Genre.CHANGEMENT, "pièce", piece.libelle, details=ecarts, cle=piece.cle)
    for piece in ancien.pieces:
        if piece.cle not in apres:
            yield Difference(Genre.RETRAIT, "pièce", piece.libelle, cle=piece.cle)


def _conditions(ancien: Cahier, nouveau: Cahier, *, redaction: bool) -> Iterator[Difference]:
    avant, apres = ({une.cle: une for une in cahier.recevabilite} for cahier in (ancien, nouveau))
    for une in nouveau.recevabilite:
        if une.cle not in avant:
            yield _de_condition(Genre.AJOUT, une, (une.a_faire,) if une.a_faire else ())
        elif ecarts := tuple(changements_de_condition(avant[une.cle], une, redaction=redaction)):
            yield _de_condition(Genre.CHANGEMENT, une, ecarts)
    yield from (_de_condition(Genre.RETRAIT, une, ()) for une in ancien.recevabilite if une.cle not in apres)


def _de_condition(genre: Genre, condition: ConditionDeRecevabilite, details: tuple[str, ...]) -> Difference:
    return Difference(genre, "condition de recevabilité", condition.libelle, details=details, cle=condition.cle)


def _criteres(ancien: Cahier, nouveau: Cahier) -> Iterator[Difference]:
    avant, apres = ({critere.cle: critere for critere in cahier.criteres} for cahier in (ancien, nouveau))
    for critere in nouveau.criteres:
        if critere.cle not in avant:
            details = (f"Il compte pour {critere.poids}\u00a0%.",)
            yield _de_critere(Genre.AJOUT, critere, details)
        elif ecarts := tuple(changements_de_critere(avant[critere.cle], critere, ancien, nouveau)):
            yield _de_critere(Genre.CHANGEMENT, critere, ecarts)
    yield from (_de_critere(Genre.RETRAIT, critere, ()) for critere in ancien.criteres if critere.cle not in apres)


def _de_critere(genre: Genre, critere: Critere, details: tuple[str, ...]) -> Difference:
    return Difference(genre, "critère", critere.libelle, details=details, cle=critere.cle)


def _ordres(ancien: Cahier, nouveau: Cahier) -> Iterator[Difference]:
    """What stands otherwise in the whole."""
    details = (
        *ordre_change(ancien.sections, nouveau.sections, "des rubriques"),
        *ordre_change(ancien.pieces, nouveau.pieces, "des pièces à joindre"),
        *ordre_change(ancien.recevabilite, nouveau.recevabilite, "des conditions de recevabilité"),
        *ordre_change(ancien.criteres, nouveau.criteres, "des critères"),
    )
    if details:
        yield Difference(Genre.CHANGEMENT, ORDRE, "L’ordre du cahier des charges change", details=details)


def _changements_de_piece(ancienne: PieceAttendue, nouvelle: PieceAttendue, *, redaction: bool) -> Iterator[str]:
    yield from _libelle(ancienne, nouvelle)
    yield from _obligatoire(ancienne, nouvelle)
    yield from _formats(ancienne, nouvelle)
    if ancienne.par_membre != nouvelle.par_membre:
        yield (
            "Elle est désormais demandée à chaque collectivité du groupement."
            if nouvelle.par_membre
            else "Une seule suffit désormais pour tout le groupement."
        )
    if redaction:
        yield from changements_de_redaction_d_une_piece(ancienne, nouvelle)


def _libelle(ancienne: Question | PieceAttendue, nouvelle: Question | PieceAttendue) -> Iterator[str]:
    if ancienne.libelle != nouvelle.libelle:
        yield f"Le libellé était «\u00a0{ancienne.libelle}\u00a0»."


def _obligatoire(ancienne: Question | PieceAttendue, nouvelle: Question | PieceAttendue) -> Iterator[str]:
    if ancienne.obligatoire != nouvelle.obligatoire:
        yield "Elle devient obligatoire." if nouvelle.obligatoire else "Elle devient optionnelle."


def _formats(ancienne: Question | PieceAttendue, nouvelle: Question | PieceAttendue) -> Iterator[str]:
    if isinstance(nouvelle, Question) and nouvelle.type is not Type.PIECE:
        return
    if set(ancienne.formats) != set(nouvelle.formats):
        yield f"Formats acceptés\u00a0: {_noms(nouvelle.formats)} (avant\u00a0: {_noms(ancienne.formats)})."


def _type(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if ancienne.type is not nouvelle.type:
        apres, avant = LIBELLES_TYPES[nouvelle.type].lower(), LIBELLES_TYPES[ancienne.type].lower()
        yield f"La réponse attendue change\u00a0: {_sigles(apres)} au lieu de {_sigles(avant)}."


def _choix(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if not (ancienne.choix and nouvelle.choix):
        return
    avant, apres = ancienne.libelles, nouvelle.libelles
    yield from _liste("Choix ajouté", "Choix ajoutés", (apres[cle] for cle in apres if cle not in avant))
    yield from _liste("Choix retiré", "Choix retirés", (avant[cle] for cle in avant if cle not in apres))
    for cle in apres:
        if cle in avant and avant[cle] != apres[cle]:
            yield f"Le choix «\u00a0{avant[cle]}\u00a0» s’appelle maintenant «\u00a0{apres[cle]}\u00a0»."


def _longueur(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if {ancienne.type, nouvelle.type} <= TEXTES and ancienne.longueur_max != nouvelle.longueur_max:
        avant = compte(ancienne.longueur_max, "caractère")
        yield f"{compte(nouvelle.longueur_max, 'caractère')} au plus, au lieu de {avant}."


def _unite(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if ancienne.unite != nouvelle.unite:
        yield f"L’unité change\u00a0: {nouvelle.unite or 'aucune'} (avant\u00a0: {ancienne.unite or 'aucune'})."


def _condition(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if _sans_ordre(ancienne.condition) == _sans_ordre(nouvelle.condition):
        return
    if nouvelle.condition is None:
        yield "Elle est désormais posée dans tous les cas."
    elif ancienne.condition is None:
        yield "Elle n’est plus posée que selon une autre réponse de la rubrique."
    else:
        yield "Elle n’est plus posée dans les mêmes cas."


def _bloc(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    if not (ancienne.type is nouvelle.type is Type.BLOC):
        return
    if ancienne.maximum != nouvelle.maximum:
        yield f"{compte(nouvelle.maximum, 'ligne')} au plus, au lieu de {compte(ancienne.maximum, 'ligne')}."
    avant, apres = ({champ.cle: champ for champ in question.champs} for question in (ancienne, nouvelle))
    ajoutes = (champ.libelle for champ in nouvelle.champs if champ.cle not in avant)
    retires = (champ.libelle for champ in ancienne.champs if champ.cle not in apres)
    yield from _liste("Colonne ajoutée", "Colonnes ajoutées", ajoutes)
    yield from _liste("Colonne retirée", "Colonnes retirées", retires)
    for champ in nouvelle.champs:
        if champ.cle in avant:
            yield from (
                f"Colonne «\u00a0{champ.libelle}\u00a0»\u00a0: {e}" for e in changements(avant[champ.cle], champ)
            )


ECARTS = (_libelle, _type, _obligatoire, _choix, _longueur, _unite, _formats, _condition, _bloc)


def _presenter(question: Question) -> Iterator[str]:
    yield f"{_sigles(LIBELLES_TYPES[question.type])}. {_obligation(obligatoire=question.obligatoire)}"
    yield from _liste("Choix proposé", "Choix proposés", _libelles(question.choix))


def _obligation(*, obligatoire: bool) -> str:
    return "Obligatoire." if obligatoire else "Optionnelle."


def _questions(section: Section, debut: str) -> tuple[str, ...]:
    if not section.questions:
        return ()
    return (f"{debut}\u00a0: {_entre_guillemets(question.libelle for question in section.questions)}.",)


def _liste(singulier: str, pluriel: str, libelles: Iterable[str]) -> Iterator[str]:
    if trouves := list(libelles):
        yield f"{pluriel if len(trouves) > 1 else singulier}\u00a0: {_entre_guillemets(trouves)}."


def _entre_guillemets(libelles: Iterable[str]) -> str:
    return ", ".join(f"«\u00a0{libelle}\u00a0»" for libelle in libelles)


def _libelles(choix: Iterable[Choix]) -> list[str]:
    return [un.libelle for un in choix]


def _noms(formats: Iterable[Format]) -> str:
    return ", ".join(LIBELLES_FORMATS[format_] for format_ in formats)


def _sans_ordre(condition: Condition | None) -> tuple[str, frozenset[str]] | None:
    return (condition.question, frozenset(condition.valeurs)) if condition else None


def _sigles(libelle: str) -> str:
    return libelle.replace("siren", "SIREN")


def _par_cle(section: Section) -> dict[str, Question]:
    return {question.cle: question for question in section.questions}
