"""What Python and Postgres both say of the end of a wave, and of what puts it off."""

from datetime import timedelta

import pytest

from candidatures.cloture.regles import empechement_de_prolonger, empechement_de_prolonger_jusque, grace_ecoulee
from candidatures.models import Candidature, Prolongation, Vague
from candidatures.vagues.etats import EtatProlongation, EtatVague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.jumeaux import UN_JOUR, autour, des_vagues
from tests.outils.refus import refus
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.jumeau("candidatures.cloture.models.prolongations.ProlongationQuerySet.finies")
def test_une_prolongation_est_finie_une_fois_la_grace_ecoulee() -> None:
    demandeur, signataire = f.un_utilisateur(), f.un_utilisateur()
    with ignorer():
        prolongations = Prolongation.objects.bulk_create(
            Prolongation(
                vague=vague,
                jusqu_au=vague.cloture + UN_JOUR,
                motif="Panne.",
                etat=EtatProlongation.ACCORDEE,
                demandee_par=demandeur,
                demandee_le=vague.cloture,
                signee_par=signataire,
                signee_le=vague.cloture,
            )
            for vague in des_vagues()
        )
    fins = [fin for p in prolongations for fin in (p.jusqu_au, p.jusqu_au + p.vague.grace)]
    for instant in autour(fins):
        finies = {p for p in prolongations if grace_ecoulee(instant, p.jusqu_au, p.vague.grace)}
        assert set(Prolongation.objects.finies(instant)) == finies
        a_clore = {p.vague for p in finies if p.vague.etat == EtatVague.EN_INSTRUCTION}
        assert set(Vague.objects.a_clore(instant).exclude(etat=EtatVague.PREVUE)) == a_clore


@pytest.mark.jumeau("postgres:vague_close_apres_la_grace")
@pytest.mark.parametrize("grace", [timedelta(), MINUTE, 10 * MINUTE])
@pytest.mark.parametrize("prolongee", [False, True])
def test_postgres_clot_une_vague_une_fois_la_grace_ecoulee(grace: timedelta, prolongee: bool) -> None:
    vague = f.une_vague(grace=grace)
    reponses = []
    for ecart in (-MINUTE, -MINUTE / 10, MINUTE / 10, MINUTE):
        echeance = horloge_base() - grace - ecart
        bornes = {"cloture": echeance - UN_JOUR, "prolongee_au": echeance} if prolongee else {"cloture": echeance}
        with ignorer():
            Vague.objects.update(**bornes)
        vague.refresh_from_db()
        ecoulee = grace_ecoulee(horloge_base(), vague.echeance, vague.grace)
        assert refus(lambda: Vague.objects.update(etat=EtatVague.EN_INSTRUCTION)) == (
            None if ecoulee else "vague_close_apres_la_grace"
        )
        reponses.append(ecoulee)
    assert reponses == [False, False, True, True]


@pytest.mark.jumeau("postgres:prolongation_avant_les_decisions")
def test_une_vague_se_prolonge() -> None:
    maintenant, demandeur = horloge_base(), f.un_utilisateur()
    reponses = {}
    for vague in des_vagues():
        prolongation = Prolongation(
            vague=vague,
            jusqu_au=maintenant + UN_JOUR,
            motif="Panne.",
            demandee_par=demandeur,
            demandee_le=maintenant,
        )
        reponses[EtatVague(vague.etat)] = refus(prolongation.save)
    assert reponses == {
        etat: "prolongation_avant_les_decisions" if empechement_de_prolonger(etat) else None for etat in EtatVague
    }


@pytest.mark.jumeau("postgres:prolongation_a_venir")
@pytest.mark.parametrize("cloture", [-UN_JOUR, UN_JOUR])
@pytest.mark.parametrize("propre", [False, True])
def test_une_prolongation_donne_du_temps(cloture: timedelta, propre: bool) -> None:
    demandeur = f.un_utilisateur()
    dossier = f.une_candidature(vague=f.une_vague(cloture=horloge_base() + cloture), complete=False)
    vague = dossier.vague
    if propre:
        with ignorer():
            Candidature.objects.update(prolongee_au=vague.cloture + 2 * UN_JOUR)
    dossier = Candidature.objects.select_related("vague").get()
    reponses = set()
    maintenant = horloge_base()
    # Postgres reads its own clock, a little later: the bounds that lie ahead are judged to the microsecond.
    for jusqu_au in (*autour((vague.cloture, dossier.echeance)), maintenant - MINUTE, maintenant + MINUTE):
        prolongation = Prolongation(
            vague=vague,
            candidature=dossier,
            jusqu_au=jusqu_au,
            motif="Panne.",
            demandee_par=demandeur,
            demandee_le=maintenant,
        )
        donne = empechement_de_prolonger_jusque(jusqu_au, dossier.echeance, maintenant) is None
        assert refus(prolongation.save) == (None if donne else "prolongation_a_venir"), jusqu_au
        reponses.add(donne)
    assert reponses == {True, False}
