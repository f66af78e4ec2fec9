"""What an auditeur does not read in the journal: what they may not know by another of their roles, or of their own."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Evaluation, Participation
from projets.models import Axe, Enveloppe, Industriel, Mission, Projet, Rapport
from rebond.portail.requetes import D_UN_DOSSIER, entrees_lisibles_par
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.actes import SUR, actes_possibles
from rebond.socle.journal.actions import consigner
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.missions import remplir
from tests.acces.requetes import PROPRES_A_LA_PAGE
from tests.candidatures.evaluation.evaluation import confier, finir, rendre, une_phase
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de
from tests.projets import decor as projets

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).resolve().parents[2]
# What entries are on that is of no file: a wave, a person, an organisme, the portal itself.
D_AUCUN_DOSSIER = {
    *("candidatures.vague", "candidatures.findeserie", "candidatures.incident", "candidatures.demandedepci"),
    *("projets.communique", "socle.document", "socle.effacementdedocument", "socle.utilisateur"),
    *("territoires.habilitation", "territoires.organisme", "territoires.petr", "territoires.rattachement"),
    *("territoires.adresseofficielle", "donnees.exportdedonnees", "donnees.passagedeconservation"),
    *("portail.versiondetexte",),
}


def entrees(personne, **choix) -> list[tuple[str, str]]:
    lues = entrees_lisibles_par(personne).filter(**choix).order_by("pk")
    return list(lues.values_list("objet_type", "objet_id"))


def lire(client: Client, page: str) -> list[str]:
    """Its lines, without what is new on each page."""
    return PROPRES_A_LA_PAGE.sub(b"", client.get(page).content).decode().splitlines()


def test_de_chaque_chose_du_journal_on_sait_si_elle_est_d_un_dossier() -> None:
    for module in RACINE.glob("*/**/actes.py"):
        import_module(".".join(module.relative_to(RACINE).with_suffix("").parts))
    dites = [modele._meta.label_lower for modele, _ in D_UN_DOSSIER]
    assert len(set(dites)) == len(dites)
    assert {*dites} | D_AUCUN_DOSSIER == {*SUR}
    assert not {*dites} & D_AUCUN_DOSSIER


class TestEvaluations:
    @pytest.fixture
    def confie(self) -> Candidature:
        _, (dossier,) = une_vague_close(None)
        self.une, self.deux = (f.un_agent(Role.INSTRUCTEUR) for _ in range(2))
        confier(dossier, self.une, self.deux, auteur=f.un_agent(Role.VALIDEUR))
        return dossier

    def test_un_auditeur_qui_evalue_n_apprend_pas_qu_un_autre_a_rendu(self, confie: Candidature) -> None:
        f.un_role(self.une, Role.AUDITEUR)
        client = client_de(self.une)
        pages = ("/journal/", "/journal/?acte=rendre_evaluation", "/tableau-de-bord/")
        avant = [lire(client, page) for page in pages]
        rendre(confie, self.deux)
        assert [lire(client, page) for page in pages] == avant
        rendre(confie, self.une)
        assert len(entrees(self.une, acte="rendre_evaluation")) == 2

    def test_a_la_fin_de_la_phase_le_journal_le_dit_a_sa_place(self, confie: Candidature) -> None:
        from candidatures.tasks import ouvrir_les_evaluations

        auditeur, phase = f.un_agent(Role.AUDITEUR), une_phase(confie.vague)
        rendre(confie, self.deux)
        assert not entrees(auditeur, acte="rendre_evaluation")
        finir(phase)
        ouvrir_les_evaluations()
        (rendue,) = Evaluation.objects.rendues()
        assert entrees(auditeur, acte="rendre_evaluation") == [("candidatures.evaluation", str(rendue.pk))]


def test_les_actes_proposes_au_choix_ne_disent_pas_ce_qui_a_ete_fait() -> None:
    page = client_de(f.un_agent(Role.AUDITEUR)).get("/journal/").text
    assert [acte for acte, _ in actes_possibles() if f'value="{acte}"' not in page] == []


def autour(mission: Mission) -> list[Any]:
    """The file of a mission, its label, the mission and one of each thing in it."""
    label = mission.labellisations.get()
    remplir(mission, f.un_utilisateur(), rang=mission.pk % 1000)
    siens = [modele.objects.get(mission=mission) for modele in (Industriel, Projet, Enveloppe, Rapport)]
    return [label.candidature, label, mission, *siens, Axe.objects.get(feuille__mission=mission)]


def test_qui_a_un_interet_n_y_lit_rien_de_ce_qui_est_fait_autour_du_dossier() -> None:
    """On the file, what is said of it, the mission that it got and all that this mission holds."""
    vague = projets.une_releve(1, date(2023, 1, 31), ouverture=date(2022, 10, 1))
    laureats = (projets.un_laureat(vague, f.midi_a_paris(date(2023, 3, 1))) for _ in range(2))
    sien, autre = (projets.une_mission(laureat) for laureat in laureats)
    auditeur, tiers = f.un_agent(Role.AUDITEUR), f.un_agent(Role.AUDITEUR)
    dossier = sien.labellisations.get().candidature
    Participation.objects.create(candidature=dossier, utilisateur=auditeur, qualite=Qualite.LECTEUR)
    debut = max([0, *entrees_lisibles_par(tiers).values_list("pk", flat=True)])
    faits = {mission: autour(mission) for mission in (sien, autre)}
    assert {Mission, Industriel, Projet, Enveloppe, Rapport, Axe} <= {type(objet) for objet in faits[sien]}
    for objets in faits.values():
        for objet in objets:
            acte = SUR[objet._meta.label_lower][0]
            consigner(next(iter(acte)), objet, acteur=tiers, fait_le=horloge_base())
    lues = {mission: {(o._meta.label_lower, str(o.pk)) for o in objets} for mission, objets in faits.items()}
    assert set(entrees(tiers, pk__gt=debut)) == lues[sien] | lues[autre]
    assert set(entrees(auditeur, pk__gt=debut)) == lues[autre]
    # What is there no more was somebody's: nobody can say whose.
    for axe in Axe.objects.all():
        axe.delete()
    assert set(entrees(auditeur, pk__gt=debut)) == {cle for cle in lues[autre] if cle[0] != "projets.axe"}
