"""What is not published moves nothing of a public page, and shows on it at its instant, on the database's clock."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from candidatures.cloture.actions import cloture
from candidatures.labellisation import actions as labellisation
from candidatures.models import Labellisation, Vague
from projets.communique.publies import derniers_chiffres
from rebond.portail.parution import exemplaires
from rebond.portail.parution.adresses import PUBLIQUES
from rebond.portail.parution.instants import vrai_jusqu_a
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.parution.version import version_parue
from rebond.socle.texte.durees import change_dans, temps_restant
from territoires.etats import Role
from territoires.models import Territoire
from tests import fabriques as f
from tests.outils.roles import sans_declencheurs
from tests.projets import decor

ADRESSES = [reverse(publique.nom) for publique in PUBLIQUES]
UN_JOUR = timedelta(days=1)
Photo = dict[tuple[str, str], tuple[int, dict[str, str], bytes]]


def photo(connues: Photo | None = None) -> Photo:
    """Every public page, in both codings: status, headers, bytes. With `connues`, as whoever has those asks again."""
    vues: Photo = {}
    for adresse in ADRESSES:
        for codage in ("identity", "gzip"):
            entetes = {"Accept-Encoding": codage}
            if connues:
                entetes["If-None-Match"] = connues[adresse, codage][1]["ETag"]
            lue = Client().get(adresse, headers=entetes)
            vues[adresse, codage] = (lue.status_code, dict(lue.headers), lue.content)
    return vues


def _labelliser_sous_embargo() -> None:
    vague = Vague.objects.get(cloture__lt=horloge_base())
    valideur, maintenant = f.un_agent(Role.VALIDEUR), horloge_base()
    labellisation.labelliser(vague=vague, decisions={}, valideur=valideur, maintenant=maintenant)
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant + UN_JOUR, maintenant=maintenant)


def _figer_sous_embargo() -> None:
    hier = (horloge_base() - 2 * UN_JOUR).date()
    annonce = datetime.combine(hier, datetime.min.time(), tzinfo=PARIS)
    laureat = decor.un_laureat(
        Vague.objects.get(cloture__lt=horloge_base()), annonce, publique_a=annonce + 9 * UN_JOUR
    )
    decor.un_projet(decor.un_industriel(decor.une_mission(laureat, restituee_le=hier), 80), f.un_utilisateur())
    decor.un_communique(au=hier, maintenant=horloge_base())


def _ecrire_un_brouillon() -> None:
    candidature = f.une_candidature(vague=Vague.objects.get(cloture__gt=horloge_base()))
    type(candidature.territoire).objects.filter(pk=candidature.territoire_id).update(nom="Le secret du brouillon")


# Each with whether it makes pages again: they must be made alike.
SECRETS: list[Callable[[], None]] = [_labelliser_sous_embargo, _figer_sous_embargo, _ecrire_un_brouillon]


@pytest.mark.django_db
@pytest.mark.parametrize("acte", SECRETS, ids=lambda acte: acte.__name__)
def test_ce_qui_n_est_pas_publie_ne_bouge_ni_un_octet_ni_un_entete(acte: Callable[[], None]) -> None:
    # The régions are those of the reference, which everyone reads: no act brings one.
    f.un_departement()
    close = f.une_vague(cloture=horloge_base() - 30 * UN_JOUR)
    cloture.clore(vague_id=close.pk, maintenant=horloge_base())
    # Its countdown says the same for the length of the test.
    f.une_vague(ouverture=horloge_base() - UN_JOUR, cloture=horloge_base() + timedelta(days=9, minutes=30))
    avant, version = photo(), version_parue().cle
    acte()
    assert version_parue().cle != version
    assert photo() == avant
    assert {vue[0] for vue in photo(avant).values()} == {304}
    exemplaires.vider()
    assert photo() == avant


@pytest.mark.django_db
def test_une_annonce_parait_a_son_instant_ni_avant_ni_apres(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    maintenant = horloge_base()
    vague = f.une_vague(cloture=maintenant - UN_JOUR)
    publique_a = maintenant + timedelta(seconds=1.5)
    laureat = decor.un_laureat(vague, maintenant - timedelta(hours=1), publique_a=publique_a)
    decor.un_laureat(vague, maintenant - timedelta(hours=1))
    nom = str(laureat.territoire)
    muette = client.get("/territoires-laureats/")
    assert vrai_jusqu_a(maintenant) == publique_a
    vues = []
    while not vues or vues[-1][0] < publique_a:
        avant = horloge_base()
        # One statement as long as it is not the hour; it is what says so.
        with django_assert_num_queries(1) if avant < publique_a - timedelta(seconds=0.5) else nullcontext():
            lue = client.get("/territoires-laureats/")
        vues.append((avant, horloge_base(), nom in lue.content.decode()))
        assert vues[-1][2] or lue["ETag"] == muette["ETag"]
    assert len(vues) > 5
    assert not any(dite for _, apres, dite in vues if apres < publique_a)
    assert all(dite for avant, _, dite in vues if avant >= publique_a)


@pytest.mark.django_db
def test_une_page_dit_vrai_jusqu_a_la_premiere_ouverture_cloture_annonce_ou_fin_du_jour() -> None:
    jour = datetime(2031, 3, 4, 9, tzinfo=PARIS)
    minuit = datetime(2031, 3, 5, tzinfo=PARIS)
    assert vrai_jusqu_a(jour) == minuit
    vague = f.une_vague(ouverture=jour + timedelta(hours=2), cloture=jour + timedelta(hours=4, minutes=20))
    assert vrai_jusqu_a(jour) == vague.ouverture
    # « Il reste 2 heures et 20 minutes », then 19: what is written changes before the wave does.
    ouverte = vague.ouverture + timedelta(microseconds=1)
    assert vrai_jusqu_a(ouverte) == ouverte + change_dans(vague.cloture - ouverte)
    assert vrai_jusqu_a(vague.cloture - timedelta(microseconds=5)) == vague.cloture
    assert vrai_jusqu_a(vague.cloture) == minuit
    ancienne = f.une_vague(cloture=jour - 9 * UN_JOUR)
    decor.un_laureat(ancienne, jour - UN_JOUR, publique_a=jour + timedelta(minutes=3))
    assert vrai_jusqu_a(jour) == jour + timedelta(minutes=3)


@pytest.mark.django_db
def test_une_horloge_remise_en_arriere_ne_montre_pas_ce_qui_est_encore_sous_embargo(client: Client) -> None:
    client.get("/contact/")
    lue, cle = version_parue(), ("/contact/", False)
    assert exemplaires.garde(cle, lue) is not None
    assert exemplaires.garde(cle, replace(lue, instant=lue.instant - timedelta(hours=1))) is None
    assert exemplaires.garde(cle, replace(lue, instant=lue.instant + 2 * UN_JOUR)) is None


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=5000)))
def test_le_temps_restant_est_ecrit_autrement_a_l_instant_dit_et_pas_avant(reste: timedelta) -> None:
    dans = change_dans(reste)
    assert dans > timedelta(0)
    assert temps_restant(reste - dans) != temps_restant(reste)
    assert temps_restant(reste - dans + timedelta(microseconds=1)) == temps_restant(reste)


@pytest.mark.django_db
@pytest.mark.parametrize("laureats", [10, 1000])
def test_mille_laureats_ne_coutent_pas_une_requete_de_plus(
    client: Client, laureats: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vague = f.une_vague(cloture=horloge_base() - UN_JOUR)
    modele = decor.un_laureat(vague, horloge_base() - timedelta(hours=1))
    _multiplier(modele, laureats - 1)
    exemplaires.vider()
    for adresse, requetes in (("/", 11), ("/territoires-laureats/", 7), ("/territoires-laureats/carte.svg", 6)):
        with django_assert_num_queries(requetes):
            page = client.get(adresse)
        assert f"{laureats} territoires lauréats" in page.content.decode().replace("\u00a0", " ").replace("\u202f", "")
        with django_assert_num_queries(1):
            client.get(adresse)


def _multiplier(modele: Labellisation, nombre: int) -> None:
    """So many laureates more, without the files that they come from: no public page reads one."""
    lu = modele.territoire
    with sans_declencheurs():
        territoires = Territoire.objects.bulk_create(
            Territoire(
                nom=f"Territoire {rang}",
                cle=f"{rang:09d}",
                chef_de_file=lu.chef_de_file,
                region_pilote=lu.region_pilote,
            )
            for rang in range(nombre)
        )
        membre = Territoire.epcis.through
        membre.objects.bulk_create(membre(territoire=t, epci=lu.chef_de_file) for t in territoires)
        Labellisation.objects.bulk_create(
            Labellisation(
                candidature_id=10_000_000 + rang,
                territoire=territoire,
                vague=modele.vague,
                decidee_le=modele.decidee_le,
                annoncee_le=modele.annoncee_le,
                publique_a=modele.publique_a,
            )
            for rang, territoire in enumerate(territoires)
        )


@pytest.mark.django_db
def test_les_chiffres_en_vue_se_lisent_sans_leurs_lignes() -> None:
    decor.une_annonce()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    with connection.execute_wrapper(_sans_les_lignes):
        assert derniers_chiffres(horloge_base())


def _sans_les_lignes(execute: Callable[..., object], sql: str, *suite: object) -> object:
    assert '"chiffres"' not in sql
    assert '"contenu"' not in sql
    return execute(sql, *suite)
