"""What the factories write at once is what the actions write one by one."""

from collections import Counter
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.forms.models import model_to_dict

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions import redaction
from candidatures.dossier.pieces.actions import pieces
from candidatures.models import Candidature, PieceJointe, Reserve, VersionComplete
from rebond.comptes.actions import roles
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.preuve.empreintes import empreinte
from territoires.etats import EtatHabilitation, Role
from territoires.regles import UN_AN
from tests import fabriques as f
from tests.requetes.croissance import effectifs

pytestmark = pytest.mark.django_db


def ce_qui_reste(candidature: Candidature) -> dict[str, Any]:
    """Every row of the file, but what names it and the order of its saves."""
    candidature.refresh_from_db()
    complete = VersionComplete.objects.get(candidature=candidature)
    assert complete.empreinte == empreinte(complete.contenu) == candidature.empreinte
    versions = candidature.versions.order_by("section").values_list(
        "section", "revision", "reponses", "enregistree_le", "automatique", "restauree_de"
    )
    piece = PieceJointe.objects.get(candidature=candidature)
    return {
        "dossier": model_to_dict(candidature, ("cahier", "etat", "contenu", "revision", "depot_a_l_echeance_le")),
        "modifiee_le": candidature.modifiee_le,
        "versions": list(versions),
        "journal": [
            (entree.acte, entree.fait_le, entree.details)
            for entree in entrees_sur(candidature)
            if entree.acte != ActeDuDossier.OUVRIR
        ],
        "piece": model_to_dict(piece, exclude=("id", "candidature", "ajoutee_par")) | {"le": piece.ajoutee_le},
        "de son auteur": piece.ajoutee_par == complete.auteur == f.porteur_de(candidature),
        "place": [
            model_to_dict(reserve, exclude=("id", "candidature", "utilisateur", "prise_le"))
            for reserve in Reserve.objects.filter(candidature=candidature, utilisateur=f.porteur_de(candidature))
        ],
        "complet": complete.contenu | {"reference": "", "territoire": "", "groupement": ""},
        "complet le": complete.fait_le,
    }


def test_remplir_laisse_ce_que_laissent_les_actions():
    le = horloge_base()
    vague, territoire = f.une_vague(), f.un_territoire()
    d_un_coup, une_a_une = (f.une_candidature(vague=vague, territoire=territoire, complete=False) for _ in range(2))

    avant = comptes()
    f.remplir(d_un_coup, auteur=f.porteur_de(d_un_coup), le=le)
    d_un_cote, avant = comptes() - avant, comptes()
    for section, reponses in f.un_contenu().items():
        redaction.enregistrer_section(
            candidature=une_a_une, section=section, reponses=reponses, auteur=f.porteur_de(une_a_une), maintenant=le
        )
    pieces.joindre_piece(
        candidature=une_a_une,
        fichier=ContentFile(f.PDF, name="deliberation.pdf"),
        nom="deliberation.pdf",
        nature="deliberation",
        auteur=f.porteur_de(une_a_une),
        maintenant=le,
    )

    assert ce_qui_reste(d_un_coup) == ce_qui_reste(une_a_une)
    assert len(ce_qui_reste(d_un_coup)["versions"]) == len(f.un_contenu())
    # The document itself, and what was read of it, are there once.
    assert comptes() - avant == d_un_cote - Counter(socle_document=1, socle_lisibilite=1)


def comptes() -> Counter[str]:
    """How many rows each table of the portal has."""
    return Counter(effectifs())


@pytest.mark.parametrize("role", [Role.EXPERT, Role.VALIDEUR])
def test_un_role_est_celui_que_laissent_ses_actes(role):
    premier, second = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)
    d_un_coup = f.un_role(f.un_utilisateur(), role)
    une_a_une = roles.proposer(
        adresse=f.un_utilisateur().email,
        role=role,
        organisme=d_un_coup.organisme,
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
