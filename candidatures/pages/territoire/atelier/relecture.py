"""What the review shows before the deposit: the answers, each with the way to change it and come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import prefetch_related_objects

from candidatures.cahier import Section
from candidatures.dossier.completude import ancre
from candidatures.dossier.lecture import Reponse, lire_reponse
from candidatures.pages.territoire.acces import DossierOuvert, adresse
from territoires.millesimes.suites import epcis_et_lignees

RELIRE = "relire"
RETOUR = f"?retour={RELIRE}"
# What is left when the page is made for whoever deposits at the last moment.
DERNIERS_INSTANTS = timedelta(minutes=10)


@dataclass(frozen=True)
class ReponseARelire:
    """`modifier` is where the answer is written, and leads back here; empty for whoever may not write."""

    reponse: Reponse
    modifier: str


@dataclass(frozen=True)
class SectionARelire:
    """`avancement`: « Complet », « À compléter »…; one that is complete may be folded."""

    cle: str
    titre: str
    reponses: tuple[ReponseARelire, ...]
    avancement: str
    complete: bool


def a_relire(ouvert: DossierOuvert) -> list[SectionARelire]:
    """Every question that is put, in the order of the call."""
    contenu = ouvert.candidature.contenu
    rubriques = {rubrique.section: rubrique for rubrique, _ in ouvert.rubriques}
    return [
        SectionARelire(
            section.cle,
            section.titre,
            tuple(_reponses(ouvert, section, contenu.get(section.cle, {}))),
            rubriques[section.cle].avancement,
            rubriques[section.cle].complete,
        )
        for section in ouvert.cahier.sections
    ]


def _reponses(ouvert: DossierOuvert, section: Section, reponses: dict[str, object]) -> Iterator[ReponseARelire]:
    page = adresse(ouvert.candidature.pk, section.cle) + RETOUR if ouvert.peut_ecrire else ""
    for question in section.saisies:
        if question.posee(reponses):
            modifier = f"{page}#{ancre(question)}" if page else ""
            yield ReponseARelire(lire_reponse(question, reponses.get(question.cle)), modifier)


def avec_ses_intercommunalites(ouvert: DossierOuvert) -> None:
    """Those of its territory, read once for all that the review makes of them."""
    candidature: Any = ouvert.candidature
    prefetch_related_objects([candidature.territoire], epcis_et_lignees())
    lues = sorted(candidature.territoire.epcis.all(), key=lambda epci: epci.siren)
    candidature.epcis_lus = [{"siren": epci.siren, "nom": epci.nom} for epci in lues]


def retour_a_la_relecture(ouvert: DossierOuvert, section: str) -> str:
    """The review, at the section that was just changed."""
    return f"{adresse(ouvert.candidature.pk, 'deposer')}#relire-{section}"


def presse(ouvert: DossierOuvert) -> bool:
    """Whether there is hardly time left to deposit."""
    reste = ouvert.candidature.echeance - ouvert.maintenant
    return timedelta(0) < reste <= DERNIERS_INSTANTS
