"""The register of processing names every table, link and text that holds something of a person."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from rebond.donnees.conservation.regles import REGLES
from rebond.donnees.export.archive import RUBRIQUES
from rebond.donnees.registre.mesures import MESURES
from rebond.donnees.registre.sortes import SANS_PERSONNE, SORTES, Garde
from rebond.donnees.registre.traitements import CLES, TRAITEMENTS
from rebond.socle.utilisateur import Utilisateur

TEXTES = {
    "CharField", "TextField", "EmailField", "JSONField", "BinaryField", "GenericIPAddressField", "URLField",
    "SlugField", "FileField", "ArrayField",
}  # fmt: skip
PAR_MODELE = {sorte.modele: sorte for sorte in SORTES}


def modeles() -> dict[str, type[Model]]:
    """Those that have a table of their own."""
    return {m._meta.label: m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy}


def est_un_lien(champ: Field) -> bool:
    return bool(champ.is_relation and champ.related_model and issubclass(champ.related_model, Utilisateur))


def est_un_texte(champ: Field) -> bool:
    return not champ.is_relation and champ.get_internal_type() in TEXTES and not champ.choices


def test_chaque_table_est_au_registre_ou_dite_sans_personne() -> None:
    assert set(PAR_MODELE) & set(SANS_PERSONNE) == set()
    assert set(PAR_MODELE) | set(SANS_PERSONNE) == set(modeles())
    assert len(PAR_MODELE) == len(SORTES)


@pytest.mark.parametrize("nom", sorted(SANS_PERSONNE))
def test_une_table_dite_sans_personne_ne_mene_a_aucun_compte(nom: str) -> None:
    champs = modeles()[nom]._meta.concrete_fields
    assert [champ.name for champ in champs if est_un_lien(champ)] == []
    assert [
        champ.name for champ in champs if champ.get_internal_type() in {"EmailField", "GenericIPAddressField"}
    ] == []


@pytest.mark.parametrize("nom", sorted(PAR_MODELE))
def test_chaque_lien_et_chaque_texte_d_une_table_est_au_registre(nom: str) -> None:
    sorte, champs = PAR_MODELE[nom], modeles()[nom]._meta.concrete_fields
    assert set(sorte.liens) == {champ.name for champ in champs if est_un_lien(champ)}
    assert sorte.personnels & sorte.neutres == frozenset()
    assert sorte.personnels | sorte.neutres == {champ.name for champ in champs if est_un_texte(champ)}


def test_chaque_lien_mene_a_une_rubrique_de_l_export() -> None:
    rubriques = {rubrique.cle for rubrique in RUBRIQUES}
    menees = {cle for sorte in SORTES for cle in sorte.liens.values()}
    assert menees <= rubriques
    # The others are of the account itself, or of copies that no foreign key makes.
    assert rubriques - menees == {"compte", "courriels", "demandes", "acces", "sur_le_compte"}


def test_chaque_sorte_a_un_traitement_et_une_duree() -> None:
    assert {sorte.traitement for sorte in SORTES} == CLES
    regles = {regle.cle for regle in REGLES}
    assert {sorte.duree for sorte in SORTES if not isinstance(sorte.duree, Garde)} <= regles
    assert all(sorte.garde for sorte in SORTES)


def test_chaque_traitement_dit_ce_que_demande_l_article_30() -> None:
    assert len(CLES) == len(TRAITEMENTS)
    for traitement in TRAITEMENTS:
        assert all(vars(traitement).values()), traitement.cle
        assert "art. 6.1." in traitement.base or "RGPD" in traitement.base


@pytest.mark.parametrize(("mesure", "ou"), MESURES)
def test_chaque_mesure_de_securite_est_la_ou_elle_est_dite(mesure: str, ou: str) -> None:
    assert (settings.RACINE / Path(ou)).is_file(), mesure


@pytest.mark.parametrize("regle", [r for r in REGLES if r.ailleurs], ids=lambda regle: regle.cle)
def test_ce_qui_est_balaye_ailleurs_l_est_par_une_tache_que_le_battement_appelle(regle) -> None:
    from rebond.cadences import CADENCES

    assert regle.ailleurs in {tache for tache, _ in CADENCES.values()}
