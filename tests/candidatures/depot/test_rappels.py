"""Reminders: at which instant, to whom, in which words, and never after a deposit."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from candidatures.depot.actions import retrait
from candidatures.depot.actions.rappels import rappeler
from candidatures.depot.models import a_redeposer
from candidatures.depot.regles import RAPPELS, nom_du_rappel
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation
from candidatures.tasks import rappeler_echeances
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.pages.pages import UNE_SECONDE, client_de, page, texte

pytestmark = pytest.mark.django_db

NOMS = ("J30", "J7", "J2", "J1", "H3")


@pytest.fixture
def vague():
    """Open for ten days, and for sixty more."""
    maintenant = horloge_base()
    return f.une_vague(ouverture=maintenant - timedelta(days=10), cloture=maintenant + timedelta(days=60))


def rappels_de(candidature: Candidature) -> list[str]:
    """The names of the reminders queued, in their order."""
    cles = Courrier.objects.filter(cle__startswith=f"rappel-{candidature.pk}-").order_by("pk")
    return [cle.split("-")[2] for cle in cles.values_list("cle", flat=True)]


def participer(candidature: Candidature, qualite: Qualite, **champs) -> Participation:
    return Participation.objects.create(
        candidature=candidature, utilisateur=f.un_utilisateur(), qualite=qualite, **champs
    )


class TestInstants:
    def test_une_seconde_avant_rien_a_l_instant_juste_un_rappel_ensuite_rien_de_plus(self, vague):
        candidature = f.une_candidature(vague=vague)
        for rang, seuil in enumerate(RAPPELS):
            instant = vague.cloture - seuil
            assert rappeler(maintenant=instant - UNE_SECONDE) == 0
            assert rappeler(maintenant=instant) == 1
            assert rappeler(maintenant=instant) == 0
            assert rappeler(maintenant=instant + timedelta(minutes=1)) == 0
            assert rappels_de(candidature) == list(NOMS[: rang + 1])

    def test_les_noms_des_rappels(self):
        assert tuple(map(nom_du_rappel, RAPPELS)) == NOMS

    def test_a_la_cloture_il_est_trop_tard(self, vague):
        f.une_candidature(vague=vague)
        assert rappeler(maintenant=vague.cloture) == 0
        assert rappeler(maintenant=vague.cloture - UNE_SECONDE) == 1

    def test_apres_deux_jours_d_arret_seul_le_dernier_instant_compte(self, vague):
        candidature = f.une_candidature(vague=vague)
        assert rappeler(maintenant=vague.cloture - timedelta(hours=20)) == 1
        assert rappels_de(candidature) == ["J1"]

    def test_un_dossier_ouvert_cinq_jours_avant_n_a_que_les_rappels_suivants(self, vague):
        candidature = f.une_candidature(vague=vague)
        Participation.objects.update(depuis=vague.cloture - timedelta(days=5))
        assert rappeler(maintenant=vague.cloture - timedelta(days=5)) == 0
        assert rappeler(maintenant=vague.cloture - timedelta(days=2)) == 1
        assert rappels_de(candidature) == ["J2"]

    def test_qui_rejoint_le_dossier_attend_le_rappel_suivant(self, vague):
        candidature = f.une_candidature(vague=vague)
        tardif = participer(candidature, Qualite.LECTEUR, depuis=vague.cloture - timedelta(days=6))
        assert rappeler(maintenant=vague.cloture - timedelta(days=5)) == 1
        assert rappeler(maintenant=vague.cloture - timedelta(days=2)) == 2
        recus = Courrier.objects.filter(destinataire=tardif.utilisateur.email)
        assert [courrier.cle.split("-")[2] for courrier in recus] == ["J2"]

    def test_une_echeance_repoussee_a_ses_propres_rappels(self, vague):
        candidature = f.une_candidature(vague=vague)
        rappeler(maintenant=vague.cloture - timedelta(hours=1))
        vague.cloture += timedelta(days=4)
        vague.save(update_fields=["cloture"])
        assert rappeler(maintenant=vague.cloture - timedelta(days=2)) == 1
        assert rappeler(maintenant=vague.cloture - timedelta(hours=1)) == 1
        assert rappels_de(candidature) == ["H3", "J2", "H3"]


class TestDestinataires:
    def test_chaque_participant_recoit_le_sien(self, vague):
        candidature = f.une_candidature(vague=vague)
        participer(candidature, Qualite.CO_PORTEUR)
        participer(candidature, Qualite.LECTEUR)
        assert rappeler(maintenant=vague.cloture - timedelta(days=7)) == 3
        attendus = set(candidature.participants.values_list("email", flat=True))
        assert set(Courrier.objects.values_list("destinataire", flat=True)) == attendus

    def test_un_compte_ferme_ne_recoit_rien(self, vague):
        candidature = f.une_candidature(vague=vague)
        parti = participer(candidature, Qualite.CO_PORTEUR).utilisateur
        parti.is_active = False
        parti.save()
        assert rappeler(maintenant=vague.cloture - timedelta(days=7)) == 1

    def test_ni_depose_ni_retire_ni_d_une_autre_vague(self, vague):
        f.un_depot(f.une_candidature(vague=vague))
        retire = f.une_candidature(vague=vague)
        retrait.retirer(candidature=retire, auteur=f.porteur_de(retire), maintenant=horloge_base())
        a_venir = f.une_vague(ouverture=vague.cloture, cloture=vague.cloture + timedelta(days=5))
        f.une_candidature(vague=f.une_vague(cloture=vague.ouverture, ouverture=vague.ouverture - timedelta(days=9)))
        assert rappeler(maintenant=vague.cloture - timedelta(days=7)) == 0
        assert rappeler(maintenant=a_venir.cloture - timedelta(days=2)) == 0

    def test_un_depot_efface_le_rappel_qui_n_est_pas_parti(self, vague):
        candidature, autre = f.une_candidature(vague=vague), f.une_candidature(vague=vague)
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        Courrier.objects.filter(destinataire=f.porteur_de(candidature).email).update(envoye_le=timezone.now())
        rappeler(maintenant=vague.cloture - timedelta(days=2))
        f.un_depot(candidature)
        assert (rappels_de(candidature), rappels_de(autre)) == (["J7"], ["J7", "J2"])

    def test_un_retrait_aussi(self, vague):
        candidature = f.une_candidature(vague=vague)
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        assert rappels_de(candidature) == []


class TestTexte:
    def test_la_premiere_ligne_dit_que_rien_n_est_depose_puis_l_echeance_et_ce_qui_manque(self, vague):
        candidature = f.une_candidature(vague=vague)
        redaction.enregistrer_section(
            candidature=candidature,
            section="mission",
            reponses={"attentes": "Une feuille de route."},
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )
        candidature.pieces.all().delete()
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        courrier = Courrier.objects.get()
        cahier = candidature.cahier.cahier
        question, piece = cahier.section("mission").question("priorites"), cahier.piece("deliberation")
        cloture = instant_fr(vague.cloture, secondes=True)
        assert courrier.objet == f"Dossier {candidature.reference} non déposé\u00a0: clôture le {cloture}"
        assert courrier.texte == (
            f"Le dossier {candidature.reference} du territoire «\u00a0{candidature.territoire.nom}\u00a0» "
            "n’est PAS déposé.\n\n"
            f"La période de dépôt n°\u00a0{vague.numero} de l’appel «\u00a0Rebond industriel\u00a0» se clôt le "
            f"{cloture} (heure de Paris)\u00a0: il reste 7\u00a0jours. "
            "Un dossier qui n’est pas déposé à cet instant ne sera pas examiné.\n\n"
            "Il manque 2\u00a0réponses ou pièces\u00a0:\n"
            f"- {question.libelle} ({cahier.section('mission').titre})\n"
            f"- {piece.libelle} (Pièces jointes)\n\n"
            f"Ouvrir le dossier\u00a0: http://localhost:8000/candidatures/{candidature.pk}/\n\n"
            "C’est à vous, responsable du dossier, de le déposer.\n\n"
            "L’équipe Rebond industriel\n"
        )

    def test_complet_il_ne_reste_qu_a_le_deposer_et_le_lecteur_sait_qui_peut(self, vague):
        candidature = f.une_candidature(vague=vague)
        lecteur = participer(candidature, Qualite.LECTEUR).utilisateur
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        texte = Courrier.objects.get(destinataire=lecteur.email).texte
        assert "Le dossier est complet\u00a0: il ne reste qu’à le relire et à le déposer." in texte
        assert (
            f"Seule une personne peut le déposer, son responsable\u00a0: «\u00a0{f.porteur_de(candidature)}\u00a0»."
            in texte
        )

    def test_le_depot_demande_a_l_echeance_est_rappele(self, vague):
        vide = f.une_candidature(vague=vague, complete=False)
        complete = f.une_candidature(vague=vague)
        Candidature.objects.update(depot_a_l_echeance_le=horloge_base(), depot_a_l_echeance_par=f.porteur_de(complete))
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        textes = {
            candidature.pk: Courrier.objects.get(cle__startswith=f"rappel-{candidature.pk}-").texte
            for candidature in (vide, complete)
        }
        assert "il n’y en a encore aucune, rien ne serait déposé." in textes[vide.pk]
        fait_le = instant_fr(complete.version_complete.fait_le, secondes=True)
        assert f"la dernière version complète\u00a0: celle du {fait_le}." in textes[complete.pk]
        assert "et 1\u00a0autre" not in textes[complete.pk]

    def test_une_donnee_de_demonstration_le_dit(self, vague):
        f.une_candidature(vague=vague)
        Candidature.objects.update(demonstration=True)
        rappeler(maintenant=vague.cloture - timedelta(days=7))
        assert Courrier.objects.get().objet.startswith("[Données de démonstration] Dossier ")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_dossiers(vague):
    def compter(instant) -> int:
        with CaptureQueriesContext(connection) as requetes:
            rappeler(maintenant=instant)
        return len(requetes)

    f.une_candidature(vague=vague)
    un_seul = compter(vague.cloture - timedelta(days=7))
    for _ in range(2):
        participer(f.une_candidature(vague=vague), Qualite.LECTEUR)
    assert compter(vague.cloture - timedelta(days=2)) == un_seul
    assert Courrier.objects.count() == 1 + 5


def test_les_dossiers_passent_par_lots(vague, monkeypatch):
    monkeypatch.setattr("candidatures.depot.actions.rappels.LOT", 2)
    for _ in range(5):
        f.une_candidature(vague=vague, complete=False)
    assert rappeler(maintenant=vague.cloture - timedelta(days=7)) == 5


def test_la_tache_lit_l_horloge_de_la_base():
    candidature = f.une_candidature(vague=f.une_vague(cloture=horloge_base() + timedelta(hours=2)))
    Participation.objects.update(depuis=F("depuis") - timedelta(days=1))
    assert rappeler_echeances() == 1
    assert rappels_de(candidature) == ["H3"]


@pytest.mark.concurrence
@pytest.mark.django_db(transaction=True)
class TestEnMemeTemps:
    def en_parallele(self, *actes) -> list:
        depart, resultats = Barrier(len(actes), timeout=30), {}

        def jouer(rang, acte):
            try:
                depart.wait()
                resultats[rang] = acte()
            finally:
                connection.close()

        fils = [Thread(target=jouer, args=[rang, acte]) for rang, acte in enumerate(actes)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join(timeout=60)
        return [resultats[rang] for rang in range(len(actes))]

    def test_deux_ouvriers_n_ecrivent_qu_une_fois(self, vague):
        candidature = f.une_candidature(vague=vague)
        instant = vague.cloture - timedelta(days=7)
        assert sorted(self.en_parallele(*[lambda: rappeler(maintenant=instant)] * 2)) == [0, 1]
        assert rappels_de(candidature) == ["J7"]

    def test_un_depot_en_cours_met_son_dossier_a_part_sans_attendre(self, vague):
        candidature = f.une_candidature(vague=vague)
        autre = f.une_candidature(vague=vague)
        instant = vague.cloture - timedelta(days=7)
        with transaction.atomic():
            f.un_depot(candidature)
            assert self.en_parallele(lambda: rappeler(maintenant=instant)) == [1]
        assert rappeler(maintenant=instant) == 0
        assert (rappels_de(candidature), rappels_de(autre)) == ([], ["J7"])


class TestDeposePuisModifie:
    """What counts is the deposit: whoever wrote since then is reminded that it is not what they last wrote."""

    def test_les_modifications_non_deposees_se_rappellent_et_elles_seules(self, vague):
        modifiee, tranquille = f.une_candidature(vague=vague), f.une_candidature(vague=vague)
        for candidature in (modifiee, tranquille):
            f.un_depot(candidature)
        redaction.enregistrer_section(
            candidature=modifiee,
            section="projets",
            reponses={"projets": "Une fonderie."},
            auteur=f.porteur_de(modifiee),
            maintenant=horloge_base(),
            revision=1,
        )
        assert rappeler(maintenant=vague.cloture - RAPPELS[0]) == 1
        (lettre,) = Courrier.objects.filter(cle__startswith="rappel-")
        assert lettre.destinataire == f.porteur_de(modifiee).email
        assert "modifié depuis son dépôt" in lettre.objet
        assert "ces modifications ne sont PAS déposées" in lettre.texte
        assert "c’est la version déjà déposée qui sera examinée" in lettre.texte
        f.un_depot(modifiee)
        assert rappeler(maintenant=vague.cloture - RAPPELS[1]) == 0

    def test_revenir_a_ce_qui_est_depose_n_est_plus_une_modification(self, vague):
        candidature = f.une_candidature(vague=vague)
        depot = f.un_depot(candidature)
        avant = candidature.contenu["projets"]
        for revision, reponses in enumerate(({"projets": "Une fonderie."}, avant), start=1):
            redaction.enregistrer_section(
                candidature=candidature,
                section="projets",
                reponses=reponses,
                auteur=f.porteur_de(candidature),
                maintenant=horloge_base(),
                revision=revision,
            )
            change = Candidature.objects.filter(a_redeposer(), pk=candidature.pk).exists()
            candidature.refresh_from_db()
            # The same question, to Postgres and to Python.
            assert change is candidature.a_change_depuis(depot.empreinte) is (reponses != avant)
        assert rappeler(maintenant=vague.cloture - RAPPELS[0]) == 0

    def test_la_liste_et_le_tableau_de_bord_le_disent(self, vague):
        candidature = f.une_candidature(vague=vague)
        f.un_depot(candidature)
        porteur = client_de(f.porteur_de(candidature))
        adresses = (page("liste"), reverse("tableau_de_bord"))
        assert not any("Modifications non déposées" in texte(porteur.get(adresse)) for adresse in adresses)
        redaction.enregistrer_section(
            candidature=candidature,
            section="projets",
            reponses={"projets": "Une fonderie."},
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
            revision=1,
        )
        assert all("Modifications non déposées" in texte(porteur.get(adresse)) for adresse in adresses)
