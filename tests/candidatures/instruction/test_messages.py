"""The thread between a territory and its instructeurs: who writes, who reads, who is told."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.dossier.etats import Qualite
from candidatures.instruction.echanges import actions
from candidatures.instruction.echanges.regles import FICHIERS_MAX
from candidatures.models import LectureDesMessages, Message, Participation
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers():
    """Two files of one wave, under instruction."""
    return une_vague_close(None, None)[1]


@pytest.fixture
def dossier(dossiers):
    return dossiers[0]


@pytest.fixture
def instructeur():
    return f.un_agent(Role.INSTRUCTEUR)


def envoyer(dossier, auteur, contenu="Bonjour.", **autres):
    valeurs = {"texte": contenu, "maintenant": horloge_base()} | autres
    return actions.envoyer_message(candidature=dossier, auteur=auteur, **valeurs)


def participant(dossier, qualite):
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=qualite)
    return personne


def lettres(personne):
    return list(Courrier.objects.filter(destinataire=personne.email, cle__startswith="messages-").order_by("pk"))


def annoncer(apres=timedelta(minutes=11)):
    return actions.annoncer_messages(maintenant=horloge_base() + apres)


class TestEcrire:
    def test_le_porteur_et_l_instructeur_s_ecrivent(self, dossier, instructeur):
        question = envoyer(dossier, instructeur, "Une précision ?")
        reponse = envoyer(dossier, f.porteur_de(dossier), "La voici.")
        assert [(m.texte, m.du_service) for m in dossier.messages.all()] == [
            ("Une précision ?", True),
            ("La voici.", False),
        ]
        assert (question.auteur, reponse.auteur) == (instructeur, f.porteur_de(dossier))

    @pytest.mark.parametrize("role", [Role.EXPERT, Role.COMITE, Role.VALIDEUR, Role.PRESSE, Role.ADMINISTRATEUR])
    def test_les_autres_agents_n_ecrivent_ni_ne_lisent(self, dossier, role):
        agent = f.un_agent(role)
        with pytest.raises(RegleEnfreinte):
            envoyer(dossier, agent)
        assert client_de(agent).get(reverse("instruction:messages", args=[dossier.pk])).status_code == 404
        assert client_de(agent).get(page("messages", dossier.pk)).status_code == 404

    def test_un_lecteur_lit_et_n_ecrit_pas(self, dossier, instructeur):
        envoyer(dossier, instructeur, "Une précision ?")
        lecteur = participant(dossier, Qualite.LECTEUR)
        html = texte(client_de(lecteur).get(page("messages", dossier.pk)))
        assert "Une précision ?" in html
        assert "Envoyer le message" not in html
        reponse = client_de(lecteur).post(page("messages", dossier.pk), {"texte": "Bonjour."})
        assert reponse.status_code == 409
        assert "Bonjour." in texte(reponse)
        assert Message.objects.count() == 1

    def test_avant_la_cloture_il_n_y_a_pas_d_echange(self):
        depot = f.un_depot()
        porteur = f.porteur_de(depot.candidature)
        with pytest.raises(RegleEnfreinte):
            envoyer(depot.candidature, porteur)
        assert client_de(porteur).get(page("messages", depot.candidature.pk)).status_code == 404
        assert page("messages", depot.candidature.pk) not in texte(
            client_de(porteur).get(page("dossier", depot.candidature.pk))
        )

    def test_les_fichiers_sont_juges_par_leur_contenu_et_servis_aux_deux_cotes(self, dossier, instructeur):
        porteur = client_de(f.porteur_de(dossier))
        adresse = page("messages", dossier.pk)
        refuse = porteur.post(adresse, {"texte": "Voici.", "fichiers": SimpleUploadedFile("a.pdf", b"MZ programme")})
        assert "Ce fichier est un programme" in texte(refuse)
        assert "Voici." in texte(refuse)
        fichiers = [SimpleUploadedFile(f"{n}.pdf", f.PDF + b"%%%d" % n) for n in range(2)]
        assert porteur.post(adresse, {"texte": "Voici.", "fichiers": fichiers}).status_code == 302
        pieces = list(Message.objects.get().pieces.order_by("pk"))
        assert [piece.nom for piece in pieces] == ["0.pdf", "1.pdf"]
        service = client_de(instructeur)
        for client, nom in ((porteur, "candidatures"), (service, "instruction")):
            lu = client.get(reverse(f"{nom}:piece_de_message", args=[dossier.pk, pieces[0].pk]))
            assert b"".join(lu.streaming_content) == f.PDF + b"%0"
        ailleurs = client_de(f.un_utilisateur())
        assert ailleurs.get(page("piece_de_message", dossier.pk, pieces[0].pk)).status_code == 404

    def test_pas_plus_de_cinq_fichiers(self, dossier):
        fichiers = [ContentFile(f.PDF + b"%%%d" % n, name="a.pdf") for n in range(FICHIERS_MAX + 1)]
        with pytest.raises(RegleEnfreinte, match="au plus 5"):
            envoyer(dossier, f.porteur_de(dossier), fichiers=fichiers)

    def test_la_base_refuse_de_changer_un_message(self, dossier, instructeur):
        message = envoyer(dossier, instructeur)
        with pytest.raises(Exception, match="permission denied for table"), f.dans_un_point_de_reprise():
            Message.objects.filter(pk=message.pk).update(texte="Autre chose")


class TestLire:
    def test_les_messages_des_autres_sont_non_lus_jusqu_a_ce_qu_on_le_dise(self, dossier, instructeur):
        message = envoyer(dossier, instructeur)
        porteur = client_de(f.porteur_de(dossier))
        assert "Non lu" in texte(porteur.get(page("messages", dossier.pk)))
        porteur.post(page("marquer_lus", dossier.pk), {"jusqu_a": message.pk})
        assert "Non lu" not in texte(porteur.get(page("messages", dossier.pk)))
        assert "Non lu" not in texte(client_de(instructeur).get(reverse("instruction:messages", args=[dossier.pk])))

    def test_on_ne_revient_pas_en_arriere_et_pas_sur_un_autre_fil(self, dossiers, instructeur):
        dossier, ailleurs = dossiers
        premier, second = envoyer(dossier, instructeur), envoyer(dossier, instructeur)
        porteur = f.porteur_de(dossier)
        for message in (second, premier):
            actions.marquer_lus(candidature=dossier, utilisateur=porteur, jusqu_a=message)
        assert LectureDesMessages.objects.get(utilisateur=porteur).lu == second
        with pytest.raises(RegleEnfreinte):
            actions.marquer_lus(candidature=ailleurs, utilisateur=porteur, jusqu_a=second)

    def test_le_fil_ne_coute_pas_plus_a_trois_messages_qu_a_un(self, dossier, instructeur):
        porteur = client_de(f.porteur_de(dossier))
        couts = []
        for nombre in (1, 2):
            for _ in range(nombre):
                envoyer(dossier, instructeur, fichiers=[ContentFile(f.PDF, name="a.pdf")])
            with CaptureQueriesContext(connection) as requetes:
                porteur.get(page("messages", dossier.pk))
            couts.append(len(requetes))
        assert couts[0] == couts[1]


class TestAnnoncer:
    def test_une_rafale_est_annoncee_en_une_lettre_et_une_seule_fois(self, dossier, instructeur):
        for contenu in ("Une précision ?", "Et encore ceci."):
            envoyer(dossier, instructeur, contenu)
        assert annoncer(timedelta(0)) == 0
        assert annoncer() == 1
        assert annoncer() == 0
        (lettre,) = lettres(f.porteur_de(dossier))
        assert "2\u00a0nouveaux messages" in lettre.objet
        assert "Une précision ?" in lettre.texte
        assert page("messages", dossier.pk) in lettre.texte
        assert lettres(instructeur) == []

    def test_un_echange_qui_dure_est_annonce_aussi(self, dossier, instructeur):
        maintenant = horloge_base()
        for minutes in (0, 6, 12):
            envoyer(dossier, instructeur, maintenant=maintenant + timedelta(minutes=minutes))
        assert actions.annoncer_messages(maintenant=maintenant + timedelta(minutes=9)) == 0
        assert actions.annoncer_messages(maintenant=maintenant + timedelta(minutes=13)) == 1
        assert len(lettres(f.porteur_de(dossier))) == 1

    def test_ce_qui_est_lu_n_est_pas_annonce(self, dossier, instructeur):
        message = envoyer(dossier, instructeur)
        actions.marquer_lus(candidature=dossier, utilisateur=f.porteur_de(dossier), jusqu_a=message)
        assert annoncer() == 0

    def test_une_personne_recoit_une_lettre_pour_tous_ses_dossiers(self, dossiers, instructeur):
        dossier, autre = dossiers
        Participation.objects.filter(candidature=autre).delete()
        porteur = f.porteur_de(dossier)
        Participation.objects.create(candidature=autre, utilisateur=porteur, qualite=Qualite.PORTEUR)
        for un in (dossier, autre):
            envoyer(un, instructeur)
        assert annoncer() == 1
        (lettre,) = lettres(porteur)
        assert dossier.reference in lettre.texte
        assert autre.reference in lettre.texte

    def test_cote_etat_seuls_ceux_qui_suivent_le_dossier_sont_prevenus(self, dossier, instructeur):
        collegue = f.un_agent(Role.INSTRUCTEUR)
        ailleurs = f.un_agent(Role.INSTRUCTEUR, region=f.un_departement("13", "93").region)
        envoyer(dossier, f.porteur_de(dossier), "Personne ne nous suit encore.")
        annoncer()
        assert [bool(lettres(qui)) for qui in (instructeur, collegue, ailleurs)] == [True, True, False]
        envoyer(dossier, instructeur, "Je m’en occupe.")
        envoyer(dossier, f.porteur_de(dossier), "Merci.")
        annoncer()
        assert [len(lettres(qui)) for qui in (instructeur, collegue, ailleurs)] == [2, 1, 0]
