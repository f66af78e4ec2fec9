"""Exports by a real worker: written while pages answer, through its death, its cancellation, two people at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict

from rebond.exports import actions
from rebond.exports.etats import EtatExport
from rebond.exports.lecture import Adresse
from rebond.exports.models import Export
from rebond.exports.progression import lignes_ecrites
from rebond.portail.listes_acces import ListeDesAcces
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.listes import lecture
from rebond.socle.utilisateur import Utilisateur
from rebond.travaux import COURANTE, EXPORTS
from territoires.etats import Role
from tests import fabriques as f
from tests.concurrence.attente import attend_un_verrou, attendre
from tests.exports.exports import ADRESSE, LONGUE, adresse_du_fichier, client_de, demander, des_acces, lignes_de
from tests.outils.portail import Portail
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db(transaction=True)
Ailleurs = Callable[..., Future[Any]]


@pytest.fixture
def auditeur() -> Utilisateur:
    return f.un_agent(Role.AUDITEUR)


@pytest.fixture
def valkey(settings: Any) -> Iterator[None]:
    """The cache of the product, which its processes share."""
    settings.CACHES = {
        "default": {
            "BACKEND": "rebond.socle.requete.cache.CacheDeSecours",
            "LOCATION": settings.REDIS_URL,
            "KEY_PREFIX": "rebond",
            "OPTIONS": {"serializer": "rebond.cache.EnJson"},
        }
    }
    yield
    cache.close()


def relu(export: Export) -> Export:
    export.refresh_from_db()
    return export


def test_un_ouvrier_ecrit_le_fichier_que_la_personne_telecharge(ouvrier: Any, auditeur: Utilisateur) -> None:
    des_acces(LONGUE)
    client = client_de(auditeur)
    ouvrier()
    export = demander(client)
    attendre(lambda: relu(export).pret_le)
    lignes = lignes_de(client.get(adresse_du_fichier(export)))
    assert [ligne[4] for ligne in lignes[1:]] == [f"essai {rang}" for rang in range(LONGUE, 0, -1)]


def test_les_exports_ont_leur_file_et_l_ouvrier_des_lettres_n_en_prend_pas(
    ouvrier: Any, auditeur: Utilisateur
) -> None:
    """As production starts them: what the first one is asked goes on while the second one is not there."""
    des_acces(LONGUE)
    ouvrier(file=COURANTE)
    export = demander(client_de(auditeur))
    actions.veiller(maintenant=horloge_base())
    ouvrier(file=EXPORTS)
    attendre(lambda: relu(export).pret_le)
    assert export.essais == 1


def test_un_ouvrier_tue_au_milieu_laisse_un_export_qu_un_autre_finit(ouvrier: Any, auditeur: Utilisateur) -> None:
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    with transaction.atomic():
        # Its rows are written; it waits to keep them.
        administrer("LOCK TABLE socle_document IN SHARE MODE")
        premier = ouvrier(environ={"REBOND_PROCESSUS": "premier"})
        attendre(lambda: attend_un_verrou("premier"))
        premier.tuer()
    attendre(lambda: not des_connexions("premier"))
    assert (relu(export).etat_a(horloge_base()), export.essais) == (EtatExport.EN_PREPARATION, 1)
    ouvrier()
    actions.veiller(maintenant=horloge_base())
    attendre(lambda: relu(export).pret_le)
    assert (export.document is None, export.essais) == (False, 2)


def des_connexions(processus: str) -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = %s)", [processus])
        present: bool = curseur.fetchone()[0]
    return present


def test_deux_ouvriers_n_ecrivent_pas_deux_fois_le_meme_export(ailleurs: Ailleurs, auditeur: Utilisateur) -> None:
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    with transaction.atomic():
        assert actions._ecrire(export.pk)
        autre = ailleurs(actions.preparer, pk=export.pk, maintenant=horloge_base())
        assert autre.result(30) is False
    assert relu(export).essais == 0


def test_deux_connexions_qui_demandent_la_meme_liste_n_en_font_qu_un(
    ailleurs: Ailleurs, auditeur: Utilisateur
) -> None:
    des_acces(LONGUE)
    adresse = Adresse.lire(*ADRESSE.split("?"))
    extrait, _ = adresse.relire(auditeur)
    demande = {"personne": auditeur, "adresse": adresse, "extrait": extrait}
    with transaction.atomic():
        premier = actions.demander(**demande)
        second = ailleurs(actions.demander, **demande)
        attendre(attend_un_verrou)
    assert second.result(30) == premier
    assert Export.objects.count() == 1


def test_annule_pendant_qu_on_l_ecrit_il_s_arrete_et_ne_garde_aucun_fichier(
    ailleurs: Ailleurs, auditeur: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    lues = []

    def annuler_au_passage(pk: int, lignes: Any) -> Iterator[Any]:
        ailleurs(actions.annuler, export=export, maintenant=horloge_base()).result(30)
        for ligne in progression(pk, lignes):
            lues.append(ligne)
            yield ligne

    progression = actions.suivre
    monkeypatch.setattr(actions, "suivre", annuler_au_passage)
    assert not actions.preparer(export.pk, maintenant=horloge_base())
    assert (relu(export).etat_a(horloge_base()), export.document) == (EtatExport.ANNULE, None)
    assert lues == []


def test_sans_valkey_un_export_annule_pendant_qu_on_l_ecrit_ne_garde_aucun_fichier(
    ailleurs: Ailleurs, auditeur: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tells the worker: it reads the row before it gives anything."""
    des_acces(LONGUE)
    export = demander(client_de(auditeur))

    def annuler_au_passage(pk: int, lignes: Any) -> Iterator[Any]:
        ailleurs(actions.annuler, export=export, maintenant=horloge_base()).result(30)
        yield from lignes

    monkeypatch.setattr(actions, "suivre", annuler_au_passage)
    assert not actions.preparer(export.pk, maintenant=horloge_base())
    assert (relu(export).etat_a(horloge_base()), export.document) == (EtatExport.ANNULE, None)


def test_l_avancement_d_un_ouvrier_se_lit_dans_un_autre_processus(
    ouvrier: Any, auditeur: Utilisateur, valkey: None
) -> None:
    des_acces(LONGUE)
    export = demander(client_de(auditeur))
    with transaction.atomic():
        Export.objects.select_for_update().get(pk=export.pk)
        ouvrier(environ={"REBOND_PROCESSUS": "ecrivain"})
        attendre(lambda: attend_un_verrou("ecrivain"))
        # It waits for the row, to begin: nothing is said before.
        assert lignes_ecrites(export.pk) is None
    attendre(lambda: relu(export).pret_le)
    assert lignes_ecrites(export.pk) is not None


def test_hors_d_une_transaction_rien_ne_reste_a_la_connexion() -> None:
    """Behind a pooler the next statement may go by another session: no cursor, none held (WITH HOLD) either."""
    des_acces(LONGUE)
    liste = ListeDesAcces(Acces.objects.all(), QueryDict(), fichier="acces")
    reponse = iter(liste.telecharger("csv"))
    assert next(reponse)
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_cursors")
        assert curseur.fetchone() == (0,)
    with pytest.raises(RuntimeError, match="lives in a transaction"):
        next(lecture.rangees(Acces.objects.all(), [], [], par_curseur=True))


@pytest.fixture
def portail() -> Iterator[Portail]:
    lance = Portail(settings.DONNEES, {"REBOND_WEB_FILS": "1"})
    yield lance
    lance.arreter()


def test_dix_mille_lignes_pesent_a_un_processus_web_ce_que_pesent_mille(
    portail: Portail, auditeur: Utilisateur
) -> None:
    client = client_de(auditeur)
    temoin = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    des_acces(1_000, objet="mille")
    des_acces(10_000)
    export = demander(client)
    assert actions.preparer(export.pk, maintenant=horloge_base())

    def sommet(adresse: str, lignes: int) -> int:
        for essai in range(3):
            reponse, corps = portail.demander("GET", adresse, **temoin)
            assert (reponse.status, corps.count(b"\r\n")) == (200, lignes + 1)
            if essai == 0:
                portail.oublier_le_pic()
        return portail.pic

    mille = sommet("/journal/acces.csv?objet=mille", 1_000)
    dix_mille = sommet(adresse_du_fichier(export), 10_000)
    propose, _ = portail.demander("GET", ADRESSE, **temoin)
    assert propose.headers["Content-Type"] == "text/html; charset=utf-8"
    assert dix_mille < 1.03 * mille, f"{mille / 2**20:.1f} Mo, puis {dix_mille / 2**20:.1f}"
    assert dix_mille < 150 * 2**20
