"""How far evaluators are from one another, on what their reader may read."""

from statistics import mean

import pytest

from candidatures.evaluation.rapport import rapport
from candidatures.instruction import actions as instruction
from candidatures.models import Evaluation
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import confier, criteres, des_notes, rendre
from tests.candidatures.instruction.instruction import une_vague_close

pytestmark = pytest.mark.django_db


def lu_par(qui, monde: Monde):
    return rapport(qui, monde.vague, monde.dossier.cahier.cahier)


def test_le_rapport_dit_les_ecarts_par_critere_et_par_paire(monde: Monde) -> None:
    confier(monde.autre, monde.une, monde.deux, auteur=monde.tiers)
    premier, *suite = criteres(monde.dossier)
    rendre(monde.dossier, monde.une, notes=des_notes(monde.dossier, 1))
    rendre(monde.dossier, monde.deux, notes=des_notes(monde.dossier, 1, **{premier.cle: 3}))
    rendre(monde.autre, monde.une, notes=des_notes(monde.autre, 2))
    assert lu_par(monde.tiers, monde).ouverts == 1
    rendre(monde.autre, monde.deux, notes=des_notes(monde.autre, 1))
    lu = lu_par(monde.tiers, monde)
    valeurs = [niveau.valeur for niveau in premier.echelle]
    tete, reste = lu.criteres[0], lu.criteres[1:]
    assert (lu.ouverts, tete.critere, tete.notes, tete.basse, tete.haute) == (2, premier, 4, valeurs[1], valeurs[3])
    assert tete.moyenne == f"{mean([valeurs[1], valeurs[3], valeurs[2], valeurs[1]]):.1f}".replace(".", ",")
    assert (tete.ecart_moyen, tete.eloignes) == ("1,5", 1)
    assert {(ligne.ecart_moyen, ligne.eloignes) for ligne in reste} == {("0,5", 0)}
    assert [ligne.critere for ligne in reste] == suite
    (paire,) = lu.paires
    points = {(une.candidature_id, une.auteur_id): une.points for une in Evaluation.objects.all()}
    ecarts = [
        points[dossier.pk, monde.une.pk] - points[dossier.pk, monde.deux.pk]
        for dossier in (monde.dossier, monde.autre)
    ]
    sur = Evaluation.objects.first().sur
    assert (paire.premier, paire.second, paire.dossiers) == (monde.une, monde.deux, 2)
    assert float(paire.ecart.replace(",", ".")) == pytest.approx(100 * mean(map(abs, ecarts)) / sur, abs=0.01)
    assert paire.plus_haut == (monde.une if sum(ecarts) > 0 else monde.deux)


def test_un_dossier_ou_l_on_a_un_interet_n_y_compte_pas(monde: Monde) -> None:
    for place, qui in enumerate((monde.une, monde.deux)):
        rendre(monde.dossier, qui, place + 1)
    comite = f.un_agent(Role.COMITE)
    assert (lu_par(comite, monde).ouverts, len(lu_par(comite, monde).paires)) == (1, 1)
    instruction.declarer_interet(
        candidature=monde.dossier, utilisateur=comite, motif="Mandat.", maintenant=horloge_base()
    )
    assert (lu_par(comite, monde).ouverts, lu_par(comite, monde).paires) == (0, [])


def test_un_instructeur_ne_lit_que_les_ecarts_de_son_territoire() -> None:
    nord, jura = f.un_departement(), f.un_departement("39", "27")
    vague, (dossier, autre) = une_vague_close(nord, jura)
    une, deux, tiers = (f.un_agent(Role.INSTRUCTEUR) for _ in range(3))
    for un in (dossier, autre):
        confier(un, une, deux, auteur=tiers)
        for qui in (une, deux):
            rendre(un, qui)
    local = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    cahier = dossier.cahier.cahier
    assert [rapport(qui, vague, cahier).ouverts for qui in (tiers, local)] == [2, 1]
