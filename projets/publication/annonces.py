"""What a press release may give as news: what no other release has announced (docs/chiffres.md)."""

from collections.abc import Iterable
from datetime import date

from candidatures.labellisation.models import Labellisation
from projets.publication.models import Communique
from rebond.socle.horloge.temps import jour_de_paris


class Annonces:
    """What releases of other dates have said, for a release « au » a date. One query, or none when they are all there
    (`parus`, as `dont` reads them).

    Those of an earlier date count when they were frozen before the first release of this date: a rectificatif is
    compared with the same ones as what it corrects, and none frozen later changes the answer.
    """

    def __init__(self, au: date, parus: Iterable[Communique] | None = None) -> None:
        lus = (
            Communique.objects.order_by("pk").values_list("au", "fige_le", "resume")
            if parus is None
            else [(paru.au, paru.fige_le, paru.resume) for paru in parus]
        )
        releases = [(jour, le, resume["laureats"], resume["nouveaux"], resume["missions"]) for jour, le, resume in lus]
        premier = min((fige_le for jour, fige_le, *_ in releases if jour == au), default=None)
        avant = [dites for jour, le, *dites in releases if jour < au and (premier is None or le < premier)]
        self.premier_communique = not avant
        self.laureats = {pk for laureats, _, _ in avant for pk in laureats}
        self.missions = {pk for _, _, missions in avant for pk in missions}
        self.par_d_autres = {pk for jour, _, _, nouveaux, _ in releases if jour != au for pk in nouveaux}
        self.par_celui_ci = {pk for jour, _, _, nouveaux, _ in releases if jour == au for pk in nouveaux}

    def nouveaux(self, labellisations: Iterable[Labellisation]) -> set[int]:
        """Primary keys of the laureates to call new, among those announced by then.

        Not those that a former release lists; when there is none, those of the last day of announcement. Nor those
        that a release of any other date called new, unless this date's own did: nobody is new twice.
        """
        jours = {lab.pk: jour_de_paris(lab.annoncee_le) for lab in labellisations if lab.annoncee_le}
        dernier = max(jours.values(), default=None)
        retenus = (
            {pk for pk, jour in jours.items() if jour == dernier}
            if self.premier_communique
            else jours.keys() - self.laureats
        )
        return retenus - (self.par_d_autres - self.par_celui_ci)
