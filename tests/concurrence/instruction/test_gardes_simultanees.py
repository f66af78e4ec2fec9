"""Postgres judges a row once the others have finished: two connections, and nothing but rows, which hold no file."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.models import (
    Annotation,
    Candidature,
    DeclarationInteret,
    DemandeDeCorrection,
    PieceDeCorrection,
    Proposition,
    Recevabilite,
)
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import demander
from tests.candidatures.instruction.corrections.test_gardes import une_demande
from tests.candidatures.instruction.instruction import une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def ecrire(ligne: Any) -> str:
    """The name under which Postgres refuses the row; « » when it does not."""
    try:
        ligne.save(force_insert=True)
    except IntegrityError as erreur:
        return nom_contrainte(erreur)
    return ""


def lignes(dossier: Candidature, auteur: Any) -> list[Any]:
    """What somebody may say of a file, as rows that no act makes."""
    de, toutes = {"candidature": dossier, "auteur": auteur}, toutes_remplies(dossier.cahier.cahier.recevabilite)
    return [
        Recevabilite(recevable=True, constats=toutes, constatee_le=horloge_base(), **de),
        Proposition(sens="labelliser", motif="Prêt.", faite_le=horloge_base(), **de),
        Annotation(texte="Une note.", **de),
        une_demande(dossier, auteur),
    ]


def test_qui_declare_un_interet_au_meme_instant_n_ecrit_rien_sur_le_dossier(ailleurs: Any) -> None:
    _, (dossier,) = une_vague_close(None)
    agent = f.un_agent(Role.INSTRUCTEUR)
    with transaction.atomic():
        DeclarationInteret.objects.create(candidature=dossier, utilisateur=agent, motif="Mandat local.")
        suites = [ailleurs(ecrire, ligne=ligne) for ligne in lignes(dossier, agent)]
        attendre(attend_un_verrou)
    assert [suite.result(DELAI) for suite in suites] == ["auteur_sans_conflit"] * len(suites)


def test_une_correction_que_l_on_rend_ne_recoit_plus_de_piece(ailleurs: Any) -> None:
    _, (dossier,) = une_vague_close(None)
    demande, porteur = demander(dossier, f.un_agent(Role.INSTRUCTEUR)), f.porteur_de(dossier)
    piece = PieceDeCorrection(
        demande=demande,
        document=f.la_deliberation(),
        nature="lettre",
        intitule="Lettre",
        nom="lettre.pdf",
        ajoutee_par=porteur,
    )
    with transaction.atomic():
        DemandeDeCorrection.objects.filter(pk=demande.pk).update(rendue_le=horloge_base(), rendue_par=porteur)
        suite = ailleurs(ecrire, ligne=piece)
        attendre(attend_un_verrou)
    assert suite.result(DELAI) == "piece_d_une_correction_ouverte"
