"""Decisions and announcement of a wave: one act each, all or nothing."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.labellisation import actions as labellisation
from candidatures.labellisation.signaux import vague_annoncee
from candidatures.models import Candidature, Decision, Labellisation, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.outils.refus import refus
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def valideur():
    return f.un_agent(Role.VALIDEUR)


def labelliser(vague, valideur, sens=SensDecision.LABELLISER, **choix):
    instruites = Candidature.objects.filter(vague=vague, etat=EtatCandidature.INSTRUITE)
    decisions = dict.fromkeys(instruites.values_list("pk", flat=True), sens)
    return labellisation.labelliser(
        vague=vague, decisions=decisions, valideur=valideur, maintenant=horloge_base(), **choix
    )


def annoncer(vague, valideur, embargo=timedelta(0)):
    maintenant = horloge_base()
    return labellisation.annoncer(
        vague=vague, valideur=valideur, publique_a=maintenant + embargo, maintenant=maintenant
    )


def une_vague_decidee(valideur, *sens):
    vague, dossiers = une_vague_close(*[None] * len(sens))
    for dossier in dossiers:
        instruire(dossier)
    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: choix for dossier, choix in zip(dossiers, sens, strict=True)},
        valideur=valideur,
        maintenant=horloge_base(),
    )
    vague.refresh_from_db()
    return vague, dossiers


def test_toutes_les_decisions_se_prennent_en_un_acte(valideur):
    vague, dossiers = une_vague_decidee(
        valideur, SensDecision.LABELLISER, SensDecision.NE_PAS_RETENIR, SensDecision.AJOURNER
    )
    etats = Candidature.objects.filter(vague=vague).order_by("pk").values_list("etat", flat=True)
    assert list(etats) == [EtatCandidature.LAUREATE, EtatCandidature.NON_RETENUE, EtatCandidature.AJOURNEE]
    assert (vague.etat, vague.labellisee_par) == (EtatVague.LABELLISEE, valideur)
    laureat = Labellisation.objects.get()
    assert (laureat.candidature, laureat.annoncee_le, laureat.publique_a) == (dossiers[0], None, None)
    assert EntreeJournal.objects.filter(acteur_id_copie=valideur.pk).count() == 4


def test_seul_un_valideur_decide():
    vague, _ = une_vague_close(None)
    with pytest.raises(RegleEnfreinte, match="Seul un valideur"):
        labelliser(vague, f.un_agent(Role.INSTRUCTEUR))


def test_un_dossier_encore_en_instruction_empeche_de_decider(valideur):
    vague, (instruit, _) = une_vague_close(None, None)
    instruire(instruit)
    with pytest.raises(RegleEnfreinte, match="reste à instruire"):
        labelliser(vague, valideur)
    assert not Decision.objects.exists()


def test_la_liste_doit_etre_exactement_celle_des_dossiers_instruits(valideur):
    vague, (un, autre) = une_vague_close(None, None)
    instruire(un)
    instruire(autre)
    with pytest.raises(RegleEnfreinte, match="a changé"):
        labellisation.labelliser(
            vague=vague, decisions={un.pk: SensDecision.LABELLISER}, valideur=valideur, maintenant=horloge_base()
        )


def test_un_territoire_deja_laureat_ne_l_est_pas_deux_fois_et_rien_n_est_decide(valideur):
    _, (laureat,) = une_vague_decidee(valideur, SensDecision.LABELLISER)
    vague = f.une_vague(ouverture=laureat.vague.cloture, cloture=laureat.vague.cloture + timedelta(minutes=1))
    from candidatures.cloture.actions import cloture

    encore = f.une_candidature(vague=vague, territoire=laureat.territoire)
    f.un_depot(encore)
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    instruire(encore)
    with pytest.raises(RegleEnfreinte, match="déjà lauréat"):
        labelliser(vague, valideur)
    assert Decision.objects.count() == 1


def un_valideur_instructeur():
    personne = f.un_agent(Role.INSTRUCTEUR)
    f.un_role(personne, Role.VALIDEUR)
    return personne


def test_qui_a_instruit_un_dossier_n_en_decide_pas():
    vague, (dossier,) = une_vague_close(None)
    personne = un_valideur_instructeur()
    instruire(dossier, instructeur=personne)
    with pytest.raises(RegleEnfreinte, match="Vous avez instruit"):
        labelliser(vague, personne)


def test_la_base_refuse_la_decision_de_qui_a_instruit_meme_si_un_autre_a_refait_la_proposition():
    _, (dossier,) = une_vague_close(None)
    personne, constatant = un_valideur_instructeur(), f.un_agent(Role.INSTRUCTEUR)
    maintenant = horloge_base()
    constater_recevabilite(candidature=dossier, recevable=True, motif="", auteur=constatant, maintenant=maintenant)
    for revision, auteur in enumerate((personne, constatant)):
        instruction.proposer(
            candidature=dossier,
            sens=SensDecision.LABELLISER,
            motif="Prêt.",
            auteur=auteur,
            maintenant=maintenant,
            revision=revision,
        )
    decision = Decision(candidature=dossier, sens=SensDecision.LABELLISER, valideur=personne, prise_le=maintenant)
    with pytest.raises(IntegrityError) as erreur:
        decision.save()
    assert nom_contrainte(erreur.value) == "valideur_n_a_pas_instruit"


def test_qui_a_instruit_un_seul_dossier_d_une_vague_n_en_decide_aucun_autre():
    """An inadmissible file is not decided on: whoever found it so has instructed in the wave all the same."""
    vague, (irrecevable, dossier) = une_vague_close(None, None)
    personne = un_valideur_instructeur()
    constater_recevabilite(
        candidature=irrecevable, recevable=False, motif="Aucun choc.", auteur=personne, maintenant=horloge_base()
    )
    instruire(dossier)
    with pytest.raises(RegleEnfreinte, match="Vous avez instruit"):
        labelliser(vague, personne)
    ecrire = partial(
        Decision.objects.create,
        candidature=dossier,
        sens=SensDecision.LABELLISER,
        valideur=personne,
        prise_le=horloge_base(),
    )
    assert refus(ecrire) == "valideur_n_a_pas_instruit"


def test_sans_le_declencheur_la_base_laisserait_passer():
    """The test above is red as soon as the trigger is gone: nothing else in the database refuses."""
    _, (dossier,) = une_vague_close(None)
    personne = instruire(dossier)
    with ignorer("candidatures.Decision:valideur_n_a_pas_instruit"):
        Decision.objects.create(
            candidature=dossier, sens=SensDecision.LABELLISER, valideur=personne, prise_le=horloge_base()
        )
    assert Decision.objects.filter(valideur=personne).exists()


def test_qui_a_declare_un_conflit_sur_un_dossier_ne_decide_pas_de_la_vague(valideur):
    vague, (dossier,) = une_vague_close(None)
    instruire(dossier)
    instruction.declarer_interet(
        candidature=dossier, utilisateur=valideur, motif="Mandat local.", maintenant=horloge_base()
    )
    with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
        labelliser(vague, valideur)


def test_les_decisions_ne_se_prennent_pas_deux_fois(valideur):
    vague, _ = une_vague_decidee(valideur, SensDecision.LABELLISER)
    with pytest.raises(RegleEnfreinte, match=f"Les décisions de la vague {vague.numero} ont été prises le .* par "):
        labelliser(vague, f.un_agent(Role.VALIDEUR))


def test_le_territoire_lit_en_instruction_jusqu_a_la_fin_de_l_embargo(valideur):
    vague, (dossier,) = une_vague_decidee(valideur, SensDecision.LABELLISER)
    maintenant = horloge_base()
    fin = maintenant + timedelta(days=1)
    assert etat_connu_du_territoire(Candidature.objects.get(), maintenant) == EtatCandidature.EN_INSTRUCTION

    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=fin, maintenant=maintenant)

    dossier = Candidature.objects.select_related("vague").get()
    assert etat_connu_du_territoire(dossier, fin - timedelta(microseconds=1)) == EtatCandidature.EN_INSTRUCTION
    assert etat_connu_du_territoire(dossier, fin) == EtatCandidature.LAUREATE
    assert not Labellisation.objects.publiques(fin - timedelta(microseconds=1)).exists()
    assert Labellisation.objects.publiques(fin).exists()


def test_chaque_participant_de_chaque_dossier_recoit_une_lettre_et_pas_avant_l_heure(valideur):
    vague, dossiers = une_vague_decidee(valideur, SensDecision.LABELLISER, SensDecision.NE_PAS_RETENIR)
    lecteur = f.un_utilisateur()
    dossiers[1].participations.create(utilisateur=lecteur, qualite="lecteur")
    resultats = Courrier.objects.filter(cle__startswith="resultat-")
    assert not resultats.exists()

    annoncer(vague, valideur, timedelta(hours=3))

    vague.refresh_from_db()
    assert set(resultats.values_list("cle", "destinataire", "prochain_essai")) == {
        (f"resultat-{dossier.pk}-{personne.pk}", personne.email, vague.publique_a)
        for dossier, personne in [
            (dossiers[0], f.porteur_de(dossiers[0])),
            (dossiers[1], f.porteur_de(dossiers[1])),
            (dossiers[1], lecteur),
        ]
    }
    assert not resultats.a_envoyer(vague.publique_a - timedelta(seconds=1)).exists()


def test_un_dossier_irrecevable_recoit_son_motif_avec_les_resultats(valideur):
    vague, (dossier,) = une_vague_close(None)
    constater_recevabilite(
        candidature=dossier,
        recevable=False,
        motif="Aucun choc industriel {constaté}.",
        auteur=f.un_agent(Role.INSTRUCTEUR),
        maintenant=horloge_base(),
    )
    labelliser(vague, valideur)
    annoncer(vague, valideur)
    lettre = Courrier.objects.get(cle=f"resultat-{dossier.pk}-{f.porteur_de(dossier).pk}")
    assert "Aucun choc industriel {constaté}." in lettre.texte


def test_l_annonce_est_tout_ou_rien(valideur):
    vague, _ = une_vague_decidee(valideur, SensDecision.LABELLISER)

    def echouer(**_):
        raise RuntimeError

    vague_annoncee.connect(echouer)
    try:
        with pytest.raises(RuntimeError):
            annoncer(vague, valideur)
    finally:
        vague_annoncee.disconnect(echouer)
    vague.refresh_from_db()
    assert (vague.etat, vague.annoncee_le) == (EtatVague.LABELLISEE, None)
    assert not Courrier.objects.filter(cle__startswith="resultat-").exists()
    assert Labellisation.objects.filter(annoncee_le=None).count() == 1


def test_le_signal_porte_les_laureats_annonces(valideur):
    vague, _ = une_vague_decidee(valideur, SensDecision.LABELLISER, SensDecision.AJOURNER)
    recus = []

    def recevoir(sender, vague, labellisations, acteur, maintenant, **_):
        recus.append((sender, vague.etat, [label.annoncee_le for label in labellisations], acteur, maintenant))

    vague_annoncee.connect(recevoir)
    try:
        annoncer(vague, valideur)
    finally:
        vague_annoncee.disconnect(recevoir)
    ((sender, etat, annonces, acteur, maintenant),) = recus
    assert (sender, etat, annonces, acteur) == (Vague, EtatVague.PUBLIEE, [maintenant], valideur)


def test_on_n_annonce_ni_dans_le_passe_ni_avant_les_decisions_ni_deux_fois(valideur):
    vague, dossiers = une_vague_close(None)
    with pytest.raises(RegleEnfreinte, match="rien n’est encore décidé"):
        annoncer(vague, valideur)
    instruire(dossiers[0])
    labelliser(vague, valideur)
    with pytest.raises(RegleEnfreinte, match="déjà passée"):
        annoncer(vague, valideur, timedelta(seconds=-1))
    annoncer(vague, valideur)
    with pytest.raises(RegleEnfreinte, match="ont été annoncés le"):
        annoncer(vague, valideur)
