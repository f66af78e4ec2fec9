"""What Postgres holds of evaluators and of what they write, under the portal's role, whatever goes around the acts."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from candidatures.evaluation.actions.evaluateurs import ouvrir_apres_la_phase, retirer
from candidatures.instruction import actions as instruction
from candidatures.instruction.suivi.requetes import ecarts
from candidatures.models import Evaluateur, Evaluation, Note, OuvertureDesEvaluations, Suivi
from rebond.socle.horloge.temps import horloge_base
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import enregistrer, finir, rendre, une_phase, une_saisie
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


def refusee(*requetes: str) -> None:
    for requete in requetes:
        with (
            pytest.raises(DatabaseError, match=r"permission denied|pgtrigger: Cannot"),
            transaction.atomic(),
            connection.cursor() as curseur,
        ):
            curseur.execute(requete)


def test_qui_evalue_ne_change_pas(monde: Monde) -> None:
    table = "candidatures_evaluateur"
    refusee(
        f"UPDATE {table} SET personne_id = {monde.tiers.pk}",
        f"UPDATE {table} SET candidature_id = {monde.autre.pk}",
        f"UPDATE {table} SET confie_le = confie_le - interval '1 day'",
        f"DELETE FROM {table}",
    )
    siens = Evaluateur.objects.filter(personne=monde.une)
    sans_raison = {"retire_le": horloge_base(), "retire_par": monde.tiers, "fin": "retire"}
    assert refus(lambda: siens.update(**sans_raison)) == "evaluateur_retire_pour_une_raison"
    retirer(evaluateur=siens.get(), motif="Absence.", auteur=monde.tiers, maintenant=horloge_base())
    refusee(f"UPDATE {table} SET retire_le = NULL, retire_par_id = NULL, fin = '', motif = ''")


def test_une_evaluation_a_son_rang_et_un_seul_brouillon(monde: Monde) -> None:
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier))
    (brouillon,) = Evaluation.objects.all()

    def une(**champs: Any) -> Any:
        valeurs = {"rang": 2, "modifiee_le": horloge_base(), "candidature": monde.dossier, "auteur": monde.une}
        return Evaluation(evaluateur=brouillon.evaluateur, **(valeurs | champs)).save

    assert refus(une()) == "evaluation_un_seul_brouillon"
    assert refus(une(rang=0)) == "evaluation_rang_positif"
    assert refus(lambda: Evaluation.objects.update(points=3, sur=4)) == "evaluation_rendue_entiere"
    rendre(monde.dossier, monde.une, revision=1)
    assert refus(une(rang=1)) == "evaluation_rang_unique"
    assert refus(une()) is None


def test_qui_declare_un_conflit_n_ecrit_plus_d_evaluation(monde: Monde) -> None:
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier))
    instruction.declarer_interet(
        candidature=monde.dossier, utilisateur=monde.une, motif="Mandat.", maintenant=horloge_base()
    )
    assert refus(lambda: Evaluation.objects.update(commentaire="Autre.")) == "auteur_sans_conflit"


def test_une_evaluation_reste_a_qui_l_ecrit(monde: Monde) -> None:
    for qui in (monde.une, monde.deux):
        enregistrer(monde.dossier, qui, une_saisie(monde.dossier))
    une, autre = Evaluation.objects.order_by("pk")
    note = Note.objects.filter(evaluation=une).earliest("pk")
    refusee(
        f"UPDATE candidatures_evaluation SET auteur_id = {monde.tiers.pk} WHERE id = {une.pk}",
        f"UPDATE candidatures_evaluation SET candidature_id = {monde.autre.pk} WHERE id = {une.pk}",
        f"UPDATE candidatures_evaluation SET rang = 7 WHERE id = {une.pk}",
        "DELETE FROM candidatures_evaluation",
        f"UPDATE candidatures_note SET evaluation_id = {autre.pk} WHERE id = {note.pk}",
        f"UPDATE candidatures_note SET critere = 'autre' WHERE id = {note.pk}",
    )
    double = Note(evaluation=une, critere=note.critere, valeur=1)
    assert refus(double.save) == "note_une_par_critere"


def test_l_ouverture_ne_se_reprend_pas(monde: Monde) -> None:
    for qui in (monde.une, monde.deux):
        rendre(monde.dossier, qui)
    assert OuvertureDesEvaluations.objects.get().candidature == monde.dossier
    table = "candidatures_ouverturedesevaluations"
    refusee(f"UPDATE {table} SET ouverte_le = now()", f"DELETE FROM {table}")


def test_la_fin_de_la_phase_se_lit_aussitot_dans_les_listes(monde: Monde) -> None:
    phase = une_phase(monde.vague)
    rendre(monde.dossier, monde.une)
    finir(phase)
    assert ouvrir_apres_la_phase() == 1
    assert Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes
    assert not ecarts()
