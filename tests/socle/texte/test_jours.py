"""The one reader of days and instants, and the fields that ask for them."""

import ast
import importlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rebond
from rebond.socle.formulaires.champs_de_temps import ChampInstant, ChampJour
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr
from rebond.socle.horloge.temps import PARIS, debut_de_journee, fin_de_journee
from rebond.socle.texte.jours import (
    DERNIER_JOUR,
    PREMIER_JOUR,
    HeureDouble,
    Illisible,
    Passage,
    heure_double,
    lire_instant,
    lire_jour,
    situer,
)
from rebond.socle.texte.typographie import date_fr, instant_fr

RACINE = Path(rebond.__file__).parent.parent
OCTOBRE = date(2022, 10, 1)
JOURS = st.dates(PREMIER_JOUR, DERNIER_JOUR)


@pytest.mark.parametrize(
    "texte",
    [
        "2022-10-01", "2022/10/1", "01/10/2022", "1/10/2022", "1.10.2022", "1-10-2022", "1 10 2022", "1/10/22",
        "01.10.22", "1er octobre 2022", "1 octobre 2022", "1er oct. 2022", "1 Oct 22", "le 1er octobre 2022",
        "samedi 1er octobre 2022", "Samedi 1er Octobre 2022", "  1er  octobre\u00a02022 ", "\u200b01/10/2022\ufeff",
        "1\u202f/\u202f10\u202f/\u202f2022", "01–10–2022", "2022‑10‑01", "1ER OCTOBRE 2022",
    ],
)  # fmt: skip
def test_un_jour_s_ecrit_de_bien_des_facons_et_se_lit_d_une_seule(texte):
    assert lire_jour(texte) == OCTOBRE


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("", "Ce n’est pas une date."),
        ("courant 2022", "Ce n’est pas une date."),
        ("20221001", "Ce n’est pas une date."),
        ("2022-W40-6", "Ce n’est pas une date."),
        ("1/10/122", "Ce n’est pas une date."),
        ("1/10-2022", "Ce n’est pas une date."),
        ("١/١٠/٢٠٢٢", "Ce n’est pas une date."),
        ("31/02/2022", "Cette date n’existe pas : 31 février 2022."),
        ("10/22/2022", "Il n’y a pas de mois 22"),
        ("dimanche 1er octobre 2022", "Le 1er octobre 2022 est un samedi, pas un dimanche."),
        ("01/10/0026", "Vérifiez l’année de cette date."),
        ("9999-12-31", "Vérifiez l’année de cette date."),
        ("0000-01-01", "Cette date n’existe pas"),
        ("1/10/55", "Cette date se lit de deux façons : 1er octobre 1955 ou 1er octobre 2055."),
        ("22-10-01", "Cette date se lit de deux façons : 22 octobre 2001 ou 1er octobre 2022."),
    ],
)
def test_ce_qui_n_est_pas_un_jour_ou_pourrait_en_etre_deux_est_refuse(texte, dit):
    with pytest.raises(Illisible) as refus:
        lire_jour(texte)
    assert refus.value.message.replace("\u00a0", " ").startswith(dit)


def test_deux_chiffres_sont_l_annee_que_les_bornes_permettent():
    assert lire_jour("1/10/55", minimum=date(2000, 1, 1)) == date(2055, 10, 1)
    assert lire_jour("1/10/55", maximum=date(2022, 1, 1)) == date(1955, 10, 1)
    assert lire_jour("22-10-01", minimum=date(2022, 1, 1)) == OCTOBRE
    assert lire_jour("1/10/73") == date(1973, 10, 1)


@given(JOURS)
@settings(max_examples=150)
@example(date(1900, 1, 1))
@example(date(2100, 12, 31))
def test_tout_jour_ecrit_se_relit(jour):
    ecrits = [date_fr(jour), jour.isoformat(), f"{jour:%d/%m/%Y}", f"{jour.day}.{jour.month}.{jour.year}"]
    assert [lire_jour(ecrit) for ecrit in ecrits] == [jour] * 4
    for borne in ({"minimum": jour}, {"maximum": jour}, {"minimum": jour, "maximum": jour}):
        assert lire_jour(date_fr(jour), **borne) == jour


@given(JOURS, st.integers(1, 40_000))
@settings(max_examples=60)
def test_rien_ne_passe_les_bornes(jour, ecart):
    with pytest.raises(Illisible):
        lire_jour(jour.isoformat(), minimum=jour + timedelta(days=ecart))
    with pytest.raises(Illisible):
        lire_jour(jour.isoformat(), maximum=jour - timedelta(days=ecart))


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_aucun_texte_ne_casse_la_lecture(texte):
    for lire in (lire_jour, lire_instant):
        with suppress(Illisible):
            assert lire(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "2022-10-01T12:00", "2022-10-01 12:00", "2022-10-01T12:00:00", "2022-10-01T12:00:00.000000", "1/10/22 12h",
        "01/10/2022 12:00", "1er octobre 2022 à 12 h 00", "1er octobre 2022 à 12h", "01/10/2022, 12:00",
        "2022-10-01T10:00Z", "2022-10-01T12:00+02:00", "2022-10-01T12:00 (avant)",
    ],
)  # fmt: skip
def test_un_instant_est_a_l_heure_de_paris(texte):
    assert lire_instant(texte) == datetime(2022, 10, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("2022-10-01", "Ce n’est pas une date avec son heure."),
        ("2022-10-01T24:00", "Il n’y a pas d’heure 24:00"),
        ("2022-10-01T12:60", "Il n’y a pas d’heure 12:60"),
        ("0026-11-27T00:10", "Vérifiez l’année de cette date."),
        ("9999-12-31T23:59", "Vérifiez l’année de cette date."),
        ("31/02/2022 12:00", "Cette date n’existe pas"),
        ("2027-03-28T02:30", "Le 28 mars 2027, 02 h 30 n’existe pas"),
    ],
)
def test_un_instant_impossible_dit_pourquoi(texte, dit):
    with pytest.raises(Illisible) as refus:
        lire_instant(texte)
    assert refus.value.message.replace("\u00a0", " ").startswith(dit)


def test_l_heure_qui_vient_deux_fois_demande_laquelle():
    with pytest.raises(HeureDouble) as refus:
        lire_instant("2027-10-31T02:30")
    assert "avant ou après le changement d’heure" in refus.value.message
    avant, apres = (lire_instant(f"2027-10-31T02:30 ({passage})") for passage in ("avant", "après"))
    assert (avant, apres) == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    # Two instants of Paris would be compared by what clocks show, which is the same.
    assert apres - avant == timedelta(hours=1)


@given(st.integers(946_684_800, 2_145_830_400).map(lambda secondes: datetime.fromtimestamp(secondes, UTC)))
@settings(max_examples=150)
@example(datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
@example(datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
@example(datetime(2027, 3, 28, 1, 0, tzinfo=UTC))
def test_tout_instant_affiche_se_relit(instant):
    minute = instant.replace(second=0, microsecond=0)
    local = minute.astimezone(PARIS)
    montre = local.replace(tzinfo=None, fold=0)
    passage = Passage.APRES if local.fold else Passage.AVANT
    assert situer(montre, passage if heure_double(montre) else None) == minute
    assert lire_instant(f"{instant_fr(minute)} ({passage})") == minute


def test_le_dernier_jour_du_monde_a_une_fin():
    assert fin_de_journee(date.max) > debut_de_journee(date.max)
    assert fin_de_journee(date(2027, 10, 31)) - debut_de_journee(date(2027, 10, 31)) == timedelta(hours=24)


class RendezVousForm(FormulaireDsfr, forms.Form):
    avec_balise = False

    quoi = forms.CharField()
    jour = ChampJour(minimum=date(2022, 8, 1), maximum=date(2032, 1, 1), trop_tard="C’est trop loin.")
    instant = ChampInstant(
        minimum=datetime(2022, 8, 1, tzinfo=UTC), maximum=datetime(2032, 1, 1, tzinfo=UTC), required=False
    )


def rendre(formulaire: forms.BaseForm) -> str:
    return " ".join(str(formulaire["jour"]).split()) + " ".join(str(formulaire["instant"]).split())


def test_la_question_du_changement_d_heure_se_pose_et_se_tranche_sans_script():
    saisie = {"quoi": "x", "jour": "1/10/22", "instant": "2027-10-31T02:30"}
    premier = RendezVousForm(saisie)
    assert [erreur.code for erreur in premier.errors.as_data()["instant"]] == ["heure_double"]
    assert premier.cleaned_data["jour"] == OCTOBRE
    html = rendre(premier)
    assert html.count('name="instant_passage"') == 2
    assert 'value="2027-10-31T02:30"' in html
    assert "checked" not in html

    second = RendezVousForm(saisie | {"instant_passage": "apres"})
    assert second.is_valid()
    assert second.cleaned_data["instant"] == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert rendre(second).count("checked") == 1

    repris = RendezVousForm(initial={"instant": second.cleaned_data["instant"]})
    assert 'value="apres" checked' in rendre(repris)
    # An answer left over from another hour says nothing of this one.
    assert RendezVousForm(saisie | {"instant": "2027-10-30T02:30", "instant_passage": "apres"}).is_valid()
    # Nor is the choice of before added to what cannot be read, and given back to whoever typed it.
    illisible = RendezVousForm(saisie | {"instant": "demain", "instant_passage": "apres"})
    assert illisible["instant"].value() == "demain"


@pytest.mark.parametrize("saisi", ["bientôt", "31/02/2022", "20221001"])
def test_ce_que_le_navigateur_ne_peut_montrer_reste_ecrit(saisi):
    html = rendre(RendezVousForm({"quoi": "x", "jour": saisi, "instant": saisi}))
    assert html.count(f'type="text" name="jour" value="{saisi}"') == 1
    assert html.count(f'type="text" name="instant" value="{saisi}"') == 1


def test_une_date_lue_revient_dans_le_calendrier_du_navigateur():
    html = rendre(RendezVousForm({"jour": "1er octobre 2022", "instant": "1/10/22 à 12 h"}))
    assert 'type="date" name="jour" value="2022-10-01"' in html
    assert 'type="datetime-local" name="instant" value="2022-10-01T12:00"' in html


def test_chaque_usage_dit_ses_bornes():
    formulaire = RendezVousForm({"quoi": "x", "jour": "1/10/2040", "instant": "2033-01-01T00:00"})
    assert formulaire.errors["jour"] == ["C’est trop loin."]
    assert "jusqu’au" in formulaire.errors["instant"][0]
    formulaire.fields["jour"].borner(maximum=date(2050, 1, 1))
    assert RendezVousForm.base_fields["jour"].maximum == date(2032, 1, 1)


def modules_du_produit() -> Iterator[Path]:
    for dossier in ("rebond", "territoires", "candidatures", "projets"):
        for chemin in (RACINE / dossier).rglob("*.py"):
            if "migrations" not in chemin.parts:
                yield chemin


def toutes_les_classes(racine: type) -> set[type]:
    """Those of the product, wherever they are written."""
    for chemin in modules_du_produit():
        if "forms" in chemin.read_text():
            importlib.import_module(".".join(chemin.relative_to(RACINE).with_suffix("").parts))
    filles, attente = set(), [racine]
    while attente:
        nouvelles = set(attente.pop().__subclasses__()) - filles
        filles |= nouvelles
        attente += nouvelles
    return {classe for classe in filles if not classe.__module__.startswith(("tests", "django", "allauth"))}


def test_tout_formulaire_nettoie_ce_qu_il_recoit_et_n_a_pas_de_date_nue():
    formulaires = toutes_les_classes(forms.BaseForm)
    assert len(formulaires) > 90
    assert {classe.__qualname__ for classe in formulaires if not issubclass(classe, EntreesNettes)} == set()
    nus = (forms.DateField, forms.DateTimeField, forms.TimeField, forms.SplitDateTimeField, forms.DurationField)
    trouves = {
        f"{classe.__qualname__}.{nom}"
        for classe in formulaires
        for nom, champ in getattr(classe, "base_fields", {}).items()
        if isinstance(champ, nus)
    }
    assert trouves == set()


def test_aucun_module_ne_fait_de_champ_de_date_ni_ne_lit_de_date_tout_seul():
    """Fields made in `__init__`, and the readers of Python and Django that take what this one refuses."""
    interdits = {"DateField", "DateTimeField", "TimeField", "SplitDateTimeField", "SelectDateWidget", "parse_date",
                 "parse_datetime", "strptime"}  # fmt: skip
    racine = Path(rebond.__file__).parent.parent
    trouves = set()
    for dossier in ("rebond", "territoires", "candidatures", "projets"):
        for chemin in (racine / dossier).rglob("*.py"):
            if "migrations" in chemin.parts:
                continue
            for noeud in ast.walk(ast.parse(chemin.read_text())):
                if (
                    isinstance(noeud, ast.Attribute)
                    and noeud.attr in interdits
                    and ast.unparse(noeud.value) != "models"
                ):
                    trouves.add(f"{chemin.relative_to(racine)} : {ast.unparse(noeud)}")
    assert trouves == {"rebond/socle/texte/jours.py : datetime.strptime"}
