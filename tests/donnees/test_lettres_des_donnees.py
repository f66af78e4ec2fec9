"""What is written about personal data, word for word."""

import pytest
from django.core import mail

from rebond.comptes.gestion.actions import fermer_le_sien
from rebond.donnees.export.actions import demander
from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.tasks import preparer_les_exports
from rebond.socle.courriers.envoi import envoyer_en_attente
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.donnees.effacer import Deux, deux, effacer, magasin
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

__all__ = ["deux", "magasin"]
pytestmark = pytest.mark.django_db
SINON = f"Si vous ne les avez pas demandées, écrivez-nous : {PORTAIL}/contact/"


@pytest.fixture
def camille() -> Utilisateur:
    return f.un_utilisateur("camille@exemple.fr")


def prepare(personne: Utilisateur, acteur: Utilisateur) -> ExportDeDonnees:
    demander(personne=personne, acteur=acteur, motif="Lettre", maintenant=horloge_base())
    assert preparer_les_exports() == 1
    return ExportDeDonnees.objects.get()


def terme(export: ExportDeDonnees) -> str:
    assert export.expire_le
    return f"jusqu’au {instant_fr(export.expire_le)} (heure de Paris)"


def test_l_archive_est_prete(camille: Utilisateur) -> None:
    export = prepare(camille, camille)
    courrier = Courrier.objects.get(cle=f"export-{export.pk}")
    assert courrier.destinataire == "camille@exemple.fr"
    lue(
        "donnees/export_pret",
        courrier,
        "Vos données sont prêtes",
        BONJOUR,
        f"Vos données sur Rebond industriel sont prêtes. Connectez-vous pour les télécharger {terme(export)} : "
        f"{PORTAIL}/compte/donnees/",
        SINON,
        SIGNATURE,
    )


def test_l_archive_d_un_compte_ferme(camille: Utilisateur) -> None:
    fermer_le_sien(utilisateur=camille, maintenant=horloge_base())
    export = prepare(camille, f.un_agent(Role.ADMINISTRATEUR))
    courrier = Courrier.objects.get(cle=f"export-{export.pk}")
    assert courrier.texte == ""
    envoyer_en_attente(maintenant=horloge_base())
    [message] = [m for m in mail.outbox if m.subject == "Vos données sont prêtes"]
    courrier.texte = message.body
    lien = next(mot for mot in message.body.split() if "/compte/donnees/remise/" in mot)
    lue(
        "donnees/export_remis",
        courrier,
        "Vos données sont prêtes",
        BONJOUR,
        "Vos données sur Rebond industriel sont prêtes. Votre compte étant fermé, ce lien, qui n’est que pour vous, "
        f"permet de les télécharger {terme(export)} :",
        f"Télécharger mes données : {lien}",
        SINON,
        SIGNATURE,
    )


def test_un_fichier_du_dossier_est_efface(deux: Deux) -> None:
    depot = f.un_depot()
    piece, candidature = depot.pieces.get(), depot.candidature
    effacer(piece.document, deux)
    [courrier] = Courrier.objects.filter(cle__startswith="effacement-")
    assert courrier.destinataire == f.porteur_de(candidature).email
    lue(
        "donnees/fichier_efface",
        courrier,
        f"Un fichier de votre dossier {candidature.reference} est effacé",
        BONJOUR,
        f"Le fichier « {piece.nom} », du dossier {candidature.reference} "
        f"(« {candidature.territoire.nom} »), contenait des données qui ne devaient pas être sur le portail. "
        "Il est effacé, et personne ne peut plus l’ouvrir.",
        "Si votre dossier n’est pas encore déposé, joignez-en une version qui ne les contient pas. S’il est déposé, "
        "votre dépôt reste valable : son accusé et son empreinte ne changent pas.",
        f"Voir le dossier : {PORTAIL}/candidatures/{candidature.pk}/",
        f"Pour en savoir la raison, écrivez-nous : {PORTAIL}/contact/",
        SIGNATURE,
    )
