"""Whoever asked without an account: their requests are in their export once they have one, and may be forgotten."""

import pytest
from django.urls import reverse

from candidatures.demandes.models import DemandeDEpci
from rebond.donnees.anonymisation.demandeurs import oublier_le_demandeur
from rebond.donnees.export.archive import donnees_de
from rebond.donnees.export.rubrique import Sujet
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.demandes.test_demandes import DITE, demander
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db


def test_ses_demandes_sont_dans_son_export_et_celles_d_autrui_n_y_sont_pas() -> None:
    siennes = f.un_utilisateur("mairie@audinghen.example")
    demande = demander(email="Mairie@Audinghen.example")
    demander(email="autre@mairie.example", collectivite="CC d’Ailleurs")
    [lue] = donnees_de(Sujet(siennes, horloge_base()))["donnees"]["demandes"]
    assert lue == {
        "recue_le": demande.recue_le,
        "collectivite": "CC des Deux Caps",
        "commune": "Audinghen",
        "siren": "",
        "situation": demande.get_situation_display(),
        "nom": "A. Mairesse",
        "adresse": "Mairie@Audinghen.example",
        "telephone": "03 21 00 00 00",
        "message": "Créée le 1er janvier.",
        "repondue_le": None,
        "reponse": "",
    }


def test_un_administrateur_efface_qui_a_demande_et_ce_qui_est_demande_reste() -> None:
    demande, administrateur = demander(), f.un_agent(Role.ADMINISTRATEUR)
    client = client_de(administrateur)
    page = reverse("administration:demande", args=[demande.pk])
    vers = reverse("oublier_qui_demande", args=[demande.pk])
    assert f'href="{vers}"' in texte(client.get(page))
    assert client.post(vers, {"motif": ""}).status_code == 200
    assert client.post(vers, {"motif": "Sa lettre du 3 mars"}).url == page
    lue = DemandeDEpci.objects.get(pk=demande.pk)
    assert (lue.nom, lue.email, lue.telephone, lue.message) == ("", "", "", "")
    assert (lue.collectivite, lue.commune, lue.recue_le) == (demande.collectivite, demande.commune, demande.recue_le)
    assert not Courrier.objects.filter(cle=demande.cle_de_la_lettre).exists()
    [entree] = EntreeJournal.objects.filter(acte="oublier_demandeur_epci")
    assert (entree.acteur_id_copie, entree.details) == (administrateur.pk, {"motif": "Sa lettre du 3 mars"})
    for dit in (DITE["nom"], DITE["email"], DITE["telephone"]):
        assert dit not in texte(client.get(page))
    assert vers not in texte(client.get(page))
    assert client.get(vers).status_code == 409


def test_la_lettre_partie_ne_dit_plus_a_qui_et_nul_autre_n_efface() -> None:
    demande = demander()
    Courrier.objects.filter(cle=demande.cle_de_la_lettre).update(envoye_le=horloge_base())
    oubli = {"demande": demande, "motif": "Sa demande", "maintenant": horloge_base()}
    with pytest.raises(RegleEnfreinte, match="Il faut être administrateur"):
        oublier_le_demandeur(acteur=f.un_agent(Role.INSTRUCTEUR), **oubli)
    oublier_le_demandeur(acteur=f.un_agent(Role.ADMINISTRATEUR), **oubli)
    tue = Courrier.objects.get(cle=demande.cle_de_la_lettre)
    assert (tue.destinataire, tue.texte) == ("", "")
