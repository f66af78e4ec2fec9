"""Whom files are proposed to: the nearest, then the least loaded; and why some are proposed to nobody."""

from candidatures.instruction.affectation.regles import (
    PERSONNE,
    TOUS_EN_CONFLIT,
    Candidat,
    Refus,
    repartir,
)

REGION, FRANCE = 2, 3


def test_le_plus_proche_d_abord_puis_le_moins_charge_ce_qui_est_propose_compte():
    partout, la, ici = 1, 2, 3
    tous = [Candidat(partout, FRANCE, False), Candidat(la, REGION, False), Candidat(ici, REGION, False)]
    elus, refus = repartir({10: tous, 11: tous, 12: tous, 13: tous}, {la: 2})
    assert (elus, refus) == ({10: ici, 11: ici, 12: la, 13: ici}, [])


def test_ce_que_peu_peuvent_suivre_est_servi_d_abord():
    un, deux = Candidat(1, FRANCE, False), Candidat(2, FRANCE, False)
    assert repartir({10: [un, deux], 11: [un]}, {})[0] == {11: 1, 10: 2}


def test_qui_est_en_conflit_n_est_jamais_propose_et_l_on_dit_pourquoi_il_n_y_a_personne():
    libre, tenu = Candidat(1, FRANCE, False), Candidat(2, REGION, True)
    assert repartir({10: [libre, tenu], 11: [tenu], 12: []}, {}) == (
        {10: 1},
        [Refus(11, TOUS_EN_CONFLIT), Refus(12, PERSONNE)],
    )
