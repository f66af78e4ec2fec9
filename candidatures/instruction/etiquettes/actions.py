"""Labels that are put on a file, and taken off it."""

from datetime import datetime

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.etiquettes.models import Etiquette
from candidatures.instruction.etiquettes.regles import PAS_LA, TROP, empechement_d_etiqueter, nette
from candidatures.instruction.etiquettes.requetes import comme_deja_ecrite
from candidatures.instruction.tenue import REFUS_D_INTERETS, instruire
from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.noms import nom_nu
from rebond.socle.utilisateur import Utilisateur

REFUS = {
    **REFUS_D_INTERETS,
    **phrases_de(Etiquette, "etiquette_nette", "etiquette_une_fois_par_dossier"),
    "etiquettes_en_petit_nombre": TROP,
}


def etiqueter(*, candidature: Candidature, etiquette: str, auteur: Utilisateur, maintenant: datetime) -> Etiquette:
    """Put a label on the file, written as it is on the others. Raises `RegleEnfreinte` when it bears it already, or
    too many."""
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_d_etiqueter(Etiquette.objects.filter(candidature=dossier).count()):
            raise RegleEnfreinte(refus)
        nom = comme_deja_ecrite(nette(etiquette), auteur, dossier.vague_id)
        posee = Etiquette.objects.create(candidature=dossier, nom=nom, par=auteur, posee_le=maintenant)
        consigner(ActeDInstruction.ETIQUETER, dossier, acteur=auteur, fait_le=maintenant, etiquette=nom)
    return posee


def desetiqueter(*, candidature: Candidature, etiquette: str, auteur: Utilisateur, maintenant: datetime) -> None:
    """Take a label off the file. Raises `RegleEnfreinte` when it does not bear it."""
    with instruire(candidature, auteur, REFUS) as dossier:
        nue = nom_nu(nette(etiquette))
        portees = [une for une in Etiquette.objects.filter(candidature=dossier) if nom_nu(une.nom) == nue]
        if not portees:
            raise RegleEnfreinte(PAS_LA)
        nom = portees[0].nom
        portees[0].delete()
        consigner(ActeDInstruction.DESETIQUETER, dossier, acteur=auteur, fait_le=maintenant, etiquette=nom)
