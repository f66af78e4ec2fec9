"""A state diagram for each model that bears a transition table."""

from collections.abc import Iterable, Iterator

from django.db.models import Model

from rebond.documentation.mermaid import diagramme, mots, tableau
from rebond.socle.etats.table import Table

PRESENTATION = (
    "Un dessin par table de passages (`TRANSITIONS` du modèle). Aucun état ne change autrement : la base tient la "
    "même table, par le déclencheur `etat_suit_la_table`. Un passage qui garde l’état est une boucle."
)


def rubriques(modeles: Iterable[type[Model]]) -> Iterator[str]:
    yield PRESENTATION
    for modele in modeles:
        table = getattr(modele, "TRANSITIONS", None)
        if isinstance(table, Table):
            yield from _rubrique(modele, table)


def _rubrique(modele: type[Model], table: Table) -> Iterator[str]:
    [champ] = [champ for champ in modele._meta.concrete_fields if champ.name == "etat"]
    noms = {str(valeur): str(libelle) for valeur, libelle in champ.flatchoices}
    yield f"## {str(modele._meta.verbose_name).capitalize()}"
    yield f"`{modele.__module__}.{modele.__name__}`"
    yield diagramme("stateDiagram-v2", _lignes(table, noms, str(champ.get_default())))
    yield tableau(("acte", "de", "vers", "sinon, le refus"), _passages(table, noms))


def _lignes(table: Table, noms: dict[str, str], depart: str) -> Iterator[str]:
    actes: dict[tuple[str, str], list[str]] = {}
    for transition in table.values():
        for source in transition.sources:
            actes.setdefault((str(source), str(transition.cible)), []).append(mots(transition.acte.libelle))
    yield from (f'state "{mots(nom)}" as {etat}' for etat, nom in noms.items())
    yield f"[*] --> {depart}"
    for source in noms:
        suites = [cible for cible in noms if (source, cible) in actes]
        yield from (f"{source} --> {cible} : {', '.join(actes[source, cible])}" for cible in suites)
        if set(suites) <= {source}:
            yield f"{source} --> [*]"


def _passages(table: Table, noms: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for transition in table.values():
        sources = ", ".join(nom for etat, nom in noms.items() if etat in transition.sources)
        yield (
            f"{transition.acte.libelle} (`{transition.acte.value}`)",
            sources,
            noms[transition.cible],
            transition.refus,
        )
