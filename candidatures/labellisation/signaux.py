"""What the apps above may listen to, inside the act's own transaction: a receiver that fails undoes the act."""

from django.dispatch import Signal

# sender=Vague, vague, labellisations: list[Labellisation], acteur: Utilisateur, maintenant: datetime.
# The results may still be under embargo: see `labellisation.publique_a`.
vague_annoncee = Signal()
# sender=Candidature, candidature, personne: Utilisateur. Who receives it answers the address of the laureate's mission
# that `personne` may open, or an empty text.
mission_cherchee = Signal()
