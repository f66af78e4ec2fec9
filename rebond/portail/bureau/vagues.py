"""The waves of the calendar and those under way, as a person knows them, in one statement."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from candidatures.instruction.acces import avec_etat_de_vague_connu, vagues_en_interet
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.requetes import avec_phases
from rebond.comptes.habilitations import a_le_role
from rebond.portail.bureau.formes import Echeance
from rebond.portail.bureau.instruction import Vagues, pour_decider
from rebond.socle.texte.typographie import limite_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

LECTEURS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
A_VENIR = 2


def vagues_de(moi: Utilisateur, maintenant: datetime) -> tuple[Vagues, list[Echeance]]:
    """Those whose files `moi` may read, in the order of their numbers; and the next dates of the calendar."""
    lues: Any = avec_etat_de_vague_connu(Vague.objects.maintenues(), moi, maintenant)
    lecteur = a_le_role(moi, *LECTEURS)
    voulues = Q(cloture__gt=maintenant) | Q(prolongee_au__gt=maintenant)
    if lecteur:
        voulues |= Q(etat_connu__in=[EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE])
    if a_le_role(moi, Role.VALIDEUR):
        interet = Exists(Vague.objects.filter(vagues_en_interet(moi), pk=OuterRef("pk")))
        lues = lues.annotate(interet=interet, **pour_decider())
    if lecteur:
        lues = lues.prefetch_related(avec_phases())
    toutes = list(lues.filter(voulues).order_by("numero"))
    en_cours = [vague for vague in toutes if lecteur and EtatVague(vague.etat_connu) is not EtatVague.PREVUE]
    return Vagues(en_cours, maintenant), list(_calendrier(moi, toutes, maintenant))


def _calendrier(moi: Utilisateur, vagues: list[Any], maintenant: datetime) -> Iterator[Echeance]:
    """The next openings and closings. Whoever sets them is led to where it is done."""
    adresse = reverse("administration:calendrier" if a_le_role(moi, Role.ADMINISTRATEUR) else "calendrier")
    a_venir = [vague for vague in vagues if vague.echeance > maintenant]
    for vague in a_venir[:A_VENIR]:
        if vague.ouverture > maintenant:
            yield Echeance(
                vague.ouverture, limite_fr(vague.ouverture), f"Ouverture de la vague {vague.numero}", adresse
            )
        yield Echeance(vague.echeance, limite_fr(vague.echeance), f"Clôture de la vague {vague.numero}", adresse)
