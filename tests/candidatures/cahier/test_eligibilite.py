"""« Puis-je candidater ? »: what each answer says, and what the four say together."""

from dataclasses import replace

import pytest

from candidatures.cahier import MODELE, Choix
from candidatures.cahier.eligibilite import (
    AUCUN,
    DELIBERATIONS,
    DEPOSANTS,
    Deliberation,
    Deposant,
    Verdict,
    examiner,
    natures_du_choc,
)

FAVORABLES = {
    "epci": "La CC d’Essai",
    "laureats": (),
    "nature": "fermeture",
    "deposant": Deposant.SEULE,
    "deliberation": Deliberation.OUI,
}


def verdict(**autres: object) -> tuple[Verdict, list[Verdict]]:
    avis = examiner(MODELE, **(FAVORABLES | autres))  # type: ignore[arg-type]
    return avis.verdict, [point.verdict for point in avis.points]


@pytest.mark.parametrize(
    ("reponse", "rang", "attendu"),
    [
        ({}, 0, Verdict.OUI),
        ({"laureats": ("Le Val",)}, 0, Verdict.A_VERIFIER),
        ({"nature": "mutation"}, 1, Verdict.OUI),
        ({"nature": "autre"}, 1, Verdict.A_VERIFIER),
        ({"nature": AUCUN.cle}, 1, Verdict.NON),
        ({"deposant": Deposant.GROUPEMENT}, 2, Verdict.OUI),
        ({"deposant": Deposant.PETR}, 2, Verdict.OUI),
        ({"deposant": Deposant.COMMUNE}, 2, Verdict.NON),
        ({"deposant": Deposant.AUTRE}, 2, Verdict.NON),
        ({"deliberation": Deliberation.PAS_SUR}, 3, Verdict.A_VERIFIER),
        ({"deliberation": Deliberation.NON}, 3, Verdict.A_VERIFIER),
    ],
)
def test_chaque_reponse_a_son_verdict_et_le_pire_l_emporte(
    reponse: dict[str, object], rang: int, attendu: Verdict
) -> None:
    attendus = [Verdict.OUI] * 4
    attendus[rang] = attendu
    assert verdict(**reponse) == (attendu, attendus)


def test_un_seul_non_suffit() -> None:
    assert verdict(nature="autre", deposant=Deposant.COMMUNE)[0] is Verdict.NON


def test_les_chocs_et_la_piece_sont_ceux_du_cahier() -> None:
    """Written once: an administrateur who changes them changes the test."""
    choc, *autres = MODELE.sections
    nature = replace(choc.questions[0], choix=(Choix("incendie", "Incendie d’un site"),))
    cahier = replace(MODELE, sections=(replace(choc, questions=(nature, *choc.questions[1:])), *autres), pieces=())
    assert [choix.cle for choix in natures_du_choc(cahier)] == ["incendie"]
    avis = examiner(cahier, **(FAVORABLES | {"nature": "incendie", "deliberation": Deliberation.NON}))  # type: ignore[arg-type]
    assert "Incendie d’un site" in avis.points[1].texte
    assert avis.points[3].verdict is Verdict.OUI
    # A wave that no longer asks it: the kinds of shock of the first specifications.
    assert natures_du_choc(replace(MODELE, sections=tuple(autres))) == natures_du_choc(MODELE)


def test_jamais_une_promesse_et_chaque_choix_a_ses_mots() -> None:
    assert set(DEPOSANTS) == set(Deposant)
    assert set(DELIBERATIONS) == set(Deliberation)
    for titre in (verdict.titre for verdict in Verdict):
        assert "À première vue" in titre or "sans doute" in titre
