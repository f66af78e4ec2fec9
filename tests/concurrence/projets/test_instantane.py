"""What is read in several queries and printed together comes from one instant, whatever is recorded meanwhile."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pypdf
import pytest
from django.db import InternalError, connection, connections

from projets.communique import editions
from projets.models import Industriel, Projet
from projets.rapport.actions import demander_rapport
from projets.rapport.impression import imprimer
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.preuve.instantane import instantane
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db(transaction=True)

MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)


@contextmanager
def des_que(table: str, agir: Callable[[], Any]) -> Iterator[None]:
    """Another connection commits `agir` once, right after the first query of this one on `table`."""
    fait: list[str] = []

    def guetter(execute: Callable[..., Any], sql: str, *suite: Any) -> Any:
        resultat = execute(sql, *suite)
        if not fait and f'FROM "{table}"' in sql:
            fait.append(sql)
            with ThreadPoolExecutor(max_workers=1) as fils:
                fils.submit(_ailleurs, agir).result(10)
        return resultat

    with connection.execute_wrapper(guetter):
        yield
    assert fait


def _ailleurs(agir: Callable[[], Any]) -> None:
    try:
        agir()
    finally:
        connections.close_all()


def test_les_chiffres_et_la_carte_d_un_communique_sont_du_meme_instant() -> None:
    decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    with des_que("candidatures_labellisation", lambda: decor.un_laureat(vague, datetime(2023, 8, 28, tzinfo=PARIS))):
        pret = editions.projet(au=decor.RESTITUTION, maintenant=MAINTENANT)
    assert pret.chiffres["territoires_laureats"].valeur == len(pret.contenu.laureats) == 3


def test_les_chiffres_et_les_tableaux_d_un_rapport_sont_du_meme_instant() -> None:
    mission = decor.une_annonce()
    auteur = un_utilisateur()
    rapport = demander_rapport(mission=mission, au=decor.RESTITUTION, acteur=auteur)
    industriel = Industriel.objects.earliest("pk")
    with des_que("projets_projet", lambda: decor.un_projet(industriel, auteur)):
        impression = imprimer(rapport, lambda _: None, connu_le=horloge_base())
    pages = pypdf.PdfReader(io.BytesIO(impression.pdf)).pages
    mots = " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
    assert impression.chiffres["projets_recenses"].valeur == mots.count("Projet de Usine") == 6
    assert Projet.objects.count() == 7


def test_un_instantane_ne_s_ecrit_pas() -> None:
    with pytest.raises(InternalError, match="read-only transaction"), instantane():
        un_utilisateur()
