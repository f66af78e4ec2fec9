"""Two administrateurs on the specifications of one wave at the same instant, each on their own connection."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from candidatures.cahier import MODELE
from candidatures.cahier.actions import DEPASSE, cahier_en_vigueur, modifier_cahier
from candidatures.cahier.edition import sans_section
from candidatures.models import CahierDesCharges
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.concurrence.test_dossiers import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def test_de_deux_enregistrements_simultanes_le_second_est_prevenu() -> None:
    ouverture = horloge_base() + timedelta(days=10)
    vague = f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=30))
    cahier_en_vigueur(vague=vague)

    def retirer(section: str) -> Callable[[], CahierDesCharges]:
        auteur = f.un_utilisateur()
        return lambda: modifier_cahier(
            vague=vague,
            version=1,
            cahier=sans_section(MODELE, section),
            commentaire=section,
            auteur=auteur,
            maintenant=horloge_base(),
        )

    issues = ensemble(*(retirer(section.cle) for section in MODELE.sections[:4]))
    (gardee,) = (issue for issue in issues if isinstance(issue, CahierDesCharges))
    assert [issue.message for issue in issues if isinstance(issue, RegleEnfreinte)] == [DEPASSE] * 3
    assert list(CahierDesCharges.objects.values_list("version", "commentaire")) == [(1, ""), (2, gardee.commentaire)]
