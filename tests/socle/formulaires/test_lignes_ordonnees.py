"""Rows of a form that go up and down by a button."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes


class Ligne(forms.Form):
    nom = forms.CharField(required=False)
    choix = forms.MultipleChoiceField(choices=[(c, c) for c in "abc"], required=False)


class Ordonnees(LignesDsfr):
    ordonnable = True


Fabrique = fabrique_de_lignes(Ligne, lignes=Ordonnees, extra=0, max_num=20)


def donnees(*noms: str, **autres: Any) -> QueryDict:
    envoi = QueryDict(mutable=True)
    envoi.update({"l-TOTAL_FORMS": str(len(noms)), "l-INITIAL_FORMS": "0"})
    for rang, nom in enumerate(noms):
        envoi[f"l-{rang}-nom"] = nom
    for cle, valeur in autres.items():
        envoi.setlist(cle.replace("_", "-"), valeur if isinstance(valeur, list) else [valeur])
    return envoi


def noms(lignes: LignesDsfr) -> list[str]:
    return [str(ligne["nom"].value()) for ligne in lignes.visibles]


@pytest.mark.parametrize(
    ("bouton", "rang", "ordre", "deplacee"),
    [
        ("monter", "1", ["b", "a", "c"], "l-0"),
        ("descendre", "1", ["a", "c", "b"], "l-2"),
        ("monter", "0", ["a", "b", "c"], ""),
        ("descendre", "2", ["a", "b", "c"], ""),
        ("monter", "forge", ["a", "b", "c"], ""),
        ("monter", "9", ["a", "b", "c"], ""),
    ],
)
def test_une_ligne_monte_ou_descend_d_une_place(bouton: str, rang: str, ordre: list[str], deplacee: str) -> None:
    lignes = Fabrique(donnees("a", "b", "c", **{f"l_{bouton}": rang}), prefix="l")
    assert (noms(lignes), lignes.deplacee, lignes.is_valid()) == (ordre, deplacee, False)


def test_tout_ce_qui_y_est_coche_suit() -> None:
    lignes = Fabrique(donnees("a", "b", l_0_choix=["a", "c"], l_descendre="0"), prefix="l")
    assert [ligne["choix"].value() for ligne in lignes.visibles] == [[], ["a", "c"]]


def test_une_ligne_retiree_ne_compte_pas() -> None:
    lignes = Fabrique(donnees("a", "b", "c", l_1_DELETE="on", l_monter="2"), prefix="l")
    assert (noms(lignes), lignes.deplacee) == (["c", "a"], "l-0")
    assert [lignes.voisine(ligne, 1) for ligne in lignes.visibles] == ["l-2", ""]


def test_onze_lignes_ne_se_prennent_pas_pour_une() -> None:
    lignes = Fabrique(donnees(*"abcdefghijkl", l_descendre="1"), prefix="l")
    assert "".join(noms(lignes)) == "acbdefghijkl"


@pytest.mark.parametrize("chiffres", [12, 5000])
def test_un_nombre_de_lignes_demesure_ne_fait_pas_compter_sans_fin(chiffres: int) -> None:
    envoi = donnees("a", "b", l_monter="1")
    envoi["l-TOTAL_FORMS"] = "9" * chiffres
    assert Fabrique(envoi, prefix="l").deplacee == "l-0"


def test_les_lignes_qui_n_ont_pas_d_ordre_ne_bougent_pas() -> None:
    sans_ordre = fabrique_de_lignes(Ligne, extra=0)
    lignes = sans_ordre(donnees("a", "b", l_monter="1"), prefix="l")
    assert (noms(lignes), lignes.is_valid()) == (["a", "b"], True)


def test_des_donnees_simples_se_deplacent_aussi() -> None:
    lignes = Fabrique(donnees("a", "b", l_monter="1").dict(), prefix="l")
    assert noms(lignes) == ["b", "a"]
