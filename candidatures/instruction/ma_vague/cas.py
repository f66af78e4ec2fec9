"""What the files of a wave are put together by, beside their own columns: conditions on narrow rows, for one reader.

Each is made of what the reader may read: nothing of a file in which they have an interest moves any of them.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import (
    a_instruire_par,
    instruit_tout_ce_qu_il_lit,
    interets_de,
    lit_partout,
    suivis_par,
)
from candidatures.instruction.affectation.filtres import A_PRENDRE, MOI, suivi_par
from candidatures.instruction.attente import qui_ont_un_message
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.suivi.etats import D_AUTRUI, CasDAvis, ChoixDAvis, Etape
from candidatures.instruction.suivi.models import AVIS_DEFAVORABLE, Suivi, avis_en_retard
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


def onglets_de(moi: Utilisateur) -> list[Onglet]:
    """Whoever instructs nothing has nothing to take."""
    if a_le_role(moi, Role.INSTRUCTEUR):
        return [*Onglet]
    return [Onglet.AUTRUI, Onglet.PRETS, Onglet.TOUS]


def particularites_de(moi: Utilisateur) -> list[Particularite]:
    """Whoever instructs nothing reads no message."""
    instruit = a_le_role(moi, Role.INSTRUCTEUR)
    return [une for une in Particularite if instruit or une is not Particularite.MESSAGE]


def onglets(moi: Utilisateur) -> Mapping[str, Q]:
    """What each tab of `moi` holds."""
    communs: dict[str, Q] = {
        Onglet.AUTRUI: Q(etape__in=D_AUTRUI),
        Onglet.PRETS: Q(etape=Etape.PRET),
        Onglet.TOUS: Q(pk__isnull=False),
    }
    if Onglet.MOI not in onglets_de(moi):
        return communs
    libres = suivi_par(moi, A_PRENDRE)
    if not instruit_tout_ce_qu_il_lit(moi):
        libres &= Q(pk__in=a_instruire_par(moi, Suivi.objects.all()).values("pk"))
    siens = suivi_par(moi, MOI) & ~Q(etape__in=[Etape.DECIDE, Etape.IRRECEVABLE])
    return {Onglet.MOI: siens, Onglet.A_PRENDRE: libres, **communs}


def particularites(moi: Utilisateur, vague: Vague) -> Mapping[str, Q]:
    cas: dict[str, Q] = {
        Particularite.CORRECTION: Q(etat_connu=EtatCandidature.EN_INSTRUCTION, corrigee=True),
        Particularite.INDUSTRIE: Q(industrie=True),
        Particularite.ANCIEN: Q(deja_candidat=True) & ~Q(pk__in=_jamais_lus_avant(moi, vague)),
    }
    if Particularite.MESSAGE in particularites_de(moi):
        cas[Particularite.MESSAGE] = qui_ont_un_message(moi)
    return cas


def avis() -> Mapping[str, Q]:
    """How the opinions stand on a file: it may be late of one, and have an unfavourable one."""
    return {
        **{cas.value: Q(cas_avis=cas) for cas in CasDAvis},
        ChoixDAvis.EN_RETARD: avis_en_retard(jour_de_paris(horloge_base())),
        ChoixDAvis.DEFAVORABLES: AVIS_DEFAVORABLE,
    }


def _jamais_lus_avant(moi: Utilisateur, vague: Vague) -> Any:
    """Files of groupings that had one in an earlier wave, but none that `moi` reads.

    Those of whoever reads everywhere are few: they have an interest in each of the others.
    """
    avant = Suivi.objects.filter(vague__ouverture__lt=vague.ouverture).order_by()
    lus = suivis_par(moi).filter(vague__ouverture__lt=vague.ouverture).order_by()
    suspects = Suivi.objects.filter(vague=vague, deja_candidat=True)
    if lit_partout(moi):
        suspects = suspects.filter(territoire__cle__in=avant.filter(pk__in=interets_de(moi)).values("territoire__cle"))
    return suspects.exclude(territoire__cle__in=lus.values("territoire__cle")).order_by().values("pk")
