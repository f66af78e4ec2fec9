"""What holds for every list of the product, from its declaration alone."""

import re

import pytest
from django import forms
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BinaryField, Field, JSONField, TextField
from django.template.loader import get_template

from rebond.socle.listes import JeuDeFiltres, Liste
from tests.outils.listes import PAQUETS, RACINE, champ_de, champs_lus, listes_declarees

LISTES = listes_declarees()
# Texts without end and documents that a column shows: short in fact, or the point of the list.
MONTRES = {
    "ListeDesCommuniques": {"motif"},
    "ListeDesCourriers": {"derniere_erreur"},
    # Read to say that what was looked for is in it: the name of the territory, bare.
    "ListeDesDossiers": {"nom"},
    "ListeDesIncidents": {"description"},
    "ListeDesProlongations": {"motif"},
    "ListeDuCalendrier": {"motif_suspension"},
    "ListeDuJournal": {"details"},
}
# Django's own readers of numbers and of dates: the portal has its own.
NOMBRES_ET_DATES = (forms.IntegerField, forms.FloatField, forms.DecimalField, forms.DateField, forms.DateTimeField)


def test_aucune_page_ne_trie_ni_ne_pagine_elle_meme():
    """Three things go by pages that are no lists: the lines of an act, what a team did, told as a chronology, and the
    rows of a figure, which may be frozen."""
    modules = (
        chemin.relative_to(RACINE).as_posix()
        for paquet in PAQUETS
        for chemin in (RACINE / paquet).rglob("*.py")
        if re.search(r"\bPaginator\b|GET\.get\(\"(tri|page)\"|\bxlsxwriter\b", chemin.read_text())
    )
    assert set(modules) == {
        "candidatures/pages/instruction/proces_verbaux.py",
        "candidatures/pages/territoire/equipe.py",
        "projets/pages/presse/lignes.py",
        "rebond/socle/listes/tableaux.py",
        "rebond/socle/requete/pages.py",
        "rebond/socle/templatetags/composants.py",
    }
    gabarits = (
        chemin.relative_to(RACINE / "templates").as_posix()
        for chemin in (RACINE / "templates").rglob("*.html")
        if re.search(r"{% (pagination|entete_tri|entete_de)\b|composants/filtres.html", chemin.read_text())
    )
    assert set(gabarits) == {
        "candidatures/instruction/proces_verbal.html",
        "candidatures/territoire/equipe/equipe.html",
        # Of a declared list alike: its rows, and its filters before them unless the page has its own.
        "composants/liste.html",
        "composants/rangees_de_liste.html",
        "projets/mission/enveloppe.html",
        "projets/presse/lignes.html",
    }


def test_aucune_liste_ne_lit_un_contenu_que_ses_colonnes_ne_montrent():
    lourds = {
        liste.__name__: {
            chemin
            for chemin, champ in champs_lus(liste).items()
            if isinstance(champ, JSONField | BinaryField)
            or (isinstance(champ, TextField) and champ.max_length is None)
        }
        for liste in LISTES
    }
    assert {nom: champs for nom, champs in lourds.items() if champs} == MONTRES


@pytest.mark.parametrize("liste", LISTES, ids=lambda liste: liste.__name__)
class TestChacune:
    def test_ses_colonnes_ont_des_noms_et_des_gabarits(self, liste: type[Liste]):
        cles = [colonne.cle for colonne in liste.colonnes]
        assert len(cles) == len({*cles})
        gabarits = [colonne.cellule for colonne in liste.colonnes] + [liste.pied]
        assert all(get_template(gabarit) for gabarit in gabarits if gabarit)

    def test_elle_a_un_ordre(self, liste: type[Liste]):
        """A page is a part of something only if its rows are in order; that of closed waves is their QuerySet's."""
        tri = liste.tri_par_defaut.removeprefix("-")
        assert (
            tri in liste.tris(liste.colonnes)
            or liste.ordre
            or liste.__name__ in {"ListeDesVaguesCloses", "ListeDesClotures"}
        )

    def test_ce_qui_se_telecharge_a_des_valeurs_a_ecrire(self, liste: type[Liste]):
        ecrites = [colonne for colonne in liste.colonnes if colonne.fichier] if liste.telechargement else []
        assert [colonne.cle for colonne in ecrites if not colonne.valeur] == []

    def test_ses_filtres_lisent_comme_tout_le_portail(self, liste: type[Liste]):
        """The one door of what comes in, and the one reader of numbers and of dates."""
        jeu = liste.filtres or JeuDeFiltres
        assert jeu.get_form_class is JeuDeFiltres.get_form_class
        nus = [nom for nom, filtre in jeu.base_filters.items() if issubclass(filtre.field_class, NOMBRES_ET_DATES)]
        assert nus == []

    def test_elle_ne_demande_a_la_base_que_ce_que_lisent_ses_colonnes(self, liste: type[Liste]):
        """What a page asks for, and what a file asks for: the fields declared."""
        for colonnes in ([c for c in liste.colonnes if c.page], [c for c in liste.colonnes if c.fichier]):
            requete = liste.lues(liste.modele._default_manager.all(), colonnes).query
            choisis, _, _ = requete.get_compiler(DEFAULT_DB_ALIAS).get_select(with_col_aliases=False)
            lus = {colonne.target for colonne, _, _ in choisis}
            assert hors_cles(lus) == hors_cles({champ_de(liste, chemin) for chemin in liste.champs(colonnes)})


def hors_cles(champs: set[Field]) -> set[Field]:
    """Keys lead from a row to another; whatever is shown beside them is declared."""
    return {champ for champ in champs if not champ.is_relation and not champ.primary_key}
