"""Bytes that a file holds and that an account sends: room is taken before they are, and given back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from candidatures.dossier.pieces.actions import pieces, reserves, televersements
from candidatures.dossier.pieces.requetes import octets_annonces, octets_du_dossier, octets_envoyes_par
from candidatures.dossier.regles import (
    OCTETS_PAR_COMPTE_ET_JOUR,
    OCTETS_PAR_DOSSIER,
    empechement_d_alourdir,
    empechement_d_envoyer_encore,
)
from candidatures.models import Candidature, Reserve, Televersement
from candidatures.surveillance import veille
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents import espace
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.vigie import Alarme
from tests import fabriques as f
from tests.candidatures.dossier.televersements.outils import FICHIER, annoncer, commencer
from tests.candidatures.pages.pages import client_de, page
from tests.outils.fichiers import un_pdf

pytestmark = pytest.mark.django_db
MO = 1024 * 1024


@pytest.fixture(autouse=True)
def _dossier_des_envois(settings: Any, tmp_path: Path) -> None:
    settings.TELEVERSEMENTS = tmp_path / "televersements"
    settings.FILE_UPLOAD_TEMP_DIR = settings.TELEVERSEMENTS


def occuper(candidature: Candidature, octets: int, *, par: Any = None, consommee: bool = False) -> Reserve:
    return Reserve.objects.create(
        candidature=candidature, utilisateur=par or f.un_utilisateur(), octets=octets, consommee=consommee
    )


def un_autre(candidature: Candidature) -> Candidature:
    return f.une_candidature(vague=candidature.vague, complete=False)


def joindre(candidature: Candidature, contenu: bytes = b"", **valeurs: Any) -> Any:
    contenu = contenu or un_pdf(marque="limites")
    return pieces.joindre_piece(
        candidature=candidature,
        fichier=ContentFile(contenu, name="a.pdf"),
        nom="a.pdf",
        nature="diagnostic",
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
        **valeurs,
    )


class TestDossier:
    def test_un_dossier_pese_ce_qu_il_tient_chaque_document_une_fois(self) -> None:
        candidature = f.une_candidature()
        octets = candidature.pieces.get().document.taille
        assert octets_du_dossier(candidature) == octets
        f.un_depot(candidature)
        assert octets_du_dossier(candidature) == octets

    def test_une_annonce_pese_deja(self) -> None:
        candidature = f.une_candidature(complete=False)
        commencer(candidature, taille=100 * MO)
        assert (octets_du_dossier(candidature), octets_annonces()) == (100 * MO, 100 * MO)

    def test_au_dela_de_la_limite_l_annonce_est_refusee_avec_ce_qui_reste(self) -> None:
        candidature = f.une_candidature(complete=False)
        occuper(candidature, OCTETS_PAR_DOSSIER - 10 * MO)
        reponse = annoncer(client_de(f.porteur_de(candidature)), candidature, taille=11 * MO)
        assert reponse.status_code == 403
        assert "il en reste 10\u00a0Mo" in reponse.content.decode()
        assert not Televersement.objects.exists()
        assert annoncer(client_de(f.porteur_de(candidature)), candidature, taille=10 * MO).status_code == 201

    def test_un_dossier_plein_se_depose(self) -> None:
        candidature = f.une_candidature()
        occuper(candidature, OCTETS_PAR_DOSSIER - octets_du_dossier(candidature))
        with pytest.raises(RegleEnfreinte, match="il en reste 0"):
            joindre(candidature)
        assert f.un_depot(candidature).pk


class TestCompte:
    def test_au_dela_de_la_limite_du_jour_rien_n_est_plus_recu_de_ce_compte(self) -> None:
        candidature = f.une_candidature()
        occuper(un_autre(candidature), OCTETS_PAR_COMPTE_ET_JOUR - MO, par=f.porteur_de(candidature))
        with pytest.raises(RegleEnfreinte, match="vingt-quatre heures"):
            commencer(candidature, taille=2 * MO)
        assert f.un_depot(candidature).pk

    def test_enlever_une_piece_ne_rend_rien_de_la_journee(self) -> None:
        candidature = f.une_candidature(complete=False)
        piece = joindre(candidature)
        taille = piece.document.taille
        pieces.enlever_piece(piece=piece, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        assert octets_du_dossier(candidature) == 0
        assert octets_envoyes_par(f.porteur_de(candidature)) == taille

    def test_ce_qui_est_garde_puis_refuse_compte_dans_la_journee(self) -> None:
        """Kept, then one too many for the draft: sent again and again it would fill the disk."""
        candidature = f.une_candidature(complete=False)
        premiere = joindre(candidature)
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            joindre(candidature)
        assert octets_envoyes_par(f.porteur_de(candidature)) == 2 * premiere.document.taille

    def test_ce_qui_n_est_pas_garde_ne_compte_pas(self) -> None:
        candidature = f.une_candidature(complete=False)
        with pytest.raises(RegleEnfreinte, match=r"Formats acceptés"):
            joindre(candidature, b"pas un document")
        assert not Reserve.objects.exists()

    def test_le_lendemain_la_place_d_hier_ne_compte_plus(self) -> None:
        candidature = f.une_candidature(complete=False)
        joindre(candidature)
        assert reserves.oublier_les_anciennes(maintenant=horloge_base()) == 0
        assert reserves.oublier_les_anciennes(maintenant=horloge_base() + timedelta(hours=25)) == 1


class TestEnvoi:
    def test_un_envoi_abandonne_rend_sa_place(self) -> None:
        candidature = f.une_candidature(complete=False)
        televersements.abandonner(televersement=commencer(candidature))
        assert (octets_du_dossier(candidature), Reserve.objects.count()) == (0, 0)

    def test_un_envoi_oublie_rend_sa_place(self) -> None:
        candidature = f.une_candidature(complete=False)
        commencer(candidature)
        televersements.oublier_les_anciens(maintenant=horloge_base() + timedelta(hours=49))
        assert (octets_du_dossier(candidature), Reserve.objects.count()) == (0, 0)

    def test_un_envoi_refuse_rend_sa_place(self) -> None:
        candidature = f.une_candidature(complete=False)
        abime = f.PDF[:200]
        envoi = commencer(candidature, taille=len(abime))
        televersements.recevoir(televersement=envoi, debut=0, morceau=abime, maintenant=horloge_base())
        fini = televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert fini.refus
        assert (octets_du_dossier(candidature), Reserve.objects.count()) == (0, 0)

    def test_un_envoi_joint_pese_une_fois_et_l_oublier_ne_rend_rien_de_la_journee(self) -> None:
        candidature = f.une_candidature(complete=False)
        envoi = commencer(candidature)
        televersements.recevoir(televersement=envoi, debut=0, morceau=FICHIER, maintenant=horloge_base())
        televersements.terminer(televersement=envoi, maintenant=horloge_base())
        assert octets_du_dossier(candidature) == len(FICHIER)
        televersements.abandonner(televersement=envoi)
        assert octets_envoyes_par(f.porteur_de(candidature)) == len(FICHIER)


class TestPostgres:
    @pytest.mark.jumeau("postgres:reserve_dossier_dans_sa_limite")
    @pytest.mark.parametrize("octets", [MO - 1, MO, MO + 1])
    def test_la_limite_du_dossier(self, octets: int) -> None:
        candidature = f.une_candidature(complete=False)
        occuper(candidature, OCTETS_PAR_DOSSIER - MO)
        presents = octets_du_dossier(candidature)
        assert self.refus(candidature, f.un_utilisateur(), octets) == (
            "reserve_dossier_dans_sa_limite" if empechement_d_alourdir(presents, octets) else ""
        )

    @pytest.mark.jumeau("postgres:reserve_compte_dans_sa_limite")
    @pytest.mark.parametrize("octets", [MO - 1, MO, MO + 1])
    def test_la_limite_du_compte(self, octets: int) -> None:
        candidature = f.une_candidature(complete=False)
        autre = un_autre(candidature)
        qui = f.porteur_de(candidature)
        occuper(candidature, OCTETS_PAR_COMPTE_ET_JOUR - MO, par=qui)
        envoyes = octets_envoyes_par(qui)
        assert self.refus(autre, qui, octets) == (
            "reserve_compte_dans_sa_limite" if empechement_d_envoyer_encore(envoyes, octets) else ""
        )

    def refus(self, candidature: Candidature, qui: Any, octets: int) -> str:
        try:
            with transaction.atomic():
                occuper(candidature, octets, par=qui)
        except IntegrityError as refus:
            return nom_contrainte(refus)
        return ""

    def test_une_place_prise_ne_change_ni_de_taille_ni_d_instant(self) -> None:
        candidature = f.une_candidature(complete=False)
        reserve = occuper(candidature, MO)
        for champ in ({"octets": 1}, {"prise_le": horloge_base() - timedelta(days=2)}):
            with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
                Reserve.objects.filter(pk=reserve.pk).update(**champ)


@pytest.fixture
def _plein(settings: Any) -> None:
    settings.ESPACE_LIBRE_MIN = espace.libre() + 1024 * MO


@pytest.mark.usefixtures("_plein")
class TestDisquePlein:
    def test_une_annonce_est_refusee_avec_sa_cause(self) -> None:
        candidature = f.une_candidature(complete=False)
        reponse = annoncer(client_de(f.porteur_de(candidature)), candidature)
        assert (reponse.status_code, reponse.content.decode()) == (403, espace.SANS_PLACE)

    def test_un_fichier_d_un_bloc_est_refuse_avec_sa_cause_et_rien_n_en_reste(self, settings: Any) -> None:
        candidature = f.une_candidature(complete=False)
        client = client_de(f.porteur_de(candidature))
        fichier = ContentFile(un_pdf(marque="d’un bloc"), name="a.pdf")
        reponse = client.post(page("pieces", candidature.pk), {"nature": "diagnostic", "fichier": fichier})
        assert reponse.status_code == 200
        assert espace.SANS_PLACE in reponse.content.decode()
        assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
        assert not candidature.pieces.exists()


class TestDisque:
    def test_un_dossier_se_depose_disque_plein(self, settings: Any) -> None:
        candidature = f.une_candidature()
        settings.ESPACE_LIBRE_MIN = espace.libre() + 1024 * MO
        assert f.un_depot(candidature).pk

    def test_un_envoi_commence_s_arrete_et_reprend(self, settings: Any) -> None:
        candidature = f.une_candidature(complete=False)
        envoi = commencer(candidature)
        minimum, settings.ESPACE_LIBRE_MIN = settings.ESPACE_LIBRE_MIN, espace.libre() + 1024 * MO
        with pytest.raises(RegleEnfreinte, match="manque de place"):
            televersements.recevoir(televersement=envoi, debut=0, morceau=FICHIER, maintenant=horloge_base())
        settings.ESPACE_LIBRE_MIN = minimum
        televersements.recevoir(televersement=envoi, debut=0, morceau=FICHIER, maintenant=horloge_base())
        assert televersements.terminer(televersement=envoi, maintenant=horloge_base()).piece_id

    def test_ce_qui_est_annonce_ailleurs_n_est_plus_libre(self, settings: Any) -> None:
        candidature = f.une_candidature(complete=False)
        settings.ESPACE_LIBRE_MIN = espace.libre() - 1500 * MO
        commencer(candidature, taille=1000 * MO)
        with pytest.raises(RegleEnfreinte, match="manque de place"):
            commencer(un_autre(candidature), taille=1000 * MO)

    @pytest.mark.parametrize(("reste", "cle"), [(0.9, "espace-refus"), (1.5, "espace-faible"), (2.5, None)])
    def test_l_alarme_sonne_avant_le_refus_et_au_refus(self, settings: Any, reste: float, cle: str | None) -> None:
        settings.ESPACE_LIBRE_MIN = int(espace.libre() / reste)
        veille.veiller(maintenant=horloge_base())
        assert [alarme.cle for alarme in Alarme.objects.filter(cle__startswith="espace-")] == ([cle] if cle else [])
