"""The journal of accesses: what it keeps, that nothing of it changes nor stays for ever, and who reads it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from candidatures.dossier.etats import Qualite
from candidatures.models import Participation
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import CONSERVATION, Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete import acces as ecriture
from rebond.socle.tasks import oublier_acces
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_saisine, une_vague_close
from tests.candidatures.pages.pages import client_de
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db
MOT_DE_PASSE = "une phrase assez longue"
VUS = ("nature", "personne", "roles", "chemin", "objet", "adresse", "navigateur")


def vus(**choix):
    return list(Acces.objects.filter(**choix).order_by("pk").values_list(*VUS))


def un_acces(**valeurs) -> Acces:
    return Acces.objects.create(**{"nature": NatureAcces.DOCUMENT, "personne": "a@exemple.fr"} | valeurs)


@pytest.fixture
def camille():
    personne = f.un_utilisateur("camille@exemple.fr")
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    return personne


class TestCeQuiEstGarde:
    def test_entrer_se_tromper_et_sortir(self, client, camille):
        depuis = {"REMOTE_ADDR": "192.0.2.7", "headers": {"user-agent": "Essai/1"}}
        client.post("/compte/login/", {"login": camille.email, "password": "faux"}, **depuis)
        client.post("/compte/login/", {"login": camille.email, "password": MOT_DE_PASSE}, **depuis)
        client.post("/compte/logout/", **depuis)
        fin = ("192.0.2.7", "Essai/1")
        assert vus() == [
            ("echec", camille.email, "", "/compte/login/", "", *fin),
            ("connexion", camille.email, "", "/compte/login/", "mot de passe", *fin),
            ("deconnexion", camille.email, "", "/compte/logout/", "", *fin),
        ]
        assert [*Acces.objects.order_by("pk").values_list("personne_id_copie", flat=True)] == [
            None,
            camille.pk,
            camille.pk,
        ]

    def test_un_code_faux(self, client, camille):
        client.post("/compte/login/code/", {"email": camille.email})
        assert mail.outbox
        client.post("/compte/login/code/confirm/", {"code": "faux"})
        assert [(nature, objet) for nature, _, _, _, objet, *_ in vus()] == [("echec", "Code refusé")]

    def test_un_document_lu_par_un_agent_dit_son_role_et_par_un_membre_du_dossier_aucun(self):
        candidature = f.une_candidature()
        piece = candidature.pieces.first() or f.une_piece(candidature)
        porteur = f.porteur_de(candidature)
        lue = client_de(porteur).get(f"/candidatures/{candidature.pk}/pieces/{piece.pk}/")
        assert b"".join(lue.streaming_content)
        (acces,) = vus()
        assert acces[:5] == (
            "document",
            porteur.email,
            "",
            f"/candidatures/{candidature.pk}/pieces/{piece.pk}/",
            piece.nom,
        )

    @pytest.mark.parametrize("format_", ["csv", "xlsx", "ods"])
    def test_un_tableau_telecharge_dit_le_role_employe(self, format_):
        agent = f.un_agent(Role.INSTRUCTEUR)
        vague = f.une_vague(cloture=horloge_base() - timedelta(days=1))
        reponse = client_de(agent).get(f"/instruction/vagues/{vague.numero}/dossiers.{format_}")
        b"".join(reponse.streaming_content)
        (acces,) = vus()
        assert acces[:3] == ("export", agent.email, Role.INSTRUCTEUR.value)
        assert acces[4] == f"vague-{vague.numero}-dossiers.{format_}"

    def test_une_page_un_refus_et_ce_qui_est_public_n_en_sont_pas(self, client):
        client.force_login(f.un_utilisateur())
        for chemin in ("/", "/nulle-part.pdf", "/calendrier.ics", "/candidatures/1/pieces/1/"):
            client.get(chemin)
        Client().get("/calendrier.ics")
        assert vus() == []


class TestEcriture:
    def test_une_panne_de_l_ecriture_ne_retient_pas_la_page(self, monkeypatch):
        administrer("ALTER TABLE socle_acces RENAME TO ailleurs")
        agent = client_de(f.un_agent(Role.INSTRUCTEUR))
        vague = f.une_vague(cloture=horloge_base() - timedelta(days=1))
        reponse = agent.get(f"/instruction/vagues/{vague.numero}/dossiers.csv")
        assert (reponse.status_code, b"".join(reponse.streaming_content)[:3]) == (200, b"\xef\xbb\xbf")

    @pytest.mark.parametrize("ordre", ["UPDATE socle_acces SET personne = 'x'", "DELETE FROM socle_acces"])
    def test_rien_ne_se_change_ni_ne_s_efface_avant_son_temps(self, ordre):
        un_acces()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as sql:
            sql.execute(ordre)
        assert Acces.objects.get().personne == "a@exemple.fr"

    def test_le_balai_n_emporte_que_ce_qui_a_fait_son_temps(self, monkeypatch):
        maintenant = horloge_base()
        vieux = [un_acces(instant=maintenant - CONSERVATION - timedelta(minutes=n)) for n in (1, 2, 3)]
        garde = un_acces(instant=maintenant - CONSERVATION + timedelta(minutes=1))
        monkeypatch.setattr(ecriture, "LOT", 2)
        assert [oublier_acces(), oublier_acces(), oublier_acces()] == [2, len(vieux) - 2, 0]
        assert list(Acces.objects.all()) == [garde]

    def test_le_balai_passe_de_lui_meme(self):
        from rebond.cadences import CADENCES

        assert CADENCES["acces"] == ("rebond.socle.tasks.oublier_acces", 3600)


class TestLecture:
    def test_l_administrateur_et_l_auditeur_seuls_le_lisent(self):
        for role in Role:
            attendu = 200 if role in {Role.ADMINISTRATEUR, Role.AUDITEUR} else 404
            lecteur = client_de(f.un_agent(role))
            assert [lecteur.get(f"/journal/acces{fin}").status_code for fin in ("/", ".csv")] == [attendu] * 2, role

    def test_on_y_cherche_par_personne_objet_nature_adresse_et_jours(self):
        maintenant = horloge_base()
        un_acces(personne="b@exemple.fr", objet="étude.pdf", adresse="192.0.2.7")
        un_acces(personne="c@exemple.fr", nature=NatureAcces.ECHEC, instant=maintenant - timedelta(days=40))
        auditeur = client_de(f.un_agent(Role.AUDITEUR))
        ancien = (maintenant - timedelta(days=30)).date().isoformat()
        trouves = {
            demande: {nom for nom in ("b@exemple.fr", "c@exemple.fr") if nom in auditeur.get(demande).text}
            for demande in (
                "/journal/acces/?personne=b%40",
                "/journal/acces/?objet=etude",
                "/journal/acces/?nature=echec",
                "/journal/acces/?adresse=192.0.2",
                f"/journal/acces/?du={ancien}",
                f"/journal/acces/?au={ancien}",
            )
        }
        b, c = {"b@exemple.fr"}, {"c@exemple.fr"}
        assert list(trouves.values()) == [b, b, c, b, b, c]

    def test_le_lire_et_l_emporter_sont_des_acces(self):
        auditeur = f.un_agent(Role.AUDITEUR)
        client = client_de(auditeur)
        client.get("/journal/acces/?personne=b")
        b"".join(client.get("/journal/acces.csv").streaming_content)
        assert [acces[:5] for acces in vus()] == [
            ("consultation", auditeur.email, Role.AUDITEUR.value, "/journal/acces/", "personne=b"),
            ("export", auditeur.email, Role.AUDITEUR.value, "/journal/acces.csv", "acces.csv"),
        ]

    def test_qui_a_un_interet_dans_un_dossier_n_y_lit_rien_de_ce_dossier(self):
        candidature = f.une_candidature()
        autre = f.une_candidature(vague=candidature.vague)
        auditeur = f.un_agent(Role.AUDITEUR)
        Participation.objects.create(candidature=candidature, utilisateur=auditeur, qualite=Qualite.LECTEUR)
        for dossier in (candidature, autre):
            un_acces(chemin=f"/instruction/dossiers/{dossier.pk}/pieces/1/", objet=f"piece-{dossier.pk}.pdf")
        page = client_de(auditeur).get("/journal/acces/").text
        assert [f"piece-{d.pk}.pdf" in page for d in (candidature, autre)] == [False, True]

    def test_ni_de_l_avis_qui_y_est_demande(self):
        _, (sien, autre) = une_vague_close(None, None)
        auditeur = f.un_agent(Role.AUDITEUR)
        Participation.objects.create(candidature=sien, utilisateur=auditeur, qualite=Qualite.LECTEUR)
        for dossier in (sien, autre):
            saisine = une_saisine(dossier, f.un_agent(Role.EXPERT))
            un_acces(chemin=f"/instruction/avis/{saisine.pk}/fichier/", objet=f"avis-{dossier.pk}.pdf")
        page = client_de(auditeur).get("/journal/acces/").text
        assert [f"avis-{d.pk}.pdf" in page for d in (sien, autre)] == [False, True]

    def test_un_administrateur_n_apprend_pas_ce_que_la_presse_prepare(self):
        un_acces(chemin="/presse/2026-11-01/pdf/", objet="communique-sous-embargo.pdf")
        lus = [
            "communique-sous-embargo" in client_de(f.un_agent(role)).get("/journal/acces/").text
            for role in (Role.ADMINISTRATEUR, Role.AUDITEUR)
        ]
        assert lus == [False, True]
