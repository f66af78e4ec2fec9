"""One person's data, given to that person: whole, in an open format, and nothing of anybody else."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.actions.invitations import inviter
from candidatures.instruction.echanges.models import Message
from candidatures.instruction.saisine.models import AvisRendu, BrouillonDAvis
from candidatures.models import DeclarationInteret, Participation
from rebond.comptes.gestion.actions import fermer_le_sien
from rebond.donnees.export import actions
from rebond.donnees.export.archive import JSON, PAGE, RUBRIQUES, donnees_de
from rebond.donnees.export.models import ESSAIS_MAX, ExportDeDonnees
from rebond.donnees.export.rubrique import Sujet
from rebond.donnees.tasks import preparer_les_exports
from rebond.socle.courriers.envoi import envoyer_en_attente
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_saisine
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille() -> Utilisateur:
    return f.un_utilisateur("camille@exemple.fr", prenom="Camille", nom="Roux")


def connecter(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def contenu(octets: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        assert archive.namelist() == [PAGE, JSON]
        lues: dict[str, Any] = json.loads(archive.read(JSON))["donnees"]
    return lues


def recevoir(client: Client, chemin: str) -> dict[str, Any]:
    """What is downloaded there, to the end."""
    return contenu(b"".join(client.get(chemin).streaming_content))


def donnees(personne: Utilisateur) -> dict[str, list[dict[str, Any]]]:
    lues: dict[str, list[dict[str, Any]]] = donnees_de(Sujet(personne, horloge_base()))["donnees"]
    return lues


def faire(personne: Utilisateur) -> ExportDeDonnees:
    export = actions.demander(personne=personne, acteur=personne, maintenant=horloge_base())
    assert preparer_les_exports() == 1
    export.refresh_from_db()
    return export


class TestDeLaDemandeAuFichier:
    def test_demandees_preparees_annoncees_telechargees(self, camille: Utilisateur) -> None:
        client = connecter(camille)
        assert "Demander mes données" in client.get("/compte/donnees/").content.decode()
        reponse = client.post("/compte/donnees/demander/", follow=True)
        assert "Vos données sont en préparation" in reponse.content.decode()
        assert preparer_les_exports() == 1
        assert preparer_les_exports() == 0
        export = ExportDeDonnees.objects.get()
        page = client.get("/compte/donnees/").content.decode()
        assert f'href="/compte/donnees/{export.pk}/"' in page
        recu = client.get(f"/compte/donnees/{export.pk}/")
        assert recu.headers["Content-Disposition"] == 'attachment; filename="mes-donnees-rebond.zip"'
        assert recu.headers["Content-Type"] == "application/zip"
        assert recu.headers["Cache-Control"] == "private, no-store"
        lues = contenu(b"".join(recu.streaming_content))
        assert set(lues) == {rubrique.cle for rubrique in RUBRIQUES}
        [compte] = lues["compte"]
        assert (compte["prenom"], compte["nom"], compte["adresse"]) == ("Camille", "Roux", "camille@exemple.fr")
        assert lues["adresses"] == [{"adresse": "camille@exemple.fr", "verifiee": True, "principale": True}]

    def test_la_page_se_lit_et_rien_de_ce_qui_est_tape_n_y_est_du_html(self, camille: Utilisateur) -> None:
        camille.nom = "<script>alert(1)</script>"
        camille.save()
        export = faire(camille)
        assert export.document
        with zipfile.ZipFile(BytesIO(lire(export.document))) as archive:
            page = archive.read(PAGE).decode()
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        for rubrique in RUBRIQUES:
            assert rubrique.titre in page

    def test_le_journal_dit_qui_a_demande_sans_dire_quoi(self, camille: Utilisateur) -> None:
        export = faire(camille)
        lues = EntreeJournal.objects.filter(objet_type="donnees.exportdedonnees").order_by("pk")
        assert [(e.acte, e.acteur, e.objet) for e in lues] == [
            ("export de données demandé", "Camille Roux", f"Export n° {export.pk}"),
            ("export de données prêt", "Portail", f"Export n° {export.pk}"),
        ]

    def test_telecharger_est_un_acces_consigne(self, camille: Utilisateur) -> None:
        export = faire(camille)
        recevoir(connecter(camille), f"/compte/donnees/{export.pk}/")
        assert Acces.objects.filter(objet="mes-donnees-rebond.zip", personne_id_copie=camille.pk).count() == 1

    def test_une_a_la_fois_puis_une_par_jour(self, camille: Utilisateur) -> None:
        maintenant = horloge_base()
        actions.demander(personne=camille, acteur=camille, maintenant=maintenant)
        with pytest.raises(RegleEnfreinte, match="en préparation"):
            actions.demander(personne=camille, acteur=camille, maintenant=maintenant)
        preparer_les_exports()
        with pytest.raises(RegleEnfreinte, match="il y a moins de 24 heures"):
            actions.demander(personne=camille, acteur=camille, maintenant=horloge_base())
        actions.demander(personne=camille, acteur=camille, maintenant=horloge_base() + timedelta(hours=25))

    def test_la_base_n_en_laisse_pas_deux_en_preparation(self, camille: Utilisateur) -> None:
        ExportDeDonnees.objects.create(personne=camille, demande_par=camille)
        with pytest.raises(IntegrityError, match="export_un_seul_en_preparation"):
            ExportDeDonnees.objects.create(personne=camille, demande_par=camille)

    def test_sans_adresse_prouvee_rien_ne_part(self, camille: Utilisateur) -> None:
        EmailAddress.objects.update(verified=False)
        with pytest.raises(RegleEnfreinte, match="n’est pas vérifiée"):
            actions.demander(personne=camille, acteur=camille, maintenant=horloge_base())

    def test_ce_qui_echoue_n_arrete_pas_les_autres_et_finit_par_se_dire(
        self, camille: Utilisateur, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.demander(personne=camille, acteur=camille, maintenant=horloge_base())
        autre = f.un_utilisateur()
        actions.demander(personne=autre, acteur=autre, maintenant=horloge_base())
        vraie = actions.archive_de

        def capricieuse(sujet: Sujet) -> bytes:
            if sujet.personne == camille:
                raise ValueError("illisible")
            return vraie(sujet)

        monkeypatch.setattr(actions, "archive_de", capricieuse)
        assert [preparer_les_exports() for _ in range(ESSAIS_MAX + 1)] == [1, *[0] * ESSAIS_MAX]
        assert ExportDeDonnees.objects.get(personne=camille).echoue_le is not None
        assert "la préparation a échoué" in connecter(camille).get("/compte/donnees/").content.decode()


class TestAQui:
    def test_celles_d_un_autre_n_existent_pas(self, camille: Utilisateur) -> None:
        export = faire(camille)
        for autre in (f.un_utilisateur(), f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.AUDITEUR)):
            assert connecter(autre).get(f"/compte/donnees/{export.pk}/").status_code == 404

    def test_passe_son_terme_elle_n_existe_plus(self, camille: Utilisateur) -> None:
        export = faire(camille)
        passe = horloge_base() - timedelta(days=8)
        ExportDeDonnees.objects.update(pret_le=passe, expire_le=passe + timedelta(days=7))
        client = connecter(camille)
        assert client.get(f"/compte/donnees/{export.pk}/").status_code == 404
        assert "archive effacée le" in client.get("/compte/donnees/").content.decode()

    def test_un_administrateur_la_fait_preparer_et_ne_la_recoit_pas(self, camille: Utilisateur) -> None:
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        client = connecter(administrateur)
        adresse = f"/administration/donnees/{camille.pk}/"
        assert "Un point est à corriger" in client.post(adresse, {"motif": ""}).content.decode()
        assert not ExportDeDonnees.objects.exists()
        client.post(adresse, {"motif": "Lettre du 3 mars, pièce d’identité vue"})
        preparer_les_exports()
        export = ExportDeDonnees.objects.get()
        assert (export.personne, export.demande_par) == (camille, administrateur)
        assert Courrier.objects.get(cle=f"export-{export.pk}").destinataire == "camille@exemple.fr"
        assert client.get(f"/compte/donnees/{export.pk}/").status_code == 404
        assert recevoir(connecter(camille), f"/compte/donnees/{export.pk}/")["compte"][0]["prenom"] == "Camille"

    def test_pour_autrui_il_faut_une_raison_dans_la_base_aussi(self, camille: Utilisateur) -> None:
        autre = f.un_utilisateur()
        with pytest.raises(RegleEnfreinte, match="Dites comment"):
            actions.demander(personne=camille, acteur=autre, maintenant=horloge_base())
        with pytest.raises(IntegrityError, match="export_demande_par_soi_ou_motive"):
            ExportDeDonnees.objects.create(personne=camille, demande_par=autre)

    def test_qui_n_est_pas_administrateur_n_a_pas_la_page(self, camille: Utilisateur) -> None:
        for autre in (f.un_utilisateur(), f.un_agent(Role.AUDITEUR), f.un_agent(Role.VALIDEUR)):
            assert connecter(autre).get(f"/administration/donnees/{camille.pk}/").status_code == 404

    def test_un_compte_ferme_la_recoit_par_un_lien_que_personne_ne_lit(self, camille: Utilisateur) -> None:
        fermer_le_sien(utilisateur=camille, maintenant=horloge_base())
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        actions.demander(personne=camille, acteur=administrateur, motif="Lettre", maintenant=horloge_base())
        preparer_les_exports()
        export = ExportDeDonnees.objects.get()
        courrier = Courrier.objects.get(cle=f"export-{export.pk}")
        assert (courrier.texte, bool(courrier.scelle)) == ("", True)
        envoyer_en_attente(maintenant=horloge_base())
        [message] = [m for m in mail.outbox if m.subject == "Vos données sont prêtes"]
        lien = next(mot for mot in message.body.split() if "/compte/donnees/remise/" in mot)
        chemin = lien[lien.index("/compte/") :]
        assert recevoir(Client(), chemin)["compte"][0]["adresse"] == "camille@exemple.fr"
        assert Client().get(f"{chemin[:-2]}x/").status_code == 404
        recevoir(connecter(administrateur), chemin)
        assert Acces.objects.get(objet="mes-donnees-rebond.zip").chemin == "/compte/donnees/remise/…/"
        assert export.empreinte not in chemin
        ExportDeDonnees.objects.update(expire_le=export.pret_le + timedelta(microseconds=1))
        assert Client().get(chemin).status_code == 404

    def test_un_compte_ouvert_n_a_pas_de_lien(self, camille: Utilisateur) -> None:
        assert faire(camille).empreinte == ""
        assert Client().get("/compte/donnees/remise/x/").status_code == 404


class TestRienDAutrui:
    def test_un_courriel_qui_attend_la_fin_d_un_embargo_n_y_est_pas(self, camille: Utilisateur) -> None:
        Courrier.objects.create(cle="su", destinataire="Camille@exemple.fr", objet="Reçu", envoye_le=horloge_base())
        Courrier.objects.create(
            cle="secret",
            destinataire="camille@exemple.fr",
            objet="Vous êtes lauréat",
            prochain_essai=horloge_base() + timedelta(days=3),
        )
        Courrier.objects.create(cle="autre", destinataire="autre@exemple.fr", envoye_le=horloge_base())
        assert [courriel["objet"] for courriel in donnees(camille)["courriels"]] == ["Reçu"]

    def test_un_courriel_a_une_adresse_non_prouvee_n_y_est_pas(self, camille: Utilisateur) -> None:
        EmailAddress.objects.create(user=camille, email="maire@exemple.fr", verified=False)
        Courrier.objects.create(cle="a", destinataire="maire@exemple.fr", envoye_le=horloge_base())
        assert donnees(camille)["courriels"] == []

    def test_l_etat_d_un_dossier_ne_change_pas_un_octet(self, camille: Utilisateur) -> None:
        """Before the announcement, a decision taken leaves the export as it was."""
        dossier = f.une_candidature(porteur=camille)
        instant = horloge_base()
        avant = donnees_de(Sujet(camille, instant))
        assert avant["donnees"]["participations"][0]["dossier"] == dossier.reference
        cles = {cle for lignes in avant["donnees"].values() for ligne in lignes for cle in ligne}
        assert cles & {"decision", "sens", "etat_du_dossier", "recevable", "laureat"} == set()

    def test_les_messages_d_un_autre_et_ceux_du_service_d_un_dossier_ferme_n_y_sont_pas(
        self, camille: Utilisateur
    ) -> None:
        dossier = f.une_candidature(porteur=camille)
        autre = f.un_utilisateur()
        Message.objects.create(candidature=dossier, auteur=camille, texte="De moi")
        Message.objects.create(candidature=dossier, auteur=autre, texte="D’un autre")
        assert [m["texte"] for m in donnees(camille)["messages"]] == ["De moi"]
        agent = f.un_utilisateur()
        Message.objects.create(candidature=dossier, auteur=agent, du_service=True, texte="Note du service")
        assert [(m["dossier"], m["texte"]) for m in donnees(agent)["messages"]] == [(dossier.reference, "")]

    def test_ses_propres_avis_y_sont_toujours_en_entier(self) -> None:
        """The file does not open any more to whoever gave an avis on it; a conflict declared since changes nothing."""
        expert = f.un_utilisateur()
        dossier = f.une_candidature()
        with ignorer():
            AvisRendu.objects.create(
                saisine=une_saisine(dossier, expert),
                auteur=expert,
                sens="reserve",
                texte="Solide",
                reserves=["Le calendrier", "Le foncier"],
                rendu_le=horloge_base(),
            )
        ecrit = ("avis", "Solide\n- Le calendrier\n- Le foncier")
        assert [(e["genre"], e["texte"]) for e in donnees(expert)["instruction"]] == [ecrit]
        DeclarationInteret.objects.create(
            candidature=dossier, utilisateur=expert, motif="Un parent.", declaree_le=horloge_base()
        )
        assert [(e["genre"], e["texte"]) for e in donnees(expert)["instruction"]] == [ecrit]

    def test_ce_qui_s_ecrit_sur_un_dossier_n_est_rendu_que_s_il_s_ouvre_encore(self) -> None:
        agent, dossier = f.un_utilisateur(), f.une_candidature()
        with ignorer():
            BrouillonDAvis.objects.create(
                saisine=une_saisine(dossier, agent), ecrit_par=agent, ecrit_le=horloge_base(), texte="Pas fini"
            )
        assert [(e["genre"], e["texte"]) for e in donnees(agent)["instruction"]] == [("brouillon d’avis", "")]
        Participation.objects.create(candidature=dossier, utilisateur=agent, qualite="lecteur")
        assert [e["texte"] for e in donnees(agent)["instruction"]] == ["Pas fini"]

    def test_l_adresse_des_personnes_invitees_n_y_est_pas(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature(porteur=camille)
        inviter(
            candidature=dossier, email="zoe@exemple.fr", qualite="lecteur", auteur=camille, maintenant=horloge_base()
        )
        texte = json.dumps(donnees(camille), default=str)
        assert "zoe@exemple.fr" not in texte
        zoe = f.un_utilisateur("zoe@exemple.fr")
        [invitation] = donnees(zoe)["invitations"]
        assert (invitation["sens"], invitation["dossier"]) == ("reçue", dossier.reference)
        assert "camille" not in json.dumps(donnees(zoe), default=str).lower()

    def test_le_nom_de_ceux_que_ses_actes_concernent_n_y_est_pas(self, camille: Utilisateur) -> None:
        from rebond.comptes.gestion.actions import desactiver

        desactiver(
            utilisateur=camille, acteur=f.un_agent(Role.ADMINISTRATEUR), motif="Départ", maintenant=horloge_base()
        )
        administrateur = Utilisateur.objects.get(pk=EntreeJournal.objects.latest("pk").acteur_id_copie)
        ses_actes = donnees(administrateur)["actes"]
        assert "Camille" not in json.dumps(ses_actes, default=str)
        [vu] = [ligne for ligne in donnees(camille)["sur_le_compte"] if "ésactivé" in ligne["acte"]]
        assert set(vu) == {"instant", "acte"}

    def test_un_dossier_quitte_est_une_reference_et_une_date(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature()
        part = Participation.objects.create(candidature=dossier, utilisateur=camille, qualite="lecteur")
        part.delete()
        [ligne] = donnees(camille)["participations"]
        assert (ligne["dossier"], ligne["territoire"], ligne["qualite"]) == (dossier.reference, None, None)
        assert ligne["quitte_le"] is not None

    def test_le_nombre_de_requetes_ne_grandit_pas(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature(porteur=camille)

        def requetes() -> int:
            with CaptureQueriesContext(connection) as lues:
                donnees(camille)
            return len(lues)

        for texte in ("Un", "Deux"):
            Message.objects.create(candidature=dossier, auteur=camille, texte=texte)
        donnees(camille)
        deux = requetes()
        for texte in ("Trois", "Quatre", "Cinq"):
            Message.objects.create(candidature=dossier, auteur=camille, texte=texte)
            inviter(
                candidature=dossier,
                email=f"{texte}@exemple.fr",
                qualite="lecteur",
                auteur=camille,
                maintenant=horloge_base(),
            )
        assert requetes() == deux
