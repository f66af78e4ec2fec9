"""What is allowed on a project, state by state, against a list written apart from the code."""

from projets.portefeuille import regles
from projets.portefeuille.etats import EtatProjet

E = EtatProjet
ACTES = {
    E.DETECTE: ["qualifier", "abandonner"],
    E.QUALIFIE: ["abandonner"],
    E.ORIENTE: ["deposer_demande", "engager", "abandonner"],
    E.DEPOSE: ["refuser", "abandonner"],
    E.ACCORDE: ["engager", "abandonner"],
    E.REFUSE: ["engager", "abandonner"],
    E.ENGAGE: ["realiser", "abandonner"],
    E.REALISE: [],
    E.ABANDONNE: [],
}


def test_chaque_etat_permet_ses_actes_dans_l_ordre_de_la_vie_d_un_projet() -> None:
    assert {etat: regles.actes_possibles(etat) for etat in E} == ACTES
    assert {etat for etat in E if regles.peut_orienter(etat)} == {E.QUALIFIE, E.ORIENTE}


def test_un_projet_qui_n_a_pas_eu_d_aide_s_annule_une_fois() -> None:
    def empechement(*, annule: bool = False, aide: bool = False, liberee: bool = False) -> str | None:
        return regles.empechement_d_annuler_un_projet(annule=annule, aide=aide, liberee=liberee)

    assert empechement() is None
    assert empechement(annule=True, aide=True) == "Ce projet est déjà annulé."
    il_a_existe = "Une aide a été accordée à ce projet\u00a0: il a existé."
    assert empechement(aide=True, liberee=True) == il_a_existe
    assert empechement(aide=True) == f"{il_a_existe} Notez plutôt son abandon, qui la libère."
