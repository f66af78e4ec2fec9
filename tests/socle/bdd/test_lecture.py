"""A GET writes nothing, whatever it tries: PostgreSQL refuses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from rebond.socle.bdd.lecture import en_lecture
from rebond.socle.models import Battement
from rebond.socle.requete.middleware import LectureSeuleMiddleware
from tests import fabriques as f

ECRIRE = "INSERT INTO socle_battement (nom, instant) VALUES ('x', now())"
# A regular expression on the first word of a statement saw the first of these, and none of the others.
MOYENS = (
    ECRIRE,
    f"WITH ecrits AS ({ECRIRE} RETURNING nom) SELECT nom FROM ecrits",
    f"SELECT essais.administrer($${ECRIRE}$$)",
    "COPY socle_battement (nom, instant) FROM STDIN",
    "TRUNCATE socle_battement",
    "SELECT nom FROM socle_battement FOR UPDATE",
    "CREATE TABLE souvenirs (nom text)",
)


def executer(sql: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(sql)


def demander(vue: Callable[[HttpRequest], HttpResponseBase], methode: str = "get") -> HttpResponseBase:
    return LectureSeuleMiddleware(vue)(getattr(RequestFactory(), methode)("/"))  # type: ignore[arg-type]


def qui_fait(*ordres: str) -> Callable[[HttpRequest], HttpResponse]:
    def vue(_: HttpRequest) -> HttpResponse:
        for ordre in ordres:
            executer(ordre)
        return HttpResponse("fait")

    return vue


@pytest.mark.django_db
@pytest.mark.parametrize("methode", ["get", "head"])
@pytest.mark.parametrize("moyen", MOYENS)
def test_dans_une_transaction_rien_ne_s_ecrit(moyen: str, methode: str) -> None:
    with pytest.raises(InternalError, match="read-only"):
        demander(qui_fait(moyen), methode)
    # What surrounds it goes on as before.
    executer(ECRIRE)
    assert Battement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moyen", MOYENS)
def test_hors_de_toute_transaction_rien_ne_s_ecrit_non_plus(moyen: str) -> None:
    def dans_un_bloc(_: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            executer("SELECT 1")
            executer(moyen)
        return HttpResponse()

    for vue in (qui_fait(moyen), qui_fait("SELECT 1", moyen), dans_un_bloc):
        with pytest.raises(InternalError, match="read-only"):
            demander(vue)
    assert not Battement.objects.exists()
    executer(ECRIRE)
    assert Battement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_une_connexion_perdue_en_chemin_se_rouvre_en_lecture() -> None:
    def vue(_: HttpRequest) -> HttpResponse:
        connection.close()
        executer(ECRIRE)
        return HttpResponse()

    with pytest.raises(InternalError, match="read-only"):
        demander(vue)
    connection.close()
    executer(ECRIRE)
    assert Battement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_une_connexion_morte_avant_la_demande_n_empeche_pas_de_repondre() -> None:
    executer("SELECT 1")
    # Ended from the other side, as a restarted server does.
    connection.connection.pgconn.finish()
    assert demander(qui_fait("SELECT 1")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_une_page_sans_base_n_en_ouvre_pas_la_connexion() -> None:
    connection.close()
    assert demander(lambda _: HttpResponse("rien à lire")).status_code == 200
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_un_envoi_ecrit() -> None:
    assert demander(qui_fait(ECRIRE), "post").status_code == 200
    assert Battement.objects.count() == 1


def un_flux(au_dernier: Callable[[], Any]) -> StreamingHttpResponse:
    def morceaux() -> Iterator[bytes]:
        for battement in Battement.objects.order_by("nom").iterator():
            yield battement.nom.encode()
        au_dernier()

    return StreamingHttpResponse(morceaux())


@pytest.mark.parametrize(
    "seule",
    [
        pytest.param(True, marks=pytest.mark.django_db(transaction=True)),
        pytest.param(False, marks=pytest.mark.django_db),
    ],
)
def test_ce_qui_part_morceau_par_morceau_se_lit_et_n_ecrit_rien(seule: bool) -> None:
    for nom in "ab":
        Battement.objects.create(nom=nom, instant="2026-01-01T00:00:00Z")
    assert b"".join(demander(lambda _: un_flux(lambda: None))) == b"ab"  # type: ignore[arg-type]

    flux = iter(demander(lambda _: un_flux(lambda: executer(ECRIRE))))  # type: ignore[call-overload]
    assert next(flux) == b"a"
    # Between two bits nothing is held: neither a transaction, nor anybody's right to write.
    assert connection.in_atomic_block is not seule
    Battement.objects.create(nom="c", instant="2026-01-01T00:00:00Z")
    with pytest.raises(InternalError, match="read-only"):
        list(flux)
    assert set(Battement.objects.values_list("nom", flat=True)) == {"a", "b", "c"}


@pytest.mark.django_db
def test_une_faute_de_lecture_ne_rompt_pas_ce_qui_entoure() -> None:
    with pytest.raises(DatabaseError), en_lecture():
        executer("SELECT 1 / 0")
    executer(ECRIRE)
    assert Battement.objects.count() == 1


@pytest.mark.django_db
def test_la_session_d_un_visiteur_s_ecrit_quand_meme(client: Client) -> None:
    client.force_login(f.un_utilisateur())
    session = client.session
    session["memoire"] = "ancienne"
    session.save()
    assert client.get("/tableau-de-bord/").status_code == 200
    assert client.session["memoire"] == "ancienne"


@pytest.mark.django_db(transaction=True)
def test_une_session_dont_le_mot_de_passe_a_change_se_ferme_sans_erreur(client: Client) -> None:
    """Django ends it as soon as somebody asks who is there: during the GET itself."""
    personne = f.un_utilisateur()
    client.force_login(personne)
    personne.set_password("un tout autre mot de passe")
    personne.save()
    cle = client.session.session_key
    reponse = client.get("/tableau-de-bord/")
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/compte/login/?next=/tableau-de-bord/")
    assert not client.session.exists(cle)
