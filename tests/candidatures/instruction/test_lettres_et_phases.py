"""What the phases of a wave drive: what is to be done by when, reminders, what territories read of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.rappels import AVANT, PENDANT, rappeler
from candidatures.models import PhaseVague
from candidatures.vagues.etats import NatureDePhase
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import fin_de_journee, horloge_base, jour_de_paris
from rebond.socle.texte.typographie import date_fr, periode_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, sans_jeton
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
UNE_MINUTE = timedelta(minutes=1)


def une_phase(vague, nature, *, jours: int, **champs) -> PhaseVague:
    """From the closing to the end of a day to come."""
    fin = fin_de_journee(jour_de_paris(horloge_base()) + timedelta(days=jours))
    return PhaseVague.objects.create(vague=vague, nature=nature, debut=vague.cloture, fin=fin, **champs)


def test_le_terme_de_la_phase_est_celui_de_ce_qui_est_a_faire():
    vague, _ = une_vague_close(None)
    phase = une_phase(vague, NatureDePhase.RECEVABILITE, jours=3)
    bureau = client_de(f.un_agent(Role.INSTRUCTEUR)).get(reverse("tableau_de_bord")).context["bureau"]
    dernier = date_fr(jour_de_paris(horloge_base()) + timedelta(days=3))
    assert [(chose.avant, chose.quand, chose.presse) for chose in bureau.a_faire] == [
        (phase.fin, f"Jusqu’au {dernier} inclus.", True)
    ] * 2
    assert (f"Jusqu’au {dernier}", f"Vague {vague.numero}\u00a0: Recevabilité, fin") in [
        (echeance.quand, echeance.quoi) for echeance in bureau.echeances
    ]


class TestRappels:
    def test_une_semaine_avant_une_lettre_a_qui_des_dossiers_attendent(self):
        vague, (un, deux) = une_vague_close(None, None)
        ana, bo, _ = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.VALIDEUR)
        for dossier in (un, deux):
            affectations.prendre(candidature=dossier, acteur=ana, maintenant=horloge_base())
        phase = une_phase(vague, NatureDePhase.RECEVABILITE, jours=20)
        echeance = phase.fin - AVANT
        dates = (echeance - UNE_MINUTE, echeance, echeance + UNE_MINUTE, echeance + PENDANT)
        rappels = Courrier.objects.filter(cle__startswith="rappel-phase-")
        vus = []
        for instant in dates:
            rappeler(maintenant=instant)
            vus.append(rappels.count())
        # Nothing awaits Bo: a colleague holds both.
        assert (vus, bo.email in rappels.values_list("destinataire", flat=True)) == ([0, 1, 1, 1], False)
        jour = date_fr(jour_de_paris(phase.fin - UNE_MINUTE))
        lue(
            "instruction/rappel_de_phase",
            rappels.get(destinataire=ana.email),
            f"Vague {vague.numero} : 2\u00a0dossiers vous attendent avant le {jour}",
            BONJOUR,
            f"La recevabilité est à vérifier au plus tard le {jour} dans la vague {vague.numero}. "
            "2\u00a0dossiers vous attendent.",
            f"Voir ce qui vous attend : {PORTAIL}/tableau-de-bord/",
            SIGNATURE,
        )

    def test_une_date_deplacee_a_les_siens(self):
        vague, _ = une_vague_close(None)
        f.un_agent(Role.INSTRUCTEUR)
        phase = une_phase(vague, NatureDePhase.RECEVABILITE, jours=20)
        assert rappeler(maintenant=phase.fin - AVANT) == 1
        phase.fin += timedelta(days=1)
        phase.save()
        assert rappeler(maintenant=phase.fin - AVANT) == 1


def test_le_territoire_lit_les_dates_qu_on_lui_dit_et_aucune_autre():
    vague, (dossier,) = une_vague_close(None)
    porteur = client_de(f.porteur_de(dossier))
    page = reverse("candidatures:dossier", args=[dossier.pk])
    sans = sans_jeton(porteur.get(page))
    for nature in (NatureDePhase.COMITE, NatureDePhase.EVALUATION):
        une_phase(vague, nature, jours=20)
    assert sans_jeton(porteur.get(page)) == sans
    PhaseVague.objects.create(
        vague=vague,
        nature=NatureDePhase.RECEVABILITE,
        debut=fin_de_journee(jour_de_paris(vague.cloture)),
        fin=fin_de_journee(jour_de_paris(vague.cloture) + timedelta(days=3)),
        dite_aux_territoires=True,
    )
    PhaseVague.objects.filter(nature=NatureDePhase.EVALUATION).update(dite_aux_territoires=True)
    prevu = periode_fr(*(jour_de_paris(vague.cloture) + timedelta(days=jours) for jours in (1, 3)))
    etapes = {etape.titre: etape.quand for etape in porteur.get(page).context["etapes"]}
    assert etapes["Vérification de la recevabilité"] == f"Prévu {prevu}"
    assert etapes["Évaluation des dossiers"].startswith("Prévu du ")
    assert [etapes[titre] for titre in ("Avis des experts", "Comité de sélection et décision")] == ["", ""]
