"""What a `Cahier` must be before a wave may carry it, told in French sentences to whoever edits it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from candidatures.cahier.definition import TYPES_A_CHOIX, Cahier, Critere, Question, Section, Type
from candidatures.cahier.edition import CLES_RESERVEES
from rebond.socle.texte.typographie import nombre

CLE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
LONGUEUR_CLE_MAX = 60
SECTIONS_MAX = 20
QUESTIONS_MAX = 60
CHOIX_MAX = 150
PIECES_MAX = 60
CONDITIONS_MAX = 20
LONGUEUR_MAX = 20_000
LIGNES_MAX = 200
# A page of a file is sent in one request, whose fields the portal counts: with what a page and its blocks say of
# themselves.
CASES_MAX = 1500
CHAMPS_D_UNE_RUBRIQUE = CASES_MAX + 500
TOTAL_DES_POIDS = 100
NIVEAUX_MIN, NIVEAUX_MAX = 2, 11
NOTE_MAX = 20
TYPES_DE_TEXTE = frozenset({Type.TEXTE, Type.TEXTE_LONG})


def verifier(cahier: Cahier) -> list[str]:
    """Everything that is wrong, in the order of the specifications; empty when they can be used."""
    return [
        *_composition(cahier),
        *(phrase for section in cahier.sections for phrase in _section(section)),
        *_pieces(cahier),
        *_recevabilite(cahier),
        *_grille(cahier),
    ]


def _composition(cahier: Cahier) -> Iterator[str]:
    if not cahier.sections:
        yield "Il faut au moins une rubrique."
    if len(cahier.sections) > SECTIONS_MAX:
        yield f"Le cahier des charges compte plus de {SECTIONS_MAX} rubriques : regroupez-en."
    yield from _cles((section.cle for section in cahier.sections), "Deux rubriques ont")
    if not all(section.titre.strip() for section in cahier.sections):
        yield "Chaque rubrique doit avoir un titre."


def _section(section: Section) -> Iterator[str]:
    ou = f"dans la rubrique « {section.titre} »"
    yield from _cles((question.cle for question in section.questions), f"Deux questions ont, {ou},")
    if not all(question.libelle.strip() for question in section.questions):
        yield f"Chaque question doit avoir un libellé, {ou}."
    if len(section.questions) > QUESTIONS_MAX:
        yield f"La rubrique « {section.titre} » compte plus de {QUESTIONS_MAX} questions : partagez-la en deux."
    if _cases(section) > CASES_MAX:
        yield (
            f"La rubrique « {section.titre} » pourrait compter plus de {nombre(CASES_MAX)} réponses : réduisez le "
            "nombre de lignes de ses blocs."
        )
    precedentes: dict[str, Question] = {}
    for question in section.questions:
        yield from _condition(question, precedentes)
        yield from _question(question)
        precedentes[question.cle] = question


def _cases(section: Section) -> int:
    # Each row of a block also says whether it is removed.
    return sum(
        question.maximum * (len(question.champs) + 1) if question.type is Type.BLOC else max(len(question.choix), 1)
        for question in section.questions
    )


def _question(question: Question) -> Iterator[str]:
    nom = f"« {question.libelle} »"
    if question.type in TYPES_DE_TEXTE and not 1 <= question.longueur_max <= LONGUEUR_MAX:
        yield f"La longueur de la réponse à {nom} doit être comprise entre 1 et {nombre(LONGUEUR_MAX)} caractères."
    if question.type in TYPES_A_CHOIX:
        yield from _choix(question)
    if question.type is Type.PIECE and not question.formats:
        yield f"La pièce {nom} doit accepter au moins un format."
    if question.type is Type.BLOC:
        yield from _bloc(question)


def _choix(question: Question) -> Iterator[str]:
    nom = f"« {question.libelle} »"
    yield from _cles((choix.cle for choix in question.choix), f"Deux choix de {nom} ont", reservees=frozenset())
    if not 2 <= len(question.choix) <= CHOIX_MAX:
        yield f"La question {nom} doit proposer entre 2 et {CHOIX_MAX} choix."
    for libelle in _doubles(choix.libelle.strip() for choix in question.choix):
        yield f"La question {nom} propose deux fois « {libelle} »."


def _bloc(question: Question) -> Iterator[str]:
    nom = f"« {question.libelle} »"
    yield from _cles((champ.cle for champ in question.champs), f"Deux colonnes du bloc {nom} ont")
    if not question.champs:
        yield f"Le bloc {nom} doit avoir au moins une colonne."
    if not 1 <= question.maximum <= LIGNES_MAX:
        yield f"Le bloc {nom} doit avoir entre 1 et {LIGNES_MAX} lignes au plus."
    for champ in question.champs:
        if champ.type in {Type.BLOC, Type.PIECE} or champ.condition is not None:
            yield (
                f"La colonne « {champ.libelle} » du bloc {nom} ne peut être ni un bloc, ni une pièce jointe, "
                "ni dépendre d’une condition."
            )
        if not champ.libelle.strip():
            yield f"Chaque colonne du bloc {nom} doit avoir un libellé."
        yield from _question(champ)


def _condition(question: Question, precedentes: dict[str, Question]) -> Iterator[str]:
    if question.condition is None:
        return
    nom = f"« {question.libelle} »"
    mere = precedentes.get(question.condition.question)
    if mere is None or mere.type not in TYPES_A_CHOIX:
        yield (
            f"La question {nom} dépend d’une question qui doit se trouver avant elle, dans la même rubrique, et "
            "proposer des choix."
        )
    elif not question.condition.valeurs:
        yield f"La question {nom} dépend de « {mere.libelle} » sans dire de quelle réponse."
    elif not set(question.condition.valeurs) <= mere.libelles.keys():
        yield f"La question {nom} dépend d’un choix que « {mere.libelle} » ne propose pas."


def _pieces(cahier: Cahier) -> Iterator[str]:
    yield from _cles((piece.cle for piece in cahier.pieces_attendues), "Deux pièces jointes ont")
    if len(cahier.pieces_attendues) > PIECES_MAX:
        yield f"Le cahier des charges demande plus de {PIECES_MAX} sortes de pièces : regroupez-en."
    for piece in cahier.pieces:
        if not piece.libelle.strip():
            yield "Chaque pièce jointe doit avoir un libellé."
        if not piece.formats:
            yield f"La pièce « {piece.libelle} » doit accepter au moins un format."


def _recevabilite(cahier: Cahier) -> Iterator[str]:
    yield from _cles((condition.cle for condition in cahier.recevabilite), "Deux conditions de recevabilité ont")
    if len(cahier.recevabilite) > CONDITIONS_MAX:
        yield f"Le cahier des charges pose plus de {CONDITIONS_MAX} conditions de recevabilité\u00a0: regroupez-en."
    if not all(condition.libelle.strip() for condition in cahier.recevabilite):
        yield "Chaque condition de recevabilité doit avoir sa phrase."
    phrases = (condition.libelle.strip() for condition in cahier.recevabilite)
    for phrase in _doubles(phrase for phrase in phrases if phrase):
        yield f"Deux conditions de recevabilité disent «\u00a0{phrase}\u00a0»."


def _grille(cahier: Cahier) -> Iterator[str]:
    if not cahier.criteres:
        return
    yield from _cles((critere.cle for critere in cahier.criteres), "Deux critères ont")
    if not all(critere.libelle.strip() for critere in cahier.criteres):
        yield "Chaque critère de la grille doit avoir un libellé."
    if any(critere.poids < 1 for critere in cahier.criteres):
        yield "Chaque critère de la grille doit avoir un poids d’au moins 1 %."
    total = sum(critere.poids for critere in cahier.criteres)
    if total != TOTAL_DES_POIDS:
        yield f"Les poids de la grille font {total} % : leur somme doit être de {TOTAL_DES_POIDS} %."
    for critere in cahier.criteres:
        yield from _niveaux(critere)
        yield from _plancher(critere)
        yield from _questions_du_critere(critere, cahier)


def _niveaux(critere: Critere) -> Iterator[str]:
    # None of its own: those of every such criterion.
    if not critere.niveaux:
        return
    nom = f"« {critere.libelle} »"
    notes = [niveau.valeur for niveau in critere.niveaux]
    if not NIVEAUX_MIN <= len(notes) <= NIVEAUX_MAX:
        yield f"Le critère {nom} doit avoir entre {NIVEAUX_MIN} et {NIVEAUX_MAX} niveaux."
    if notes != sorted(set(notes)):
        yield f"Les niveaux du critère {nom} doivent aller de la note la plus basse à la plus haute, chacun la sienne."
    if not all(0 <= note <= NOTE_MAX for note in notes):
        yield f"Les notes du critère {nom} doivent être comprises entre 0 et {NOTE_MAX}."
    if not all(niveau.phrase.strip() for niveau in critere.niveaux):
        yield f"Chaque niveau du critère {nom} doit avoir sa phrase."
    for phrase in _doubles(niveau.phrase.strip() for niveau in critere.niveaux if niveau.phrase.strip()):
        yield f"Deux niveaux du critère {nom} disent « {phrase} »."


def _plancher(critere: Critere) -> Iterator[str]:
    if critere.plancher is None:
        return
    notes = {niveau.valeur for niveau in critere.echelle}
    if critere.plancher not in notes - {min(notes)}:
        yield (
            f"Le minimum du critère « {critere.libelle} » doit être la note de l’un de ses niveaux, au-dessus du "
            "plus bas."
        )


def _questions_du_critere(critere: Critere, cahier: Cahier) -> Iterator[str]:
    nom = f"« {critere.libelle} »"
    if set(critere.questions) - cahier.adresses_des_questions.keys():
        yield f"Le critère {nom} porte sur une question que le cahier des charges ne pose pas."
    if _doubles(critere.questions):
        yield f"Le critère {nom} porte deux fois sur la même question."


def _cles(cles: Iterable[str], deux: str, *, reservees: frozenset[str] = CLES_RESERVEES) -> Iterator[str]:
    liste = list(cles)
    for cle in _doubles(liste):
        yield f"{deux} la même clé « {cle} »."
    for cle in liste:
        if not CLE.fullmatch(cle) or len(cle) > LONGUEUR_CLE_MAX or cle in reservees:
            yield f"La clé « {cle} » ne peut pas être employée."


def _doubles(valeurs: Iterable[str]) -> list[str]:
    return [valeur for valeur, fois in Counter(valeurs).items() if fois > 1]
