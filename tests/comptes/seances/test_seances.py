"""The sessions of a person: seen, ended, told of, forgotten."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from rebond.cadences import CADENCES
from rebond.comptes.seances.actions import oublier
from rebond.comptes.seances.appareils import nom_de
from rebond.comptes.seances.middleware import OUVERTE, VUE
from rebond.comptes.seances.models import Appareil
from rebond.comptes.seances.tasks import oublier_les_sessions
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

pytestmark = pytest.mark.django_db

MOT_DE_PASSE = "tulipe-canal-violon"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML) Version/18.0 Safari/604.1"


@pytest.fixture
def camille() -> Utilisateur:
    return f.un_utilisateur("camille@exemple.fr", mot_de_passe=MOT_DE_PASSE)


def entrer(personne: Utilisateur, navigateur: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": navigateur})
    client.post("/compte/login/", {"login": personne.email, "password": MOT_DE_PASSE})
    assert connecte(client)
    return client


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


def vieillir(client: Client, cle: str, duree: timedelta) -> None:
    session = client.session
    session[cle] = session[cle] - duree.total_seconds()
    session.save()


class TestListe:
    def test_chacun_voit_les_siennes_sans_adresse_ni_version(self, camille: Utilisateur) -> None:
        premiere, seconde = entrer(camille), entrer(camille, TELEPHONE)
        entrer(f.un_utilisateur("autre@exemple.fr", mot_de_passe=MOT_DE_PASSE))
        page = premiere.get("/compte/sessions/").content.decode()
        assert re.findall(r"<strong>(.+?)</strong>", page) == ["Safari sur iPhone", "Firefox sur Windows"]
        assert page.count("Celle-ci") == 1
        assert "127.0.0.1" not in page
        assert "140.0" not in page
        assert connecte(seconde)

    def test_fermer_l_une_n_y_laisse_plus_rien_faire(self, camille: Utilisateur) -> None:
        ici, ailleurs = entrer(camille), entrer(camille, TELEPHONE)
        session = UserSession.objects.get(session_key=ailleurs.session.session_key)
        ici.post(f"/compte/sessions/{session.pk}/fermer/")
        assert ailleurs.get("/candidatures/").headers["Location"].startswith("/compte/login/")
        assert ici.get("/candidatures/").status_code == 200
        entree = EntreeJournal.objects.get(acte="sessions fermées")
        assert (entree.acteur, entree.details) == ("camille@exemple.fr", {"nombre": 1})

    def test_personne_ne_ferme_celle_d_autrui(self, camille: Utilisateur) -> None:
        la_sienne = entrer(camille)
        session = UserSession.objects.get(user=camille)
        autre = entrer(f.un_utilisateur("autre@exemple.fr", mot_de_passe=MOT_DE_PASSE))
        assert autre.post(f"/compte/sessions/{session.pk}/fermer/").status_code == 404
        assert la_sienne.get("/candidatures/").status_code == 200

    def test_fermer_toutes_les_autres_garde_celle_ci(self, camille: Utilisateur) -> None:
        ici, *ailleurs = (entrer(camille) for _ in range(3))
        page = ici.post("/compte/sessions/autres/fermer/", follow=True).content.decode()
        assert "2\u00a0autres sessions fermées." in page
        assert [client.get("/candidatures/").status_code for client in (ici, *ailleurs)] == [200, 302, 302]

    def test_se_deconnecter_partout_ferme_aussi_celle_ci(self, camille: Utilisateur) -> None:
        clients = [entrer(camille), entrer(camille)]
        clients[0].post("/compte/sessions/toutes/fermer/")
        assert [client.get("/candidatures/").status_code for client in clients] == [302, 302]
        assert not UserSession.objects.filter(user=camille).exists()

    def test_lire_la_liste_n_ecrit_rien(self, camille: Utilisateur) -> None:
        """A session that ended otherwise is not shown; the sweep forgets it."""
        ici, partie = entrer(camille), entrer(camille, TELEPHONE)
        Session.objects.filter(session_key=partie.session.session_key).delete()
        page = ici.get("/compte/sessions/").content.decode()
        assert re.findall(r"<strong>(.+?)</strong>", page) == ["Firefox sur Windows"]
        assert UserSession.objects.filter(user=camille).count() == 2


class TestInactivite:
    def test_une_session_inutilisee_finit_et_le_dit(self, camille: Utilisateur, settings: Any) -> None:
        client = entrer(camille)
        vieillir(client, VUE, timedelta(minutes=settings.SESSION_INACTIVITE - 1))
        assert client.get("/candidatures/").status_code == 200
        vieillir(client, VUE, timedelta(minutes=settings.SESSION_INACTIVITE + 1))
        reponse = client.get("/candidatures/", follow=True)
        assert reponse.redirect_chain == [("/compte/login/?next=/candidatures/", 302)]
        assert "Vous avez été déconnecté après 2\u00a0heures sans activité." in reponse.content.decode()
        assert not connecte(client)

    def test_une_session_finit_apres_une_journee_meme_utilisee(self, camille: Utilisateur, settings: Any) -> None:
        client = entrer(camille)
        vieillir(client, OUVERTE, timedelta(minutes=settings.SESSION_DUREE + 1))
        page = client.get("/candidatures/", follow=True).content.decode()
        assert "par prudence, reconnectez-vous" in page

    def test_ce_qui_est_envoye_trop_tard_attend_la_connexion(self, camille: Utilisateur, settings: Any) -> None:
        candidature = f.une_candidature(porteur=camille)
        client = entrer(camille)
        vieillir(client, VUE, timedelta(minutes=settings.SESSION_INACTIVITE + 1))
        adresse = f"/candidatures/{candidature.pk}/rubriques/choc/"
        client.post(adresse, {"description": "Deux usines ferment.", "revision": "0"})
        assert not connecte(client)
        client.post("/compte/login/", {"login": camille.email, "password": MOT_DE_PASSE})
        assert "Deux usines ferment." in client.get(adresse).content.decode()

    def test_l_enregistrement_automatique_l_apprend(self, camille: Utilisateur, settings: Any) -> None:
        candidature = f.une_candidature(porteur=camille)
        client = entrer(camille)
        vieillir(client, VUE, timedelta(minutes=settings.SESSION_INACTIVITE + 1))
        reponse = client.post(f"/candidatures/{candidature.pk}/rubriques/choc/automatique/", {"revision": "0"})
        assert (reponse.status_code, reponse.json()["etat"]) == (401, "deconnecte")

    @pytest.mark.parametrize(
        ("adresse", "compte"), [("rubriques/choc/presence/", False), ("rubriques/choc/automatique/", True)]
    )
    def test_une_page_laissee_ouverte_n_est_pas_une_activite(
        self, camille: Utilisateur, adresse: str, compte: bool
    ) -> None:
        """It says every few seconds that it is there; what one types, and saves itself, counts."""
        candidature = f.une_candidature(porteur=camille)
        client = entrer(camille)
        vieillir(client, VUE, timedelta(minutes=30))
        avant = client.session[VUE]
        client.post(f"/candidatures/{candidature.pk}/{adresse}", {"revision": "0"}, headers={"Sec-Fetch-Mode": "cors"})
        assert (client.session[VUE] > avant) is compte

    def test_ce_que_demande_un_script_n_est_pas_une_activite(self, camille: Utilisateur) -> None:
        client = entrer(camille)
        vieillir(client, VUE, timedelta(minutes=30))
        avant = client.session[VUE]
        client.get("/heure/", headers={"Sec-Fetch-Mode": "cors"})
        assert client.session[VUE] == avant
        client.get("/candidatures/")
        assert client.session[VUE] > avant

    def test_la_derniere_utilisation_se_lit_dans_la_liste(self, camille: Utilisateur) -> None:
        client = entrer(camille)
        UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
        vieillir(client, VUE, timedelta(minutes=30))
        client.get("/candidatures/")
        assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)


class TestAppareils:
    def test_un_navigateur_inconnu_est_dit_par_lettre_et_le_meme_ne_l_est_plus(self, camille: Utilisateur) -> None:
        Utilisateur.objects.update(cree_le=timezone.now() - timedelta(days=9))
        camille.refresh_from_db()
        client = entrer(camille)
        assert Courrier.objects.filter(cle__startswith="appareil-").count() == 1
        client.post("/compte/logout/")
        client.post("/compte/login/", {"login": camille.email, "password": MOT_DE_PASSE})
        assert connecte(client)
        assert Courrier.objects.filter(cle__startswith="appareil-").count() == 1
        entrer(camille, TELEPHONE)
        assert Courrier.objects.filter(cle__startswith="appareil-").count() == 2
        noms = [e.details["appareil"] for e in EntreeJournal.objects.filter(acte="appareil nouveau").order_by("pk")]
        assert noms == ["Firefox sur Windows", "Safari sur iPhone"]

    def test_le_navigateur_de_l_inscription_n_etonne_personne(self, camille: Utilisateur) -> None:
        entrer(camille)
        assert Appareil.objects.get().utilisateur == camille
        assert not Courrier.objects.filter(cle__startswith="appareil-").exists()

    def test_la_marque_n_est_ni_lisible_ni_devinable_dans_la_base(self, camille: Utilisateur) -> None:
        temoin = entrer(camille).cookies["rebond_appareil"]
        assert re.fullmatch(r"[0-9a-f]{32}", temoin.value)
        assert (temoin["httponly"], temoin["samesite"], temoin["max-age"]) == (True, "Lax", 390 * 86400)
        assert temoin.value not in Appareil.objects.get().empreinte

    @pytest.mark.parametrize("marque", ["x", "0" * 31, "0" * 33, "G" * 32, "é" * 32])
    def test_une_marque_qui_n_est_pas_de_nous_est_remplacee(self, camille: Utilisateur, marque: str) -> None:
        client = Client()
        client.cookies["rebond_appareil"] = marque
        client.post("/compte/login/", {"login": camille.email, "password": MOT_DE_PASSE})
        assert re.fullmatch(r"[0-9a-f]{32}", client.cookies["rebond_appareil"].value)

    def test_une_machine_partagee_est_connue_de_chacun_a_son_tour(self, camille: Utilisateur) -> None:
        autre = f.un_utilisateur("autre@exemple.fr", mot_de_passe=MOT_DE_PASSE)
        client = entrer(camille)
        client.post("/compte/logout/")
        client.post("/compte/login/", {"login": autre.email, "password": MOT_DE_PASSE})
        premier, second = Appareil.objects.order_by("pk")
        assert (premier.utilisateur, second.utilisateur) == (camille, autre)
        assert premier.empreinte == second.empreinte

    @pytest.mark.parametrize(
        ("user_agent", "nom"),
        [
            (FIREFOX, "Firefox sur Windows"),
            (TELEPHONE, "Safari sur iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome sur Linux"),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
            ("curl/8", "Navigateur inconnu"),
            ("", "Navigateur inconnu"),
        ],
    )
    def test_un_navigateur_se_nomme_simplement(self, user_agent: str, nom: str) -> None:
        assert nom_de(user_agent) == nom


class TestOubli:
    def test_ce_qui_est_fini_s_oublie_et_le_reste_demeure(self, camille: Utilisateur) -> None:
        vivante, finie = entrer(camille), entrer(camille, TELEPHONE)
        maintenant = horloge_base()
        Session.objects.filter(session_key=finie.session.session_key).update(
            expire_date=maintenant - timedelta(seconds=1)
        )
        vieux = Appareil.objects.order_by("pk").first()
        Appareil.objects.filter(pk=vieux.pk).update(derniere_fois=maintenant - timedelta(days=391))
        assert oublier(maintenant=maintenant) == 3
        assert [s.session_key for s in Session.objects.all()] == [vivante.session.session_key]
        assert [s.session_key for s in UserSession.objects.all()] == [vivante.session.session_key]
        assert not Appareil.objects.filter(pk=vieux.pk).exists()
        assert oublier_les_sessions() == 0

    def test_le_balayage_revient_chaque_heure(self) -> None:
        assert CADENCES["sessions"] == ("rebond.comptes.seances.tasks.oublier_les_sessions", 3600)
