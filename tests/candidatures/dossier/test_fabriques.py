"""What the factories write at once is what the actions write one by one."""

from typing import Any

import pytest
from django.forms.models import model_to_dict

from candidatures.dossier.actions import redaction
from candidatures.models import Candidature
from rebond.comptes.actions import roles
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from territoires.etats import EtatHabilitation, Role
from territoires.regles import UN_AN
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def ce_qui_reste(candidature: Candidature) -> dict[str, Any]:
    candidature.refresh_from_db()
    versions = candidature.versions.order_by("section").values_list(
        "section", "revision", "reponses", "enregistree_le", "automatique", "restauree_de"
    )
    journal = [(entree.acte, entree.fait_le, entree.details) for entree in entrees_sur(candidature)]
    return {
        "dossier": model_to_dict(candidature, ("cahier", "etat", "contenu", "revision", "depot_a_l_echeance_le")),
        "modifiee_le": candidature.modifiee_le,
        "versions": list(versions),
        "journal": [trace for trace in journal if trace[0] == "enregistrer"],
    }


def test_repondre_laisse_ce_que_laissent_les_actions():
    le = horloge_base()
    vague = f.une_vague()
    d_un_coup, une_a_une = (f.une_candidature(vague=vague, complete=False) for _ in range(2))

    f.repondre(d_un_coup, f.un_contenu(), auteur=f.porteur_de(d_un_coup), le=le)
    for section, reponses in f.un_contenu().items():
        redaction.enregistrer_section(
            candidature=une_a_une, section=section, reponses=reponses, auteur=f.porteur_de(une_a_une), maintenant=le
        )

    assert ce_qui_reste(d_un_coup) == ce_qui_reste(une_a_une)
    assert len(ce_qui_reste(d_un_coup)["versions"]) == len(f.un_contenu())


@pytest.mark.parametrize("role", [Role.EXPERT, Role.VALIDEUR])
def test_un_role_est_celui_que_laissent_ses_actes(role):
    premier, second = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)
    d_un_coup = f.un_role(f.un_utilisateur(), role)
    une_a_une = roles.proposer(
        adresse=f.un_utilisateur().email,
        role=role,
        organisme=f.un_service(),
        jusqu_au=horloge_base() + UN_AN,
        acteur=premier,
        maintenant=horloge_base(),
    )
    if une_a_une.etat == EtatHabilitation.PROPOSEE:
        une_a_une = roles.signer(habilitation=une_a_une, acteur=second, maintenant=horloge_base())
    propres = ("id", "adresse", "utilisateur", "proposee_le", "signee_le", "activee_le", "jusqu_au")
    # A role of one signature may have two.
    propres += ("a_confirmer_avant", *(() if role == Role.VALIDEUR else ("signee_par",)))
    assert model_to_dict(d_un_coup, exclude=propres) == model_to_dict(une_a_une, exclude=propres)
