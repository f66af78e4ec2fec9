"""What whoever takes part in a file may know of it: no decision shows before its announcement (design, invariant 11).

What the people of the State know beside that is `instruction.acces`, which stands on this.
"""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from candidatures.dossier.etats import ETATS_TENUS_SECRETS, EtatCandidature
from candidatures.dossier.models.dossiers import Candidature, resultats_connus

Instant = datetime | Combinable
# QuerySet of files that bears what is added here.
Dossiers = Any


def avec_etat_su(dossiers: QuerySet[Candidature], instant: Instant, ou: Q | None = None) -> Dossiers:
    """Adds `etat_connu`: the state of each file that its territory may know at `instant`.

    The whole state also shows of the files for which `ou` is true.
    """
    su = ~Q(etat__in=ETATS_TENUS_SECRETS) | resultats_connus(instant)
    if ou is not None:
        su |= ou
    connu = Case(
        When(su, then=F("etat")), default=Value(EtatCandidature.EN_INSTRUCTION.value), output_field=CharField()
    )
    return dossiers.annotate(etat_connu=connu)


def etat_connu_du_territoire(dossier: Candidature, instant: Instant) -> EtatCandidature:
    """The state that whoever takes part in `dossier` may know."""
    lu = avec_etat_su(Candidature.objects.filter(pk=dossier.pk), instant)
    return EtatCandidature(lu.values_list("etat_connu", flat=True).get())
