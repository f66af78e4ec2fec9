"""What the address of a list answers before anybody has said how it is written."""

from collections.abc import Collection, Sequence

from django.http import HttpResponse

from rebond.socle.listes.liste import Liste


class Extrait(HttpResponse):
    """The list as this person may see it, and what its file says of itself.

    `revue`: to see a row of it is a right in itself (a file that one instructs). A file that was prepared is then
    given as long as its person still sees each of its rows. Otherwise a row may go for reasons of its own.
    `caches`: what the rows are chosen by not to show, where they are too many to be looked at one by one. A file is
    given as long as nothing has been added to it. `intitule`: what it is called, the title of the list unless said.
    """

    def __init__(
        self,
        liste: Liste,
        mentions: Sequence[str],
        *,
        revue: bool = False,
        caches: Collection[str] = (),
        intitule: str = "",
    ) -> None:
        super().__init__()
        self.liste = liste
        self.mentions = mentions
        self.revue = revue
        self.caches = frozenset(caches)
        self.intitule = intitule or liste.titre
