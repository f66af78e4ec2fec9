"""More time given once the procès-verbal is made, and what it says of it."""

import json
from datetime import datetime

import pytest
from django.test import Client

from candidatures.cloture.actions import incidents, proces_verbaux, prolongations
from candidatures.cloture.etats import NatureIncident, NatureLigne
from candidatures.cloture.proces_verbal.document import edition_de, en_html
from candidatures.cloture.proces_verbal.verification import verifier
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Vague
from candidatures.vagues.etats import EtatProlongation, EtatVague
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.prolongations.outils import HEURE, MOTIF, clore, deposer, finir
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db


class TestApresLeProcesVerbal:
    def test_un_brouillon_non_depose_peut_encore_etre_repeche_et_a_son_proces_verbal(self, accorder, passee):
        repeche, laisse = f.une_candidature(vague=passee), f.une_candidature(vague=passee)
        premier = clore(passee)
        prolongation = accorder(passee, repeche)
        depot = deposer(repeche)
        finir(prolongation)

        assert list(Vague.objects.a_clore(horloge_base())) == [passee]
        second = clore(passee)

        repeche.refresh_from_db()
        prolongation.refresh_from_db()
        assert repeche.etat == EtatCandidature.EN_INSTRUCTION
        assert prolongation.etat == EtatProlongation.CLOSE
        assert (second.rang, second.contenu["precedent"]) == (2, premier.empreinte)
        assert [ligne.depot for ligne in second.lignes.filter(nature=NatureLigne.DEPOT)] == [depot]
        assert list(verifier(second))
        assert clore(passee) is None
        lettres = Courrier.objects.filter(cle__startswith="cloture-", destinataire=f.porteur_de(repeche).email)
        assert sorted(lettre.objet.split(" ", 3)[3] for lettre in lettres) == [
            "n’a pas été déposé",
            "passe en instruction",
        ]
        assert (
            Courrier.objects.filter(cle__startswith="cloture-", destinataire=f.porteur_de(laisse).email).count() == 1
        )

    def test_le_proces_verbal_liste_les_prolongations_et_les_incidents(self, accorder, passee, administrateur):
        candidature = f.une_candidature(vague=passee)
        prolongation = accorder(passee, candidature)
        incident = incidents.declarer_incident(
            vague=passee,
            nature=NatureIncident.INDISPONIBILITE,
            debut=passee.cloture - HEURE,
            fin=None,
            description="Panne électrique.",
            auteur=administrateur,
            maintenant=horloge_base(),
        )
        acte = clore(passee)

        lignes = {ligne.nature: json.loads(ligne.texte) for ligne in acte.lignes.exclude(ordre=0)}
        assert set(lignes) == {NatureLigne.PROLONGATION, NatureLigne.INCIDENT}
        assert lignes[NatureLigne.PROLONGATION]["motif"] == MOTIF
        assert lignes[NatureLigne.PROLONGATION]["reference"] == candidature.reference
        assert datetime.fromisoformat(lignes[NatureLigne.PROLONGATION]["jusqu_au"]) == prolongation.jusqu_au
        assert lignes[NatureLigne.INCIDENT]["description"] == "Panne électrique."
        assert list(verifier(acte))
        # An incident that ends afterwards changes nothing of what was stated.
        incidents.clore_incident(
            incident=incident, fin=horloge_base(), auteur=administrateur, maintenant=horloge_base()
        )
        assert list(verifier(acte))

    def test_un_dossier_en_instruction_ne_se_prolonge_plus(self, proposer, passee):
        depose = f.un_depot(f.une_candidature(vague=passee)).candidature
        clore(passee)
        with pytest.raises(RegleEnfreinte, match="correction"):
            proposer(passee, depose)

    def test_tant_qu_elle_court_les_decisions_attendent(self, accorder, passee):
        from candidatures.labellisation.requetes import empechement_de_decider

        repeche = f.une_candidature(vague=passee)
        clore(passee)
        accorder(passee, repeche)
        passee.refresh_from_db()
        assert "prolongation court" in empechement_de_decider(passee, f.un_agent(Role.VALIDEUR))

    def test_une_fois_les_decisions_prises_il_est_trop_tard(self, passee, proposer, signataire):
        candidature = f.une_candidature(vague=passee)
        clore(passee)
        prolongation = proposer(passee, candidature)
        with sans_declencheurs():
            Vague.objects.update(etat=EtatVague.LABELLISEE, labellisee_le=horloge_base(), labellisee_par=signataire)
        with pytest.raises(RegleEnfreinte, match="décisions de cette vague sont prises"):
            prolongations.signer(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())


def test_le_proces_verbal_dit_prolongations_et_incidents_avec_les_mots_de_tous(passee, accorder, administrateur):
    dossier = f.une_candidature(vague=passee, complete=False)
    heure = horloge_base()
    accorder(passee, dossier, jusqu_au=heure + HEURE)
    declarer = {"vague": passee, "auteur": administrateur, "maintenant": heure}
    incidents.declarer_incident(
        **declarer, nature=NatureIncident.INDISPONIBILITE, debut=heure - 2 * HEURE, fin=heure - HEURE, description="A"
    )
    incidents.declarer_incident(
        **declarer, nature=NatureIncident.MESSAGERIE, debut=heure - HEURE, fin=None, description="B"
    )
    acte = clore(passee)
    client = Client()
    client.force_login(administrateur)
    page = f"/instruction/vagues/{passee.numero}/proces-verbal/1/"
    prolongation = client.get(page, {"nature": "prolongation"}).content.decode()
    survenus = client.get(page, {"nature": "incident"}).content.decode()
    imprime = en_html(edition_de(acte))

    def dit(nom, valeur):
        return f"<dt>{nom}</dt><dd>{valeur}</dd>", f'<th scope="row">{nom}</th><td>{valeur}</td>'

    nouvelle = dit("Nouvelle échéance", f"{instant_fr(heure + HEURE, secondes=True)} (heure de Paris)")
    for sur_la_page, sur_le_papier in (nouvelle, dit("Concerne", dossier.reference), dit("Motif", MOTIF)):
        assert sur_la_page in prolongation
        assert sur_le_papier in imprime
    fins = (
        dit("Fin", f"{instant_fr(heure - HEURE, secondes=True)} (heure de Paris)"),
        dit("Fin", "Pas terminé quand le procès-verbal a été établi"),
    )
    for sur_la_page, sur_le_papier in (*fins, dit("Genre", "Indisponibilité du portail")):
        assert sur_la_page in survenus
        assert sur_le_papier in imprime


def test_la_prolongation_de_toute_une_vague_est_sur_le_proces_verbal_imprime(passee, accorder):
    fin = horloge_base() + HEURE
    accorder(passee, jusqu_au=fin)
    passee.refresh_from_db()
    acte = proces_verbaux.etablir(vague=passee, rang=1, candidatures=passee.candidatures.all(), maintenant=fin)
    edition = edition_de(acte)
    assert (edition.cloture, edition.echeance) == (passee.cloture, fin)
    assert f"prolongée jusqu’au {instant_fr(fin, secondes=True)}" in en_html(edition)
    assert ("Concerne", "Toute la vague") in edition.mentions[0].champs
