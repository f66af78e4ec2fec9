"""The cookie of a known browser: it opens nothing, nobody makes one, and a stolen one is worth little."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client, RequestFactory

from rebond.comptes import appareils
from rebond.comptes.appareils import COOKIE, DUREE, SEL
from rebond.socle.utilisateur import Utilisateur

pytestmark = pytest.mark.django_db
ADRESSE = "camille@exemple.fr"


@pytest.fixture
def camille() -> Utilisateur:
    return Utilisateur.objects.create_user(ADRESSE, "un-long-mot-de-passe")


def requete(valeur: str = "") -> Any:
    demande = RequestFactory().get("/")
    if valeur:
        demande.COOKIES[COOKIE] = valeur
    return demande


def pose(titulaire: Utilisateur, avant: str = "") -> str:
    """The value of the cookie that somebody gets by signing in with the cookie `avant`."""
    reponse = HttpResponse()
    appareils.reconnaitre(requete(avant), reponse, titulaire)
    return str(reponse.cookies[COOKIE].value)


def test_il_nomme_un_appareil_pour_son_compte_et_lui_seul(camille: Utilisateur) -> None:
    Utilisateur.objects.create_user("dominique@exemple.fr")
    demande = requete(pose(camille))
    assert appareils.appareil_de(demande, ADRESSE) == appareils.appareil_de(demande, "CAMILLE@exemple.fr") != ""
    assert appareils.appareil_de(demande, "dominique@exemple.fr") == ""
    assert appareils.appareil_de(demande, "personne@exemple.fr") == ""


def test_il_n_est_lu_par_aucun_script_et_dure_un_an(camille: Utilisateur, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    reponse = HttpResponse()
    appareils.reconnaitre(requete(), reponse, camille)
    biscuit = reponse.cookies[COOKIE]
    lus = {nom: biscuit[nom] for nom in ("httponly", "secure", "samesite", "max-age", "path", "domain")}
    assert lus == {"httponly": True, "secure": True, "samesite": "Lax", "max-age": DUREE, "path": "/", "domain": ""}


def test_il_ne_dit_a_personne_qui_s_est_connecte(camille: Utilisateur) -> None:
    clair = signing.b64_decode(pose(camille).split(":")[0].encode()).decode()
    assert ADRESSE not in clair
    (marque,) = appareils.marques(requete(pose(camille)))
    assert str(camille.pk) not in (marque.alea, marque.compte, marque.preuve)


@pytest.mark.parametrize("valeur", ["", "x", "a:b:c", "é" * 40, ":" * 400])
def test_un_faux_n_est_d_aucun_appareil(camille: Utilisateur, valeur: str) -> None:
    assert appareils.marques(requete(valeur)) == ()
    assert appareils.dernier_compte(requete(valeur)) == ""


def test_un_cookie_modifie_ou_signe_d_ailleurs_n_est_d_aucun_appareil(camille: Utilisateur) -> None:
    (marque,) = appareils.marques(requete(pose(camille)))
    contenu = [[marque.alea, marque.compte, marque.preuve]]
    assert appareils.marques(requete(signing.dumps(contenu, salt=SEL))) == (marque,)
    for faux in (
        pose(camille)[:-1] + "x",
        signing.dumps(contenu, salt="autre"),
        signing.dumps(contenu, salt=SEL, key="une autre clef"),
        signing.dumps([["a", "b"]], salt=SEL),
        signing.dumps(7, salt=SEL),
    ):
        assert appareils.marques(requete(faux)) == ()


def test_un_compte_ne_fait_pas_de_marque_pour_un_autre(camille: Utilisateur) -> None:
    """Somebody reads their own cookie, and writes the mark of their account under another's: it proves nothing."""
    dominique = Utilisateur.objects.create_user("dominique@exemple.fr")
    (sienne,) = appareils.marques(requete(pose(dominique)))
    (vraie,) = appareils.marques(requete(pose(camille)))
    melange = signing.dumps([[vraie.alea, vraie.compte, sienne.preuve]], salt=SEL)
    assert appareils.appareil_de(requete(melange), ADRESSE) == ""


def test_il_ne_vaut_plus_rien_apres_un_an(camille: Utilisateur, monkeypatch: pytest.MonkeyPatch) -> None:
    valeur = pose(camille)
    dans_un_an = (datetime.now(UTC) + timedelta(seconds=DUREE + 5)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: dans_un_an)
    assert appareils.marques(requete(valeur)) == ()


def test_vole_il_ne_vaut_plus_rien_des_que_le_mot_de_passe_change(camille: Utilisateur) -> None:
    vole = requete(pose(camille))
    camille.set_password("encore-un-mot-de-passe")
    camille.save()
    assert appareils.appareil_de(vole, ADRESSE) == ""


def test_vole_il_ne_partage_plus_de_compte_avec_son_navigateur_apres_une_connexion(camille: Utilisateur) -> None:
    vole = pose(camille)
    renouvele = pose(camille, vole)
    assert len(appareils.marques(requete(renouvele))) == 1
    assert appareils.appareil_de(requete(renouvele), ADRESSE) != appareils.appareil_de(requete(vole), ADRESSE)


def test_une_machine_garde_les_cinq_derniers_comptes(camille: Utilisateur) -> None:
    gens = [camille, *(Utilisateur.objects.create_user(f"agent{n}@exemple.fr") for n in range(5))]
    valeur = ""
    for titulaire in gens:
        valeur = pose(titulaire, valeur)
    connus = [bool(appareils.appareil_de(requete(valeur), titulaire.email)) for titulaire in gens]
    assert connus == [False, True, True, True, True, True]
    assert len(valeur) < 1000


def test_il_n_ouvre_rien(camille: Utilisateur) -> None:
    navigateur = Client()
    navigateur.cookies[COOKIE] = pose(camille)
    assert navigateur.get("/tableau-de-bord/").status_code == 302
    assert "sessionid" not in navigateur.cookies
