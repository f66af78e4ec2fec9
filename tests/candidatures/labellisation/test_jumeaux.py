"""What Python and Postgres both say of the announcement of results."""

import pytest

from candidatures.labellisation.regles import EMBARGO_TROP_LONG, empechement_d_embargo
from candidatures.models import Vague
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.regles import UN_AN_AU_PLUS
from tests.candidatures.jumeaux import autour, des_vagues
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.mark.jumeau("postgres:vague_annonce_datee_et_signee", "postgres:vague_embargo_d_un_an_au_plus")
def test_un_embargo_finit_plus_tard_et_dans_l_annee() -> None:
    vague = next(vague for vague in des_vagues() if vague.etat == EtatVague.LABELLISEE)
    annonce = vague.labellisee_le
    vues = []
    for publique_a in autour((annonce, annonce + UN_AN_AU_PLUS)):
        regle = empechement_d_embargo(publique_a, annonce)
        attendu = "vague_annonce_datee_et_signee" if regle else None
        if regle == EMBARGO_TROP_LONG:
            attendu = "vague_embargo_d_un_an_au_plus"
        champs = {"annoncee_le": annonce, "annoncee_par": vague.labellisee_par, "publique_a": publique_a}
        dite = Vague.objects.filter(pk=vague.pk)
        assert refus(lambda: dite.update(etat=EtatVague.PUBLIEE, **champs)) == attendu, publique_a  # noqa: B023
        vues.append(attendu)
    assert vues == ["vague_annonce_datee_et_signee", None, None, None, None, "vague_embargo_d_un_an_au_plus"]
