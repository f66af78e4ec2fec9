"""What is asked of one file at the same instant, on two real connections: links, marks, deposits."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from candidatures.depot.accords.actions import VersionDepassee
from candidatures.depot.actions.depots import AccordsManquants
from candidatures.dossier.etats import GenreDeLien
from candidatures.models import Accord, Candidature, Depot, Lien, PieceJointe
from rebond.socle.erreurs import RegleEnfreinte
from tests import fabriques as f
from tests.candidatures.depot.accords.test_accords import deposer_maintenant, signer, un_dossier_complet
from tests.candidatures.dossier.liens.outils import adresse, un_groupement, un_lien
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def ensemble(*actes: Callable[[], Any]) -> list[Any]:
    """What each gives, or the rule that refused it; all begin at once."""
    depart, rendus = Barrier(len(actes), timeout=30), [None] * len(actes)

    def faire(rang: int) -> None:
        try:
            depart.wait()
            rendus[rang] = actes[rang]()
        except RegleEnfreinte as refus:
            rendus[rang] = refus
        finally:
            connection.close()

    fils = [Thread(target=faire, args=[rang]) for rang in range(len(actes))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    return rendus


def test_un_double_clic_simultane_fait_un_lien_et_joint_un_fichier():
    candidature, membre = un_groupement()
    porteur = f.porteur_de(candidature)
    envoi = {"pour": "Mme la maire", "jours": "30", **f.d_une_autre_page()}

    def creer() -> str:
        faite = texte(client_de(porteur).post(page("partager", candidature.pk), envoi))
        return faite.partition("/liens/")[2].partition("/")[0]

    assert len({*ensemble(creer, creer)}) == 1
    assert Lien.objects.count() == 1

    lien, jeton = un_lien(GenreDeLien.PIECE, candidature, membre)

    double = {"nature": "deliberation", "membre": membre.pk, **f.d_une_autre_page()}

    def joindre() -> int:
        fichier = ContentFile(f.PDF + b"\n%double", name="deliberation.pdf")
        return Client().post(adresse(jeton), {**double, "fichier": fichier}).status_code

    assert ensemble(joindre, joindre) == [302, 302]
    assert PieceJointe.objects.filter(lien=lien).count() == 1
    lien.refresh_from_db()
    assert lien.envois == 1


def test_qui_marque_pendant_que_le_dossier_change_marque_ce_qu_il_a_lu_ou_rien():
    candidature, membre = un_dossier_complet()
    lue = candidature.empreinte
    lien, _ = un_lien(GenreDeLien.ACCORD, candidature, membre)
    le_meme = Candidature.objects.get(pk=candidature.pk)
    rendus = ensemble(
        lambda: signer(candidature, membre, lien=lien),
        lambda: f.reecrire(le_meme, "Trois usines ferment."),
    )
    assert isinstance(rendus[0], Accord | VersionDepassee)
    assert set(Accord.objects.values_list("empreinte", flat=True)) <= {lue}
    assert Candidature.objects.get(pk=candidature.pk).empreinte != lue


def test_un_double_depot_pendant_qu_une_marque_arrive_en_fait_un_signe_ou_aucun():
    candidature, membre = un_dossier_complet()
    lien, _ = un_lien(GenreDeLien.ACCORD, candidature, membre)
    rendus = ensemble(
        lambda: deposer_maintenant(candidature),
        lambda: signer(candidature, membre, lien=lien),
        lambda: deposer_maintenant(candidature),
    )
    assert isinstance(rendus[1], Accord)
    for rendu in (rendus[0], rendus[2]):
        assert isinstance(rendu, Depot | AccordsManquants)
    faits = {rendu.pk for rendu in rendus if isinstance(rendu, Depot)}
    assert set(Depot.objects.values_list("pk", flat=True)) == faits
    assert len(faits) <= 1
    assert deposer_maintenant(candidature).empreinte == Accord.objects.get().empreinte
