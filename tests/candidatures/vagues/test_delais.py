"""« Quand le saurai-je ? »: counted again by hand, and silent on what nobody may know."""

import re
from datetime import datetime, timedelta
from statistics import median

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.models import Candidature, Recevabilite, Vague
from candidatures.vagues.delais import DOSSIERS_MIN, VAGUES_MAX, Delai, Delais, Etape, delai_de_l_annonce, delais
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_saisine
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db


def une_vague_annoncee(jours: int, dossiers: int = 0, *, publique_dans: timedelta | None = None) -> Vague:
    """Whose results came `jours` after the closing, each file found admissible at half of it, with an avis a day
    later."""
    cloture = horloge_base() - timedelta(days=95 * (Vague.objects.closes(horloge_base()).count() + 1))
    publique_a = horloge_base() + publique_dans if publique_dans else cloture + timedelta(days=jours)
    vague = f.une_vague(ouverture=cloture - timedelta(days=90), cloture=cloture)
    auteur = f.un_utilisateur()
    with sans_declencheurs():
        Vague.objects.filter(pk=vague.pk).update(
            etat=EtatVague.PUBLIEE,
            labellisee_le=cloture,
            labellisee_par=auteur,
            annoncee_le=cloture,
            annoncee_par=auteur,
            publique_a=publique_a,
        )
        for rang in range(dossiers):
            dossier = f.une_candidature(vague=vague, complete=False)
            le = cloture + timedelta(days=jours // 2 + rang)
            constat = {"recevable": True, "constats": toutes_remplies(dossier.cahier.cahier.recevabilite)}
            Recevabilite.objects.create(candidature=dossier, auteur=auteur, constatee_le=le, **constat)
            une_saisine(dossier, auteur, rendu_le=le + timedelta(days=1))
    return vague


def test_mediane_et_etendue_de_chaque_etape_se_recomptent_a_la_main() -> None:
    une_vague_annoncee(60, 3)
    une_vague_annoncee(80, 4)
    une_vague_annoncee(100)
    recevables = [30, 31, 32, 40, 41, 42, 43]
    assert delais(horloge_base()) == Delais(
        (
            Delai(Etape.RECEVABILITE, round(median(recevables)), 30, 43, 7, 2),
            Delai(Etape.AVIS, round(median(recevables)) + 1, 31, 44, 7, 2),
            Delai(Etape.ANNONCE, 80, 60, 100, 3, 3),
        )
    )
    assert delai_de_l_annonce(horloge_base()) == Delais((Delai(Etape.ANNONCE, 80, 60, 100, 3, 3),))


def test_rien_tant_qu_aucun_resultat_n_est_public() -> None:
    """Not even a count: an announcement under embargo changes nothing, to the byte."""
    assert delais(horloge_base()) == Delais(())
    assert delais(horloge_base()).phrase == ""
    vague = une_vague_annoncee(60, DOSSIERS_MIN, publique_dans=timedelta(hours=1))
    assert delais(horloge_base()) == Delais(())
    assert len(delais(horloge_base() + timedelta(hours=2)).delais) == 3
    assert vague.publique_a is None


def test_une_etape_de_quelques_dossiers_ne_se_dit_pas() -> None:
    une_vague_annoncee(60, DOSSIERS_MIN - 1)
    assert [delai.etape for delai in delais(horloge_base()).delais] == [Etape.ANNONCE]


def test_seules_les_dernieres_vagues_comptent() -> None:
    for jours in (50,) * VAGUES_MAX + (300,):
        une_vague_annoncee(jours)
    annonce = delai_de_l_annonce(horloge_base()).annonce
    assert annonce is not None
    assert (annonce.maximum, annonce.vagues) == (50, VAGUES_MAX)


PLUSIEURS = (
    "Aux trois dernières périodes de dépôt, les résultats ont été annoncés entre 60 et 100 jours après la clôture, "
    "80 le plus souvent. Ce n’est pas une promesse."
)
UNE = (
    "À la dernière période de dépôt, les résultats ont été annoncés 75 jours après la clôture. "
    "Ce n’est pas une promesse."
)


@pytest.mark.parametrize(("lus", "phrase"), [((80, 60, 100, 3, 3), PLUSIEURS), ((75, 75, 75, 1, 1), UNE)])
def test_la_phrase_des_lettres(lus: tuple[int, int, int, int, int], phrase: str) -> None:
    assert Delais((Delai(Etape.ANNONCE, *lus),)).phrase.replace("\u00a0", " ") == phrase


@pytest.mark.parametrize("vagues", [1, 5])
def test_la_page_d_un_dossier_depose_le_dit_en_une_requete_de_plus(
    client: Client, vagues: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dossier = f.un_depot().candidature
    client.force_login(f.porteur_de(dossier))
    adresse = f"/candidatures/{dossier.pk}/"
    assert "Quand saurez-vous" not in client.get(adresse).content.decode()
    for _ in range(vagues):
        une_vague_annoncee(75, 2)
    maintenant = horloge_base()
    with django_assert_num_queries(1):
        delais(maintenant)
    page = client.get(adresse).content.decode().replace("\u00a0", " ")
    assert re.search(r"Résultats annoncés</th><td[^>]*>75 jours</td><td[^>]*>75 jours</td>", page)
    assert ("Recevabilité vérifiée" in page) == (vagues == 5)


def test_un_brouillon_n_attend_rien(client: Client) -> None:
    une_vague_annoncee(75)
    dossier: Candidature = f.une_candidature()
    client.force_login(f.porteur_de(dossier))
    assert "Quand saurez-vous" not in client.get(f"/candidatures/{dossier.pk}/").content.decode()


def test_une_vague_prolongee_se_compte_de_sa_vraie_cloture() -> None:
    vague = une_vague_annoncee(60)
    with sans_declencheurs():
        Vague.objects.filter(pk=vague.pk).update(prolongee_au=vague.cloture + timedelta(days=10))
    annonce = delai_de_l_annonce(horloge_base()).annonce
    assert annonce is not None
    assert annonce.mediane == 50
    assert isinstance(vague.cloture, datetime)
