"""Signatures, withdrawals and changes of address at the same instant, each on its own connection."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from candidatures.labellisation import actions as labellisation
from candidatures.models import Decision
from rebond.comptes.actions import roles
from rebond.comptes.actions.preuve import activer_les_invitations
from rebond.comptes.habilitations import tient_le_role, titulaires
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db(transaction=True)
AGENT = "agent@exemple.fr"


@pytest.fixture
def trois(transactional_db):
    return [f.un_agent(Role.ADMINISTRATEUR) for _ in range(3)]


@pytest.fixture
def propose(trois):
    f.un_utilisateur(AGENT)
    return roles.proposer(
        adresse=AGENT,
        role=Role.VALIDEUR,
        organisme=f.un_service(),
        jusqu_au=horloge_base() + timedelta(days=30),
        acteur=trois[0],
        maintenant=horloge_base(),
    )


def signer(propose, acteur):
    return roles.signer(habilitation=propose, acteur=acteur, maintenant=horloge_base())


def retirer(de, par):
    role = de.habilitations.get(role=Role.ADMINISTRATEUR)
    return roles.retirer(habilitation=role, acteur=par, maintenant=horloge_base())


def test_deux_signatures_au_meme_instant_n_en_font_qu_une(ailleurs, trois, propose):
    with transaction.atomic():
        signer(propose, trois[1])
        seconde = ailleurs(signer, propose=propose, acteur=trois[2])
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="n’attend plus de signature"):
        seconde.result(DELAI)
    assert Habilitation.objects.get(pk=propose.pk).signee_par == trois[1]
    assert Courrier.objects.filter(objet__startswith="Vous avez un rôle").count() == 1


def test_qui_perd_son_role_au_moment_de_signer_ne_signe_pas(ailleurs, trois, propose):
    with transaction.atomic():
        retirer(de=trois[1], par=trois[0])
        signature = ailleurs(signer, propose=propose, acteur=trois[1])
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="Seul un administrateur"):
        signature.result(DELAI)
    assert Habilitation.objects.get(pk=propose.pk).etat == EtatHabilitation.PROPOSEE


def test_deux_administrateurs_qui_se_retirent_l_un_l_autre_il_en_reste_un(ailleurs, trois):
    premier, second, _ = trois
    with transaction.atomic():
        retirer(de=second, par=premier)
        revanche = ailleurs(retirer, de=premier, par=second)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="Seul un administrateur"):
        revanche.result(DELAI)
    assert set(titulaires(Role.ADMINISTRATEUR)) == {premier, trois[2]}


def test_postgres_lui_meme_attend_le_retrait_en_cours_de_qui_signe(ailleurs, trois):
    """Beside the application's lock: a row written by hand waits for the withdrawal too."""
    tenu, maintenant = trois[1].habilitations.get(), horloge_base()
    ecrire = partial(
        Habilitation.objects.create,
        adresse=AGENT,
        role=Role.VALIDEUR,
        organisme=f.un_service(),
        etat=EtatHabilitation.INVITEE,
        proposee_par=trois[0],
        proposee_le=maintenant,
        signee_par=trois[1],
        signee_le=maintenant,
        jusqu_au=maintenant + timedelta(days=30),
    )
    with transaction.atomic():
        Habilitation.objects.filter(pk=tenu.pk).update(etat=EtatHabilitation.RETIREE, finie_le=maintenant)
        a_la_main = ailleurs(refus, ecrire=ecrire)
        attendre(attend_un_verrou)
    assert a_la_main.result(DELAI) == "habilitation_par_un_administrateur"


def test_un_role_retire_pendant_qu_il_sert_attend_la_fin_de_l_acte(ailleurs, trois):
    with transaction.atomic():
        assert tient_le_role(trois[1], Role.ADMINISTRATEUR)
        retrait = ailleurs(retirer, de=trois[1], par=trois[0])
        attendre(attend_un_verrou)
        assert not retrait.done()
        assert tient_le_role(trois[1], Role.ADMINISTRATEUR)
    assert retrait.result(DELAI).etat == EtatHabilitation.RETIREE
    with transaction.atomic():
        assert not tient_le_role(trois[1], Role.ADMINISTRATEUR)


def test_un_valideur_dont_le_role_vient_d_etre_retire_ne_decide_plus(ailleurs, trois):
    """Their page was open, and had read the role: the act reads it again."""
    vague, (dossier,) = une_vague_close(None)
    instruire(dossier)
    valideur = f.un_agent(Role.VALIDEUR)
    tenu = valideur.habilitations.get()
    labelliser = partial(
        labellisation.labelliser,
        vague=vague,
        decisions={dossier.pk: "labelliser"},
        valideur=valideur,
        maintenant=horloge_base(),
    )
    with transaction.atomic():
        roles.retirer(habilitation=tenu, acteur=trois[0], maintenant=horloge_base())
        decision = ailleurs(labelliser)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="Seul un valideur"):
        decision.result(DELAI)
    assert not Decision.objects.exists()


def test_un_role_ne_s_active_pas_pendant_que_l_adresse_change(ailleurs, trois):
    offert = roles.proposer(
        adresse=AGENT,
        role=Role.EXPERT,
        organisme=f.un_service(),
        jusqu_au=None,
        acteur=trois[0],
        maintenant=horloge_base(),
    )
    agent = f.un_utilisateur(AGENT)
    with transaction.atomic():
        Utilisateur.objects.filter(pk=agent.pk).update(email="ailleurs@exemple.fr")
        activation = ailleurs(activer_les_invitations, utilisateur=agent, maintenant=horloge_base())
        attendre(attend_un_verrou)
    assert activation.result(DELAI) == []
    assert Habilitation.objects.get(pk=offert.pk).etat == EtatHabilitation.INVITEE


def test_une_adresse_ne_change_pas_pendant_que_le_role_s_active(ailleurs, trois):
    roles.proposer(
        adresse=AGENT,
        role=Role.EXPERT,
        organisme=f.un_service(),
        jusqu_au=None,
        acteur=trois[0],
        maintenant=horloge_base(),
    )
    agent = f.un_utilisateur(AGENT)
    changer = partial(Utilisateur.objects.filter(pk=agent.pk).update, email="ailleurs@exemple.fr")
    oublier = partial(EmailAddress.objects.filter(user=agent).update, verified=False)
    with transaction.atomic():
        assert len(activer_les_invitations(utilisateur=agent, maintenant=horloge_base())) == 1
        changement, perte = ailleurs(refus, ecrire=changer), ailleurs(refus, ecrire=oublier)
        attendre(attend_un_verrou)
    assert (changement.result(DELAI), perte.result(DELAI)) == ("adresse_d_un_titulaire", "preuve_d_un_titulaire")
