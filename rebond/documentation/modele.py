"""Tables by app and by room: columns, keys, relations, and by name what Postgres refuses."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.db import connection
from django.db.models import CheckConstraint, Field, ForeignKey, Model, OneToOneField, UniqueConstraint

from rebond.documentation.mermaid import diagramme, mots, tableau

PRESENTATION = (
    "Pour chaque application, ses tables et leurs liens ; puis, pièce par pièce, les colonnes (`PK` : clé, `FK` : "
    "lien, `UK` : valeur unique) et ce que PostgreSQL tient lui-même, sous le nom qu’il donne quand il refuse. Une "
    "table dessinée sans colonne est décrite dans sa pièce."
)
ABREGES = {"timestamp with time zone": "timestamptz", "double precision": "float8"}


def rubriques(modeles: Iterable[type[Model]]) -> Iterator[str]:
    yield PRESENTATION
    for application, siens in groupby(modeles, key=lambda modele: modele._meta.app_config):
        tous = list(siens)
        yield f"## {application.verbose_name}"
        yield diagramme("erDiagram", _vue_d_ensemble(tous))
        for piece in sorted({_piece(modele) for modele in tous}):
            yield from _rubrique(piece, [modele for modele in tous if _piece(modele) == piece])


def _piece(modele: type[Model]) -> str:
    """The package of the room: what comes before `models`, or before the module."""
    return modele.__module__.partition(".models")[0].replace(".", "/")


def _rubrique(piece: str, modeles: Sequence[type[Model]]) -> Iterator[str]:
    yield f"### {piece}"
    entites = [ligne for modele in modeles for ligne in _entite(modele)]
    yield diagramme("erDiagram", [*entites, *(lien for modele in modeles for lien in _liens(modele))])
    regles = [regle for modele in modeles for regle in _regles(modele)]
    if regles:
        yield tableau(("table", "règle tenue par la base", "genre", "ce qu’elle dit"), regles)


def _vue_d_ensemble(modeles: Sequence[type[Model]]) -> Iterator[str]:
    for modele in modeles:
        yield modele.__name__
        yield from _liens(modele)


def _entite(modele: type[Model]) -> Iterator[str]:
    yield f"{modele.__name__} {{"
    for champ in modele._meta.concrete_fields:
        yield f"    {_type(champ)} {champ.column}{_cles(champ)}{_legende(champ)}"
    yield "}"


def _type(champ: Field) -> str:
    colonne = champ.db_parameters(connection)["type"] or ""
    return ABREGES.get(colonne, colonne).replace(", ", "-").replace(" ", "_")


def _cles(champ: Field) -> str:
    cles = [
        *(["PK"] if champ.primary_key else []),
        *(["FK"] if isinstance(champ, ForeignKey) else []),
        *(["UK"] if champ.unique and not champ.primary_key else []),
    ]
    return f" {', '.join(cles)}" if cles else ""


def _legende(champ: Field) -> str:
    """What the name of the column does not say by itself, between quotes."""
    nom = str(champ.verbose_name)
    dit = nom.replace(" ", "_").lower() in {champ.name, champ.column}
    legende = f"{'' if dit else nom}{' (facultatif)' if champ.null else ''}".strip()
    return f' "{mots(legende)}"' if legende else ""


def _liens(modele: type[Model]) -> Iterator[str]:
    for champ in modele._meta.concrete_fields:
        if isinstance(champ, ForeignKey):
            une = "|o" if champ.null else "||"
            plusieurs = "o|" if isinstance(champ, OneToOneField) else "o{"
            yield f'{champ.related_model.__name__} {une}--{plusieurs} {modele.__name__} : "{mots(champ.name)}"'
    for croise in modele._meta.local_many_to_many:
        # A relation with a table of its own is drawn by that table's links.
        if croise.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            yield f'{modele.__name__} }}o--o{{ {croise.related_model.__name__} : "{mots(croise.name)}"'


def _regles(modele: type[Model]) -> Iterator[tuple[str, ...]]:
    nom = modele.__name__
    for contrainte in modele._meta.constraints:
        generale = contrainte.default_violation_error_message
        phrase = "" if contrainte.violation_error_message == generale else str(contrainte.violation_error_message)
        yield nom, f"`{contrainte.name}`", _genre(contrainte), phrase
    for declencheur in getattr(modele._meta, "triggers", ()):
        yield nom, f"`{declencheur.name}`", "déclencheur", ""


def _genre(contrainte: object) -> str:
    if isinstance(contrainte, UniqueConstraint):
        return "unicité"
    return "contrôle" if isinstance(contrainte, CheckConstraint) else "exclusion"
