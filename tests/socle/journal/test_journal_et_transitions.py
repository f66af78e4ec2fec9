"""One door for states, and a journal that only grows."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer, appliquer_a_tous
from rebond.socle.etats.table import Table, Transition
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "requete", ["UPDATE socle_entreejournal SET acte = 'autre'", "DELETE FROM socle_entreejournal"]
)
def test_le_journal_ne_se_change_ni_ne_s_efface(requete):
    auteur = f.un_utilisateur()
    consigner("essayer", auteur, acteur=auteur)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)
    assert EntreeJournal.objects.filter(acte="essayer").count() == 1


def test_le_journal_survit_a_ce_dont_il_parle():
    auteur = f.un_utilisateur(prenom="Ada", nom="Byron")
    consigner("essayer", auteur, acteur=auteur)
    auteur.emailaddress_set.all().delete()
    auteur.delete()

    entree = EntreeJournal.objects.get(acte="essayer")
    assert (entree.acteur, entree.objet) == ("Ada Byron", "Ada Byron")


def test_le_journal_disparait_avec_l_acte_qui_echoue():
    auteur = f.un_utilisateur()
    with transaction.atomic():
        consigner("essayer", auteur, acteur=auteur)
        transaction.set_rollback(True)
    assert not EntreeJournal.objects.filter(acte="essayer").exists()


def test_une_transition_change_l_etat_et_dit_qui_quand_et_d_ou():
    candidature = f.une_candidature(complete=False)
    porteur, maintenant = f.porteur_de(candidature), horloge_base()

    appliquer(candidature, "retirer", acteur=porteur, maintenant=maintenant, motif="essai")

    candidature.refresh_from_db()
    entree = EntreeJournal.objects.get(acte="retirer")
    assert candidature.etat == EtatCandidature.RETIREE
    assert (entree.acteur_id_copie, entree.fait_le) == (porteur.pk, maintenant)
    assert entree.details == {"de": "brouillon", "vers": "retiree", "motif": "essai"}


def test_une_transition_relit_l_etat_avant_de_juger():
    """The caller's instance is stale: someone else withdrew the file since."""
    candidature = f.une_candidature(complete=False)
    perimee = Candidature.objects.get(pk=candidature.pk)
    appliquer(candidature, "retirer", acteur=None, maintenant=horloge_base())

    with pytest.raises(RegleEnfreinte, match="retiré"):
        appliquer(perimee, "retirer", acteur=None, maintenant=horloge_base())


def test_une_garde_refuse_en_francais(monkeypatch):
    candidature = f.une_candidature(complete=False)
    table = Table(
        Transition("retirer", frozenset({"brouillon"}), "retiree", "Impossible.", gardes=(lambda c: "Pas ce jour.",))
    )
    monkeypatch.setattr(Candidature, "TRANSITIONS", table)

    with pytest.raises(RegleEnfreinte, match="Pas ce jour"):
        appliquer(candidature, "retirer", acteur=None, maintenant=horloge_base())
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.BROUILLON


def test_un_lot_passe_entier_ou_pas_du_tout():
    vague = f.une_vague(cloture=horloge_base() + timedelta(days=1))
    depose = f.un_depot(f.une_candidature(vague=vague)).candidature
    f.une_candidature(vague=vague, complete=False)

    with pytest.raises(RegleEnfreinte):
        appliquer_a_tous(vague.candidatures.all(), "ouvrir_instruction", acteur=None, maintenant=horloge_base())
    depose.refresh_from_db()
    assert depose.etat == EtatCandidature.DEPOSEE
