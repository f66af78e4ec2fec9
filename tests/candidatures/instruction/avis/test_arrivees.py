"""Whoever asked for an avis is told that it came: once a day for all of them, and never what it says; and by when an
avis is proposed to be due."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions.arrivees import annoncer_les_avis_rendus
from candidatures.instruction.avis.requetes import cible_de, jour_propose
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.saisine.regles import DELAI_PROPOSE
from candidatures.models import AnnonceDAvis, PhaseVague
from candidatures.vagues.etats import NatureDePhase
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, fin_de_journee, horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.avis.outils import Scene, une_scene
from tests.candidatures.instruction.instruction import rendre_avis
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    return une_scene()


def demain(heure: int) -> datetime:
    """Whatever the time now, what was just done is of before."""
    return (horloge_base() + JOUR).astimezone(PARIS).replace(hour=heure, minute=0)


def rendre(scene, dossier, texte="Secret de polichinelle."):
    scene.demander(cible_de(scene.camille), candidature=dossier)
    return rendre_avis(
        candidature=dossier,
        expert=scene.camille,
        sens=SensAvis.DEFAVORABLE,
        texte=texte,
        maintenant=horloge_base(),
    )


def lettres(personne):
    return list(Courrier.objects.filter(destinataire=personne.email).order_by("pk"))


def test_une_lettre_par_jour_et_par_personne_sans_un_mot_de_l_avis(scene):
    second = scene.autres[0]
    rendre(scene, scene.dossier)
    rendre(scene, second)
    assert annoncer_les_avis_rendus(maintenant=demain(15)) == 0
    assert (annoncer_les_avis_rendus(maintenant=demain(16)), annoncer_les_avis_rendus(maintenant=demain(17))) == (1, 0)
    (lettre,) = lettres(scene.instructeur)
    dossiers = f"{PORTAIL}/instruction/dossiers"
    lue(
        "instruction/avis_rendus",
        lettre,
        "2\u00a0avis rendus sur des dossiers que vous instruisez",
        BONJOUR,
        "Vous aviez demandé des avis, ils sont rendus :",
        f"Dossier {scene.dossier.reference}, territoire « {scene.dossier.territoire.nom} »\n"
        f"- Avis de « Banque des Territoires », à lire dans le dossier : {dossiers}/{scene.dossier.pk}/\n"
        f"Dossier {second.reference}, territoire « L’Écluse & <b> »\n"
        f"- Avis de « Banque des Territoires », à lire dans le dossier : {dossiers}/{second.pk}/",
        SIGNATURE,
    )
    assert "polichinelle" not in lettre.texte
    assert "éfavorable" not in lettre.texte
    assert AnnonceDAvis.objects.count() == 2


def test_ce_qui_vient_apres_l_heure_attend_le_lendemain(scene):
    avis = rendre(scene, scene.dossier)
    soir = avis.rendu_le.astimezone(PARIS).replace(hour=16, minute=0, second=0, microsecond=0)
    avant = soir if soir < avis.rendu_le else soir - JOUR
    # The beat of the last hour before it came: nothing to tell.
    assert annoncer_les_avis_rendus(maintenant=avant + timedelta(hours=1)) == 0
    assert annoncer_les_avis_rendus(maintenant=avant + JOUR) == 1


def test_un_seul_se_dit_par_son_dossier(scene):
    rendre(scene, scene.dossier)
    annoncer_les_avis_rendus(maintenant=demain(16))
    (lettre,) = lettres(scene.instructeur)
    assert lettre.objet == f"L’avis que vous attendiez sur le dossier {scene.dossier.reference} est rendu"
    assert "Vous aviez demandé un avis, il est rendu" in lettre.texte


def test_qui_n_instruit_plus_n_apprend_rien_et_qui_instruit_le_lit(scene):
    collegue = f.un_agent(Role.INSTRUCTEUR)
    rendre(scene, scene.dossier)
    instruction.declarer_interet(
        candidature=scene.dossier, utilisateur=scene.instructeur, motif="Parent.", maintenant=horloge_base()
    )
    annoncer_les_avis_rendus(maintenant=demain(16))
    assert (len(lettres(scene.instructeur)), len(lettres(collegue))) == (0, 1)


def test_ce_que_l_on_rend_sans_que_personne_l_ait_demande_n_est_une_nouvelle_pour_personne(scene):
    rendre_avis(
        candidature=scene.dossier,
        expert=scene.instructeur,
        sens=SensAvis.FAVORABLE,
        texte="Oui.",
        maintenant=horloge_base(),
    )
    assert annoncer_les_avis_rendus(maintenant=demain(16)) == 0


def test_ce_que_personne_n_a_pu_dire_pendant_une_semaine_ne_se_dit_plus(scene):
    rendre(scene, scene.dossier)
    assert annoncer_les_avis_rendus(maintenant=demain(16) + 8 * JOUR) == 0


def test_ce_qui_est_dit_l_est_pour_toujours(scene):
    rendre(scene, scene.dossier)
    annoncer_les_avis_rendus(maintenant=demain(16))
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnonceDAvis.objects.update(faite_le=horloge_base())


def phase(vague, jours):
    fin = fin_de_journee(jour_de_paris(horloge_base()) + jours * JOUR)
    return PhaseVague.objects.create(vague=vague, nature=NatureDePhase.AVIS, debut=vague.cloture, fin=fin)


class TestLeJourPropose:
    def test_est_la_fin_de_la_phase_des_avis_quand_elle_en_a_une_a_venir(self, scene):
        vague, aujourd_hui = scene.dossier.vague, jour_de_paris(horloge_base())
        assert jour_propose(vague.pk, aujourd_hui) == aujourd_hui + DELAI_PROPOSE
        une = phase(vague, 30)
        # « Avant le 31 », for a phase of which the 30th is the last day.
        assert jour_propose(vague.pk, aujourd_hui) == aujourd_hui + 31 * JOUR
        assert jour_propose(vague.pk, aujourd_hui + 40 * JOUR) == aujourd_hui + 40 * JOUR + DELAI_PROPOSE
        une.delete()
        PhaseVague.objects.create(
            vague=vague,
            nature=NatureDePhase.EVALUATION,
            debut=vague.cloture,
            fin=fin_de_journee(aujourd_hui + 9 * JOUR),
        )
        assert jour_propose(vague.pk, aujourd_hui) == aujourd_hui + DELAI_PROPOSE

    def test_sur_la_page_d_un_dossier_comme_en_lot(self, scene):
        vague, aujourd_hui = scene.dossier.vague, jour_de_paris(horloge_base())
        phase(vague, 30)
        page = connecter(scene.instructeur).get(reverse("instruction:demander_avis", args=[scene.dossier.pk]))
        assert page.context["formulaire"]["a_rendre_avant"].value() == aujourd_hui + 31 * JOUR
        en_lot = ACTES["avis"].formulaire(vague=vague, par=scene.instructeur)
        assert en_lot["a_rendre_avant"].value() == aujourd_hui + 31 * JOUR
