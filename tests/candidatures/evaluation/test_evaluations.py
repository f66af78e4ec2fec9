"""An evaluation: a draft, then rendered once, whole; replaced for a reason."""

import pytest

from candidatures.evaluation import regles
from candidatures.evaluation.actions.evaluateurs import ouvrir_apres_la_phase
from candidatures.evaluation.actions.evaluations import BrouillonEnregistreAilleurs, DossierChange, Saisie
from candidatures.evaluation.requetes import evaluations_lues, lu_maintenant, siennes
from candidatures.instruction import actions as instruction
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.models import Candidature, Evaluateur, Evaluation, Note, OuvertureDesEvaluations, Suivi
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import (
    PARCE_QUE,
    corriger,
    criteres,
    definition_de,
    des_notes,
    enregistrer,
    finir,
    redefinir,
    rendre,
    s_abstenir,
    une_phase,
    une_saisie,
)
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


def relu(dossier: Candidature) -> Candidature:
    return Candidature.objects.pour_lecture().get(pk=dossier.pk)


def test_un_brouillon_garde_ce_qui_est_ecrit_meme_incomplet(monde: Monde) -> None:
    premier = criteres(monde.dossier)[0].cle
    enregistrer(monde.dossier, monde.une, Saisie(notes={premier: (2, "")}, commentaire="À revoir."))
    lues = evaluations_lues(relu(monde.dossier), monde.une)
    assert lues.brouillon.notees == [{"critere": premier, "valeur": 2, "motif": ""}]
    assert (lues.brouillon.commentaire, lues.rendue, lues.courantes) == ("À revoir.", None, [])
    assert [une.avancement for une in siennes(monde.une)] == ["brouillon"]
    assert [une.avancement for une in siennes(monde.deux)] == ["a_faire"]


def test_un_brouillon_enregistre_depuis_une_autre_page_n_est_jamais_remplace_sans_etre_dit(monde: Monde) -> None:
    gardee = enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    with pytest.raises(BrouillonEnregistreAilleurs) as erreur:
        enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 2, revision=0))
    assert erreur.value.revision == gardee.revision == 1
    # The same request twice is once.
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1, revision=0))
    ecrite = enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 2, revision=2))
    assert {note.valeur for note in ecrite.notes.all()} == {c.echelle[2].valeur for c in criteres(monde.dossier)}


def test_chaque_critere_est_note_et_les_extremes_disent_pourquoi(monde: Monde) -> None:
    notes = des_notes(monde.dossier, 1)
    premier = criteres(monde.dossier)[0]
    haut, bas = premier.echelle[-1].valeur, premier.echelle[0].valeur
    refusees = {
        "Donnez une note à chaque critère": [
            {cle: note for cle, note in notes.items() if cle != premier.cle},
            notes | {premier.cle: (None, PARCE_QUE)},
            notes | {premier.cle: (99, PARCE_QUE)},
            notes | {"inconnu": (1, PARCE_QUE)},
        ],
        "s’explique": [notes | {premier.cle: (haut, "")}, notes | {premier.cle: (bas, "  ")}],
    }
    for phrase, saisies in refusees.items():
        for saisie in saisies:
            with pytest.raises(RegleEnfreinte, match=phrase):
                rendre(monde.dossier, monde.une, notes=saisie)
    assert not Evaluation.objects.rendues().exists()
    rendue = rendre(monde.dossier, monde.une, notes=notes | {premier.cle: (premier.echelle[1].valeur, "")})
    assert rendue.points is not None


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda rendue: Evaluation.objects.filter(pk=rendue.pk).update(commentaire="Autre."),
        lambda rendue: Evaluation.objects.filter(pk=rendue.pk).update(points=1),
        lambda rendue: Evaluation.objects.filter(pk=rendue.pk).update(rendue_le=None),
        lambda rendue: Evaluation.objects.filter(pk=rendue.pk).delete(),
        lambda rendue: Note.objects.filter(evaluation=rendue).update(valeur=1),
        lambda rendue: Note.objects.filter(evaluation=rendue).delete(),
        lambda rendue: Note.objects.create(evaluation=rendue, critere="de-plus", valeur=1),
    ],
)
def test_rien_ne_change_d_une_evaluation_rendue(monde: Monde, ecrire) -> None:
    from django.db import DatabaseError, transaction

    rendue = rendre(monde.dossier, monde.une)
    with pytest.raises(DatabaseError), transaction.atomic():
        ecrire(rendue)


def test_elle_se_remplace_pour_une_raison_et_les_deux_restent(monde: Monde) -> None:
    rendre(monde.dossier, monde.une, 1)
    with pytest.raises(RegleEnfreinte, match="Écrivez pourquoi vous remplacez"):
        rendre(monde.dossier, monde.une, 2)
    rendre(monde.dossier, monde.une, 2, motif="J’avais mal lu.")
    rendre(monde.dossier, monde.deux, 1)
    lues = evaluations_lues(relu(monde.dossier), monde.tiers)
    assert [(une.auteur, une.rang) for une in lues.courantes] == [(monde.une, 2), (monde.deux, 1)]
    assert [(une.auteur, une.rang) for une in lues.remplacees] == [(monde.une, 1)]
    assert [une.motif for une in lues.courantes] == ["J’avais mal lu.", ""]


def test_une_abstention_se_motive_et_ne_compte_pas_de_points(monde: Monde) -> None:
    enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    with pytest.raises(RegleEnfreinte, match="pourquoi vous vous abstenez"):
        s_abstenir(monde.dossier, monde.une, " ")
    s_abstenir(monde.dossier, monde.une)
    rendue = rendre(monde.dossier, monde.deux, 2)
    lues = evaluations_lues(relu(monde.dossier), monde.tiers)
    assert lues.synthese == regles.Synthese(rendue.points, rendue.points, rendue.points, rendue.sur)
    assert [une.abstention for une in lues.courantes] == ["Je ne connais pas la filière.", ""]
    assert lues.lignes[0].notes[0] is None
    suivi = Suivi.objects.get(pk=monde.dossier.pk)
    assert (suivi.evaluations_ouvertes, suivi.note, suivi.desaccord) == (True, rendue.points, False)


def test_elle_porte_sur_ce_qui_a_ete_lu_et_est_a_relire_apres_une_correction(monde: Monde) -> None:
    page = une_saisie(monde.dossier, 1)
    avant = rendre(monde.dossier, monde.deux, 1)
    assert (avant.depot_id, avant.correction_id) == page.lu
    corriger(monde.dossier, monde.tiers, f.porteur_de(monde.dossier))
    with pytest.raises(DossierChange) as erreur:
        rendre(monde.dossier, monde.une, notes=page.notes, lu=page.lu)
    assert erreur.value.lu == lu_maintenant(monde.dossier) != page.lu
    apres = rendre(monde.dossier, monde.une, 1)
    assert (apres.depot_id, apres.correction_id) == erreur.value.lu
    lues = evaluations_lues(relu(monde.dossier), monde.tiers)
    assert {une.auteur: une.a_relire for une in lues.courantes} == {monde.une: False, monde.deux: True}
    assert [une.avancement for une in siennes(monde.deux)] == ["a_relire"]
    rendre(monde.dossier, monde.deux, 1, motif="Relue après la correction.")
    assert [une.avancement for une in siennes(monde.deux)] == ["rendue"]


def test_la_base_elle_meme_refuse_une_evaluation_de_ce_qui_n_est_plus_depose(monde: Monde) -> None:
    brouillon = enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    lu = lu_maintenant(monde.dossier)
    corriger(monde.dossier, monde.tiers, f.porteur_de(monde.dossier))
    rendue = {"rendue_le": horloge_base(), "depot_id": lu[0], "correction_id": lu[1]}
    assert (
        refus(lambda: Evaluation.objects.filter(pk=brouillon.pk).update(**rendue)) == "evaluation_de_ce_qui_est_depose"
    )


def test_qui_n_evalue_pas_le_dossier_n_y_rend_rien(monde: Monde) -> None:
    with pytest.raises(RegleEnfreinte, match=regles.PAS_EVALUATEUR):
        rendre(monde.dossier, monde.tiers)
    with pytest.raises(RegleEnfreinte, match=regles.PAS_EVALUATEUR):
        rendre(monde.autre, monde.une)
    instruction.declarer_interet(
        candidature=monde.dossier, utilisateur=monde.une, motif="Mandat.", maintenant=horloge_base()
    )
    with pytest.raises(RegleEnfreinte, match=regles.PAS_EVALUATEUR):
        rendre(monde.dossier, monde.une)


def test_les_points_sont_ceux_de_la_base_quoi_qu_on_ecrive(monde: Monde) -> None:
    brouillon = enregistrer(monde.dossier, monde.une, une_saisie(monde.dossier, 1))
    depot, correction = lu_maintenant(monde.dossier)
    Evaluation.objects.filter(pk=brouillon.pk).update(
        rendue_le=horloge_base(), depot_id=depot, correction_id=correction, points=9999, sur=1
    )
    rendre(monde.dossier, monde.deux, 1)
    premiere, seconde = Evaluation.objects.order_by("auteur")
    assert (premiere.points, premiere.sur) == (seconde.points, seconde.sur)


def test_une_evaluation_est_de_son_evaluateur_quoi_qu_on_ecrive(monde: Monde) -> None:
    sienne = Evaluateur.objects.get(personne=monde.une)
    faite = Evaluation.objects.create(
        evaluateur=sienne, candidature=monde.autre, auteur=monde.tiers, modifiee_le=horloge_base()
    )
    faite.refresh_from_db()
    assert (faite.candidature, faite.auteur) == (monde.dossier, monde.une)


def test_rien_ne_s_ouvre_avant_que_toutes_soient_rendues_ou_la_phase_finie(monde: Monde) -> None:
    phase = une_phase(monde.vague)
    rendre(monde.dossier, monde.une)
    for toutes in (True, False):
        ouverture = {"candidature": monde.dossier, "toutes": toutes}
        assert (
            refus(lambda o=ouverture: OuvertureDesEvaluations.objects.create(**o)) == "ouverture_des_evaluations_due"
        )
    assert ouvrir_apres_la_phase() == 0
    finir(phase)
    assert ouvrir_apres_la_phase() == 1
    assert ouvrir_apres_la_phase() == 0
    ouverture = OuvertureDesEvaluations.objects.get()
    assert (ouverture.candidature, ouverture.toutes) == (monde.dossier, False)
    lues = evaluations_lues(relu(monde.dossier), monde.deux)
    assert [une.auteur for une in lues.courantes] == [monde.une]
    suivi = Suivi.objects.get(pk=monde.dossier.pk)
    assert (suivi.evaluations_ouvertes, suivi.note, ecarts()) == (True, lues.courantes[0].points, [])


def test_apres_la_phase_ce_qui_n_est_pas_rendu_ne_l_est_plus_et_ce_qui_l_est_se_remplace(monde: Monde) -> None:
    phase = une_phase(monde.vague)
    rendre(monde.dossier, monde.une)
    brouillon = enregistrer(monde.dossier, monde.deux, une_saisie(monde.dossier, 1))
    finir(phase)
    with pytest.raises(RegleEnfreinte, match=regles.PHASE_FINIE):
        rendre(monde.dossier, monde.deux, revision=1)
    depot, correction = lu_maintenant(monde.dossier)
    rendue = {"rendue_le": horloge_base(), "depot_id": depot, "correction_id": correction}
    assert refus(lambda: Evaluation.objects.filter(pk=brouillon.pk).update(**rendue)) == "evaluation_dans_la_phase"
    ouvrir_apres_la_phase()
    rendre(monde.dossier, monde.une, 2, motif="Relue.")
    assert Suivi.objects.get(pk=monde.dossier.pk).note == Evaluation.objects.get(rang=2).points


def test_la_ligne_etroite_dit_la_verite_a_chaque_pas(monde: Monde) -> None:
    pas = [
        lambda: rendre(monde.dossier, monde.une, 1),
        lambda: rendre(monde.dossier, monde.deux, 3),
        lambda: rendre(monde.dossier, monde.deux, 2, motif="Relue."),
        lambda: instruction.declarer_interet(
            candidature=monde.dossier, utilisateur=monde.une, motif="Mandat.", maintenant=horloge_base()
        ),
    ]
    ouvertes = []
    for faire in pas:
        faire()
        ouvertes.append(Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes)
        assert (ecarts(), vagues_mal_comptees()) == ([], [])
    assert ouvertes == [False, True, True, True]


def test_une_vague_sans_grille_ne_s_evalue_pas(monde: Monde) -> None:
    dossier = redefinir(monde.dossier, definition_de(monde.dossier) | {"criteres": []})
    with pytest.raises(RegleEnfreinte, match="n’a pas de grille"):
        rendre(dossier, monde.une)


def test_une_note_sous_le_plancher_se_motive_et_se_voit(monde: Monde) -> None:
    definition = definition_de(monde.dossier)
    definition["criteres"][0]["plancher"] = 2
    dossier = redefinir(monde.dossier, definition)
    notes = des_notes(dossier, 1)
    with pytest.raises(RegleEnfreinte, match="s’explique"):
        rendre(dossier, monde.une, notes=notes | {criteres(dossier)[0].cle: (1, "")})
    rendre(dossier, monde.une, notes=notes)
    rendre(dossier, monde.deux, 2)
    premiere = evaluations_lues(relu(dossier), monde.tiers).lignes[0]
    assert [note["sous_le_plancher"] for note in premiere.notes] == [True, False]
