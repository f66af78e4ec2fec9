"""An invitation accepted, taken back and corrected at the same instant, each on their own connection."""

from functools import partial

import pytest

from candidatures.dossier.actions.invitations import (
    accepter_invitation_recue,
    corriger_adresse,
    inviter,
    revoquer_invitation,
)
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Invitation, Participation
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.concurrence.test_dossiers import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invite() -> tuple[Candidature, Invitation, Utilisateur]:
    candidature, personne = f.une_candidature(), f.un_utilisateur("odile@exemple.fr")
    invitation = inviter(
        candidature=candidature,
        email="odile@exemple.fr",
        qualite=Qualite.CO_PORTEUR,
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )
    return candidature, invitation, personne


def test_acceptee_plusieurs_fois_a_la_fois_elle_ne_l_est_qu_une(invite) -> None:
    candidature, invitation, personne = invite
    accepter = partial(accepter_invitation_recue, pk=invitation.pk, utilisateur=personne, maintenant=horloge_base())
    issues = ensemble(*[accepter] * 3)
    assert sorted(type(issue).__name__ for issue in issues) == ["Participation", "RegleEnfreinte", "RegleEnfreinte"]
    assert Participation.objects.filter(candidature=candidature, utilisateur=personne).count() == 1
    assert EntreeJournal.objects.filter(acte="accepter_invitation").count() == 1


@pytest.mark.parametrize("comment", ["annulée", "corrigée"])
def test_acceptee_et_reprise_a_la_fois_une_seule_des_deux_est_vraie(invite, comment: str) -> None:
    candidature, invitation, personne = invite
    reprise = {"invitation": invitation, "auteur": f.porteur_de(candidature), "maintenant": horloge_base()}
    reprendre = (
        partial(revoquer_invitation, **reprise)
        if comment == "annulée"
        else partial(corriger_adresse, **reprise, email="autre@exemple.fr")
    )
    issues = ensemble(
        partial(accepter_invitation_recue, pk=invitation.pk, utilisateur=personne, maintenant=horloge_base()),
        reprendre,
    )
    assert [type(issue).__name__ for issue in issues].count("RegleEnfreinte") == 1
    invitation.refresh_from_db()
    assert (invitation.acceptee_le is None) == (invitation.revoquee_le is not None)
    la = Participation.objects.filter(candidature=candidature, utilisateur=personne).exists()
    assert la == (invitation.acceptee_le is not None)
    corrigees = Invitation.objects.filter(email="autre@exemple.fr").count()
    assert corrigees == (0 if la or comment == "annulée" else 1)
