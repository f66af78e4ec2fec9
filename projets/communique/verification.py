"""Whether what was frozen is still what the facts of its instant say: the proof that a figure never changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from projets.chiffres import Ecart, calculer, ecarts
from projets.communique.figees import chiffres_figes
from projets.publication.models import Communique
from rebond.socle.faits import suivre


@dataclass(frozen=True, slots=True)
class Verification:
    """Of one release: `verifiable` when it was frozen since facts are kept; what its recount says otherwise."""

    communique: Communique
    verifiable: bool
    ecarts: list[Ecart] = field(default_factory=list)


def recompter() -> Iterator[Verification]:
    """Each frozen release, from the first: its date counted again as it was known when it was frozen."""
    for cle in Communique.objects.order_by("fige_le", "pk").values_list("pk", flat=True):
        communique = Communique.objects.legers().get(pk=cle)
        if communique.connu_le is None:
            yield Verification(communique, verifiable=False)
        else:
            recomptes = calculer(au=communique.au, connu_le=communique.connu_le)
            yield Verification(communique, True, ecarts(chiffres_figes(communique), recomptes))


def faits_manquants() -> list[tuple[str, int]]:
    """Rows that figures read and of which the last fact is not what they say: something wrote them past the triggers."""
    return suivre.ecarts()
