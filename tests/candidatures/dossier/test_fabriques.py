"""What the factories write at once is what the actions write one by one."""

from typing import Any

import pytest
from django.forms.models import model_to_dict

from candidatures.dossier.actions import redaction
from candidatures.models import Candidature
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
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
