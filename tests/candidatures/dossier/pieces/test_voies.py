"""Every way by which somebody’s bytes come in takes room first, and is refused without losing what is typed."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.base import ContentFile

from candidatures.dossier.pieces import forms as formulaires_de_pieces
from candidatures.dossier.regles import OCTETS_PAR_COMPTE_ET_JOUR
from candidatures.instruction.correction import forms as formulaires_de_correction
from candidatures.instruction.echanges import forms as formulaires_d_echanges
from candidatures.models import Candidature, Message, PieceDeCorrection, PieceDeMessage, PieceJointe, Reserve
from rebond.socle.documents import espace
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.televersements.outils import annoncer
from tests.candidatures.instruction.corrections.outils import demander
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, page, texte
from tests.outils.fichiers import un_pdf
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).resolve().parents[4]
MOTS = "Voici ce que vous demandez."


def fichier() -> ContentFile:
    return ContentFile(un_pdf(marque="une voie"), name="a.pdf")


def en_redaction() -> Candidature:
    return f.une_candidature()


def en_correction() -> Candidature:
    dossier = une_vague_close(None)[1][0]
    demander(dossier, f.un_agent(Role.INSTRUCTEUR))
    return dossier


def d_un_bloc(client: Any, dossier: Candidature) -> Any:
    return client.post(page("pieces", dossier.pk), {"nature": "diagnostic", "fichier": fichier()})


def remplacer(client: Any, dossier: Candidature) -> Any:
    piece = dossier.pieces.get()
    adresse = page("remplacer_piece", dossier.pk, piece.pk)
    return client.post(adresse, {"nature": piece.nature, "fichier": fichier()})


def par_morceaux(client: Any, dossier: Candidature) -> Any:
    return annoncer(client, dossier)


def message(client: Any, dossier: Candidature) -> Any:
    return client.post(page("messages", dossier.pk), {"texte": MOTS, "fichiers": fichier()})


def correction(client: Any, dossier: Candidature) -> Any:
    return client.post(page("correction_joindre", dossier.pk, "lettre"), {"nature": "lettre", "fichier": fichier()})


VOIES: dict[str, tuple[Callable[[], Candidature], Callable[[Any, Candidature], Any]]] = {
    "une pièce d’un bloc": (en_redaction, d_un_bloc),
    "un remplacement": (en_redaction, remplacer),
    "un envoi par morceaux": (en_redaction, par_morceaux),
    "un message": (en_correction, message),
    "une correction": (en_correction, correction),
}


def gardes() -> tuple[int, int, int, int]:
    return (
        PieceJointe.objects.count(),
        PieceDeMessage.objects.count(),
        PieceDeCorrection.objects.count(),
        Message.objects.count(),
    )


@pytest.mark.parametrize("voie", VOIES)
def test_chaque_voie_prend_sa_place(voie: str) -> None:
    preparer, envoyer = VOIES[voie]
    dossier = preparer()
    Reserve.objects.all().delete()
    assert envoyer(client_de(f.porteur_de(dossier)), dossier).status_code in {201, 302}
    assert Reserve.objects.get().utilisateur == f.porteur_de(dossier)


@pytest.mark.parametrize("voie", VOIES)
def test_chaque_voie_est_refusee_a_qui_a_trop_envoye_sans_rien_perdre_de_ce_qui_est_ecrit(voie: str) -> None:
    preparer, envoyer = VOIES[voie]
    dossier = preparer()
    qui = f.porteur_de(dossier)
    Reserve.objects.all().delete()
    # Beside the file's own limit: this much may have gone to several.
    with ignorer("candidatures.Reserve:reserve_dans_les_limites"):
        Reserve.objects.create(candidature=dossier, utilisateur=qui, octets=OCTETS_PAR_COMPTE_ET_JOUR, consommee=True)
    avant = gardes()
    reponse = envoyer(client_de(qui), dossier)
    assert reponse.status_code in {403, 409}
    dit = texte(reponse)
    assert "en vingt-quatre heures" in dit
    assert voie != "un message" or MOTS in dit
    assert gardes() == avant


@pytest.mark.parametrize("voie", VOIES)
def test_chaque_voie_est_refusee_quand_le_disque_est_plein_sans_rien_perdre(voie: str, settings: Any) -> None:
    preparer, envoyer = VOIES[voie]
    dossier = preparer()
    settings.ESPACE_LIBRE_MIN = espace.libre() + 1024**3
    avant = gardes()
    reponse = envoyer(client_de(f.porteur_de(dossier)), dossier)
    assert reponse.status_code in {200, 403}
    dit = texte(reponse)
    assert espace.SANS_PLACE in dit
    assert voie != "un message" or MOTS in dit
    assert gardes() == avant


def test_un_message_sans_fichier_part_quand_le_disque_est_plein(settings: Any) -> None:
    dossier = en_correction()
    settings.ESPACE_LIBRE_MIN = espace.libre() + 1024**3
    client = client_de(f.porteur_de(dossier))
    assert client.post(page("messages", dossier.pk), {"texte": MOTS}).status_code == 302
    assert Message.objects.get().texte == MOTS


def test_tout_champ_de_fichier_sait_dire_que_la_place_manque() -> None:
    modules = (formulaires_de_pieces, formulaires_de_correction, formulaires_d_echanges)
    champs = [
        champ
        for module in modules
        for _, formulaire in inspect.getmembers(module, inspect.isclass)
        if issubclass(formulaire, forms.BaseForm)
        for champ in getattr(formulaire, "base_fields", {}).values()
        if isinstance(champ, forms.FileField)
    ]
    assert champs
    assert [champ for champ in champs if not isinstance(champ, ChampFichier)] == []
    # And there is no other form with a file in the product.
    nus = [
        str(source.relative_to(RACINE))
        for paquet in ("candidatures", "projets", "territoires", "rebond")
        for source in (RACINE / paquet).rglob("*.py")
        if "forms.FileField" in source.read_text()
    ]
    # The second only says what such a field asks for.
    assert sorted(nus) == [
        "rebond/socle/formulaires/champs_fichiers.py",
        "rebond/socle/formulaires/obligations.py",
    ]


def test_ce_que_des_gens_envoient_n_est_garde_qu_ou_la_place_est_prise() -> None:
    """Whoever keeps a file elsewhere says why here: the takeover reads the operator's own folder."""
    gardiens = set()
    for source in (RACINE / "candidatures").rglob("*.py"):
        for noeud in ast.walk(ast.parse(source.read_text())):
            du_socle = isinstance(noeud, ast.ImportFrom) and (noeud.module or "").startswith("rebond.socle.documents.")
            if du_socle and {alias.name for alias in noeud.names} & {"garder", "enregistrer_fichier"}:
                gardiens.add(str(source.relative_to(RACINE)))
    assert gardiens == {
        # What the portal makes of what it already holds.
        "candidatures/depot/reliure/actions.py",
        "candidatures/dossier/pieces/actions/pieces.py",
        # What is attached to an avis: one file a draft, within the room of its file.
        "candidatures/instruction/avis/actions/reponses.py",
        "candidatures/instruction/echanges/actions.py",
        "candidatures/reprise/actions.py",
    }
