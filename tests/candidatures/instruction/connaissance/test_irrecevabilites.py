"""An inadmissibility, from its proposal to its signature: not a byte moves for those who may not know."""

import pytest

from candidatures.instruction.recevabilite import actions
from rebond.socle.horloge.temps import horloge_base
from tests.candidatures.instruction.connaissance.outils import Monde
from tests.candidatures.instruction.connaissance.test_reponses import (
    IGNORENT,
    PUBLIQUES,
    adresses,
    comparer,
    photo,
)
from tests.candidatures.instruction.instruction import proposer_irrecevabilite

pytestmark = pytest.mark.django_db


def test_rien_n_en_bouge_d_un_octet_avant_l_annonce(monde: Monde) -> None:
    """Proposed, sent back, proposed again, then signed."""
    gens = {qui: monde.gens[qui] if qui else None for qui in IGNORENT}
    valideur, actes = monde.gens["valideur"], {"candidature": monde.dossier, "maintenant": horloge_base()}

    def photos() -> dict[str | None, dict]:
        return {qui: photo(p, adresses(monde) if p else PUBLIQUES) for qui, p in gens.items()}

    avant = photos()
    proposee = proposer_irrecevabilite(candidature=monde.dossier, auteur=monde.instructeur)
    for qui, vues in photos().items():
        comparer(vues, avant[qui], qui)
    actions.renvoyer_irrecevabilite(**actes, lue=proposee.pk, mot="Relisez.", valideur=valideur)
    seconde = proposer_irrecevabilite(candidature=monde.dossier, auteur=monde.instructeur)
    for qui, vues in photos().items():
        comparer(vues, avant[qui], qui)
    actions.signer_irrecevabilite(**actes, lue=seconde.pk, qualite="Directrice", valideur=valideur)
    for qui, vues in photos().items():
        # An expert is asked nothing any more, as after any proposal: what they read then is the other test's.
        if qui != "expert":
            comparer(vues, avant[qui], qui)
    # Those who may know, do.
    lue = photo(valideur, [f"/instruction/dossiers/{monde.dossier.pk}/"])
    assert "Irrecevable" in next(iter(lue.values()))[2].decode()
