"""Receipts that came back, as whoever instructs the file reads them, and nobody else."""

import pytest
from django.urls import reverse

from candidatures.depot.retours import accuses_non_arrives
from candidatures.instruction.models import DeclarationInteret
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.actions import Constat, constater
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
    assert f"Dépôt {premier.numero}</a>, à maire@example.fr : la boîte aux lettres est fermée." in lu
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
    assert accuses_non_arrives([dossier.pk], f"{dossier.reference}-")[0].numero == depot.numero
    assert accuses_non_arrives([dossier.pk], f"{dossier.reference[:-1]}-") == []
    assert accuses_non_arrives([], f"{dossier.reference}-") == []
