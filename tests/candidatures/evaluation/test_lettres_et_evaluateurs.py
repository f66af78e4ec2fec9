"""Who evaluates a file: the rules that Postgres holds, and who is proposed."""

import pytest
from django.db import DatabaseError, transaction

from candidatures.dossier.etats import SensDecision
from candidatures.evaluation import regles
from candidatures.evaluation.actions.evaluateurs import confier_lot, retirer
from candidatures.evaluation.candidats import a_confier, candidats, manquants, proposer
from candidatures.evaluation.etats import FinDEvaluateur
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import a_instruire_par, suivis_par
from candidatures.instruction.attente import Attente, attentes_par_vague, qui_attendent
from candidatures.instruction.regles import EVALUE
from candidatures.labellisation.requetes import ce_qui_empeche_de_decider
from candidatures.models import Candidature, Decision, Evaluateur, Participation, Proposition, Suivi
from rebond.comptes.habilitations import titulaires
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import confier, finir, rendre, s_abstenir, une_phase
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


def un_evaluateur(dossier, personne, par) -> Evaluateur:
    """As whoever would go round the acts writes it."""
    return Evaluateur.objects.create(candidature=dossier, personne=personne, confie_par=par, confie_le=horloge_base())


def declarer(dossier, personne) -> None:
    instruction.declarer_interet(candidature=dossier, utilisateur=personne, motif="Mandat.", maintenant=horloge_base())


def test_la_base_refuse_qui_ne_peut_pas_evaluer(monde: Monde) -> None:
    dossier, jura = monde.autre, f.un_departement("39", "27")
    loin, en_conflit, participe, propose, admis = (
        f.un_agent(Role.INSTRUCTEUR, region=jura.region),
        *(f.un_agent(Role.INSTRUCTEUR) for _ in range(4)),
    )
    declarer(dossier, en_conflit)
    Participation.objects.create(candidature=dossier, utilisateur=participe, qualite="lecteur")
    instruire(dossier, instructeur=propose)
    autres = {
        "evaluateur_dans_le_perimetre": (loin, monde.valideur),
        "auteur_sans_conflit": (en_conflit,),
        "auteur_etranger_au_dossier": (participe,),
        "evaluateur_n_a_pas_propose": (propose,),
    }
    for contrainte, gens in autres.items():
        for personne in gens:
            assert refus(lambda qui=personne: un_evaluateur(dossier, qui, monde.tiers)) == contrainte
    assert refus(lambda: un_evaluateur(dossier, admis, monde.tiers)) is None
    assert refus(lambda: un_evaluateur(monde.dossier, monde.une, monde.tiers)) == "evaluateur_une_seule_fois"


def test_les_candidats_sont_ceux_qui_instruisent_et_n_ont_rien_dit_du_dossier(monde: Monde) -> None:
    """One person after the other, the rule of reading; all at once, the same people."""
    jura = f.un_departement("39", "27")
    for region in (None, jura.region):
        f.un_agent(Role.INSTRUCTEUR, region=region)
    declarer(monde.dossier, f.un_agent(Role.INSTRUCTEUR))
    Participation.objects.create(
        candidature=monde.dossier, utilisateur=f.un_agent(Role.INSTRUCTEUR), qualite="lecteur"
    )
    instruire(monde.dossier, instructeur=monde.tiers)
    trouves = {candidat.personne for candidat in candidats([monde.dossier.pk], monde.valideur)[monde.dossier.pk]}
    instruisent = {
        personne
        for personne in titulaires(Role.INSTRUCTEUR)
        if a_instruire_par(personne).filter(pk=monde.dossier.pk).exists()
    }
    assert trouves == instruisent - {monde.une, monde.deux, monde.tiers}
    assert trouves


def test_les_moins_charges_sont_proposes_et_la_charge_ne_dit_pas_qui_a_rendu(monde: Monde) -> None:
    libre = f.un_agent(Role.INSTRUCTEUR)
    attendues = [monde.tiers, libre]
    assert proposer({monde.autre.pk: 2}, monde.valideur)[monde.autre.pk] == attendues
    rendre(monde.dossier, monde.une)
    assert proposer({monde.autre.pk: 2}, monde.valideur)[monde.autre.pk] == attendues
    assert [c.charge for c in candidats([monde.autre.pk], monde.valideur)[monde.autre.pk]] == [0, 0, 1, 1]


def test_chacun_recoit_autant_que_les_autres() -> None:
    _, dossiers = une_vague_close(*[None] * 6)
    gens = [f.un_agent(Role.INSTRUCTEUR) for _ in range(4)]
    proposes = proposer({dossier.pk: 2 for dossier in dossiers}, f.un_agent(Role.VALIDEUR))
    recus = [sum(personne in choisis for choisis in proposes.values()) for personne in gens]
    assert recus == [3, 3, 3, 3]
    assert all(len(set(choisis)) == 2 for choisis in proposes.values())


def test_un_lot_confie_ce_qui_peut_l_etre_dit_le_reste_et_ecrit_une_fois_a_chacun(monde: Monde) -> None:
    sans, orphelins = a_confier(manquants(Suivi.objects.filter(vague=monde.vague)), monde.valideur)
    assert ([pk for pk, _, _ in sans], orphelins) == ([monde.autre.pk], [])
    choix = {monde.autre.pk: [monde.une.pk, monde.tiers.pk], monde.dossier.pk: [monde.une.pk]}
    faits, dits = confier_lot(choix=choix, auteur=monde.valideur, maintenant=horloge_base())
    assert (faits, dits) == (
        1,
        [f"{monde.dossier.reference}\u00a0: Cette personne évalue déjà ce dossier."],
    )
    assert set(Evaluateur.objects.filter(candidature=monde.autre).values_list("personne", flat=True)) == {
        monde.une.pk,
        monde.tiers.pk,
    }
    (lettre,) = Courrier.objects.filter(destinataire=monde.tiers.email, cle__startswith="evaluation-confiee")
    lue(
        "evaluation/confiee",
        lettre,
        "1\u00a0dossier à évaluer",
        BONJOUR,
        "On vous confie l’évaluation de 1\u00a0dossier candidat à « Rebond industriel » :",
        f"- {monde.autre.reference}, «\u00a0{monde.autre.territoire.nom}\u00a0»",
        f"Lire ces dossiers et les évaluer : {PORTAIL}/instruction/evaluations/",
        "Personne d’autre ne lit vos notes tant que toutes les évaluations du dossier ne sont pas rendues, ou que la "
        "phase d’évaluation n’est pas finie. Si vous avez un intérêt dans un de ces dossiers, déclarez-le depuis sa "
        "page : vous n’aurez plus à le lire.",
        SIGNATURE,
    )
    assert not manquants(Suivi.objects.filter(vague=monde.vague)).exists()


@pytest.mark.parametrize("role", [Role.COMITE, Role.ADMINISTRATEUR])
def test_seul_qui_instruit_ou_decide_confie(monde: Monde, role: Role) -> None:
    with pytest.raises(RegleEnfreinte, match="Seul un instructeur ou un valideur"):
        confier(monde.autre, monde.une, auteur=f.un_agent(role))


def test_retirer_est_le_meme_acte_que_l_evaluation_soit_rendue_ou_non(monde: Monde) -> None:
    """What they said counts no more; nothing opens, since two must have rendered."""
    rendre(monde.dossier, monde.une)
    sienne = Evaluateur.objects.get(candidature=monde.dossier, personne=monde.une)
    retirer(evaluateur=sienne, motif="Absence.", auteur=monde.tiers, maintenant=horloge_base())
    rendre(monde.dossier, monde.deux)
    assert not Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Evaluateur.objects.filter(pk=sienne.pk).update(retire_le=None)
    with pytest.raises(RegleEnfreinte, match="n’évalue plus ce dossier"):
        retirer(evaluateur=sienne, motif="Encore.", auteur=monde.tiers, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="Écrivez pourquoi"):
        retirer(evaluateur=sienne, motif=" ", auteur=monde.tiers, maintenant=horloge_base())


def test_le_depart_de_qui_n_a_pas_rendu_ouvre_les_evaluations_des_autres(monde: Monde) -> None:
    (troisieme,) = confier(monde.dossier, monde.tiers, auteur=monde.valideur)
    for qui in (monde.une, monde.deux):
        rendre(monde.dossier, qui)
    assert not Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes
    retirer(evaluateur=troisieme, motif="Absence.", auteur=monde.valideur, maintenant=horloge_base())
    assert Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes


def test_un_conflit_retire_l_evaluation_par_la_base_meme_une_fois_lue(monde: Monde) -> None:
    for place, qui in enumerate((monde.une, monde.deux)):
        rendre(monde.dossier, qui, place + 1)
    deux = Suivi.objects.get(pk=monde.dossier.pk)
    declarer(monde.dossier, monde.une)
    sienne = Evaluateur.objects.get(candidature=monde.dossier, personne=monde.une)
    assert (sienne.fin, sienne.retire_par) == (FinDEvaluateur.CONFLIT, None)
    suivi = Suivi.objects.get(pk=monde.dossier.pk)
    assert (suivi.evaluations_ouvertes, suivi.note_ecart) == (True, 0)
    assert suivi.note > deux.note


def test_une_participation_retire_l_evaluation(monde: Monde) -> None:
    Participation.objects.create(candidature=monde.dossier, utilisateur=monde.une, qualite="lecteur")
    assert Evaluateur.objects.get(personne=monde.une).fin == FinDEvaluateur.PARTICIPATION


def test_personne_ne_rejoint_ni_ne_quitte_un_dossier_dont_les_evaluations_sont_lues(monde: Monde) -> None:
    for qui in (monde.une, monde.deux):
        rendre(monde.dossier, qui)
    sienne = Evaluateur.objects.get(personne=monde.une)
    with pytest.raises(RegleEnfreinte, match="déjà lues par tous"):
        confier(monde.dossier, monde.tiers, auteur=monde.valideur)
    with pytest.raises(RegleEnfreinte, match="déjà lues par tous"):
        retirer(evaluateur=sienne, motif="Absence.", auteur=monde.tiers, maintenant=horloge_base())
    assert refus(lambda: un_evaluateur(monde.dossier, monde.tiers, monde.valideur)) == "evaluateur_avant_l_ouverture"
    champs = {"retire_le": horloge_base(), "retire_par": monde.tiers, "fin": "retire", "motif": "Absence."}
    retrait = Evaluateur.objects.filter(pk=sienne.pk)
    assert refus(lambda: retrait.update(**champs)) == "evaluateur_avant_l_ouverture"


def test_qui_evalue_ne_propose_pas_et_qui_propose_n_evalue_pas(monde: Monde) -> None:
    constater_recevabilite(
        candidature=monde.dossier, recevable=True, motif="", auteur=monde.une, maintenant=horloge_base()
    )

    def propose(qui) -> Proposition:
        return instruction.proposer(
            candidature=monde.dossier,
            sens=SensDecision.LABELLISER,
            motif="Prêt.",
            auteur=qui,
            maintenant=horloge_base(),
        )

    with pytest.raises(RegleEnfreinte, match=EVALUE):
        propose(monde.une)
    seule = {"candidature": monde.dossier, "sens": "labelliser", "motif": "Prêt.", "faite_le": horloge_base()}
    assert refus(lambda: Proposition.objects.create(**seule, auteur=monde.deux)) == "proposant_n_evalue_pas"
    propose(monde.tiers)
    with pytest.raises(RegleEnfreinte, match="a proposé une décision"):
        confier(monde.dossier, monde.tiers, auteur=monde.valideur)


def test_qui_a_ete_retire_sans_avoir_rendu_peut_proposer(monde: Monde) -> None:
    sienne = Evaluateur.objects.get(personne=monde.une)
    retirer(evaluateur=sienne, motif="Manque de bras.", auteur=monde.tiers, maintenant=horloge_base())
    instruire(monde.dossier, instructeur=monde.une)


def test_ce_que_l_on_evalue_n_est_pas_une_proposition_a_faire(monde: Monde) -> None:
    """On the dashboard as in the list; somebody relieved before rendering has it to do again, not after."""
    for dossier in (monde.dossier, monde.autre):
        constater_recevabilite(
            candidature=dossier, recevable=True, motif="", auteur=monde.tiers, maintenant=horloge_base()
        )
    rendre(monde.dossier, monde.deux)

    def a_proposer(qui) -> tuple[int, set[int]]:
        aujourd_hui = jour_de_paris(horloge_base())
        (attentes,) = attentes_par_vague(qui, aujourd_hui).values()
        lues = suivis_par(qui).filter(qui_attendent(qui, Attente.PROPOSITION, aujourd_hui))
        return attentes.proposition, set(lues.values_list("pk", flat=True))

    tous, sans_le_sien = {monde.dossier.pk, monde.autre.pk}, {monde.autre.pk}
    assert [a_proposer(qui) for qui in (monde.une, monde.deux, monde.tiers)] == [
        (1, sans_le_sien),
        (1, sans_le_sien),
        (2, tous),
    ]
    remplacantes = [f.un_agent(Role.INSTRUCTEUR) for _ in range(2)]
    confier(monde.dossier, *remplacantes, auteur=monde.tiers)
    for evaluateur in Evaluateur.objects.filter(personne__in=[monde.une, monde.deux]):
        retirer(evaluateur=evaluateur, motif="Manque de bras.", auteur=monde.tiers, maintenant=horloge_base())
    assert [a_proposer(qui) for qui in (monde.une, monde.deux)] == [(2, tous), (1, sans_le_sien)]


def test_qui_evalue_un_dossier_de_la_vague_n_y_decide_pas(monde: Monde) -> None:
    """The valideur who instructs too; read by the page, and held by Postgres."""
    f.un_role(monde.une, Role.VALIDEUR)
    rendre(monde.dossier, monde.une)
    for dossier in (monde.dossier, monde.autre):
        instruire(dossier)
    blocage = ce_qui_empeche_de_decider(monde.vague, monde.une)
    assert blocage is not None
    assert "avez instruit au moins un dossier" in blocage.phrase
    decision = {"candidature": monde.autre, "sens": "labelliser", "prise_le": horloge_base()}
    assert refus(lambda: Decision.objects.create(**decision, valideur=monde.une)) == "valideur_n_a_pas_instruit"
    assert refus(lambda: Decision.objects.create(**decision, valideur=monde.valideur)) is None


def test_apres_la_phase_personne_ne_recoit_plus_de_dossier(monde: Monde) -> None:
    finir(une_phase(monde.vague))
    with pytest.raises(RegleEnfreinte, match="phase d’évaluation de cette vague est finie"):
        confier(monde.autre, monde.une, auteur=monde.tiers)
    assert regles.empechement_de_retirer(ouvertes=False) is None


def test_un_evaluateur_ne_rejoint_pas_l_equipe_du_dossier(monde: Monde) -> None:
    from candidatures.dossier.signaux import est_jugee_par

    s_abstenir(monde.dossier, monde.une)
    dossier = Candidature.objects.get(pk=monde.dossier.pk)
    assert est_jugee_par(dossier, monde.deux)
    assert not est_jugee_par(Candidature.objects.get(pk=monde.autre.pk), monde.deux)
