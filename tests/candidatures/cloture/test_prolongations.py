"""More time for a file or a wave: a reason, two signatures, and everyone told."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture, incidents, proces_verbaux, prolongations
from candidatures.cloture.etats import NatureIncident, NatureLigne
from candidatures.cloture.proces_verbal.document import edition_de, en_html
from candidatures.cloture.proces_verbal.verification import verifier
from candidatures.depot.actions import depots
from candidatures.dossier.actions import dossiers, redaction
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, Prolongation, Vague
from candidatures.vagues.etats import EtatProlongation, EtatVague, Phase
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
MOTIF = "Le portail était injoignable de 10 h 12 à 11 h 40."
HEURE = timedelta(hours=1)


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def signataire():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def passee():
    """Past its deadline and its grace, not recorded yet."""
    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


@pytest.fixture
def proposer(administrateur):
    def proposer(vague, candidature=None, *, jusqu_au=None, motif=MOTIF):
        return prolongations.proposer(
            vague=vague,
            candidature=candidature,
            jusqu_au=jusqu_au or horloge_base() + HEURE,
            motif=motif,
            acteur=administrateur,
            maintenant=horloge_base(),
        )

    return proposer


@pytest.fixture
def accorder(proposer, signataire):
    def accorder(vague, candidature=None, **arguments):
        return prolongations.signer(
            prolongation=proposer(vague, candidature, **arguments), acteur=signataire, maintenant=horloge_base()
        )

    return accorder


def deposer(candidature):
    return depots.deposer(
        candidature=Candidature.objects.select_related("vague").get(pk=candidature.pk),
        auteur=f.porteur_de(candidature),
        recu_le=horloge_base(),
        cle=uuid4(),
    )


def clore(vague):
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def finir(prolongation):
    """Its end comes: an hour ago, grace included. Only the database's owner may do that."""
    fin = horloge_base() - HEURE
    with connection.cursor() as curseur:
        # A table with deferred checks still to be made cannot be altered.
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute("ALTER TABLE candidatures_prolongation DISABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_candidature DISABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_vague DISABLE TRIGGER USER")
    Prolongation.objects.filter(pk=prolongation.pk).update(jusqu_au=fin)
    Vague.objects.filter(pk=prolongation.vague_id, prolongee_au__isnull=False).update(
        cloture=fin - HEURE, prolongee_au=fin
    )
    Vague.objects.filter(pk=prolongation.vague_id, prolongee_au=None).update(cloture=fin - HEURE)
    Candidature.objects.filter(vague=prolongation.vague_id, prolongee_au__isnull=False).update(prolongee_au=fin)
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE candidatures_prolongation ENABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_candidature ENABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_vague ENABLE TRIGGER USER")
        curseur.execute("SET CONSTRAINTS ALL DEFERRED")


class TestLaProposition:
    def test_elle_ne_change_rien_tant_que_personne_d_autre_ne_l_a_signee(self, proposer, passee):
        candidature = f.une_candidature(vague=passee)
        proposer(passee, candidature)
        with pytest.raises(EcheanceDepassee):
            deposer(candidature)
        assert not Courrier.objects.filter(cle__startswith="prolongation-").exists()

    def test_qui_la_propose_ne_la_signe_pas(self, proposer, administrateur):
        prolongation = proposer(f.une_vague(), jusqu_au=horloge_base() + timedelta(days=300))
        with pytest.raises(RegleEnfreinte, match="autre personne"):
            prolongations.signer(prolongation=prolongation, acteur=administrateur, maintenant=horloge_base())
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.PROPOSEE

    def test_elle_se_motive(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="motive"):
            proposer(passee, motif="  ")

    @pytest.mark.parametrize("jusqu_au", [-HEURE, timedelta(0)])
    def test_elle_va_au_dela_de_l_echeance_en_vigueur(self, proposer, jusqu_au):
        vague = f.une_vague()
        with pytest.raises(RegleEnfreinte, match="postérieure"):
            proposer(vague, jusqu_au=vague.cloture + jusqu_au)

    def test_elle_va_dans_l_avenir(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="à venir"):
            proposer(passee, jusqu_au=horloge_base() - timedelta(minutes=1))

    @pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.VALIDEUR])
    def test_seul_un_administrateur_la_propose(self, passee, role):
        with pytest.raises(RegleEnfreinte, match="administrateur"):
            prolongations.proposer(
                vague=passee,
                candidature=None,
                jusqu_au=horloge_base() + HEURE,
                motif=MOTIF,
                acteur=f.un_agent(role),
                maintenant=horloge_base(),
            )

    def test_un_valideur_la_signe_un_instructeur_non(self, proposer, passee):
        prolongation = proposer(passee)
        with pytest.raises(RegleEnfreinte, match="valideur"):
            prolongations.signer(
                prolongation=prolongation, acteur=f.un_agent(Role.INSTRUCTEUR), maintenant=horloge_base()
            )
        signee = prolongations.signer(
            prolongation=prolongation, acteur=f.un_agent(Role.VALIDEUR), maintenant=horloge_base()
        )
        assert signee.etat == EtatProlongation.ACCORDEE

    def test_ecartee_elle_ne_se_signe_plus(self, proposer, passee, signataire):
        prolongation = proposer(passee)
        prolongations.ecarter(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="n’attend plus"):
            prolongations.signer(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())

    def test_un_dossier_d_une_autre_vague_est_refuse(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="ne se dépose plus"):
            proposer(passee, f.une_candidature(vague=f.une_vague(ouverture=passee.cloture)))


class TestSonEffet:
    def test_un_dossier_prolonge_se_modifie_et_se_depose_apres_la_cloture_les_autres_non(self, accorder, passee):
        prolonge, autre = f.une_candidature(vague=passee), f.une_candidature(vague=passee)
        accorder(passee, prolonge)

        redaction.enregistrer_section(
            candidature=Candidature.objects.get(pk=prolonge.pk),
            section="projets",
            reponses={"projets": "Écrit pendant la prolongation."},
            auteur=f.porteur_de(prolonge),
            maintenant=horloge_base(),
        )
        depot = deposer(prolonge)

        assert depot.recu_le > passee.cloture
        assert depot.contenu["sections"]["projets"] == {"projets": "Écrit pendant la prolongation."}
        with pytest.raises(EcheanceDepassee):
            deposer(autre)

    def test_une_vague_prolongee_vaut_pour_tous_ses_dossiers_commences_et_pour_eux_seuls(self, accorder, passee):
        candidature = f.une_candidature(vague=passee)
        accorder(passee)
        passee.refresh_from_db()

        assert passee.phase(horloge_base()) is Phase.PROLONGEE
        assert deposer(candidature).recu_le > passee.cloture
        with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
            dossiers.ouvrir_candidature(
                vague=passee, territoire=f.un_territoire(), auteur=f.un_utilisateur(), maintenant=horloge_base()
            )

    def test_la_cloture_attend_la_fin_de_la_prolongation_de_la_vague(self, accorder, passee):
        f.une_candidature(vague=passee)
        prolongation = accorder(passee)
        assert clore(passee) is None
        assert not Vague.objects.a_clore(horloge_base()).exists()

        finir(prolongation)
        assert list(Vague.objects.a_clore(horloge_base())) == [passee]
        assert clore(passee) is not None
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.CLOSE

    def test_les_personnes_concernees_en_sont_prevenues_une_fois_et_elles_seules(
        self, accorder, passee, administrateur, signataire
    ):
        prolonge, autre = f.une_candidature(vague=passee), f.une_candidature(vague=passee)
        accorder(passee, prolonge)
        lettres = Courrier.objects.filter(cle__startswith="prolongation-")
        assert sorted(lettres.values_list("destinataire", flat=True)) == sorted(
            [f.porteur_de(prolonge).email, administrateur.email, signataire.email]
        )
        assert MOTIF in lettres.get(destinataire=f.porteur_de(prolonge).email).texte
        assert f.porteur_de(autre).email not in lettres.values_list("destinataire", flat=True)

    def test_le_journal_garde_le_motif_et_les_deux_signatures(self, accorder, passee, administrateur, signataire):
        prolongation = accorder(passee)
        actes = EntreeJournal.objects.filter(objet_type="candidatures.prolongation", objet_id=prolongation.pk)
        assert [(acte.acte, acte.acteur_id_copie, acte.details["motif"]) for acte in actes.order_by("pk")] == [
            ("proposer_prolongation", administrateur.pk, MOTIF),
            ("accorder", signataire.pk, MOTIF),
        ]

    def test_un_dossier_deposable_reste_en_cours_quand_la_vague_se_clot(self, accorder, passee):
        prolonge, autre = f.une_candidature(vague=passee), f.un_depot(f.une_candidature(vague=passee)).candidature
        accorder(passee, prolonge)
        clore(passee)

        autre.refresh_from_db()
        prolonge = Candidature.objects.select_related("vague").get(pk=prolonge.pk)
        assert (autre.etat, prolonge.etat) == (EtatCandidature.EN_INSTRUCTION, EtatCandidature.BROUILLON)
        assert prolonge.phase(horloge_base()) is Phase.OUVERTE
        assert not Courrier.objects.filter(
            cle__startswith="cloture-", destinataire=f.porteur_de(prolonge).email
        ).exists()
        assert deposer(prolonge).recu_le > passee.cloture


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
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            curseur.execute("ALTER TABLE candidatures_vague DISABLE TRIGGER USER")
            curseur.execute(
                "UPDATE candidatures_vague SET etat = 'labellisee', labellisee_le = now(), labellisee_par_id = %s",
                [signataire.pk],
            )
            curseur.execute("ALTER TABLE candidatures_vague ENABLE TRIGGER USER")
        with pytest.raises(RegleEnfreinte, match="décisions de cette vague sont prises"):
            prolongations.signer(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())


class TestCeQueLaBaseRefuse:
    def test_une_echeance_que_personne_n_a_signee(self, passee):
        candidature = f.une_candidature(vague=passee)
        for lignes in (Vague.objects.filter(pk=passee.pk), Candidature.objects.filter(pk=candidature.pk)):
            with pytest.raises(IntegrityError) as refus, transaction.atomic():
                lignes.update(prolongee_au=horloge_base() + HEURE)
            assert nom_contrainte(refus.value) == "prolonge_par_deux_signatures"

    def test_une_signature_par_la_meme_personne(self, proposer, passee, administrateur):
        prolongation = proposer(passee)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Prolongation.objects.filter(pk=prolongation.pk).update(
                etat=EtatProlongation.ACCORDEE, signee_par=administrateur, signee_le=horloge_base()
            )
        assert nom_contrainte(refus.value) == "prolongation_signee_par_une_autre_personne"

    def test_un_changement_ou_un_effacement(self, accorder, passee):
        prolongation = accorder(passee)
        lignes = Prolongation.objects.filter(pk=prolongation.pk)
        for changement in ({"motif": "Autre"}, {"jusqu_au": horloge_base() + 3 * HEURE}):
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
                lignes.update(**changement)
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            lignes.update(signee_par=f.un_agent(Role.VALIDEUR))
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            lignes.delete()


class TestLesPages:
    @pytest.fixture
    def client(self, administrateur):
        client = Client()
        client.force_login(administrateur)
        return client

    def test_proposer_puis_faire_signer(self, client, passee, signataire):
        candidature = f.une_candidature(vague=passee)
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        fin = f"{(horloge_base() + timedelta(days=2)):%Y-%m-%dT%H:%M}"
        reponse = client.post(adresse, {"candidature": candidature.pk, "jusqu_au": fin, "motif": MOTIF}, follow=True)
        assert "ne vaudra qu’une fois signée" in reponse.text
        prolongation = Prolongation.objects.get()
        page = client.get(f"/administration/prolongations/{prolongation.pk}/")
        assert "une autre personne" in page.text
        assert "Signer la prolongation" not in page.text

        autre = Client()
        autre.force_login(signataire)
        assert "Prolongation à signer" in autre.get("/tableau-de-bord/").text
        suite = autre.post(f"/administration/prolongations/{prolongation.pk}/", {"confirmation": "on"}, follow=True)
        assert "La prolongation est accordée" in suite.text
        assert "Accordée" in suite.text

    def test_ce_qui_est_refuse_reste_ecrit(self, client, passee):
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        reponse = client.post(adresse, {"candidature": "", "jusqu_au": "2023-01-01T12:00", "motif": MOTIF})
        assert reponse.context["formulaire"]["motif"].value() == MOTIF
        assert "instant à venir" in reponse.context["formulaire"].errors["jusqu_au"][0]

    def test_ecarter(self, client, passee, proposer):
        prolongation = proposer(passee)
        client.post(f"/administration/prolongations/{prolongation.pk}/ecarter/")
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.ECARTEE

    @pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.PRESSE])
    def test_pour_les_autres_ces_pages_n_existent_pas(self, passee, proposer, role):
        prolongation = proposer(passee)
        autre = Client()
        autre.force_login(f.un_agent(role))
        for adresse in (
            f"/administration/vagues/{passee.numero}/prolongations/",
            f"/administration/prolongations/{prolongation.pk}/",
        ):
            assert autre.get(adresse).status_code == 404

    def test_la_liste_coute_autant_de_requetes_pour_une_que_pour_trois(self, client, passee, proposer):
        adresse = f"/administration/vagues/{passee.numero}/prolongations/"
        proposer(passee, f.une_candidature(vague=passee))
        client.get(adresse)
        with CaptureQueriesContext(connection) as pour_une:
            client.get(adresse)
        for _ in range(2):
            proposer(passee, f.une_candidature(vague=passee))
        with CaptureQueriesContext(connection) as pour_trois:
            client.get(adresse)
        assert len(pour_une) == len(pour_trois)
        assert passee.etat == EtatVague.PREVUE


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
