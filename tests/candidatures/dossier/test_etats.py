"""The passages between the states of a file, and what each group of states is: written apart from the code."""

from candidatures.dossier import etats

PASSAGES = {
    "deposer": ({"brouillon", "deposee"}, "deposee"),
    "retirer": ({"brouillon", "deposee"}, "retiree"),
    "ouvrir_instruction": ({"deposee"}, "en_instruction"),
    "demander_correction": ({"en_instruction"}, "correction_demandee"),
    "rendre_correction": ({"correction_demandee"}, "en_instruction"),
    "fermer_correction": ({"correction_demandee"}, "en_instruction"),
    "signer_irrecevabilite": ({"en_instruction"}, "irrecevable"),
    "proposer": ({"en_instruction", "instruite"}, "instruite"),
    "labelliser": ({"instruite"}, "laureate"),
    "ne_pas_retenir": ({"instruite"}, "non_retenue"),
    "ajourner": ({"instruite"}, "ajournee"),
    "reprendre_laureate": ({"en_instruction"}, "laureate"),
    "reprendre_non_retenue": ({"en_instruction"}, "non_retenue"),
    "reprendre_ajournee": ({"en_instruction"}, "ajournee"),
}


def test_un_dossier_ne_passe_que_par_ces_passages() -> None:
    lus = {acte: (set(passage.sources), passage.cible) for acte, passage in etats.TRANSITIONS_CANDIDATURE.items()}
    assert lus == PASSAGES


def test_chaque_etat_est_dans_les_groupes_qui_en_parlent() -> None:
    decides_sans_mission = {"irrecevable", "non_retenue", "ajournee"}
    assert etats.ETATS_REPRIS == ("laureate", "non_retenue", "ajournee")
    assert decides_sans_mission | {"instruite", "laureate"} == etats.ETATS_TENUS_SECRETS
    assert decides_sans_mission | {"laureate"} == etats.ETATS_DECIDES
    assert decides_sans_mission | {"retiree"} == etats.ETATS_SANS_SUITE
    assert {"brouillon", "deposee"} == etats.ETATS_MODIFIABLES
    assert {"deposee", "en_instruction", "correction_demandee"} == etats.ETATS_A_INSTRUIRE
    assert {"en_instruction", "correction_demandee"} == etats.ETATS_EN_COURS
    assert {*etats.EtatCandidature} - {"brouillon", "deposee", "retiree"} == etats.ETATS_INSTRUITS
