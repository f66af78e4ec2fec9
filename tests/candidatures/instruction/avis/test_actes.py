"""An avis, from its request to its reserves: who may do what, and what becomes of it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import pour_agents
from candidatures.instruction.avis.actions import demandes, fins, reponses
from candidatures.instruction.avis.requetes import Cible, cible_de, consultables, demandes_d_avis, jeton_de_lecture
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.models import AvisRendu, BrouillonDAvis, Saisine
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.avis.outils import Scene, une_scene
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, rendre_avis

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return une_scene()


def rendre(scene, qui, sens=SensAvis.FAVORABLE, **champs):
    return rendre_avis(
        candidature=scene.dossier, expert=qui, sens=sens, texte="Clair.", maintenant=horloge_base(), **champs
    )


def prendre(saisine, qui, tenue_par=None):
    return reponses.prendre(saisine=saisine, expert=qui, tenue_par=tenue_par, maintenant=horloge_base())


def ecrire(saisine, auteur, revision, texte="Un début."):
    return reponses.ecrire(
        saisine=saisine,
        auteur=auteur,
        sens="",
        texte=texte,
        reserves="",
        qualite="",
        revision=revision,
        maintenant=horloge_base(),
    )


def corriger(scene):
    """A correction that the territory gave back."""
    demande = corrections.demander_correction(
        candidature=scene.dossier,
        questions=["projets.projets"],
        natures=[],
        motif="Précisez.",
        echeance=horloge_base() + timedelta(days=3),
        auteur=scene.instructeur,
        maintenant=horloge_base(),
    )
    porteur = f.porteur_de(scene.dossier)
    corrections.enregistrer_correction(
        demande=demande,
        section="projets",
        reponses={"projets": "Deux ateliers."},
        auteur=porteur,
        maintenant=horloge_base(),
        revision=0,
    )
    return corrections.rendre_correction(demande=demande, auteur=porteur, recu_le=horloge_base(), sans_le_reste=True)


def test_demande_a_l_organisme_le_premier_qui_la_prend_y_repond(scene):
    saisine = scene.demander()
    assert [list(pour_agents(qui)) for qui in (scene.camille, scene.dominique)] == [[scene.dossier]] * 2
    with pytest.raises(RegleEnfreinte, match="prenez-la d’abord"):
        rendre(scene, scene.camille)
    prendre(saisine, scene.camille)
    assert [list(pour_agents(qui)) for qui in (scene.camille, scene.dominique)] == [[scene.dossier], []]
    with pytest.raises(RegleEnfreinte, match="vient de prendre cette demande"):
        prendre(saisine, scene.dominique)
    with pytest.raises(RegleEnfreinte, match="tenue par quelqu’un d’autre"):
        rendre(scene, scene.dominique)
    assert rendre(scene, scene.camille).saisine == saisine


def test_un_collegue_reprend_la_demande_avec_ce_qui_etait_ecrit(scene):
    saisine = scene.demander(cible_de(scene.camille))
    ecrire(saisine, scene.camille, 0)
    assert [(d.a_rendre, d.chez_un_collegue) for d in demandes_d_avis(scene.dominique)] == [(False, True)]
    prendre(saisine, scene.dominique, tenue_par=scene.camille.pk)
    assert [(d.a_rendre, d.chez_un_collegue) for d in demandes_d_avis(scene.camille)] == [(False, True)]
    assert ecrire(saisine, scene.dominique, 1, "La suite.").revision == 2
    with pytest.raises(RegleEnfreinte, match="tenue par quelqu’un d’autre"):
        ecrire(saisine, scene.camille, 2)


def test_nul_d_un_autre_organisme_ni_qui_a_un_interet_ne_prend_la_demande(scene):
    saisine = scene.demander()
    with pytest.raises(RegleEnfreinte, match="ne s’adresse pas à votre organisme"):
        prendre(saisine, f.un_agent(Role.EXPERT))
    instruction.declarer_interet(
        candidature=scene.dossier, utilisateur=scene.camille, motif="Mandat.", maintenant=horloge_base()
    )
    with pytest.raises(RegleEnfreinte, match="ne s’adresse pas à votre organisme"):
        prendre(saisine, scene.camille)
    assert (list(pour_agents(scene.camille)), list(demandes_d_avis(scene.camille))) == ([], [])
    assert scene.organisme not in [un.organisme for un in consultables(scene.dossier)]
    # Nobody held it: what one of them declared ends nothing.
    assert prendre(saisine, scene.dominique).expert == scene.dominique


def test_un_expert_d_une_region_n_est_atteint_que_la_ou_il_est(scene):
    ailleurs = f.un_agent(Role.EXPERT, region=f.un_departement("39", "27").region, organisme=scene.organisme)
    assert [un.experts for un in consultables(scene.dossier)] == [
        tuple(sorted((scene.camille, scene.dominique), key=str))
    ]
    saisine = scene.demander()
    assert (list(pour_agents(ailleurs)), list(demandes_d_avis(ailleurs))) == ([], [])
    with pytest.raises(RegleEnfreinte, match="ne s’adresse pas à votre organisme"):
        prendre(saisine, ailleurs)


def test_une_seule_demande_en_cours_par_organisme_puis_une_autre_une_fois_rendue(scene):
    scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte, match="déjà demandé"):
        scene.demander(cible_de(scene.dominique))
    rendre(scene, scene.camille)
    scene.demander(cible_de(scene.dominique))
    assert Saisine.objects.count() == 2


def test_plusieurs_organismes_sont_demandes_d_un_coup_ou_aucun(scene):
    autre = f.un_agent(Role.EXPERT)
    with pytest.raises(RegleEnfreinte, match="n’a pas le rôle d’expert"):
        scene.demander(Cible(scene.organisme), Cible(f.un_organisme_consulte(), f.un_utilisateur()))
    assert not Saisine.objects.exists()
    scene.demander(Cible(scene.organisme), cible_de(autre))
    assert [(s.organisme, s.expert) for s in Saisine.objects.all()] == [
        (scene.organisme, None),
        (cible_de(autre).organisme, autre),
    ]


@pytest.mark.parametrize(("jours", "refus"), [(0, "au moins un jour"), (400, "dans l’année")])
def test_un_avis_est_a_rendre_a_une_date_a_venir(scene, jours, refus):
    jour = jour_de_paris(horloge_base()) + timedelta(days=jours)
    with pytest.raises(RegleEnfreinte, match=refus):
        scene.demander(a_rendre_avant=jour)


def test_une_demande_se_confie_a_un_collegue_et_a_lui_seul(scene):
    saisine = scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte, match="ne peut pas répondre"):
        reponses.confier(saisine=saisine, a=f.un_agent(Role.EXPERT), auteur=scene.camille, maintenant=horloge_base())
    reponses.confier(saisine=saisine, a=scene.dominique, auteur=scene.camille, maintenant=horloge_base())
    saisine.refresh_from_db()
    assert (saisine.expert, saisine.annoncee_le) == (scene.dominique, None)


@pytest.mark.parametrize("raison", [FinDeSaisine.HORS_COMPETENCE, FinDeSaisine.AILLEURS])
def test_une_demande_declinee_ne_recoit_plus_d_avis_et_l_organisme_peut_etre_redemande(scene, raison):
    saisine = scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte, match="tenue par quelqu’un d’autre"):
        fins.decliner(
            saisine=saisine, raison=raison, motif="À M. Y.", auteur=scene.dominique, maintenant=horloge_base()
        )
    fins.decliner(saisine=saisine, raison=raison, motif="À M. Y.", auteur=scene.camille, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="a été déclinée"):
        rendre(scene, scene.camille)
    assert (list(pour_agents(scene.camille)), list(demandes_d_avis(scene.camille))) == ([], [])
    scene.demander(cible_de(scene.dominique))


def test_une_demande_s_annule_avec_une_raison_par_qui_instruit(scene):
    saisine = scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte, match="Écrivez pourquoi"):
        fins.revoquer(saisine=saisine, motif=" ", auteur=scene.instructeur, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="n’instruisez pas"):
        fins.revoquer(saisine=saisine, motif="Inutile.", auteur=scene.dominique, maintenant=horloge_base())
    fins.revoquer(saisine=saisine, motif="Inutile.", auteur=scene.instructeur, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="est annulée"):
        rendre(scene, scene.camille)
    assert list(pour_agents(scene.camille)) == []


def test_le_conflit_de_qui_tient_la_demande_y_met_fin(scene):
    scene.demander(cible_de(scene.camille))
    instruction.declarer_interet(
        candidature=scene.dossier, utilisateur=scene.camille, motif="Mandat.", maintenant=horloge_base()
    )
    saisine = Saisine.objects.get()
    assert (saisine.fin, saisine.close_par) == (FinDeSaisine.CONFLIT, scene.camille)


def test_un_brouillon_change_depuis_n_est_pas_remplace_et_le_meme_texte_ne_change_rien(scene):
    saisine = scene.demander(cible_de(scene.camille))
    assert ecrire(saisine, scene.camille, 0).revision == 1
    assert ecrire(saisine, scene.camille, 0).revision == 1
    with pytest.raises(RegleEnfreinte, match="a changé depuis"):
        ecrire(saisine, scene.camille, 0, "D’un autre onglet.")
    assert BrouillonDAvis.objects.get().texte == "Un début."


def test_le_fichier_du_brouillon_part_avec_l_avis_et_le_brouillon_disparait(scene):
    saisine = scene.demander(cible_de(scene.camille))
    fichier = ContentFile(f.PDF, name="note.pdf")
    reponses.joindre(saisine=saisine, fichier=fichier, auteur=scene.camille, maintenant=horloge_base())
    avis = rendre(scene, scene.camille)
    assert (avis.nom, avis.document.taille, BrouillonDAvis.objects.count()) == ("note.pdf", len(f.PDF), 0)
    with pytest.raises(RegleEnfreinte, match="déjà rendu"):
        reponses.joindre(saisine=saisine, fichier=fichier, auteur=scene.camille, maintenant=horloge_base())


def test_un_fichier_qui_n_est_ni_pdf_ni_image_n_est_pas_joint(scene):
    saisine = scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte):
        reponses.joindre(
            saisine=saisine,
            fichier=ContentFile(b"MZ" * 40, name="note.pdf"),
            auteur=scene.camille,
            maintenant=horloge_base(),
        )
    assert not BrouillonDAvis.objects.exists()


def test_l_avis_nomme_le_depot_et_la_correction_qu_il_a_lus(scene):
    scene.demander(cible_de(scene.camille))
    vu = jeton_de_lecture(scene.dossier)
    correction = corriger(scene)
    with pytest.raises(RegleEnfreinte, match="a rendu une correction depuis"):
        reponses.rendre_avis(
            candidature=scene.dossier,
            expert=scene.camille,
            sens=SensAvis.FAVORABLE,
            texte="Clair.",
            qualite="Experte",
            lu=vu,
            maintenant=horloge_base(),
        )
    avis = rendre(scene, scene.camille)
    assert (avis.depot, avis.correction) == (scene.dossier.depots.get(), correction)


def test_les_reserves_sont_des_lignes_qui_se_levent_une_a_une(scene):
    scene.demander(cible_de(scene.camille))
    with pytest.raises(RegleEnfreinte, match="dit lesquelles"):
        rendre(scene, scene.camille, reserves=["Le financement."])
    avis = rendre(scene, scene.camille, SensAvis.RESERVE, reserves=["Le financement.", " ", "Le foncier."])
    lever = {"avis": avis, "auteur": scene.instructeur, "maintenant": horloge_base()}
    reponses.lever_reserve(rang=2, motif="Acte de vente produit.", **lever)
    with pytest.raises(RegleEnfreinte, match="déjà levée"):
        reponses.lever_reserve(rang=2, motif="Encore.", **lever)
    with pytest.raises(RegleEnfreinte, match="Écrivez pourquoi"):
        reponses.lever_reserve(rang=1, motif=" ", **lever)
    relu = AvisRendu.objects.get()
    assert [(rang, texte, levee and levee.motif) for rang, texte, levee in relu.lignes] == [
        (1, "Le financement.", None),
        (2, "Le foncier.", "Acte de vente produit."),
    ]


@pytest.mark.parametrize("fin", ["proposition", "irrecevable"])
def test_rien_ne_bouge_plus_une_fois_l_instruction_finie(scene, fin):
    """The same sentence for both, and for what comes next: it tells nothing."""
    autre = f.un_agent(Role.EXPERT)
    rendu = scene.demander(cible_de(scene.camille), cible_de(autre))
    avis = rendre(scene, scene.camille, SensAvis.RESERVE)
    attendue = Saisine.objects.get(expert=autre)
    if fin == "proposition":
        instruire(scene.dossier, instructeur=scene.instructeur, sens=SensDecision.AJOURNER)
    else:
        constater_recevabilite(
            candidature=scene.dossier,
            recevable=False,
            motif="Hors sujet.",
            auteur=scene.instructeur,
            maintenant=horloge_base(),
        )
    a = {"maintenant": horloge_base()}
    for acte in (
        scene.demander,
        lambda: rendre(scene, autre),
        lambda: demandes.relancer(saisine=attendue, auteur=scene.instructeur, **a),
        lambda: fins.revoquer(saisine=attendue, motif="Trop tard.", auteur=scene.instructeur, **a),
        lambda: reponses.lever_reserve(avis=avis, rang=1, motif="Produit.", auteur=scene.instructeur, **a),
        lambda: ecrire(attendue, autre, 0),
    ):
        with pytest.raises(RegleEnfreinte, match="L’instruction de ce dossier est terminée"):
            acte()
    assert rendu.candidature.etat != EtatCandidature.BROUILLON


def test_apres_la_proposition_un_expert_garde_son_avis_et_n_ouvre_plus_le_dossier(scene):
    scene.demander(cible_de(scene.camille))
    rendre(scene, scene.camille)
    assert list(pour_agents(scene.camille)) == [scene.dossier]
    instruire(scene.dossier, instructeur=scene.instructeur)
    assert list(pour_agents(scene.camille)) == []
    assert [(d.a_rendre, d.rendu_le is not None) for d in demandes_d_avis(scene.camille)] == [(False, True)]
    assert list(demandes_d_avis(scene.dominique)) == []


def test_chaque_acte_est_au_journal(scene):
    saisine = scene.demander()
    prendre(saisine, scene.camille)
    demandes.relancer(saisine=saisine, auteur=scene.instructeur, maintenant=horloge_base())
    reponses.confier(saisine=saisine, a=scene.dominique, auteur=scene.camille, maintenant=horloge_base())
    rendre(scene, scene.dominique)
    actes = EntreeJournal.objects.filter(objet_id=str(scene.dossier.pk)).order_by("pk").values_list("acte", flat=True)
    assert list(actes)[-5:] == ["demander_avis", "prendre_avis", "relancer_avis", "confier_avis", "rendre_avis"]
