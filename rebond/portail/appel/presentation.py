"""What the home page tells a mayor of the call, beside the open wave, the figures and the laureates."""

from datetime import datetime
from typing import Any

from candidatures.cahier import MODELE
from candidatures.cahier.requetes import cahier_courant
from candidatures.dossier.forms.dossiers import RechercheEpciForm
from candidatures.vagues.delais import delai_de_l_annonce
from candidatures.vagues.models.vagues import Vague
from rebond.portail.appel.rubriques import contact_de, rubriques
from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.requetes import textes_courants


def presentation(vague: Vague | None, maintenant: datetime) -> dict[str, Any]:
    """Three queries, two without an open wave."""
    cahier = cahier_courant(vague=vague).cahier if vague else MODELE
    textes = textes_courants(PageDeTexte.QUESTIONS, PageDeTexte.CONTACTS_EN_REGION)
    return {
        "recherche": RechercheEpciForm(),
        "criteres": cahier.criteres,
        "delais": delai_de_l_annonce(maintenant),
        "questions": rubriques(textes[PageDeTexte.QUESTIONS]),
        "contact": contact_de("", textes[PageDeTexte.CONTACTS_EN_REGION]),
    }
