"""What the tests of sight have in common."""

from dataclasses import dataclass
from datetime import timedelta

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Vague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur

E = EtatCandidature
UN_JOUR = timedelta(days=1)


@dataclass
class Monde:
    """A closed wave with one file, and everybody who may look at it, by what they are."""

    vague: Vague
    dossier: Candidature
    instructeur: Utilisateur
    gens: dict[str, Utilisateur]

    def decider(self, sens: SensDecision = SensDecision.LABELLISER) -> None:
        labellisation.labelliser(
            vague=self.vague,
            decisions={d.pk: sens for d in Candidature.objects.filter(vague=self.vague, etat=E.INSTRUITE)},
            valideur=self.gens["valideur"],
            maintenant=horloge_base(),
        )

    def annoncer(self, embargo: timedelta = UN_JOUR) -> None:
        maintenant = horloge_base()
        labellisation.annoncer(
            vague=self.vague,
            valideur=self.gens["valideur"],
            publique_a=maintenant + embargo,
            maintenant=maintenant,
        )
