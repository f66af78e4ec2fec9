"""What is allowed in a file, and when: pure predicates shared by actions, views, forms and templates."""

from candidatures.dossier.etats import ETATS_MODIFIABLES, ETATS_SANS_SUITE, EtatCandidature, Qualite
from candidatures.vagues.etats import Phase


def peut_ecrire(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether the holder of `qualite` may change the draft now."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def peut_changer_equipe(etat_connu: str) -> bool:
    """Whether people may still join or leave a file, from the state that its territory knows.

    They change after the deadline too; those of a laureate file follow the mission.
    """
    return etat_connu not in ETATS_SANS_SUITE


def peut_gerer_equipe(etat_connu: str, qualite: str | None) -> bool:
    return peut_changer_equipe(etat_connu) and qualite == Qualite.PORTEUR


def est_copiable(etat_connu: str, phase: Phase) -> bool:
    """Whether the open wave may take a copy of a file, from what its territory knows: nothing more will happen in it.

    A draft counts once the closing is recorded: until then the portal may still have to deposit it.
    """
    return etat_connu in ETATS_SANS_SUITE or (etat_connu == EtatCandidature.BROUILLON and phase is Phase.CLOSE)


def peut_copier(etat_connu: str, phase: Phase, qualite: str | None) -> bool:
    return est_copiable(etat_connu, phase) and qualite == Qualite.PORTEUR
