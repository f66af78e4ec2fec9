"""When a correction may be asked, written and given back."""

from datetime import datetime

from candidatures.dossier.etats import EtatCandidature, Qualite


def peut_demander_correction(etat: str) -> bool:
    return etat == EtatCandidature.EN_INSTRUCTION


def peut_corriger(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> bool:
    """Whether the holder of `qualite` may write the answers asked for, strictly before `echeance`."""
    attendue = etat == EtatCandidature.CORRECTION_DEMANDEE and maintenant < echeance
    return attendue and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def peut_rendre_correction(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> bool:
    return peut_corriger(etat, echeance, maintenant, qualite) and qualite == Qualite.PORTEUR
