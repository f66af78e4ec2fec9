"""Receipts that came back, as whoever instructs the file reads them, and nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from candidatures.depot.retours import AccusesNonArrives, accuses_non_arrives
from candidatures.instruction.models import DeclarationInteret
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.actions import Constat, constater, refuser
from rebond.socle.courriers.retours.regles import Genre, Source
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db


def un_accuse(depot, adresse: str, *, rectifie: str = "", revient: bool = True) -> None:
    courrier = Courrier.objects.create(
        cle=f"accuse-{depot.numero}{rectifie}-{f.un_utilisateur().pk}",
        destinataire=adresse,
        objet="Accusé de réception",
        texte="Bonjour",
        envoye_le=horloge_base(),
    )
    courrier.refresh_from_db()
    if revient:
        constater(Constat(courrier.jeton, Genre.ADRESSE, "5.2.1"), Source.BOITE)


def lire(agent, nom: str, argument: int) -> str:
    return texte(client_de(agent).get(reverse(f"instruction:{nom}", args=[argument])))


def test_l_agent_lit_ce_qui_n_est_pas_arrive_dans_la_vague_et_dans_le_dossier():
    vague, dossiers = une_vague_close(None, None)
    premier, second = (dossier.depots.get() for dossier in dossiers)
    un_accuse(premier, "maire@example.fr")
    un_accuse(premier, "agent@example.fr", rectifie="-rectificatif-1")
    un_accuse(second, "autre@example.fr", revient=False)
    agent = f.un_agent(Role.INSTRUCTEUR)
    lu = lire(agent, "vague", vague.numero)
    assert "2\u00a0accusés de réception ne sont pas arrivés" in lu
    assert f"Dépôt {premier.numero}</a>, à maire@example.fr\u00a0: la boîte aux lettres est fermée." in lu
    assert "autre@example.fr" not in lu
    assert "envoyé à agent@example.fr" in lire(agent, "dossier", dossiers[0].pk)
    assert "n’est pas arrivé" not in lire(agent, "dossier", dossiers[1].pk)
    # Whoever has an interest in the file learns nothing of it.
    DeclarationInteret.objects.create(candidature=dossiers[0], utilisateur=agent, motif="Ma commune.")
    assert "ne sont pas arrivés" not in lire(agent, "vague", vague.numero)


def test_la_reference_d_un_dossier_n_est_pas_le_debut_d_une_autre():
    _, [dossier] = une_vague_close(None)
    depot = dossier.depots.get()
    un_accuse(depot, "maire@example.fr")
    assert accuses_non_arrives([dossier.pk], f"{dossier.reference}-").montres[0].numero == depot.numero
    assert accuses_non_arrives([dossier.pk], f"{dossier.reference[:-1]}-") == AccusesNonArrives(0, [])
    assert accuses_non_arrives([], f"{dossier.reference}-") == AccusesNonArrives(0, [])


def test_de_beaucoup_vingt_se_lisent_et_les_autres_se_comptent(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    vague, dossiers = une_vague_close(None)
    depot = dossiers[0].depots.get()
    for rang in range(3):
        un_accuse(depot, f"maire-{rang}@example.fr")
    un_accuse(depot, "maire-0@example.fr", rectifie="-rectificatif-12")
    lus = {"dossiers": [dossiers[0].pk], "reference": f"R{vague.numero}-"}
    with django_assert_num_queries(1):
        tous = accuses_non_arrives(*lus.values())
    assert (tous.nombre, len(tous.montres), tous.autres) == (4, 4, 0)
    assert {(lu.candidature, lu.numero, lu.rang) for lu in tous.montres} == {(dossiers[0].pk, depot.numero, 1)}
    with django_assert_num_queries(2), CaptureQueriesContext(connection) as faites:
        montres = accuses_non_arrives(*lus.values(), au_plus=2)
    assert (montres.nombre, montres.autres) == (4, 2)
    assert list(montres.montres) == list(tous.montres)[:2]
    assert "LIMIT 3" in faites.captured_queries[0]["sql"]


def test_un_accuse_renvoye_depuis_n_est_plus_perdu() -> None:
    _, [dossier] = une_vague_close(None)
    depot = dossier.depots.get()
    cle = f"accuse-{depot.numero}-1"
    lettre = Courrier.objects.create(cle=cle, destinataire="maire@example.fr", objet="Accusé", texte="Bonjour")
    refuser(lettre, genre=Genre.PERDU, statut="", maintenant=horloge_base())
    assert accuses_non_arrives([dossier.pk], f"{dossier.reference}-").nombre == 1
    Courrier.objects.filter(pk=lettre.pk).update(envoye_le=horloge_base())
    assert not accuses_non_arrives([dossier.pk], f"{dossier.reference}-")
