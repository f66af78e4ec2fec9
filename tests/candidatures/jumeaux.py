"""Waves and files in all states at once, for the rules that Python and Postgres both hold."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product

from candidatures.models import CahierDesCharges, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import PARIS
from tests import fabriques as f
from tests.outils.roles import ignorer

UN_JOUR = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
PREMIERE = datetime(2023, 1, 10, 12, tzinfo=PARIS)


def des_vagues() -> list[Vague]:
    """One in each state, as it stands and prolonged by two days: triggers would ask for the acts that lead there.

    A suspended one never opened: nothing prolongs it.
    """
    agent = f.un_utilisateur()
    vagues = []
    for etat, prolongation in product(EtatVague, (None, 2 * UN_JOUR)):
        if etat is EtatVague.SUSPENDUE and prolongation:
            continue
        ouverture = PREMIERE + 20 * len(vagues) * UN_JOUR
        cloture = ouverture + 5 * UN_JOUR
        vague = Vague(
            numero=700 + len(vagues),
            etat=etat,
            ouverture=ouverture,
            cloture=cloture,
            prolongee_au=cloture + prolongation if prolongation else None,
            grace=timedelta(minutes=len(vagues) % 3),
        )
        if etat is EtatVague.SUSPENDUE:
            vague.suspendue_le, vague.motif_suspension = ouverture - UN_JOUR, "Reportée."
        if etat in {EtatVague.LABELLISEE, EtatVague.PUBLIEE}:
            vague.labellisee_le, vague.labellisee_par = cloture + 8 * UN_JOUR, agent
        if etat is EtatVague.PUBLIEE:
            vague.annoncee_le, vague.annoncee_par = cloture + 8 * UN_JOUR, agent
            vague.publique_a = cloture + 9 * UN_JOUR
        vagues.append(vague)
    with ignorer():
        return Vague.objects.bulk_create(vagues)


def un_cahier(vague: Vague) -> CahierDesCharges:
    return CahierDesCharges.objects.create(vague=vague, version=1, definition={})


def autour(bornes: Iterable[datetime | None]) -> list[datetime]:
    """Each of these bounds, and one microsecond on both sides."""
    return sorted({borne + ecart for borne in bornes if borne for ecart in (-INSTANT, timedelta(), INSTANT)})
