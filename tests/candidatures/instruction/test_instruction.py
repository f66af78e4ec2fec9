"""Acts on a file of a closed wave."""

import pytest
from django.db import IntegrityError

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import a_instruire_par, pour_agents, visibles_par
from candidatures.instruction.etats import SensAvis
from candidatures.models import Proposition, PropositionDIrrecevabilite, Recevabilite, Saisine
from rebond.comptes.actions import roles
from rebond.comptes.habilitations import perimetre
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    demander_avis,
    instruire,
    proposer_irrecevabilite,
    rendre_avis,
    une_vague_close,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    _, (dossier,) = une_vague_close(None)
    return dossier


@pytest.fixture
def instructeur():
    return f.un_agent(Role.INSTRUCTEUR)


def constater(dossier, auteur, *, recevable=True, motif=""):
    return constater_recevabilite(
        candidature=dossier, recevable=recevable, motif=motif, auteur=auteur, maintenant=horloge_base()
    )


def demander(dossier, expert, auteur):
    return demander_avis(
        candidature=dossier, expert=expert, question="Quels projets ?", auteur=auteur, maintenant=horloge_base()
    )


def rendre(dossier, expert, texte="Le diagnostic est clair."):
    return rendre_avis(
        candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte=texte, maintenant=horloge_base()
    )


def proposer(dossier, auteur, sens=SensDecision.LABELLISER, revision=0):
    return instruction.proposer(
        candidature=dossier, sens=sens, motif="Prêt.", auteur=auteur, maintenant=horloge_base(), revision=revision
    )


def declarer(dossier, personne):
    return instruction.declarer_interet(
        candidature=dossier, utilisateur=personne, motif="Mandat local.", maintenant=horloge_base()
    )


def test_un_dossier_irrecevable_quitte_l_instruction_avec_son_motif(dossier, instructeur):
    constater(dossier, instructeur, recevable=False, motif="Hors du champ de l’appel.")
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.IRRECEVABLE
    assert dossier.recevabilite.motif.endswith("Hors du champ de l’appel.")
    with pytest.raises(RegleEnfreinte, match="n’est plus en instruction"):
        constater(dossier, instructeur)


def test_une_irrecevabilite_sans_motif_est_refusee_par_l_acte_et_par_la_base(dossier, instructeur):
    with pytest.raises(RegleEnfreinte, match="Dites, d’un mot"):
        constater(dossier, instructeur, recevable=False, motif="  ")
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=instructeur)
    signataire = {"signataire": "C. D.", "qualite": "Directrice", "service": "DGE"}
    PropositionDIrrecevabilite.objects.update(
        issue="signee", close_le=horloge_base(), close_par=f.un_agent(Role.VALIDEUR), **signataire
    )
    signee = {"irrecevabilite": proposee, "recevable": False, "motif": ""}
    with pytest.raises(IntegrityError) as erreur:
        Recevabilite.objects.create(candidature=dossier, auteur=instructeur, constatee_le=horloge_base(), **signee)
    assert nom_contrainte(erreur.value) == "irrecevabilite_motivee"


def test_la_recevabilite_se_constate_une_fois(dossier, instructeur):
    constater(dossier, instructeur)
    with pytest.raises(RegleEnfreinte, match="déjà constatée"):
        constater(dossier, instructeur, recevable=False, motif="Finalement non.")
    assert Recevabilite.objects.get().recevable is True


def test_un_avis_ne_se_demande_qu_a_un_expert_une_fois(dossier, instructeur):
    expert = f.un_agent(Role.EXPERT)
    with pytest.raises(RegleEnfreinte, match="n’a pas le rôle d’expert"):
        demander(dossier, f.un_utilisateur(), instructeur)
    avis = demander(dossier, expert, instructeur)
    with pytest.raises(RegleEnfreinte, match="déjà demandé"):
        demander(dossier, expert, instructeur)
    assert list(Saisine.objects.attendues_de(expert)) == [avis]


def test_un_avis_se_rend_une_fois(dossier, instructeur):
    expert = f.un_agent(Role.EXPERT)
    demander(dossier, expert, instructeur)
    rendu = rendre(dossier, expert)
    with pytest.raises(RegleEnfreinte, match="déjà rendu"):
        rendre(dossier, expert, "Un autre texte.")
    rendu.refresh_from_db()
    assert (rendu.sens, rendu.texte) == (SensAvis.FAVORABLE, "Le diagnostic est clair.")


def test_un_instructeur_donne_son_avis_sans_qu_on_le_demande_un_expert_non(dossier, instructeur):
    assert rendre(dossier, instructeur).saisine.demande_par == instructeur
    with pytest.raises(RegleEnfreinte, match="Vous n’instruisez pas"):
        rendre(dossier, f.un_agent(Role.EXPERT))


def test_une_proposition_suit_un_constat_de_recevabilite_et_se_revoit(dossier, instructeur):
    with pytest.raises(RegleEnfreinte, match="Constatez d’abord"):
        proposer(dossier, instructeur)
    constater(dossier, instructeur)
    proposer(dossier, instructeur)
    proposer(dossier, instructeur, SensDecision.AJOURNER, revision=1)
    assert dossier.etat == EtatCandidature.INSTRUITE
    assert Proposition.objects.get().sens == SensDecision.AJOURNER
    assert EntreeJournal.objects.filter(acte="proposer", objet_id=str(dossier.pk)).count() == 2


def test_l_instructeur_d_une_region_n_agit_que_chez_lui(instructeur):
    nord, jura = f.un_departement(), f.un_departement("39", "27")
    _, (ici, la_bas) = une_vague_close(nord, jura)
    local = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    constater(ici, local)
    with pytest.raises(RegleEnfreinte, match="Vous n’instruisez pas"):
        constater(la_bas, local)
    assert list(pour_agents(local)) == [ici]


def test_un_role_retire_ici_et_garde_ailleurs_n_instruit_plus_ici():
    """Their page was open, and had read both roles: the act reads again where they are held."""
    nord, jura = f.un_departement(), f.un_departement("39", "27")
    _, (ici, la_bas) = une_vague_close(nord, jura)
    local = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    f.un_role(local, Role.INSTRUCTEUR, region=jura.region)
    assert perimetre(local, Role.INSTRUCTEUR).regions == {nord.region_id, jura.region_id}
    tenu = Habilitation.objects.get(utilisateur=local, region=nord.region)
    roles.retirer(habilitation=tenu, acteur=f.un_agent(Role.ADMINISTRATEUR), maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="Vous n’instruisez pas"):
        constater(ici, local)
    constater(la_bas, local)


def test_qui_participe_au_dossier_ne_l_instruit_pas(dossier, instructeur):
    dossier.participations.create(utilisateur=instructeur, qualite="lecteur")
    with pytest.raises(RegleEnfreinte, match="Vous participez"):
        constater(dossier, instructeur)
    assert not a_instruire_par(instructeur).exists()


@pytest.mark.parametrize("acte", [constater, proposer, rendre])
def test_un_conflit_d_interets_cache_le_dossier_et_interdit_d_y_agir(dossier, instructeur, acte):
    if acte is proposer:
        constater(dossier, f.un_agent(Role.INSTRUCTEUR))
    declarer(dossier, instructeur)
    assert not visibles_par(instructeur).exists()
    with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
        acte(dossier, instructeur)


def test_un_conflit_se_declare_une_fois(dossier, instructeur):
    declarer(dossier, instructeur)
    with pytest.raises(RegleEnfreinte, match="déjà déclaré"):
        declarer(dossier, instructeur)


def test_un_expert_en_conflit_ne_rend_plus_l_avis_demande(dossier, instructeur):
    expert = f.un_agent(Role.EXPERT)
    demander(dossier, expert, instructeur)
    declarer(dossier, expert)
    with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
        rendre(dossier, expert)


def test_on_ne_demande_pas_l_avis_de_qui_a_declare_un_conflit(dossier, instructeur):
    expert = f.un_agent(Role.EXPERT)
    declarer(dossier, expert)
    with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
        demander(dossier, expert, instructeur)


def test_le_journal_dit_qui_a_fait_quoi(dossier):
    auteur = instruire(dossier)
    actes = EntreeJournal.objects.filter(acteur_id_copie=auteur.pk, objet_id=str(dossier.pk)).order_by("pk")
    assert list(actes.values_list("acte", flat=True)) == ["constater_recevabilite", "proposer"]
