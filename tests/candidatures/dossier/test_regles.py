"""What is allowed in a file: every state, every phase, every quality, the sentence that refuses."""

from itertools import product

import pytest

from candidatures.dossier import regles
from candidatures.dossier.etats import EtatCandidature as E
from candidatures.dossier.etats import Qualite
from candidatures.vagues.etats import Phase

QUALITES = (*Qualite, None)
SANS_SUITE = {E.RETIREE, E.IRRECEVABLE, E.NON_RETENUE, E.AJOURNEE}
PAS_ECRIRE = "Vous ne pouvez pas modifier ce dossier en ce moment."
PAS_COPIER = "Ce dossier ne peut pas être copié, ou vous n’en êtes pas le responsable."
SEUL = "Seul le responsable du dossier compose son équipe."


@pytest.mark.parametrize(("etat", "phase", "qualite"), list(product(E, Phase, QUALITES)))
def test_on_n_ecrit_qu_avant_l_echeance_comme_porteur_ou_co_porteur(etat, phase, qualite):
    permis = (
        etat in {E.BROUILLON, E.DEPOSEE}
        and phase == Phase.OUVERTE
        and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}
    )
    assert regles.empechement_d_ecrire(etat, phase, qualite) == (None if permis else PAS_ECRIRE)


@pytest.mark.parametrize(("etat", "phase", "qualite"), list(product(E, Phase, QUALITES)))
def test_le_porteur_copie_ce_qui_n_aura_pas_de_suite(etat, phase, qualite):
    fini = etat in SANS_SUITE or (etat == E.BROUILLON and phase == Phase.CLOSE)
    permis = fini and qualite == Qualite.PORTEUR
    assert regles.est_copiable(etat, phase) is fini
    assert regles.empechement_de_copier(etat, phase, qualite) == (None if permis else PAS_COPIER)


@pytest.mark.parametrize(("etat", "qualite"), list(product(E, QUALITES)))
def test_le_porteur_compose_l_equipe_tant_que_le_dossier_a_une_suite(etat, qualite):
    fige = f"L’équipe de ce dossier ne change plus (état\u00a0: {etat.label.lower()})." if etat in SANS_SUITE else None
    assert regles.empechement_de_changer_l_equipe(etat) == fige
    seul = None if qualite == Qualite.PORTEUR else SEUL
    assert regles.empechement_de_gerer_l_equipe(etat, qualite) == (fige or seul)


@pytest.mark.parametrize(("qualite", "de_soi", "par"), list(product(Qualite, (True, False), QUALITES)))
def test_chacun_quitte_le_dossier_le_porteur_ecarte_et_ne_part_pas(qualite, de_soi, par):
    attendu = None
    if qualite == Qualite.PORTEUR:
        attendu = "Le responsable du dossier ne quitte pas son dossier sans avoir passé la main à quelqu’un."
    if not de_soi and par != Qualite.PORTEUR:
        attendu = SEUL
    assert regles.empechement_d_ecarter(qualite, de_soi=de_soi, par=par) == attendu


def test_le_porteur_ne_change_pas_de_role():
    refus = {q: regles.empechement_de_changer_de_role(q) for q in Qualite}
    seul = "Un dossier a un responsable, et un seul\u00a0: pour en changer, passez la main."
    assert refus == {Qualite.PORTEUR: seul, Qualite.CO_PORTEUR: None, Qualite.LECTEUR: None}


def test_un_dossier_a_un_nombre_borne_de_pieces():
    plein = "Un dossier compte au plus 3 pièces jointes."
    assert [regles.empechement_de_joindre(n, au_plus=3) for n in (0, 2, 3, 4)] == [None, None, plein, plein]
