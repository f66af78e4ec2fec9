"""What the time of each kind has passed for goes, counted, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.versions import Presence
from candidatures.dossier.regles import CONSERVATION_DES_BROUILLONS
from candidatures.instruction.recherche.models import TexteDuDossier
from candidatures.models import Candidature, Vague
from rebond.donnees import durees
from rebond.donnees.conservation.actions import appliquer
from rebond.donnees.conservation.models import PassageDeConservation
from rebond.donnees.conservation.regles import REGLES
from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.tasks import appliquer_les_durees
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.envoi import renvoyer_abandonnes
from rebond.socle.courriers.models import Courrier, PieceDeCourrier
from rebond.socle.courriers.regles import COURRIEL_EFFACE
from rebond.socle.documents.references import sans_emploi
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db
INSTANT = timedelta(seconds=5)


def un_courriel(cle: str, **champs: object) -> Courrier:
    return Courrier.objects.create(
        cle=cle, destinataire="camille@exemple.fr", objet="Votre accusé", texte="Bonjour Camille", **champs
    )


def une_invitation(email: str, **champs: object) -> Invitation:
    maintenant = horloge_base()
    defauts = {"faite_le": maintenant - timedelta(days=400), "expire_le": maintenant + timedelta(days=7)}
    dossier = Invitation.objects.first().candidature if Invitation.objects.exists() else f.une_candidature()
    return Invitation.objects.create(
        candidature=dossier,
        email=email,
        qualite="lecteur",
        empreinte=email,
        faite_par=f.porteur_de(dossier),
        **{**defauts, **champs},
    )


def un_inscrit(email: str, *, age: timedelta, verifie: bool = False) -> Utilisateur:
    inscrit = Utilisateur.objects.create_user(email, cree_le=horloge_base() - age)
    EmailAddress.objects.create(user=inscrit, email=email, verified=verifie, primary=True)
    return inscrit


def vieilli(dossier: Candidature) -> Candidature:
    """As if its wave had ended more than three years ago."""
    with sans_declencheurs():
        Vague.objects.filter(pk=dossier.vague_id).update(
            ouverture=horloge_base() - timedelta(days=1300),
            cloture=horloge_base() - CONSERVATION_DES_BROUILLONS - timedelta(hours=1),
        )
    dossier.refresh_from_db()
    return dossier


def finir(cle: str) -> int:
    return appliquer(maintenant=horloge_base(), regles=[regle for regle in REGLES if regle.cle == cle])[cle]


class TestChaqueSorte:
    def test_un_courriel_parti_il_y_a_treize_mois_ne_nomme_plus_personne_et_garde_sa_cle(self) -> None:
        maintenant = horloge_base()
        ancien = un_courriel("ancien", envoye_le=maintenant - durees.COURRIELS - INSTANT)
        document = enregistrer(b"accuse", type_mime="text/plain")
        PieceDeCourrier.objects.create(courrier=ancien, document=document, nom="accuse-camille.pdf")
        un_courriel("recent", envoye_le=maintenant - durees.COURRIELS + timedelta(minutes=5))
        un_courriel("attend", cree_le=maintenant - timedelta(days=900))
        assert finir("courriels") == 1
        ancien.refresh_from_db()
        assert (ancien.cle, ancien.destinataire, ancien.objet, ancien.texte) == ("ancien", "", COURRIEL_EFFACE, "")
        assert not PieceDeCourrier.objects.exists()
        assert document in sans_emploi()
        assert set(Courrier.objects.lisibles().values_list("cle", flat=True)) == {"recent", "attend"}
        assert finir("courriels") == 0

    def test_un_courriel_mis_de_cote_et_tu_ne_repart_pas(self) -> None:
        un_courriel("mis", abandonne_le=horloge_base() - durees.COURRIELS - INSTANT)
        assert finir("courriels") == 1
        assert renvoyer_abandonnes(maintenant=horloge_base()) == 0
        assert not Courrier.objects.abandonnes().exists()
        assert not Courrier.objects.venus(horloge_base()).exists()

    def test_une_invitation_finie_depuis_six_mois_part(self) -> None:
        avant = horloge_base() - durees.INVITATIONS - INSTANT
        apres = avant + timedelta(minutes=5)
        personne = f.un_utilisateur()
        une_invitation("attend@exemple.fr")
        une_invitation("expiree@exemple.fr", expire_le=avant)
        une_invitation("recente@exemple.fr", expire_le=apres)
        une_invitation("annulee@exemple.fr", revoquee_le=avant)
        une_invitation("acceptee@exemple.fr", acceptee_le=avant, acceptee_par=personne)
        une_invitation("acceptee-hier@exemple.fr", acceptee_le=apres, acceptee_par=personne)
        assert finir("invitations") == 3
        restent = set(Invitation.objects.values_list("email", flat=True))
        assert restent == {"attend@exemple.fr", "recente@exemple.fr", "acceptee-hier@exemple.fr"}

    def test_une_presence_d_hier_part(self) -> None:
        dossier, maintenant = f.une_candidature(), horloge_base()
        for section, vue_le in (("a", maintenant - durees.PRESENCES - INSTANT), ("b", maintenant)):
            Presence.objects.create(
                candidature=dossier, section=section, utilisateur=f.porteur_de(dossier), vue_le=vue_le
            )
        assert finir("presences") == 1
        assert Presence.objects.get().section == "b"

    def test_un_compte_jamais_prouve_part_sauf_s_il_sert(self) -> None:
        vieux = durees.ADRESSES_JAMAIS_PROUVEES + INSTANT
        un_inscrit("jamais@exemple.fr", age=vieux)
        un_inscrit("hier@exemple.fr", age=timedelta(days=1))
        un_inscrit("prouve@exemple.fr", age=vieux, verifie=True)
        venu = un_inscrit("venu@exemple.fr", age=vieux)
        Utilisateur.objects.filter(pk=venu.pk).update(last_login=horloge_base())
        cite = un_inscrit("cite@exemple.fr", age=vieux)
        dossier = f.une_candidature()
        dossier.participations.create(utilisateur=cite, qualite="lecteur")
        assert finir("comptes_jamais_prouves") == 1
        restent = set(Utilisateur.objects.exclude(pk=f.porteur_de(dossier).pk).values_list("email", flat=True))
        assert restent == {"hier@exemple.fr", "prouve@exemple.fr", "venu@exemple.fr", "cite@exemple.fr"}

    def test_le_fichier_d_un_export_part_a_son_terme_puis_sa_trace(self) -> None:
        personne, maintenant = f.un_utilisateur(), horloge_base()
        document = enregistrer(b"zip", type_mime="application/zip")
        passe = maintenant - durees.EXPORTS - INSTANT
        export = ExportDeDonnees.objects.create(
            personne=personne, demande_par=personne, pret_le=passe, expire_le=passe + durees.EXPORTS, document=document
        )
        assert finir("exports") == 1
        assert document in sans_emploi()
        assert finir("traces_des_exports") == 0
        ExportDeDonnees.objects.filter(pk=export.pk).update(
            demande_le=maintenant - durees.TRACES_DES_EXPORTS - INSTANT
        )
        assert finir("traces_des_exports") == 1
        assert not ExportDeDonnees.objects.exists()


class TestLeJournal:
    def test_chaque_passage_dit_combien_et_personne(self) -> None:
        un_courriel("ancien", envoye_le=horloge_base() - timedelta(days=500))
        appliquer_les_durees()
        [passage] = PassageDeConservation.objects.all()
        assert (passage.regle, passage.nombre) == ("courriels", 1)
        [entree] = EntreeJournal.objects.filter(acte="conservation appliquée")
        assert entree.details == {"regle": "courriels", "nombre": 1, "jours": 396}
        assert "camille" not in f"{entree.objet}{entree.details}".lower()
        appliquer_les_durees()
        assert PassageDeConservation.objects.count() == 1


class TestLaCommande:
    def test_sans_rien_dire_de_plus_elle_compte_et_ne_change_rien(self) -> None:
        un_courriel("ancien", envoye_le=horloge_base() - timedelta(days=500))
        dit = StringIO()
        call_command("appliquer_conservation", stdout=dit)
        lignes = dit.getvalue().splitlines()
        assert len(lignes) == len(REGLES) + 1
        assert (
            "E-mails envoyés ou abandonnés : 1\u00a0objet à finir (rendu anonyme 396\u00a0jours après leur envoi ou "
            "leur abandon ; d’office, chaque heure)"
        ) in lignes
        assert "Rien n’a été changé" in lignes[-1]
        assert "camille" not in dit.getvalue().lower()
        assert Courrier.objects.lisibles().count() == 1
        assert not PassageDeConservation.objects.exists()

    def test_appliquer_finit_la_sorte_demandee_et_elle_seule(self) -> None:
        un_courriel("ancien", envoye_le=horloge_base() - timedelta(days=500))
        une_invitation("expiree@exemple.fr", expire_le=horloge_base() - timedelta(days=300))
        dit = StringIO()
        call_command("appliquer_conservation", "--appliquer", "--sorte", "courriels", stdout=dit)
        assert dit.getvalue() == "E-mails envoyés ou abandonnés : 1\u00a0objet rendu anonyme\n"
        assert Invitation.objects.count() == 1

    def test_une_sorte_inconnue_est_refusee(self) -> None:
        with pytest.raises(CommandError):
            call_command("appliquer_conservation", "--sorte", "dossiers")


class TestBrouillons:
    @pytest.fixture
    def vieux(self) -> Candidature:
        """A draft whose wave ended more than three years ago."""
        return vieilli(f.une_candidature())

    def test_un_dossier_depose_reste_aussi_vieux_soit_il(self) -> None:
        depose = vieilli(f.un_depot().candidature)
        assert finir("brouillons") == 0
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            depose.versions.all().delete()
        assert nom_contrainte(refus.value) == "version_gardee"

    def test_ce_qu_il_contient_part_et_sa_ligne_reste(self, vieux: Candidature) -> None:
        document = vieux.pieces.get().document
        assert vieux.versions.exists()
        TexteDuDossier.objects.create(candidature=vieux, origine=document.sha256, vecteur="usin")
        assert finir("brouillons") == 1
        relu = Candidature.objects.get(pk=vieux.pk)
        assert (relu.contenu, relu.empreinte, relu.reference) == ({}, "", vieux.reference)
        assert not relu.versions.exists()
        assert not relu.pieces.exists()
        assert not relu.textes.exists()
        assert relu.participations.exists()
        assert document in sans_emploi()
        assert EntreeJournal.objects.filter(acte="vider_brouillon", objet_id=str(vieux.pk)).count() == 1
        assert finir("brouillons") == 0

    def test_jamais_d_office(self, vieux: Candidature) -> None:
        appliquer_les_durees()
        assert vieux.versions.exists()

    def test_avant_son_temps_ou_depose_rien_ne_part_et_postgres_le_refuse(self) -> None:
        depose = f.un_depot().candidature
        brouillon = f.une_candidature(vague=depose.vague)
        assert finir("brouillons") == 0
        for dossier in (depose, brouillon):
            with pytest.raises(IntegrityError) as refus, transaction.atomic():
                dossier.versions.all().delete()
            assert nom_contrainte(refus.value) == "version_gardee"
