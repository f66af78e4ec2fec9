"""A first migration draws again only what changes, and what it draws is what Django would."""

from typing import Any

import pgtrigger
import pytest
from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, AlterModelOptions, RemoveConstraint
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from rebond.socle.bdd.etats_de_migration import ne_redessiner_que_ce_qui_change

POSITIF = models.CheckConstraint(condition=models.Q(nombre__gt=0), name="positif")
PETIT = models.CheckConstraint(condition=models.Q(nombre__lt=9), name="petit")
INDEX = models.Index(fields=["nombre"], name="par_nombre")
DECLENCHEUR = pgtrigger.Protect(name="jamais", operation=pgtrigger.Delete)
A_PART = [
    AddConstraint("chose", POSITIF),
    AddConstraint("chose", PETIT),
    RemoveConstraint("chose", "positif"),
    AddIndex("chose", INDEX),
    AddTrigger("chose", DECLENCHEUR),
]
REDESSINE = [
    AddField("chose", "autre", models.IntegerField(default=0)),
    AlterModelOptions("chose", {"ordering": ["nombre"]}),
]


@pytest.fixture
def projet() -> ProjectState:
    """A thing, and what refers to it, already drawn."""
    etat = ProjectState()
    vers = models.ForeignKey("lieu.chose", models.CASCADE)
    etat.add_model(
        ModelState("lieu", "Chose", [("id", models.AutoField(primary_key=True)), ("nombre", models.IntegerField())])
    )
    etat.add_model(ModelState("lieu", "Partie", [("id", models.AutoField(primary_key=True)), ("chose", vers)]))
    return etat


def dessines(projet: ProjectState) -> tuple[Any, Any]:
    return projet.apps.get_model("lieu", "chose"), projet.apps.get_model("lieu", "partie")


def appliquer(projet: ProjectState, *operations: Any) -> None:
    for operation in operations:
        operation.state_forwards("lieu", projet)


@pytest.mark.parametrize("operation", [*A_PART[:2], *A_PART[3:]], ids=lambda operation: operation.describe())
def test_ce_que_rien_ne_lit_ne_fait_rien_redessiner(projet: ProjectState, operation: Any) -> None:
    with ne_redessiner_que_ce_qui_change():
        d_avant = dessines(projet)
        appliquer(projet, operation)
        assert dessines(projet) == d_avant
        assert projet.apps.get_model("lieu", "partie")._meta.get_field("chose").related_model is d_avant[0]


def test_le_modele_sait_ce_qu_il_est_devenu(projet: ProjectState) -> None:
    with ne_redessiner_que_ce_qui_change():
        dessines(projet)
        appliquer(projet, *A_PART)
        options = dessines(projet)[0]._meta
        assert (options.constraints, options.indexes, options.triggers) == ([PETIT], [INDEX], [DECLENCHEUR])
        appliquer(projet, RemoveTrigger("chose", "jamais"), RemoveConstraint("chose", "petit"))
        assert (options.constraints, options.triggers) == ([], [])


@pytest.mark.parametrize("operation", REDESSINE, ids=lambda operation: operation.describe())
@pytest.mark.parametrize("d_abord", [[], A_PART[:1]], ids=["seule", "après une contrainte"])
def test_tout_autre_changement_redessine_le_modele_et_ce_qui_s_y_rapporte(
    projet: ProjectState, operation: Any, d_abord: list[Any]
) -> None:
    with ne_redessiner_que_ce_qui_change():
        chose, partie = dessines(projet)
        appliquer(projet, *d_abord, operation)
        nouvelle, nouvelle_partie = dessines(projet)
        assert nouvelle is not chose
        assert nouvelle_partie is not partie
        assert nouvelle._meta.constraints == [POSITIF][: len(d_abord)]
        assert nouvelle_partie._meta.get_field("chose").related_model is nouvelle


def test_ailleurs_django_fait_comme_il_fait(projet: ProjectState) -> None:
    d_avant = (ProjectState.reload_model, ModelState.render)
    with ne_redessiner_que_ce_qui_change():
        assert (ProjectState.reload_model, ModelState.render) != d_avant
    assert (ProjectState.reload_model, ModelState.render) == d_avant
    chose, _ = dessines(projet)
    appliquer(projet, A_PART[0])
    assert dessines(projet)[0] is not chose
