"""The database of the tests is a copy of one that has every migration: made once, and again when one changes."""

import pytest
from django.db import connection

from tests.outils import modele_de_base


@pytest.mark.django_db
def test_la_base_des_essais_est_copiee_d_un_modele_deja_migre():
    nom = connection.settings_dict["TEST"]["TEMPLATE"]
    assert nom == modele_de_base.PREFIXE + modele_de_base._empreinte()
    with connection.cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [modele_de_base.PREFIXE])
        assert curseur.fetchall() == [(nom,)]


@pytest.mark.parametrize(
    "fichier",
    [
        "candidatures/migrations/0001_initial.py",
        "rebond/demo/migrations/0001_initial.py",
        "rebond/socle/bdd/droits.py",
    ],
)
def test_ce_qui_change_une_base_change_son_modele(fichier, tmp_path, monkeypatch):
    for nom in (fichier, "requirements/dev.txt"):
        (tmp_path / nom).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / nom).write_text("avant")
    monkeypatch.setattr(modele_de_base, "RACINE", tmp_path)
    avant = modele_de_base._empreinte()
    assert modele_de_base._empreinte() == avant
    (tmp_path / fichier).write_text("après")
    assert modele_de_base._empreinte() != avant
