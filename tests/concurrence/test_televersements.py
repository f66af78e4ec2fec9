"""Uploads at the limits: two requests at once, and 200 MB in a real web process."""

import hashlib
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from candidatures.dossier.pieces.actions import pieces, reserves, televersements
from candidatures.dossier.pieces.actions.televersements import DecalageInattendu
from candidatures.dossier.pieces.requetes import chemin, octets_du_dossier
from candidatures.dossier.regles import OCTETS_PAR_DOSSIER
from candidatures.models import Candidature, Reserve, Televersement
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page
from tests.concurrence.attente import attend_un_verrou, attendre
from tests.concurrence.test_dossiers import ensemble
from tests.outils.portail import Portail

pytestmark = pytest.mark.django_db(transaction=True)

MO = 1024 * 1024
TAILLE = 200 * MO
CROISSANCE_MAX = 40 * MO
LIMITE = "la-limite-des-champs"


class TestEnMemeTemps:
    @pytest.fixture(autouse=True)
    def _dossier_des_envois(self, settings: Any, tmp_path: Path) -> None:
        settings.TELEVERSEMENTS = tmp_path / "televersements"

    def envoi(self, candidature: Candidature, taille: int) -> Televersement:
        return televersements.commencer(
            candidature=candidature,
            utilisateur=f.porteur_de(candidature),
            nom="étude.pdf",
            nature="diagnostic",
            taille=taille,
            maintenant=horloge_base(),
        )

    def test_de_deux_morceaux_a_la_meme_place_un_seul_est_pris(self) -> None:
        envoi = self.envoi(f.une_candidature(), 2000)
        morceaux = [(f.PDF + lettre * 1000)[:1000] for lettre in (b"a", b"b")]

        def recevoir(morceau: bytes) -> bytes | int:
            try:
                televersements.recevoir(televersement=envoi, debut=0, morceau=morceau, maintenant=horloge_base())
            except DecalageInattendu as decalage:
                return decalage.attendu
            return morceau

        issues = ensemble(*(lambda morceau=morceau: recevoir(morceau) for morceau in morceaux))
        (pris,) = (issue for issue in issues if isinstance(issue, bytes))
        assert [issue for issue in issues if isinstance(issue, int)] == [1000]
        envoi.refresh_from_db()
        assert (envoi.recus, chemin(envoi).read_bytes()) == (1000, pris)

    def test_deux_fins_a_la_fois_ne_joignent_qu_une_piece(self) -> None:
        candidature = f.une_candidature()
        contenu = f.PDF + os.urandom(1000)
        envoi = self.envoi(candidature, len(contenu))
        televersements.recevoir(televersement=envoi, debut=0, morceau=contenu, maintenant=horloge_base())

        def terminer() -> Televersement:
            return televersements.terminer(televersement=envoi, maintenant=horloge_base())

        issues = ensemble(terminer, terminer)
        piece = candidature.pieces.get(nature="diagnostic")
        assert [(issue.piece_id, issue.refus) for issue in issues] == [(piece.pk, "")] * 2

    def test_finir_un_remplacement_pendant_qu_un_collegue_enleve_la_piece_ne_bloque_personne(self) -> None:
        candidature = f.une_candidature()
        ancienne = candidature.pieces.get()
        contenu = f.PDF + os.urandom(1000)
        envoi = self.envoi(candidature, len(contenu))
        Televersement.objects.filter(pk=envoi.pk).update(remplace=ancienne, nature="deliberation")
        televersements.recevoir(televersement=envoi, debut=0, morceau=contenu, maintenant=horloge_base())
        auteur = f.porteur_de(candidature)

        ensemble(
            lambda: televersements.terminer(televersement=envoi, maintenant=horloge_base()),
            lambda: pieces.enlever_piece(piece=ancienne, auteur=auteur, maintenant=horloge_base()),
        )
        assert ancienne not in candidature.pieces.all()
        envoi.refresh_from_db()
        assert bool(envoi.piece_id) != bool(envoi.refus)


@pytest.fixture
def portail(tmp_path: Path) -> Iterator[Portail]:
    demarre = Portail(tmp_path)
    try:
        yield demarre
    finally:
        demarre.arreter()


class Visite:
    """Someone's session and the token of their page; every form of the portal carries it."""

    def __init__(self, portail: Portail, candidature: Candidature) -> None:
        self.portail = portail
        self.candidature = candidature
        session = client_de(f.porteur_de(candidature)).cookies["sessionid"].value
        reponse, html = portail.demander("GET", page("pieces", candidature.pk), Cookie=f"sessionid={session}")
        (jeton,) = re.findall(r"csrftoken=(\w+)", " ".join(reponse.headers.get_all("Set-Cookie", [])))
        self.entetes = {"Cookie": f"sessionid={session}; csrftoken={jeton}", "X_CSRFToken": jeton}
        assert "Joindre ce fichier" in html.decode()

    def d_un_bloc(self, morceaux: list[bytes]) -> None:
        debut = (
            f'--{LIMITE}\r\nContent-Disposition: form-data; name="nature"\r\n\r\ndiagnostic\r\n'
            f'--{LIMITE}\r\nContent-Disposition: form-data; name="fichier"; filename="gros.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        fin = f"\r\n--{LIMITE}--\r\n".encode()
        taille = len(debut) + len(fin) + sum(map(len, morceaux))
        reponse, _ = self.portail.demander(
            "POST",
            page("pieces", self.candidature.pk),
            iter([debut, *morceaux, fin]),
            Content_Type=f"multipart/form-data; boundary={LIMITE}",
            Content_Length=str(taille),
            **self.entetes,
        )
        assert reponse.status == 302

    def par_morceaux(self, morceaux: list[bytes]) -> None:
        tus = self.entetes | {"Tus_Resumable": "1.0.0"}
        valeurs = {"nom": "gros.pdf", "nature": "diagnostic"}
        annonce = ",".join(f"{nom} {b64encode(valeur.encode()).decode()}" for nom, valeur in valeurs.items())
        taille = sum(map(len, morceaux))
        reponse, _ = self.portail.demander(
            "POST",
            page("televersements", self.candidature.pk),
            Upload_Length=str(taille),
            Upload_Metadata=annonce,
            **tus,
        )
        assert reponse.status == 201
        recus = 0
        for morceau in morceaux:
            suite, _ = self.portail.demander(
                "PATCH",
                reponse.headers["Location"],
                morceau,
                Upload_Offset=str(recus),
                Content_Type="application/offset+octet-stream",
                **tus,
            )
            recus += len(morceau)
            assert (suite.status, suite.headers["Upload-Offset"]) == (204, str(recus))


@pytest.mark.parametrize("voie", ["d_un_bloc", "par_morceaux"])
def test_200_mo_n_alourdissent_pas_le_processus_web(portail: Portail, voie: str) -> None:
    candidature = f.une_candidature()
    visite = Visite(portail, candidature)
    # The same steps with a small file first: what they import is not what is measured.
    getattr(visite, voie)([f.PDF + b"%essai"])
    portail.oublier_le_pic()
    avant = portail.pic

    un_morceau = bytes(MO)
    morceaux = [f.PDF + un_morceau[len(f.PDF) :], *[un_morceau] * (TAILLE // len(un_morceau) - 1)]
    getattr(visite, voie)(morceaux)
    croissance = portail.pic - avant

    somme = hashlib.sha256()
    for morceau in morceaux:
        somme.update(morceau)
    gros = candidature.pieces.get(document__taille=TAILLE)
    assert gros.document.sha256 == somme.hexdigest()
    assert croissance < CROISSANCE_MAX, f"{croissance / MO:.1f} Mo"


def test_de_deux_annonces_a_la_fois_pour_la_derniere_place_une_seule_est_prise(settings: Any, tmp_path: Path) -> None:
    """By the rule both had room: Postgres puts them in line, and the second is told so."""
    settings.TELEVERSEMENTS = tmp_path / "televersements"
    candidature = f.une_candidature(complete=False)
    Reserve.objects.create(
        candidature=candidature, utilisateur=f.un_utilisateur(), octets=OCTETS_PAR_DOSSIER - 100 * MO
    )
    collegue, porteur = f.un_utilisateur(), f.porteur_de(candidature)
    candidature.participations.create(utilisateur=collegue, qualite="co_porteur")

    def prendre(qui: Any) -> str:
        try:
            reserves.prendre(candidature=candidature, utilisateur=qui, octets=60 * MO)
        except RegleEnfreinte as refus:
            return refus.message
        return ""

    issues = ensemble(lambda: prendre(porteur), lambda: prendre(collegue))
    assert sorted(map(bool, issues)) == [False, True]
    assert octets_du_dossier(candidature) == OCTETS_PAR_DOSSIER - 40 * MO


def test_une_place_tenue_ailleurs_se_lit_avant_de_juger(ailleurs: Any, settings: Any, tmp_path: Path) -> None:
    settings.TELEVERSEMENTS = tmp_path / "televersements"
    candidature = f.une_candidature(complete=False)
    qui, collegue = f.porteur_de(candidature), f.un_utilisateur()
    with transaction.atomic():
        reserves.prendre(candidature=candidature, utilisateur=qui, octets=OCTETS_PAR_DOSSIER - MO)
        autre = ailleurs(reserves.prendre, candidature=candidature, utilisateur=collegue, octets=2 * MO)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="en même temps"):
        autre.result(10)
    assert Reserve.objects.count() == 1
