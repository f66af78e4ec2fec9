"""Letters that came back: from a real mail server's envelope to a maildir, an IMAP folder or a signed announcement."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from mailbox import Maildir
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.actions import Constat, constater
from rebond.socle.courriers.retours.boites import BoiteIllisible, ouvrir
from rebond.socle.courriers.retours.lecture import lire
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import Genre, Source, genre_de, raison
from rebond.socle.courriers.retours.requetes import injoignables, non_arrivees
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.tasks import relever_les_retours
from tests import fabriques as f
from tests.outils.smtp import ServeurSmtp
from tests.socle.courriers.imap import BoiteImap
from tests.socle.courriers.rapports import absence, rapport, transmis

pytestmark = pytest.mark.django_db


def une_lettre(cle: str = "a", adresse: str = "maire@example.fr", *, partie: bool = True, **champs) -> Courrier:
    champs |= {"envoye_le": horloge_base()} if partie else {}
    courrier = Courrier.objects.create(cle=cle, destinataire=adresse, objet="Objet", texte="Bonjour", **champs)
    courrier.refresh_from_db()
    return courrier


def retour_a(courrier: Courrier) -> str:
    return f"retours+{courrier.jeton.hex}@rebond.example"


def constats() -> list[tuple[str, str, str, str]]:
    return [(r.courrier.cle, r.genre, r.statut, r.source) for r in Retour.objects.select_related("courrier")]


@pytest.fixture
def boite(settings, tmp_path) -> Path:
    racine = tmp_path / "retours"
    Maildir(racine, create=True)
    settings.RETOURS_BOITE = f"maildir://{racine}"
    return racine


def deposer(racine: Path, octets: bytes) -> None:
    Maildir(racine, create=False).add(message_from_bytes(octets))


@pytest.fixture
def serveur(settings) -> Iterator[ServeurSmtp]:
    serveur = ServeurSmtp()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", serveur.port, 5
    serveur.demarrer()
    yield serveur
    serveur.arreter()


class TestEnveloppe:
    def test_chaque_lettre_part_d_une_adresse_a_elle_que_personne_ne_devine(self, serveur, settings, boite):
        settings.RETOURS_ADRESSE = "retours@rebond.example"
        une, autre = une_lettre("a", partie=False), une_lettre("b", partie=False)
        courriers.envoyer_en_attente(maintenant=horloge_base())
        assert {lettre["X-MailFrom"] for lettre in serveur.lettres} == {retour_a(une), retour_a(autre)}
        assert {lettre["From"] for lettre in serveur.lettres} == {settings.DEFAULT_FROM_EMAIL}
        assert {lettre["Auto-Submitted"] for lettre in serveur.lettres} == {"auto-generated"}
        # The whole way: what the server's own report quotes is enough to find the letter again.
        deposer(boite, rapport(serveur.lettres[0]["X-MailFrom"]))
        assert relever_les_retours() == 1
        assert [cle for cle, *_ in constats()] == ["a"]

    def test_sans_reglage_l_expediteur_est_celui_que_l_on_lit(self, serveur, settings):
        une_lettre(partie=False)
        courriers.envoyer_en_attente(maintenant=horloge_base())
        assert serveur.lettres[0]["X-MailFrom"] == "ne-pas-repondre@localhost"

    def test_le_refus_du_serveur_d_envoi_est_un_retour(self, serveur):
        une_lettre("inconnu", partie=False)
        serveur.refus_destinataire = lambda _adresse: "550 5.1.1 Adresse inconnue"
        courriers.envoyer_en_attente(maintenant=horloge_base())
        assert constats() == [("inconnu", Genre.ADRESSE, "5.1.1", Source.SMTP)]
        assert non_arrivees(["inconnu"])["inconnu"].raison == "l’adresse n’existe pas"
        # Sent again, it leaves: the return is of the first time.
        serveur.refus_destinataire = lambda _adresse: None
        courriers.renvoyer_abandonnes(maintenant=horloge_base())
        assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 1
        assert non_arrivees(["inconnu"]) == {}


class TestLecture:
    @pytest.mark.parametrize(
        ("action", "statut", "genre"),
        [
            ("failed", "5.1.1", Genre.ADRESSE),
            ("Failed", "5.2.2", Genre.ADRESSE),
            ("failed", "", Genre.ADRESSE),
            ("failed", "5.7.1", Genre.REFUS),
            ("failed", "5.3.4", Genre.REFUS),
            ("failed", "4.4.7", Genre.PERDU),
            ("delayed", "4.4.1", Genre.RETARD),
            ("delivered", "2.1.5", None),
            ("relayed", "", None),
            ("", "5.1.1", None),
        ],
    )
    def test_ce_qu_un_rapport_veut_dire(self, action, statut, genre):
        assert genre_de(action, statut) == genre

    def test_la_raison_se_dit_en_francais(self):
        assert [raison(Genre.ADRESSE, statut) for statut in ("5.1.1", "5.2.2", "5.4.4", "5.9.9", "")] == [
            "l’adresse n’existe pas",
            "la boîte aux lettres est pleine",
            "ce qui suit «\u00a0@\u00a0» dans l’adresse n’existe pas",
            "l’adresse ne reçoit pas d’e-mail",
            "l’adresse ne reçoit pas d’e-mail",
        ]
        # A status that waits is never told as one of the address.
        assert raison(Genre.PERDU, "4.1.1") == "le serveur du destinataire n’a pas répondu"

    def test_la_lettre_se_reconnait_a_l_adresse_de_retour_ou_a_son_nom(self):
        jeton = une_lettre().jeton
        attendu = Constat(jeton=jeton, genre=Genre.ADRESSE, statut="5.1.1")
        assert lire(rapport(f"retours+{jeton.hex}@rebond.example")) == attendu
        assert lire(rapport("retours@rebond.example", message_id=f"<{jeton.hex}@rebond>")) == attendu
        assert (
            lire(
                rapport("retours@rebond.example", message_id=f"<{jeton.hex}@rebond>")
                .upper()
                .replace(b"MULTIPART/REPORT", b"multipart/report")
                .replace(b"REPORT-TYPE", b"report-type")
            )
            == attendu
        )

    def test_une_reponse_automatique_un_message_et_du_bruit_ne_disent_rien(self):
        jeton = une_lettre().jeton.hex
        a = f"retours+{jeton}@rebond.example"
        assert [
            lire(octets)
            for octets in (
                absence(a, f"<{jeton}@rebond>"),
                rapport(a, action="delivered", statut="2.0.0"),
                rapport("maire@example.fr"),
                # A report that somebody passes on.
                transmis(a, rapport(a)),
                b"",
                b"\xff\xfe\x00" * 100,
                rapport(a)[:400],
            )
        ] == [None] * 7

    def test_qui_connait_l_adresse_ne_fait_pas_revenir_la_lettre(self, boite):
        """The address, the key, the number of the row: none of it is the token."""
        courrier = une_lettre()
        for nom in (str(courrier.pk), courrier.cle, "0" * 32, courrier.destinataire):
            deposer(boite, rapport(f"retours+{nom}@rebond.example", message_id=f"<{nom}@rebond>"))
        assert relever_les_retours() == 0
        assert constats() == []


class TestReleve:
    def test_une_boite_maildir_se_lit_une_fois(self, boite):
        courrier = une_lettre()
        deposer(boite, absence(retour_a(courrier)))
        deposer(boite, rapport(retour_a(courrier)))
        deposer(boite, rapport(retour_a(courrier), action="delayed", statut="4.4.1"))
        assert (relever_les_retours(), relever_les_retours()) == (2, 0)
        assert sorted(constats()) == [
            ("a", Genre.ADRESSE, "5.1.1", Source.BOITE),
            ("a", Genre.RETARD, "4.4.1", Source.BOITE),
        ]
        assert [message.get_flags() for message in Maildir(boite, create=False)] == ["S", "S", "S"]

    def test_le_meme_rapport_relu_apres_une_coupure_compte_une_fois(self, boite):
        courrier = une_lettre()
        for _ in range(2):
            deposer(boite, rapport(retour_a(courrier)))
        assert relever_les_retours() == 2
        assert len(constats()) == 1

    def test_un_dossier_imap_se_lit_et_se_marque(self, settings):
        courrier = une_lettre()
        serveur = BoiteImap(absence(retour_a(courrier)), rapport(retour_a(courrier)))
        settings.RETOURS_BOITE = f"imap://retours:secret%2Fa%20lire@127.0.0.1:{serveur.port}/INBOX"
        try:
            assert (relever_les_retours(), relever_les_retours()) == (1, 0)
            assert (constats(), serveur.non_lus) == ([("a", Genre.ADRESSE, "5.1.1", Source.BOITE)], [])
            settings.RETOURS_BOITE = settings.RETOURS_BOITE.replace("secret", "faux")
            assert relever_les_retours() == 0
            assert serveur.lectures == 2
        finally:
            serveur.arreter()
        assert relever_les_retours() == 0

    def test_sans_boite_rien_ne_se_lit_et_ailleurs_rien_en_clair(self, settings):
        assert (settings.RETOURS_BOITE, relever_les_retours()) == ("", 0)
        for adresse in (
            "imap://a:secret@imap.example.fr/INBOX",
            "https://a:secret@example.fr",
            "maildir:///nulle/part",
        ):
            with pytest.raises(BoiteIllisible) as refus, ouvrir(adresse) as recus:
                list(recus)
            assert "secret" not in str(refus.value)


class TestBase:
    def test_un_retour_ne_change_ni_ne_s_efface_et_n_est_que_d_une_lettre_partie(self):
        courrier = une_lettre()
        retour = constater(Constat(courrier.jeton, Genre.ADRESSE, "5.1.1"), Source.BOITE)
        assert retour is not None
        for sql in ("UPDATE socle_retour SET statut = ''", "DELETE FROM socle_retour"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)
        attente = une_lettre("b", partie=False)
        assert constater(Constat(attente.jeton, Genre.ADRESSE, "5.1.1"), Source.BOITE) is None
        with pytest.raises(IntegrityError, match="n'est pas partie"), f.dans_un_point_de_reprise():
            Retour.objects.create(courrier=attente, genre=Genre.PERDU, source=Source.BOITE, parti_le=horloge_base())

    @pytest.mark.parametrize(
        "champs",
        [
            {"destinataire": "autre@example.fr"},
            {"objet": "Un autre objet"},
            {"texte": "Un autre texte"},
            {"texte": ""},
            {"cle": "b"},
            {"sorte": "rappels"},
            {"envoye_le": None},
            {"cree_le": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
        ],
    )
    def test_une_lettre_ne_change_pas(self, champs):
        courrier = une_lettre()
        with pytest.raises(IntegrityError, match="une lettre ne change pas"), f.dans_un_point_de_reprise():
            Courrier.objects.filter(pk=courrier.pk).update(**champs)

    def test_une_lettre_partie_ne_s_efface_pas(self):
        courrier = une_lettre()
        with pytest.raises(ProgrammingError, match="Cannot delete"), f.dans_un_point_de_reprise():
            courrier.delete()
        une_lettre("b", partie=False).delete()


class TestAdresses:
    def test_une_adresse_est_injoignable_jusqu_a_une_lettre_arrivee(self):
        maintenant = horloge_base()
        perdue = une_lettre("a", envoye_le=maintenant - timedelta(days=10), partie=False)
        une_lettre("avant", "Maire@example.fr", envoye_le=maintenant - timedelta(days=20), partie=False)
        assert injoignables(["MAIRE@example.fr"], maintenant) == {}
        constater(Constat(perdue.jeton, Genre.ADRESSE, "5.1.1"), Source.BOITE)
        assert list(injoignables(["MAIRE@example.fr", "autre@example.fr"], maintenant)) == ["maire@example.fr"]
        # A later one tells nothing yet: its report may still come.
        une_lettre("hier", "Maire@example.fr", envoye_le=maintenant - timedelta(days=1), partie=False)
        assert list(injoignables(["maire@example.fr"], maintenant)) == ["maire@example.fr"]
        assert injoignables(["maire@example.fr"], maintenant + timedelta(days=3)) == {}

    @pytest.mark.parametrize(("genre", "statut"), [(Genre.REFUS, "5.7.1"), (Genre.PERDU, "4.4.7"), (Genre.RETARD, "")])
    def test_une_lettre_refusee_pour_elle_meme_ne_dit_rien_de_l_adresse(self, genre, statut):
        constater(Constat(une_lettre().jeton, genre, statut), Source.BOITE)
        assert injoignables(["maire@example.fr"], horloge_base()) == {}


@pytest.mark.concurrence
@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_a_la_fois_comptent_une_fois(boite):
    """Two rounds at once, on two connections, without the lock that keeps them apart."""
    from rebond.socle.courriers.retours.releve import relever

    for rang in range(20):
        deposer(boite, rapport(retour_a(une_lettre(f"lettre-{rang}"))))
    ensemble = threading.Barrier(2)

    def relever_a_deux() -> None:
        ensemble.wait()
        relever()
        connection.close()

    fils = [threading.Thread(target=relever_a_deux) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(cle for cle, *_ in constats()) == sorted(f"lettre-{rang}" for rang in range(20))
