"""A person whose account is closed is named nowhere but in what proves."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.liens.actions import envoyer_lien_a_un_membre
from candidatures.models import DemandeDEpci, Invitation, Lien, Message, Participation
from rebond.comptes.gestion.actions import desactiver, fermer_le_sien, reactiver
from rebond.comptes.seances.models import Appareil
from rebond.donnees.anonymisation.actions import anonymiser
from rebond.donnees.anonymisation.regles import ADMINISTRATEUR_SEUL, COURRIEL, DEJA, OUVERT, PORTEUR, ROLE, SOI_MEME
from rebond.donnees.anonymisation.requetes import fermes_depuis_longtemps
from rebond.donnees.conservation.actions import appliquer
from rebond.donnees.conservation.regles import REGLES
from rebond.donnees.durees import COMPTES_FERMES
from rebond.donnees.tasks import appliquer_les_durees
from rebond.socle.courriers.envoi import envoyer_en_attente
from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
NOM, PRENOM, ADRESSE = "Desmoulins", "Zéphyrine", "zephyrine.desmoulins@mairie.example"
#: What proves keeps the name that it bears (RGPD, article 17.3.b and d): the register says so of each.
PREUVES = {"socle.EntreeJournal", "socle.Acces"}


@pytest.fixture
def zephyrine() -> Utilisateur:
    return f.un_utilisateur(ADRESSE, prenom=PRENOM, nom=NOM)


def fermer(personne: Utilisateur) -> None:
    fermer_le_sien(utilisateur=personne, maintenant=horloge_base())
    envoyer_en_attente(maintenant=horloge_base())
    personne.refresh_from_db()


def rendre_anonyme(personne: Utilisateur, acteur: Utilisateur | None = None) -> None:
    anonymiser(personne=personne, acteur=acteur, motif="Demande du 3 mars", maintenant=horloge_base())
    personne.refresh_from_db()


def lignes_qui_la_nomment() -> dict[str, int]:
    """By table, how many rows of the whole database hold one of her names, in whatever column."""
    trouvees = {}
    for modele in apps.get_models(include_auto_created=True):
        table = connection.ops.quote_name(modele._meta.db_table)
        with connection.cursor() as curseur:
            curseur.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY (ARRAY[%s, %s, %s])",
                [f"%{NOM}%", f"%{PRENOM}%", f"%{ADRESSE}%"],
            )
            if nombre := curseur.fetchone()[0]:
                trouvees[modele._meta.label] = nombre
    return trouvees


def vivre(personne: Utilisateur) -> Any:
    """Something of each kind that names her."""
    maintenant = horloge_base()
    dossier = f.une_candidature()
    Participation.objects.create(candidature=dossier, utilisateur=personne, qualite="lecteur")
    invitation = {
        "candidature": dossier,
        "qualite": "lecteur",
        "faite_par": f.porteur_de(dossier),
        "faite_le": maintenant - timedelta(days=1),
        "expire_le": maintenant + timedelta(days=1),
    }
    Invitation.objects.create(
        email=ADRESSE.upper(), empreinte="a", acceptee_le=maintenant, acceptee_par=personne, **invitation
    )
    Invitation.objects.create(email="ancienne@mairie.example", empreinte="b", **invitation)
    EmailAddress.objects.create(user=personne, email="ancienne@mairie.example", verified=True)
    Authenticator.objects.create(user=personne, type="totp", data={"secret": NOM})
    SocialAccount.objects.create(user=personne, provider="proconnect", uid="1", extra_data={"usual_name": NOM})
    Appareil.objects.create(utilisateur=personne, empreinte="c", nom=f"Téléphone de {PRENOM}")
    for cle, adresse in (("a", ADRESSE), ("b", "Ancienne@mairie.example")):
        Courrier.objects.create(
            cle=cle, destinataire=adresse, objet=f"Bonjour {PRENOM}", texte=NOM, envoye_le=maintenant
        )
    Message.objects.create(candidature=dossier, auteur=personne, texte="Bonjour")
    DemandeDEpci.objects.create(
        situation="autre",
        collectivite="CC des Deux Caps",
        nom=f"{PRENOM} {NOM}",
        email="Ancienne@mairie.example",
        telephone="03 21 00 00 00",
        message=f"Merci, {NOM}",
    )
    PreferenceDeLettres.objects.create(utilisateur=personne, sorte="rappels", rythme="aucun")
    envoyer_lien_a_un_membre(
        candidature=dossier,
        membre=dossier.membres.get(),
        genre=GenreDeLien.PIECE,
        email="Ancienne@mairie.example",
        auteur=f.porteur_de(dossier),
        maintenant=maintenant,
    )
    Courrier.objects.filter(cle__startswith="lien-").update(envoye_le=maintenant, scelle="")
    return dossier


class TestCeQuiPart:
    def test_son_nom_n_est_plus_que_dans_ce_qui_prouve(self, zephyrine: Utilisateur) -> None:
        dossier = vivre(zephyrine)
        assert set(lignes_qui_la_nomment()) - PREUVES >= {
            "socle.Utilisateur", "socle.Courrier", "candidatures.Invitation", "account.EmailAddress",
            "mfa.Authenticator", "candidatures.DemandeDEpci", "socialaccount.SocialAccount", "seances.Appareil",
        }  # fmt: skip
        fermer(zephyrine)
        journal = EntreeJournal.objects.count()
        rendre_anonyme(zephyrine)
        # A letter to somebody else that names her is that person's, until its own time passes.
        assert set(lignes_qui_la_nomment()) - {"socle.Courrier"} <= PREUVES
        nommee = Courrier.objects.filter(texte__contains=NOM)
        assert [courrier.destinataire for courrier in nommee] == [f.porteur_de(dossier).email]
        assert zephyrine.email == f"anonyme-{zephyrine.pk}"
        assert str(zephyrine) == f"Personne anonyme n°\u00a0{zephyrine.pk}"
        assert (zephyrine.is_active, zephyrine.has_usable_password(), zephyrine.last_login) == (False, False, None)
        assert not EmailAddress.objects.filter(user=zephyrine).exists()
        assert not Invitation.objects.exists()
        assert not PreferenceDeLettres.objects.exists()
        demande = DemandeDEpci.objects.get()
        assert (demande.collectivite, demande.telephone, demande.message) == ("CC des Deux Caps", "", "")
        [lien] = Lien.objects.all()
        assert (lien.email, lien.revoque_le is not None, lien.nom != "") == ("", True, True)
        [entree] = EntreeJournal.objects.filter(acte="compte rendu anonyme")
        assert (entree.objet, entree.details) == (str(zephyrine), {"motif": "Demande du 3 mars"})
        assert EntreeJournal.objects.count() == journal + 1

    def test_ce_qu_elle_a_ecrit_reste_sous_un_numero(self, zephyrine: Utilisateur) -> None:
        dossier = vivre(zephyrine)
        fermer(zephyrine)
        rendre_anonyme(zephyrine)
        assert str(Message.objects.get(candidature=dossier).auteur) == f"Personne anonyme n°\u00a0{zephyrine.pk}"

    def test_les_actes_du_journal_gardent_son_nom_et_se_verifient(self, zephyrine: Utilisateur) -> None:
        EntreeJournal.objects.create(acte="essai", acteur_id_copie=zephyrine.pk, objet_type="x", objet_id="1")
        fermer(zephyrine)
        avant = list(EntreeJournal.objects.order_by("pk").values_list("pk", "acteur", "objet"))
        rendre_anonyme(zephyrine)
        assert list(EntreeJournal.objects.order_by("pk").values_list("pk", "acteur", "objet"))[: len(avant)] == avant
        assert any(f"{PRENOM} {NOM}" == acteur for _, acteur, _ in avant)

    def test_une_lettre_qui_lui_serait_encore_ecrite_ne_part_pas_et_ne_sonne_pas(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        rendre_anonyme(zephyrine)
        Courrier.objects.create(cle="apres", destinataire=zephyrine.email, objet="Résultat", texte="Bonjour")
        assert envoyer_en_attente(maintenant=horloge_base()) == 0
        tue = Courrier.objects.get(cle="apres")
        assert (tue.destinataire, tue.texte, tue.envoye_le) == ("", "", None)
        assert not Courrier.objects.abandonnes().exists()


class TestCeQuiEmpeche:
    def test_un_compte_ouvert(self, zephyrine: Utilisateur) -> None:
        with pytest.raises(RegleEnfreinte, match=OUVERT):
            rendre_anonyme(zephyrine)

    def test_un_role_tenu_ou_en_attente(self) -> None:
        agent, administrateur = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.ADMINISTRATEUR)
        desactiver(utilisateur=agent, acteur=administrateur, motif="Départ", maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match=ROLE):
            rendre_anonyme(agent)

    def test_un_dossier_porte(self, zephyrine: Utilisateur) -> None:
        f.une_candidature(porteur=zephyrine)
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        desactiver(utilisateur=zephyrine, acteur=administrateur, motif="Départ", maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match=PORTEUR):
            rendre_anonyme(zephyrine)

    def test_un_courriel_qui_attend(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        Courrier.objects.create(
            cle="embargo", destinataire=ADRESSE, objet="x", prochain_essai=horloge_base() + timedelta(days=1)
        )
        with pytest.raises(RegleEnfreinte, match=COURRIEL):
            rendre_anonyme(zephyrine)

    def test_deux_fois(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        rendre_anonyme(zephyrine)
        with pytest.raises(RegleEnfreinte, match=DEJA):
            rendre_anonyme(zephyrine)

    def test_soi_meme_ou_sans_etre_administrateur(self, zephyrine: Utilisateur) -> None:
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        with pytest.raises(RegleEnfreinte, match=SOI_MEME):
            rendre_anonyme(administrateur, administrateur)
        fermer(zephyrine)
        with pytest.raises(RegleEnfreinte, match=ADMINISTRATEUR_SEUL):
            rendre_anonyme(zephyrine, f.un_agent(Role.AUDITEUR))

    def test_un_compte_anonyme_ne_se_rouvre_pas(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        rendre_anonyme(zephyrine)
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        with pytest.raises(RegleEnfreinte, match="Un compte anonyme ne s’ouvre plus"):
            reactiver(utilisateur=zephyrine, acteur=administrateur, motif="x", maintenant=horloge_base())
        with pytest.raises(IntegrityError, match="utilisateur_anonyme_reste_ferme"), transaction.atomic():
            Utilisateur.objects.filter(pk=zephyrine.pk).update(is_active=True)


class TestQuand:
    def test_un_an_apres_la_fermeture_et_jamais_d_office(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        apres = horloge_base() + COMPTES_FERMES
        assert not fermes_depuis_longtemps(apres - timedelta(minutes=5)).exists()
        assert list(fermes_depuis_longtemps(apres + timedelta(minutes=5))) == [zephyrine]
        regles = [regle for regle in REGLES if regle.cle == "comptes_fermes"]
        assert [regle.d_office for regle in regles] == [False]
        appliquer_les_durees()
        zephyrine.refresh_from_db()
        assert not zephyrine.est_anonyme
        assert appliquer(maintenant=apres + timedelta(minutes=5), regles=regles) == {"comptes_fermes": 1}
        zephyrine.refresh_from_db()
        assert zephyrine.est_anonyme
        assert appliquer(maintenant=apres + timedelta(minutes=5), regles=regles) == {"comptes_fermes": 0}

    def test_un_compte_desactive_ou_rouvert_attend_qu_on_le_demande(self, zephyrine: Utilisateur) -> None:
        administrateur = f.un_agent(Role.ADMINISTRATEUR)
        autre = f.un_utilisateur()
        desactiver(utilisateur=autre, acteur=administrateur, motif="Départ", maintenant=horloge_base())
        fermer(zephyrine)
        reactiver(utilisateur=zephyrine, acteur=administrateur, motif="Erreur", maintenant=horloge_base())
        assert not fermes_depuis_longtemps(horloge_base() + 2 * COMPTES_FERMES).exists()


class TestPage:
    def test_un_administrateur_le_fait_et_le_compte_le_dit(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        client = Client()
        client.force_login(f.un_agent(Role.ADMINISTRATEUR))
        adresse = f"/administration/anonymes/{zephyrine.pk}/"
        assert adresse in client.get(f"/administration/comptes/{zephyrine.pk}/").content.decode()
        assert "RGPD, article 17.3.b et d" in client.get(adresse).content.decode()
        reponse = client.post(adresse, {"motif": "Demande du 3 mars"}, follow=True).content.decode()
        assert "Ce compte ne nomme plus personne." in reponse
        assert "Compte anonyme" in reponse
        assert "Préparer ses données" not in reponse
        assert NOM not in reponse
        assert client.get(adresse).status_code == 409

    def test_le_reste_du_monde_n_a_pas_la_page(self, zephyrine: Utilisateur) -> None:
        fermer(zephyrine)
        for autre in (f.un_agent(Role.AUDITEUR), f.un_utilisateur()):
            client = Client()
            client.force_login(autre)
            assert client.get(f"/administration/anonymes/{zephyrine.pk}/").status_code == 404
