"""The acts behind the protocol, and what is forgotten in time."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as reglages

from candidatures.dossier.pieces.actions import pieces, televersements
from candidatures.dossier.pieces.actions.televersements import DecalageInattendu
from candidatures.dossier.pieces.requetes import chemin
from candidatures.models import Televersement
from candidatures.tasks import oublier_televersements
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests.candidatures.dossier.televersements.outils import FICHIER, commencer

pytestmark = pytest.mark.django_db


def recevoir(televersement, debut, morceau):
    return televersements.recevoir(
        televersement=televersement, debut=debut, morceau=morceau, maintenant=horloge_base()
    )


class TestActes:
    def test_le_nombre_d_envois_commences_est_limite(self, candidature, monkeypatch):
        monkeypatch.setattr(televersements, "EN_COURS_MAX", 1)
        commencer(candidature)
        with pytest.raises(RegleEnfreinte, match="Trop d’envois"):
            commencer(candidature)

    def test_un_dossier_plein_refuse_avant_le_premier_octet(self, candidature, settings):
        settings.PIECES_NOMBRE_MAX = 1
        with pytest.raises(RegleEnfreinte, match="au plus 1"):
            commencer(candidature)
        assert commencer(candidature, nature="deliberation", remplace=candidature.pieces.get()).pk

    def test_un_decalage_dit_ce_qui_est_attendu(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER[:10])
        with pytest.raises(DecalageInattendu) as refus:
            recevoir(envoi, 9, FICHIER[9:20])
        assert refus.value.attendu == 10

    def test_terminer_deux_fois_ne_joint_qu_une_piece(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        premiere = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        seconde = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert premiere.piece == seconde.piece
        assert candidature.pieces.filter(nature="diagnostic").count() == 1

    def test_enlever_la_piece_laisse_l_envoi_sans_elle(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        fini = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert fini.piece is not None
        pieces.enlever_piece(piece=fini.piece, auteur=fini.utilisateur, maintenant=horloge_base())
        envoi.refresh_from_db()
        assert envoi.piece is None

    def test_les_octets_ne_sont_lisibles_que_du_portail(self, candidature):
        envoi = commencer(candidature)
        recevoir(envoi, 0, FICHIER)
        assert oct(chemin(envoi).stat().st_mode)[-3:] == "600"
        assert oct(chemin(envoi).parent.stat().st_mode)[-3:] == "700"


class TestMenage:
    def test_ce_que_personne_n_a_touche_depuis_deux_jours_est_oublie(
        self, candidature, django_capture_on_commit_callbacks
    ):
        maintenant = horloge_base()
        ancien, recent = commencer(candidature), commencer(candidature)
        for envoi in (ancien, recent):
            recevoir(envoi, 0, FICHIER[:10])
        perdu = Path(reglages.TELEVERSEMENTS) / str(uuid4())
        perdu.write_bytes(b"sans ligne")
        vieux = (maintenant - timedelta(hours=49)).timestamp()
        os.utime(perdu, (vieux, vieux))
        Televersement.objects.filter(pk=ancien.pk).update(touche_le=maintenant - timedelta(hours=48, seconds=1))
        Televersement.objects.filter(pk=recent.pk).update(touche_le=maintenant - timedelta(hours=47))

        with django_capture_on_commit_callbacks(execute=True):
            oublier_televersements()
        assert list(Televersement.objects.all()) == [recent]
        assert [fichier.name for fichier in Path(reglages.TELEVERSEMENTS).iterdir()] == [str(recent.pk)]

    def test_sans_aucun_envoi_il_n_y_a_rien_a_faire(self):
        assert televersements.oublier_les_anciens(maintenant=horloge_base()) == 0
