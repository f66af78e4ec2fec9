"""What changes in a criterion of the grid or in a condition, in words: whoever wrote under the first is judged by the
second."""

from collections.abc import Iterable, Iterator

from candidatures.cahier.definition import LIBELLES_FAITS, Cahier, ConditionDeRecevabilite, Critere, Fait


def changements_de_critere(ancien: Critere, nouveau: Critere, avant: Cahier, apres: Cahier) -> Iterator[str]:
    """`avant` and `apres` are the specifications of each, which word their questions."""
    if ancien.libelle != nouveau.libelle:
        yield f"Il s’appelait «\u00a0{ancien.libelle}\u00a0»."
    if ancien.poids != nouveau.poids:
        yield f"Il compte pour {nouveau.poids}\u00a0%, au lieu de {ancien.poids}\u00a0%."
    if ancien.aide != nouveau.aide:
        yield f"Précision\u00a0: {nouveau.aide or 'aucune'} (avant\u00a0: {ancien.aide or 'aucune'})."
    yield from _niveaux(ancien, nouveau)
    if ancien.plancher != nouveau.plancher:
        yield f"Minimum attendu\u00a0: {_note(nouveau.plancher)} (avant\u00a0: {_note(ancien.plancher)})."
    yield from _questions("Il porte aussi sur", nouveau.questions, ancien.questions, apres)
    yield from _questions("Il ne porte plus sur", ancien.questions, nouveau.questions, avant)


def changements_de_condition(
    ancienne: ConditionDeRecevabilite, nouvelle: ConditionDeRecevabilite, *, redaction: bool
) -> Iterator[str]:
    """`redaction`: with what only those who check it read."""
    if ancienne.libelle != nouvelle.libelle:
        yield f"Elle disait\u00a0: «\u00a0{ancienne.libelle}\u00a0»."
    if ancienne.a_faire != nouvelle.a_faire:
        yield f"À faire\u00a0: {nouvelle.a_faire or 'rien'} (avant\u00a0: {ancienne.a_faire or 'rien'})."
    if redaction and ancienne.aide != nouvelle.aide:
        yield f"Aide\u00a0: {nouvelle.aide or 'aucune'} (avant\u00a0: {ancienne.aide or 'aucune'})."
    if redaction and ancienne.fait != nouvelle.fait:
        yield f"Montré à côté\u00a0: {_fait(nouvelle.fait)} (avant\u00a0: {_fait(ancienne.fait)})."


def _fait(fait: Fait | None) -> str:
    return LIBELLES_FAITS[fait].lower() if fait else "rien"


def _niveaux(ancien: Critere, nouveau: Critere) -> Iterator[str]:
    if ancien.niveaux == nouveau.niveaux:
        return
    if not ancien.niveaux:
        yield "Ses niveaux sont désormais décrits."
        return
    if not nouveau.niveaux:
        yield "Ses niveaux deviennent ceux de tout critère qui n’en a pas."
        return
    avant, apres = ({niveau.valeur: niveau.phrase for niveau in critere.niveaux} for critere in (ancien, nouveau))
    for valeur, phrase in apres.items():
        if valeur not in avant:
            yield f"Niveau {valeur} ajouté\u00a0: «\u00a0{phrase}\u00a0»."
        elif avant[valeur] != phrase:
            yield f"Niveau {valeur}\u00a0: «\u00a0{phrase}\u00a0» (avant\u00a0: «\u00a0{avant[valeur]}\u00a0»)."
    yield from (f"Niveau {valeur} retiré." for valeur in avant if valeur not in apres)


def _note(plancher: int | None) -> str:
    return "aucun" if plancher is None else f"niveau {plancher}"


def _questions(debut: str, celles_ci: Iterable[str], pas_celles_la: tuple[str, ...], cahier: Cahier) -> Iterator[str]:
    posees = cahier.adresses_des_questions
    adresses = (adresse for adresse in celles_ci if adresse not in pas_celles_la and adresse in posees)
    libelles = [f"«\u00a0{posees[adresse][1].libelle}\u00a0»" for adresse in adresses]
    if libelles:
        yield f"{debut}\u00a0: {', '.join(libelles)}."
