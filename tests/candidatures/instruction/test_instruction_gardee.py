"""What was instructed is not rewritten: PostgreSQL keeps it, against the portal's role and its owner alike."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import demandes, fins, reponses
from candidatures.instruction.etats import SensAvis
from candidatures.models import (
    AvisRendu,
    Candidature,
    Decision,
    Proposition,
    Recevabilite,
    RevisionDeProposition,
    Saisine,
)
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, instruire, rendre_avis, une_vague_close
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


def refusee(*requetes: str) -> None:
    """Under the portal's role, then under one that no right stops."""
    for requete in requetes:
        with (
            pytest.raises(DatabaseError, match=r"permission denied|pgtrigger: Cannot"),
            transaction.atomic(),
            connection.cursor() as curseur,
        ):
            curseur.execute(requete)
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            administrer(requete)


def test_un_constat_de_recevabilite_ne_se_change_ni_ne_s_efface(dossier: Candidature) -> None:
    instruire(dossier)
    refusee(
        "UPDATE candidatures_recevabilite SET recevable = false, motif = 'x'", "DELETE FROM candidatures_recevabilite"
    )
    assert Recevabilite.objects.get().recevable


class TestProposition:
    def test_chacune_reste_telle_qu_elle_a_ete_faite(self, dossier: Candidature) -> None:
        instructeur = instruire(dossier)
        instruction.proposer(
            candidature=dossier,
            sens=SensDecision.AJOURNER,
            motif="À compléter.",
            auteur=instructeur,
            maintenant=horloge_base(),
            revision=1,
        )
        proposition = Proposition.objects.get()
        assert list(proposition.revisions.values_list("revision", "sens", "motif", "auteur")) == [
            (1, SensDecision.LABELLISER, "Le territoire est prêt.", instructeur.pk),
            (2, SensDecision.AJOURNER, "À compléter.", instructeur.pk),
        ]
        refusee(
            "UPDATE candidatures_revisiondeproposition SET motif = 'x'",
            "DELETE FROM candidatures_revisiondeproposition",
            "DELETE FROM candidatures_proposition",
        )

    def test_aucune_ne_s_ecrit_a_cote_de_la_proposition(self, dossier: Candidature) -> None:
        instructeur = instruire(dossier)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            RevisionDeProposition.objects.create(
                proposition=Proposition.objects.get(),
                revision=2,
                sens=SensDecision.AJOURNER,
                motif="x",
                auteur=instructeur,
                faite_le=horloge_base(),
            )
        assert nom_contrainte(refus.value) == "revision_gardee_par_la_base"

    def test_elle_ne_passe_pas_d_un_dossier_a_un_autre(self) -> None:
        _, (un, autre) = une_vague_close(None, None)
        instruire(un)
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot update"), transaction.atomic():
            Proposition.objects.update(candidature=autre, revision=2)

    def test_elle_ne_change_plus_une_fois_la_decision_prise(self, dossier: Candidature) -> None:
        instruire(dossier)
        Decision.objects.create(
            candidature=dossier,
            sens=SensDecision.LABELLISER,
            valideur=f.un_agent(Role.VALIDEUR),
            prise_le=horloge_base(),
        )
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Proposition.objects.update(motif="Après coup.", revision=2)
        assert nom_contrainte(refus.value) == "proposition_avant_la_decision"


class TestAvis:
    @pytest.fixture
    def saisine(self, dossier: Candidature) -> Saisine:
        return demander_avis(
            candidature=dossier,
            expert=f.un_agent(Role.EXPERT),
            question="Qu’en pensez-vous ?",
            auteur=f.un_agent(Role.INSTRUCTEUR),
            maintenant=horloge_base(),
        )

    def rendre(self, saisine: Saisine, sens: SensAvis = SensAvis.FAVORABLE) -> AvisRendu:
        return rendre_avis(
            candidature=saisine.candidature,
            expert=saisine.expert,
            sens=sens,
            texte="Favorable.",
            maintenant=horloge_base(),
        )

    def test_rendu_il_ne_change_plus(self, saisine: Saisine) -> None:
        rendu = self.rendre(saisine)
        refusee(
            "UPDATE candidatures_avisrendu SET texte = 'x'",
            "DELETE FROM candidatures_avisrendu",
            "UPDATE candidatures_saisine SET annoncee_le = now()",
        )
        assert AvisRendu.objects.get().texte == rendu.texte

    def test_une_reserve_levee_et_une_relance_le_restent(self, saisine: Saisine) -> None:
        demandes.relancer(saisine=saisine, auteur=saisine.demande_par, maintenant=horloge_base())
        refusee("UPDATE candidatures_relancedavis SET par_id = NULL", "DELETE FROM candidatures_relancedavis")
        avis = self.rendre(saisine, SensAvis.RESERVE)
        reponses.lever_reserve(avis=avis, rang=1, motif="Vu.", auteur=saisine.demande_par, maintenant=horloge_base())
        refusee("UPDATE candidatures_leveedereserve SET motif = 'x'", "DELETE FROM candidatures_leveedereserve")

    def test_sa_demande_ne_change_ni_ne_s_efface(self, saisine: Saisine) -> None:
        autre = f.un_agent(Role.EXPERT)
        refusee(
            "UPDATE candidatures_saisine SET question = 'x'",
            f"UPDATE candidatures_saisine SET organisme_id = {f.un_organisme_consulte().pk}",
            f"UPDATE candidatures_saisine SET demande_par_id = {autre.pk}",
            "UPDATE candidatures_saisine SET demande_le = demande_le - interval '1 day'",
            "UPDATE candidatures_saisine SET a_rendre_avant = a_rendre_avant + 1",
            "DELETE FROM candidatures_saisine",
        )
        self.rendre(saisine)

    def test_close_elle_ne_se_reprend_pas(self, saisine: Saisine) -> None:
        fins.revoquer(saisine=saisine, motif="Inutile.", auteur=saisine.demande_par, maintenant=horloge_base())
        close_le = Saisine.objects.get().close_le
        refusee(
            "UPDATE candidatures_saisine SET close_le = NULL",
            "UPDATE candidatures_saisine SET close_le = close_le - interval '1 hour'",
        )
        assert Saisine.objects.get().close_le == close_le
