"""Letters of comfort: what each person chose of them, how many leave for one address, the summary of the day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.courriers.natures import CONFORT, GABARITS_DE_CONFORT, Rythme, Sorte, sorte_de
from rebond.socle.courriers.redaction import Lettre, rediger_en_sql
from rebond.socle.courriers.regles import (
    CONFORT_PAR_JOUR,
    FORMULAIRES_PAR_JOUR,
    Retenue,
    au_resume,
    prochain_resume,
)
from rebond.socle.courriers.retours.actions import Constat, constater
from rebond.socle.courriers.retours.regles import Genre, Source
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.amorce.test_lettres import les_lettres
from tests.outils.lettres import SIGNATURE

pytestmark = pytest.mark.django_db

ADRESSE = "camille@example.fr"
#: What nobody may refuse, whatever is added to the register one day.
DU_DROIT = {
    "depot/accuse",
    "depot/accuse_rectificatif",
    "cloture/depose",
    "cloture/brouillon",
    "labellisation/laureate",
    "labellisation/non_retenue",
    "instruction/correction_demandee",
    "comptes/invitation",
    "comptes/rattachement_code",
    "comptes/nouvel_appareil",
    "dossier/invitation",
    "dossier/lien_d_accord",
}


def des_messages(cle: str = "m-1", adresse: str = ADRESSE) -> Courrier:
    valeurs = {"nouveaux": "1 nouveau message", "non_lus": "1 message non lu", "dossiers": []}
    return mettre_en_file(Lettre(gabarit="instruction/messages", valeurs=valeurs, cle=cle, destinataire=adresse))


def une_alarme(cle: str) -> Courrier:
    valeurs = {"objet": "Objet", "texte": "Le disque est plein.", "sonnee_le": "1er mars"}
    return mettre_en_file(Lettre(gabarit="surveillance/alarme", valeurs=valeurs, cle=cle, destinataire=ADRESSE))


def choisir(rythme: Rythme, sorte: Sorte = Sorte.MESSAGES) -> None:
    camille = f.un_utilisateur(ADRESSE)
    PreferenceDeLettres.objects.create(utilisateur=camille, sorte=sorte, rythme=rythme)


def sort_de(cle: str) -> tuple[bool, str]:
    """Whether it left, and why it never will."""
    courrier = Courrier.objects.get(cle=cle)
    return courrier.envoye_le is not None, courrier.retenue


class TestRegistre:
    def test_chaque_lettre_de_confort_est_une_lettre_et_celles_du_droit_n_en_sont_pas(self):
        assert set(GABARITS_DE_CONFORT) <= les_lettres()
        assert {gabarit for gabarit in DU_DROIT if sorte_de(gabarit) != Sorte.LOI} == set()
        assert les_lettres() >= DU_DROIT
        assert {sorte_de(gabarit) for gabarit in les_lettres()} == {Sorte.LOI, Sorte.RESUME, *CONFORT}

    def test_postgres_n_ecrit_que_des_lettres_du_droit_et_n_en_retient_aucune(self):
        with pytest.raises(ValueError, match="instruction/messages"):
            rediger_en_sql("instruction/messages", {}, demonstration=None)  # type: ignore[arg-type]
        droit = une_alarme("a")
        with pytest.raises(IntegrityError, match="courrier_de_confort_retenu"), f.dans_un_point_de_reprise():
            Courrier.objects.filter(pk=droit.pk).update(retenu_le=horloge_base(), retenue=Retenue.REFUSEE)
        with pytest.raises(IntegrityError, match="preference_de_confort"), f.dans_un_point_de_reprise():
            choisir(Rythme.AUCUN, Sorte.LOI)


class TestChoix:
    def test_ce_qui_est_refuse_ne_part_pas_et_le_reste_part(self):
        choisir(Rythme.AUCUN)
        des_messages("m-1")
        une_alarme("droit")
        des_messages("m-2", "autre@example.fr")
        assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 2
        assert [sort_de(cle) for cle in ("m-1", "droit", "m-2")] == [(False, "refusee"), (True, ""), (True, "")]
        # Its key stays: the same one is not written again.
        assert des_messages("m-1").retenue == Retenue.REFUSEE
        assert courriers.envoyer_en_attente(maintenant=horloge_base()) == 0

    def test_le_pied_et_les_entetes_d_une_lettre_de_confort_seulement(self, settings):
        settings.ADRESSE_PUBLIQUE = "https://rebond.example"
        message_de_confort = des_messages()
        message_de_confort.refresh_from_db()
        une_alarme("droit")
        courriers.envoyer_en_attente(maintenant=horloge_base())
        confort, droit = mail.outbox
        adresse = f"https://rebond.example/lettres/{message_de_confort.jeton.hex}/"
        assert confort.extra_headers["List-Unsubscribe"] == f"<{adresse}>"
        assert confort.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert confort.body.endswith(f"{SIGNATURE}\n\nChoisir les e-mails que vous recevez\u00a0: {adresse}\n")
        assert f'href="{adresse}"' in str(confort.alternatives[0][0])
        assert "List-Unsubscribe" not in droit.extra_headers
        assert droit.body.endswith(f"{SIGNATURE}\n")

    def test_une_adresse_injoignable_ne_recoit_plus_que_le_droit(self):
        perdue = une_alarme("perdue")
        courriers.envoyer_en_attente(maintenant=horloge_base())
        perdue.refresh_from_db()
        constater(Constat(perdue.jeton, Genre.ADRESSE, "5.1.1"), Source.BOITE)
        des_messages("m-1")
        une_alarme("droit")
        courriers.envoyer_en_attente(maintenant=horloge_base())
        assert [sort_de(cle) for cle in ("m-1", "droit")] == [(False, "adresse"), (True, "")]


class TestResume:
    def test_les_lettres_du_jour_partent_ensemble_le_matin(self):
        choisir(Rythme.QUOTIDIEN)
        maintenant = horloge_base() + timedelta(seconds=1)
        for rang in (1, 2):
            des_messages(f"m-{rang}")
        assert courriers.envoyer_en_attente(maintenant=maintenant) == 0
        matin = prochain_resume(maintenant)
        assert courriers.envoyer_en_attente(maintenant=matin - timedelta(seconds=1)) == 0
        assert courriers.envoyer_en_attente(maintenant=matin) == 1
        assert [sort_de(cle) for cle in ("m-1", "m-2")] == [(False, "resumee"), (False, "resumee")]
        assert courriers.envoyer_en_attente(maintenant=matin + timedelta(days=2)) == 0

    def test_une_lettre_seule_part_telle_quelle_et_un_refus_entre_temps_compte(self):
        choisir(Rythme.QUOTIDIEN)
        maintenant = horloge_base() + timedelta(seconds=1)
        des_messages("m-1")
        courriers.envoyer_en_attente(maintenant=maintenant)
        assert courriers.envoyer_en_attente(maintenant=prochain_resume(maintenant)) == 1
        assert (sort_de("m-1"), Courrier.objects.count()) == ((True, ""), 1)
        des_messages("m-2")
        maintenant = prochain_resume(maintenant) + timedelta(hours=1)
        courriers.envoyer_en_attente(maintenant=maintenant)
        PreferenceDeLettres.objects.update(rythme=Rythme.AUCUN)
        assert courriers.envoyer_en_attente(maintenant=prochain_resume(maintenant)) == 0
        assert sort_de("m-2") == (False, "refusee")

    def test_le_resume_est_a_sept_heures_a_paris(self):
        assert [prochain_resume(datetime(2026, 7, 1, heure, tzinfo=UTC)).isoformat() for heure in (4, 5)] == [
            "2026-07-01T07:00:00+02:00",
            "2026-07-02T07:00:00+02:00",
        ]

    def test_ce_qui_y_viendrait_trop_tard_part_aussitot(self):
        maintenant = datetime(2026, 7, 1, 9, tzinfo=UTC)
        choix = {"parties": 0, "maintenant": maintenant}
        assert not au_resume(Rythme.QUOTIDIEN, utile_avant=maintenant + timedelta(hours=3), **choix)
        assert au_resume(Rythme.QUOTIDIEN, utile_avant=maintenant + timedelta(days=2), **choix)


class TestNombre:
    def test_au_dela_de_tant_dans_un_jour_le_confort_attend_le_resume_et_le_droit_jamais(self):
        for rang in range(CONFORT_PAR_JOUR + 2):
            des_messages(f"m-{rang}")
        for rang in range(3):
            une_alarme(f"droit-{rang}")
        maintenant = horloge_base() + timedelta(seconds=1)
        assert courriers.envoyer_en_attente(maintenant=maintenant) == CONFORT_PAR_JOUR + 3
        assert courriers.envoyer_en_attente(maintenant=prochain_resume(maintenant)) == 1
        assert Courrier.objects.filter(retenue=Retenue.RESUMEE).count() == 2

    def test_un_inconnu_ne_fait_pas_ecrire_sans_fin_a_une_adresse(self):
        envoyees = [
            Courrier(cle=f"attendu-{rang}", destinataire="Cible@example.fr", objet="Code", sorte=Sorte.FORMULAIRE)
            for rang in range(FORMULAIRES_PAR_JOUR)
        ]
        for courrier in envoyees:
            courrier.envoye_le = horloge_base()
        Courrier.objects.bulk_create(envoyees)
        # Asked for on the page itself: it answers as ever, and nothing leaves.
        demande = reverse("account_request_login_code")
        adresses = ("cible@example.fr", "autre@example.fr")
        reponses = [Client().post(demande, {"email": email}) for email in adresses]
        assert [reponse.status_code for reponse in reponses] == [302, 302]
        courriers.envoyer_en_attente(maintenant=horloge_base())
        assert [message.to for message in mail.outbox] == [["autre@example.fr"]]
        assert not Courrier.objects.filter(envoye_le=None).exists()


class TestPages:
    def test_on_choisit_ses_lettres_et_on_les_retrouve(self, client):
        camille = f.un_utilisateur(ADRESSE)
        client.force_login(camille)
        page = reverse("preferences_de_lettres")
        choix = {"rappels": "aucun", "nouvelles": "quotidien", "messages": "aussitot"}
        assert client.get(page).content.decode().count("checked") == len(CONFORT)
        assert client.post(page, choix).headers["Location"] == page
        assert dict(PreferenceDeLettres.objects.values_list("sorte", "rythme")) == choix
        assert client.post(page, {**choix, "rappels": "jamais plus"}).status_code == 200
        assert client.post(page, {**choix, "rappels": "quotidien"}).status_code == 302
        assert PreferenceDeLettres.objects.get(sorte="rappels").rythme == Rythme.QUOTIDIEN

    def test_le_lien_du_pied_n_arrete_rien_a_la_lecture_et_un_clic_suffit(self, client):
        camille = f.un_utilisateur(ADRESSE)
        courrier = des_messages()
        courriers.envoyer_en_attente(maintenant=horloge_base())
        courrier.refresh_from_db()
        page = reverse("refuser_des_lettres", args=[courrier.jeton.hex])
        assert client.get(page).status_code == 200
        assert not PreferenceDeLettres.objects.exists()
        # As a mail reader does (RFC 8058): no session, no page read before, twice.
        lecteur = Client(enforce_csrf_checks=True)
        corps = "List-Unsubscribe=One-Click"
        for _ in range(2):
            assert lecteur.post(page, corps, content_type="application/x-www-form-urlencoded").status_code == 200
        choisies = PreferenceDeLettres.objects.values_list("utilisateur", "sorte", "rythme")
        assert list(choisies) == [(camille.pk, "messages", "aucun")]

    def test_le_lien_d_un_resume_arrete_tout_et_une_adresse_sans_compte_repond_pareil(self, client):
        choisir(Rythme.QUOTIDIEN)
        maintenant = horloge_base() + timedelta(seconds=1)
        des_messages("m-1")
        des_messages("m-2")
        des_messages("ailleurs", "personne@example.fr")
        courriers.envoyer_en_attente(maintenant=maintenant)
        courriers.envoyer_en_attente(maintenant=prochain_resume(maintenant))
        resume, ailleurs = Courrier.objects.get(sorte=Sorte.RESUME), Courrier.objects.get(cle="ailleurs")
        reponses = [client.post(reverse("refuser_des_lettres", args=[un.jeton.hex])) for un in (resume, ailleurs)]
        assert [reponse.status_code for reponse in reponses] == [200, 200]
        assert set(PreferenceDeLettres.objects.values_list("sorte", "rythme")) == {(s.value, "aucun") for s in CONFORT}

    def test_une_lettre_du_droit_n_a_pas_de_lien_pour_l_arreter(self, client):
        f.un_utilisateur(ADRESSE)
        droit = une_alarme("droit")
        courriers.envoyer_en_attente(maintenant=horloge_base())
        droit.refresh_from_db()
        for jeton in (droit.jeton.hex, "0" * 32, "n-importe-quoi"):
            assert client.post(reverse("refuser_des_lettres", args=[jeton])).status_code == 404
        assert not PreferenceDeLettres.objects.exists()
