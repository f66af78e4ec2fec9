"""What changes in the wording and the order of specifications, without asking anybody anything else."""

from collections.abc import Iterator, Sequence

from candidatures.cahier.definition import Choix, PieceAttendue, Question, Section
from candidatures.cahier.edition import ACle


def ordre_change(avant: Sequence[ACle], apres: Sequence[ACle], de_quoi: str) -> Iterator[str]:
    """A sentence when what is in both does not stand in the same order."""
    cles_avant, cles_apres = [un.cle for un in avant], [un.cle for un in apres]
    if [cle for cle in cles_avant if cle in cles_apres] != [cle for cle in cles_apres if cle in cles_avant]:
        yield f"L’ordre {de_quoi} change."


def introduction_changee(ancienne: Section, nouvelle: Section) -> Iterator[str]:
    yield from _texte("L’introduction", ancienne.introduction, nouvelle.introduction)


def changements_de_redaction(ancienne: Question, nouvelle: Question) -> Iterator[str]:
    """Beside what `candidatures.cahier.differences.changements` says."""
    yield from _texte("L’aide", ancienne.aide, nouvelle.aide)
    if ancienne.remplissage != nouvelle.remplissage:
        yield "Ce que le navigateur propose pour la remplir change."
    if ancienne.ligne != nouvelle.ligne:
        yield f"Une ligne s’appelle «\u00a0{nouvelle.ligne}\u00a0» (avant\u00a0: «\u00a0{ancienne.ligne}\u00a0»)."
    yield from _choix(ancienne.choix, nouvelle.choix)
    yield from ordre_change(ancienne.champs, nouvelle.champs, "de ses colonnes")
    avant = {champ.cle: champ for champ in ancienne.champs}
    for champ in nouvelle.champs:
        if champ.cle in avant:
            ecarts = changements_de_redaction(avant[champ.cle], champ)
            yield from (f"Colonne «\u00a0{champ.libelle}\u00a0»\u00a0: {ecart}" for ecart in ecarts)


def changements_de_redaction_d_une_piece(ancienne: PieceAttendue, nouvelle: PieceAttendue) -> Iterator[str]:
    yield from _texte("La précision", ancienne.aide, nouvelle.aide)


def _choix(avant: tuple[Choix, ...], apres: tuple[Choix, ...]) -> Iterator[str]:
    yield from ordre_change(avant, apres, "de ses choix")
    anciens = {choix.cle: choix for choix in avant}
    for choix in apres:
        if choix.cle in anciens:
            yield from _texte(
                f"La précision du choix «\u00a0{choix.libelle}\u00a0»", anciens[choix.cle].aide, choix.aide
            )


def _texte(sujet: str, avant: str, apres: str) -> Iterator[str]:
    if avant == apres:
        return
    if not apres:
        yield f"{sujet} disparaît. C’était\u00a0: «\u00a0{avant}\u00a0»."
    elif not avant:
        yield f"{sujet} apparaît\u00a0: «\u00a0{apres}\u00a0»."
    else:
        yield f"{sujet} devient\u00a0: «\u00a0{apres}\u00a0» (avant\u00a0: «\u00a0{avant}\u00a0»)."
