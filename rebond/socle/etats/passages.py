"""The one door through which an aggregate changes state.

`appliquer` locks the row, re-reads its state, checks the guards of the aggregate's table (its `TRANSITIONS`),
saves, and writes the journal in the same transaction. Nothing else assigns `etat`; a trigger made from the same table
(`rebond.socle.etats.table.declencheur_etats`) refuses the rest.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.expressions import Combinable

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.table import Garde, Transition
from rebond.socle.journal.actes import Acte
from rebond.socle.journal.actions import consigner, consigner_lot, consigner_selection
from rebond.socle.utilisateur import Utilisateur

Objet = TypeVar("Objet", bound=models.Model)


def appliquer(
    objet: Objet,
    acte: Acte,
    *,
    acteur: Utilisateur | None,
    maintenant: datetime,
    champs: Mapping[str, Any] | None = None,
    **details: Any,
) -> Objet:
    """Apply `acte` to `objet` and return the locked, re-read, saved row.

    The caller's instance gets its new state too. `champs` are saved together with the state (the dates and
    authors that
    constraints tie to it); `details` go to the journal. Raises `RegleEnfreinte` when the state or a guard refuses;
    nothing is then written.
    """
    modele = type(objet)
    with transaction.atomic():
        verrouille = modele._default_manager.select_for_update(of=("self",)).get(pk=objet.pk)
        appliquer_a_ce_qui_est_tenu(verrouille, acte, acteur=acteur, maintenant=maintenant, champs=champs, **details)
    objet.etat = verrouille.etat  # type: ignore[attr-defined]
    return verrouille


def appliquer_a_ce_qui_est_tenu(
    objet: models.Model,
    acte: Acte,
    *,
    acteur: Utilisateur | None,
    maintenant: datetime,
    champs: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """`appliquer` for a row that the caller has locked, and read since, in the transaction that is under way."""
    champs = champs or {}
    transition: Transition = type(objet).TRANSITIONS[acte]  # type: ignore[attr-defined]
    _verifier(objet, transition)
    avant = objet.etat  # type: ignore[attr-defined]
    objet.etat = transition.cible  # type: ignore[attr-defined]
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.save(update_fields=["etat", *champs])
    consigner(acte, objet, acteur=acteur, fait_le=maintenant, de=avant, vers=transition.cible, **details)


def appliquer_a_tous(
    lignes: models.QuerySet,
    acte: Acte,
    *,
    acteur: Utilisateur | None,
    maintenant: datetime,
    par_objet: Mapping[int, Mapping[str, Any]] | None = None,
    **details: Any,
) -> list[models.Model]:
    """Apply `acte` to every row of `lignes`, all or nothing, in a constant number of queries.

    `details` go to the journal for all, those of `par_objet` for the row of that primary key.
    """
    transition: Transition = lignes.model.TRANSITIONS[acte]
    with transaction.atomic():
        verrouillees = list(lignes.select_for_update(of=("self",)).order_by("pk"))
        for objet in verrouillees:
            _verifier(objet, transition)
        lignes.model._default_manager.filter(pk__in=[objet.pk for objet in verrouillees]).update(etat=transition.cible)
        entrees: list[tuple[models.Model, dict[str, Any]]] = []
        for objet in verrouillees:
            propres = (par_objet or {}).get(objet.pk, {})
            entrees.append((objet, {"de": objet.etat, "vers": transition.cible, **details, **propres}))
            objet.etat = transition.cible
        consigner_lot(acte, entrees, acteur=acteur, fait_le=maintenant)
    return verrouillees


def appliquer_a_la_selection(
    lignes: models.QuerySet,
    acte: Acte,
    *,
    libelle: Combinable,
    acteur: Utilisateur | None,
    maintenant: datetime,
    **details: Any,
) -> int:
    """Apply `acte` to every row of `lignes`, all or nothing, without reading them: in a constant number of statements
    and of bytes, whatever their number, which is returned.

    For an act that starts from one state and has no guard of its own; the trigger made from the table judges each row.
    `libelle` is the expression of what `str()` says of each row.
    """
    transition: Transition = lignes.model.TRANSITIONS[acte]
    (source,) = transition.sources
    if transition.gardes:
        raise ValueError(f"{acte} looks at each object: use appliquer_a_tous.")
    with transaction.atomic(savepoint=False):
        tenues = lignes.select_for_update(of=("self",)).order_by("pk")
        ecrites = consigner_selection(
            acte,
            tenues,
            libelle,
            acteur=acteur,
            fait_le=maintenant,
            details={"de": source, "vers": transition.cible, **details},
        )
        changees = lignes.update(etat=transition.cible)
        if changees != ecrites:
            raise RegleEnfreinte(transition.refus)
    return changees


def _verifier(objet: Any, transition: Transition) -> None:
    if objet.etat not in transition.sources:
        raise RegleEnfreinte(transition.refus)
    for message in refus_des_gardes(objet, transition.gardes):
        raise RegleEnfreinte(message)


def refus_des_gardes(objet: Any, gardes: Iterable[Garde]) -> list[str]:
    """Every sentence with which a guard refuses, in order; empty when the act may go on."""
    return [message for garde in gardes if (message := garde(objet))]
