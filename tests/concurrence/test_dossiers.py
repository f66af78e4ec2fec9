"""Two people, or two workers, on the same file at the same instant, each on their own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from candidatures.depot.actions.accuses import fabriquer_accuse
from candidatures.dossier.actions import dossiers, redaction
from candidatures.dossier.actions.redaction import ConflitDeSaisie
from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces.actions import pieces
from candidatures.models import AccuseReception, Candidature, Participation, VersionDeSection
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.concurrence.attente import DELAI

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(*actes: Callable[[], Any]) -> list[Any]:
    """Run all of `actes` at once; what each returned, or the rule that refused it."""
    depart = threading.Barrier(len(actes), timeout=DELAI)

    def executer(acte: Callable[[], Any]) -> Any:
        try:
            depart.wait()
            return acte()
        except RegleEnfreinte as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(actes)) as fils:
        return list(fils.map(executer, actes))


def test_quatre_ouvertures_du_meme_territoire_a_la_fois_font_quatre_brouillons() -> None:
    vague, territoire = f.une_vague(), f.un_territoire()
    personnes = [f.un_utilisateur() for _ in range(4)]

    def ouvrir(auteur: Any) -> Callable[[], Candidature]:
        return lambda: dossiers.ouvrir_candidature(
            vague=vague, territoire=territoire, auteur=auteur, maintenant=horloge_base()
        )

    issues = ensemble(*(ouvrir(personne) for personne in personnes))
    assert [type(issue).__name__ for issue in issues] == ["Candidature"] * 4
    assert sorted(Candidature.objects.values_list("etat", "territoire_tenu")) == [("brouillon", "")] * 4


def test_deux_versions_d_une_rubrique_ne_s_ecrasent_pas() -> None:
    candidature = f.une_candidature(complete=False)
    collegue = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)

    def ecrire(auteur: Any, texte: str) -> Callable[[], VersionDeSection]:
        return lambda: redaction.enregistrer_section(
            candidature=candidature,
            section="projets",
            reponses={"projets": texte},
            auteur=auteur,
            maintenant=horloge_base(),
            revision=0,
        )

    issues = ensemble(ecrire(f.porteur_de(candidature), "La mienne."), ecrire(collegue, "La sienne."))
    (gardee,) = (issue for issue in issues if isinstance(issue, VersionDeSection))
    (conflit,) = (issue for issue in issues if isinstance(issue, ConflitDeSaisie))
    assert Candidature.objects.get().contenu == {"projets": gardee.reponses}
    assert [(trouve.cle, trouve.enregistree) for trouve in conflit.conflits] == [
        ("projets", gardee.reponses["projets"])
    ]


def test_le_meme_fichier_joint_deux_fois_a_la_fois_ne_l_est_qu_une() -> None:
    candidature = f.une_candidature(complete=False)
    auteur = f.porteur_de(candidature)

    def joindre() -> Any:
        return pieces.joindre_piece(
            candidature=candidature,
            fichier=ContentFile(f.PDF, name="note.pdf"),
            nom="note.pdf",
            nature="autre",
            auteur=auteur,
            maintenant=horloge_base(),
        )

    issues = ensemble(joindre, joindre)
    assert sum(isinstance(issue, RegleEnfreinte) for issue in issues) == 1
    assert candidature.pieces.count() == 1


def test_le_nombre_de_pieces_tient_quand_elles_arrivent_ensemble(settings: Any) -> None:
    settings.PIECES_NOMBRE_MAX = 2
    candidature = f.une_candidature(complete=False)
    auteur = f.porteur_de(candidature)

    def joindre(rang: int) -> Callable[[], Any]:
        return lambda: pieces.joindre_piece(
            candidature=candidature,
            fichier=ContentFile(f.PDF + b"%%%d" % rang, name="note.pdf"),
            nom="note.pdf",
            nature="autre",
            auteur=auteur,
            maintenant=horloge_base(),
        )

    ensemble(*(joindre(rang) for rang in range(5)))
    assert candidature.pieces.count() == 2


def test_deux_ouvriers_ne_font_qu_un_accuse_et_qu_une_lettre() -> None:
    depot = f.un_depot()
    accuses = ensemble(*[lambda: fabriquer_accuse(depot_id=depot.pk)] * 3)
    assert len({accuse.pk for accuse in accuses}) == 1
    assert (AccuseReception.objects.count(), Courrier.objects.count()) == (1, 1)
