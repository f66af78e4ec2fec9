"""The deposit, by its action and against the database itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from candidatures.depot.actions import depots, retrait
from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.models import Depot
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.preuve.empreintes import empreinte
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def inserer(candidature, **champs):
    """A row written by whoever would go round the action."""
    valeurs = {
        "candidature": candidature,
        "rang": 9,
        "numero": "FORCE",
        "recu_le": horloge_base(),
        "contenu": {},
        "empreinte": "0" * 64,
        "cle": uuid4(),
        "auteur": f.porteur_de(candidature),
    } | champs
    with transaction.atomic():
        return Depot.objects.create(**valeurs)


def contrainte_violee(candidature, **champs):
    with pytest.raises(IntegrityError) as erreur:
        inserer(candidature, **champs)
    return nom_contrainte(erreur.value)


def test_un_depot_fige_le_dossier_et_le_journalise():
    candidature = f.une_candidature()
    depot = f.un_depot(candidature)

    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.DEPOSEE
    assert depot.numero == f"{candidature.reference}-1"
    assert depot.contenu["sections"] == candidature.contenu
    assert [piece["nom"] for piece in depot.contenu["pieces"]] == ["deliberation.pdf"]
    depot.refresh_from_db()
    assert depot.empreinte == empreinte(depot.contenu)
    assert depot.recu_le <= depot.enregistre_le <= horloge_base()
    entree = EntreeJournal.objects.get(acte="deposer")
    assert (entree.objet_id, entree.details["depot"]) == (str(candidature.pk), depot.numero)


def test_un_nouveau_depot_remplace_le_precedent_sans_l_effacer():
    candidature = f.une_candidature()
    premier = f.un_depot(candidature)
    f.reecrire(candidature)
    second = f.un_depot(candidature)

    assert list(candidature.depots.all()) == [premier, second]
    assert list(Depot.objects.qui_comptent()) == [second]


def test_un_dossier_retire_ne_compte_plus():
    candidature = f.une_candidature()
    f.un_depot(candidature)
    retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())

    assert not Depot.objects.qui_comptent().exists()


def test_la_meme_demande_deux_fois_ne_fait_qu_un_depot():
    candidature = f.une_candidature()
    cle = uuid4()

    assert f.un_depot(candidature, cle=cle) == f.un_depot(candidature, cle=cle)
    assert candidature.depots.count() == 1


def test_la_cle_d_un_autre_dossier_est_refusee():
    premier = f.un_depot()
    autre = f.une_candidature(vague=premier.candidature.vague)

    with pytest.raises(RegleEnfreinte, match="autre dossier"):
        f.un_depot(autre, cle=premier.cle)


def test_un_dossier_incomplet_reste_un_brouillon():
    candidature = f.une_candidature(complete=False)

    with pytest.raises(RegleEnfreinte, match="pas complet"):
        f.un_depot(candidature)
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.BROUILLON
    assert not candidature.depots.exists()


def test_seul_le_porteur_depose():
    candidature = f.une_candidature()

    with pytest.raises(RegleEnfreinte, match="responsable"):
        depots.deposer(candidature=candidature, auteur=f.un_utilisateur(), recu_le=horloge_base(), cle=uuid4())
    assert not candidature.depots.exists()


@pytest.mark.parametrize("retard", [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1)])
def test_une_demande_recue_a_l_echeance_ou_apres_est_refusee_avec_les_deux_instants(retard):
    candidature = f.une_candidature()
    recu_le = candidature.vague.cloture + retard

    with pytest.raises(EcheanceDepassee) as refus:
        depots.deposer(candidature=candidature, auteur=f.porteur_de(candidature), recu_le=recu_le, cle=uuid4())
    assert (refus.value.recu_le, refus.value.echeance) == (recu_le, candidature.vague.cloture)
    candidature.refresh_from_db()
    assert candidature.contenu == f.un_contenu() or candidature.contenu["choc"]["description"]
    assert candidature.etat == EtatCandidature.BROUILLON


def test_une_reprise_porte_ses_propres_instants_et_le_dit():
    vague = f.une_vague(cloture=horloge_base() - timedelta(days=200))
    depot = f.un_depot(f.une_candidature(vague=vague))

    depot.refresh_from_db()
    assert depot.source == Source.REPRISE
    assert depot.recu_le == vague.cloture - timedelta(seconds=1)
    assert depot.enregistre_le > vague.cloture


class TestLaBaseElleMeme:
    def test_refuse_un_depot_recu_a_l_echeance(self):
        candidature = f.une_candidature()
        assert contrainte_violee(candidature, recu_le=candidature.vague.cloture) == "depot_recu_dans_la_vague"

    def test_refuse_un_depot_recu_avant_l_ouverture(self):
        candidature = f.une_candidature()
        avant = candidature.vague.ouverture - timedelta(microseconds=1)
        assert contrainte_violee(candidature, recu_le=avant) == "depot_recu_dans_la_vague"

    def test_refuse_une_reception_dans_le_futur(self):
        candidature = f.une_candidature()
        bientot = horloge_base() + timedelta(minutes=1)
        assert contrainte_violee(candidature, recu_le=bientot) == "depot_recu_avant_enregistrement"

    def test_refuse_un_enregistrement_au_dela_de_la_grace(self):
        candidature = f.une_candidature(vague=f.une_vague(grace=timedelta(seconds=30)))
        ancien = horloge_base() - timedelta(seconds=31)
        assert contrainte_violee(candidature, recu_le=ancien) == "depot_dans_la_grace"

    def test_accepte_un_enregistrement_dans_la_grace(self):
        candidature = f.une_candidature(vague=f.une_vague(grace=timedelta(seconds=30)))
        assert inserer(candidature, recu_le=horloge_base() - timedelta(seconds=20)).pk

    def test_ignore_l_instant_d_enregistrement_que_l_on_pretend(self):
        candidature = f.une_candidature()
        faux = candidature.vague.ouverture
        depot = inserer(candidature, enregistre_le=faux)
        depot.refresh_from_db()
        assert depot.enregistre_le > faux

    @pytest.mark.parametrize("requete", ["UPDATE {} SET empreinte = repeat('1', 64)", "DELETE FROM {}"])
    def test_refuse_de_changer_ou_d_effacer_un_depot(self, requete):
        f.un_depot()
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(requete.format(Depot._meta.db_table))

    def test_refuse_un_etat_que_la_table_ne_connait_pas(self):
        candidature = f.une_candidature()
        with pytest.raises(ProgrammingError), transaction.atomic():
            type(candidature).objects.filter(pk=candidature.pk).update(etat=EtatCandidature.LAUREATE)
