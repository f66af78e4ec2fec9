"""What was instructed is not rewritten: PostgreSQL keeps it, against the portal's role and its owner alike."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.etats import SensAvis
from candidatures.models import (
    Avis,
    Candidature,
    Decision,
    Proposition,
    Recevabilite,
    RevisionDeProposition,
)
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
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
    def avis(self, dossier: Candidature) -> Avis:
        return instruction.demander_avis(
            candidature=dossier,
            expert=f.un_agent(Role.EXPERT),
            question="Qu’en pensez-vous ?",
            auteur=f.un_agent(Role.INSTRUCTEUR),
            maintenant=horloge_base(),
        )

    def rendre(self, avis: Avis) -> Avis:
        return instruction.rendre_avis(
            candidature=avis.candidature,
            expert=avis.expert,
            sens=next(iter(SensAvis)),
            texte="Favorable.",
            maintenant=horloge_base(),
        )

    def test_rendu_il_ne_change_plus(self, avis: Avis) -> None:
        rendu = self.rendre(avis)
        refusee("UPDATE candidatures_avis SET texte = 'x'", "DELETE FROM candidatures_avis")
        assert Avis.objects.get().texte == rendu.texte

    def test_sa_demande_ne_change_ni_ne_s_efface(self, avis: Avis) -> None:
        autre = f.un_agent(Role.EXPERT)
        refusee(
            "UPDATE candidatures_avis SET question = 'x'",
            f"UPDATE candidatures_avis SET expert_id = {autre.pk}",
            f"UPDATE candidatures_avis SET demande_par_id = {autre.pk}",
            "UPDATE candidatures_avis SET demande_le = demande_le - interval '1 day'",
            "DELETE FROM candidatures_avis",
        )
        self.rendre(avis)

    def test_revoquee_elle_ne_se_reprend_pas(self, avis: Avis) -> None:
        instruction.declarer_interet(
            candidature=avis.candidature, utilisateur=avis.expert, motif="Un parent.", maintenant=horloge_base()
        )
        revoque_le = Avis.objects.get().revoque_le
        refusee(
            "UPDATE candidatures_avis SET revoque_le = NULL",
            "UPDATE candidatures_avis SET revoque_le = revoque_le - interval '1 hour'",
        )
        assert Avis.objects.get().revoque_le == revoque_le
        assert revoque_le is not None
        assert horloge_base() - revoque_le < timedelta(minutes=5)
