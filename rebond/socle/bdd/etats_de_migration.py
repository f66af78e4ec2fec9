"""What Django draws again, at each operation of a migration, of the models as they were then.

An index, a constraint or a trigger changes a model and nothing of what refers to it. Django draws it again all the
same, and with it whatever is linked to it: here most of the portal, at each of hundreds of triggers. Most of the time
of a first migration went there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState

# What nothing else of a model, nor any other model, is made from.
A_PART = ("indexes", "constraints", "triggers")


@contextmanager
def ne_redessiner_que_ce_qui_change() -> Iterator[None]:
    """Meanwhile a model of which only `A_PART` changes is kept, with what it has become of them."""
    redessiner, dessiner = ProjectState.reload_model, ModelState.render

    def dessiner_et_retenir(etat: ModelState, apps: Any) -> Any:
        modele = dessiner(etat, apps)
        modele.dessine_de = _essentiel(etat)
        return modele

    def redessiner_si_besoin(projet: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        if not (delay and "apps" in vars(projet) and _tenir_a_jour(projet, app_label, model_name)):
            redessiner(projet, app_label, model_name, delay)

    ProjectState.reload_model = redessiner_si_besoin  # type: ignore[assignment, method-assign]
    ModelState.render = dessiner_et_retenir  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        ProjectState.reload_model = redessiner  # type: ignore[method-assign]
        ModelState.render = dessiner  # type: ignore[method-assign]


def _tenir_a_jour(projet: ProjectState, app_label: str, model_name: str) -> bool:
    """Give the model, if it is drawn and otherwise the same, what it has become of `A_PART`."""
    etat = projet.models[app_label, model_name.lower()]
    modele: Any = projet.apps.all_models[app_label].get(model_name.lower())
    if modele is None or getattr(modele, "dessine_de", None) != _essentiel(etat):
        return False
    for nom in A_PART:
        if nom in etat.options:
            setattr(modele._meta, nom, list(etat.options[nom]))
    return True


def _essentiel(etat: ModelState) -> tuple[Any, ...]:
    """What a model is drawn from, `A_PART` left out. A field that changes is another one."""
    options = {nom: valeur for nom, valeur in etat.options.items() if nom not in A_PART}
    return [(nom, id(champ), champ) for nom, champ in etat.fields.items()], etat.bases, list(etat.managers), options
