"""Corrections: what unlocks, for whom, until when; the deposit stays as it was."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from candidatures.depot.regles import DERNIERE_MINUTE
from candidatures.dossier.etats import ETATS_DECIDES, EtatCandidature, Qualite, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions
from candidatures.labellisation import actions as labellisation
from candidatures.models import DemandeDeCorrection, Depot, Participation, PieceDeCorrection
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db

QUESTION = "projets.projets"
UNE_MICROSECONDE = timedelta(microseconds=1)


@pytest.fixture
def dossier():
    return une_vague_close(None)[1][0]


@pytest.fixture
def instructeur():
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def demande(dossier, instructeur):
    return demander(dossier, instructeur)


def demander(dossier, auteur, **autres):
    maintenant = horloge_base()
    valeurs = {
        "questions": [QUESTION],
        "natures": ["lettre"],
        "motif": "Précisez les projets.",
        "echeance": maintenant + timedelta(days=10),
        "maintenant": maintenant,
    }
    return actions.demander_correction(candidature=dossier, auteur=auteur, **(valeurs | autres))


def corriger(demande, *, auteur=None, maintenant=None, revision=0, section="projets", **reponses):
    return actions.enregistrer_correction(
        demande=demande,
        section=section,
        reponses=reponses or {"projets": "Une fonderie."},
        auteur=auteur or f.porteur_de(demande.candidature),
        maintenant=maintenant or horloge_base(),
        revision=revision,
    )


def rendre(demande, *, auteur=None, recu_le=None, sans_le_reste=True):
    """The attachment of `demander` is not always given: it is left out on purpose, unless told otherwise."""
    return actions.rendre_correction(
        demande=demande,
        auteur=auteur or f.porteur_de(demande.candidature),
        recu_le=recu_le or horloge_base(),
        sans_le_reste=sans_le_reste,
    )


def lu(reponse):
    return b"".join(reponse.streaming_content)


def etat(dossier):
    dossier.refresh_from_db()
    return dossier.etat


class TestDemander:
    def test_le_dossier_attend_et_chacun_est_prevenu(self, demande, dossier):
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE
        (lettre,) = Courrier.objects.filter(cle__startswith=f"correction-demandee-{demande.pk}-")
        assert lettre.destinataire == f.porteur_de(dossier).email
        assert "Précisez les projets." in lettre.texte

    @pytest.mark.parametrize(
        ("autres", "message"),
        [
            ({"questions": [], "natures": []}, "au moins une"),
            ({"questions": ["projets.horoscope"]}, "ne comporte pas"),
            ({"natures": ["selfie"]}, "ne comporte pas"),
            ({"echeance": horloge_base}, "vingt-quatre heures"),
        ],
    )
    def test_une_demande_vide_inconnue_ou_trop_courte_est_refusee(self, dossier, instructeur, autres, message):
        valeurs = {cle: valeur() if callable(valeur) else valeur for cle, valeur in autres.items()}
        with pytest.raises(RegleEnfreinte, match=message):
            demander(dossier, instructeur, **valeurs)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION

    def test_vingt_quatre_heures_suffisent_et_une_microseconde_de_moins_ne_suffit_pas(self, dossier, instructeur):
        maintenant = horloge_base()
        un_jour = maintenant + timedelta(hours=24)
        with pytest.raises(RegleEnfreinte, match="vingt-quatre heures"):
            demander(dossier, instructeur, maintenant=maintenant, echeance=un_jour - UNE_MICROSECONDE)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert demander(dossier, instructeur, maintenant=maintenant, echeance=un_jour).echeance == un_jour

    def test_une_seule_a_la_fois_et_personne_ne_propose_pendant_ce_temps(self, demande, dossier, instructeur):
        with pytest.raises(RegleEnfreinte):
            demander(dossier, instructeur)
        with pytest.raises(RegleEnfreinte, match="Une correction est attendue"):
            instruction.proposer(
                candidature=dossier,
                sens=SensDecision.LABELLISER,
                motif="Prêt.",
                auteur=instructeur,
                maintenant=horloge_base(),
            )

    @pytest.mark.parametrize("role", [Role.EXPERT, Role.COMITE, Role.VALIDEUR])
    def test_seul_un_instructeur_du_dossier_la_demande(self, dossier, role):
        agent = f.un_agent(role)
        with pytest.raises(RegleEnfreinte):
            demander(dossier, agent)
        adresse = reverse("instruction:demander_correction", args=[dossier.pk])
        assert client_de(agent).get(adresse).status_code == 404


class TestCorriger:
    def test_seul_ce_qui_est_demande_s_ouvre_et_le_depot_ne_change_pas(self, demande, dossier):
        avant = Depot.objects.get().contenu
        corriger(demande, projets="Une fonderie.", foncier="Une friche.")
        corriger(demande, section="choc", revision=1, description="Autre chose.")
        demande.refresh_from_db()
        assert demande.reponses == {"projets": {"projets": "Une fonderie."}, "choc": {}}
        assert Depot.objects.get().contenu == avant
        dossier.refresh_from_db()
        assert dossier.contenu["projets"] == f.un_contenu()["projets"]

    def test_deux_personnes_ne_s_ecrasent_pas(self, demande, dossier):
        collegue = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        corriger(demande, auteur=collegue)
        with pytest.raises(RegleEnfreinte, match="Rien n’a été écrasé"):
            corriger(demande, projets="La mienne.")
        demande.refresh_from_db()
        assert demande.reponses["projets"]["projets"] == "Une fonderie."

    def test_une_piece_demandee_se_joint_et_s_enleve_une_autre_non(self, demande, dossier):
        valeurs = {
            "demande": demande,
            "nom": "lettre.pdf",
            "auteur": f.porteur_de(dossier),
            "maintenant": horloge_base(),
        }
        piece = actions.joindre_a_la_correction(fichier=ContentFile(f.PDF + b"%", "a.pdf"), nature="lettre", **valeurs)
        assert piece.intitule == "Lettre de soutien"
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            actions.joindre_a_la_correction(fichier=ContentFile(f.PDF + b"%", "b.pdf"), nature="lettre", **valeurs)
        with pytest.raises(RegleEnfreinte, match="ne vous est pas demandée"):
            actions.joindre_a_la_correction(fichier=ContentFile(f.PDF, "c.pdf"), nature="autre", **valeurs)
        actions.enlever_de_la_correction(piece=piece, auteur=f.porteur_de(dossier), maintenant=horloge_base())
        assert not demande.pieces.exists()

    @pytest.mark.parametrize("qualite", [Qualite.LECTEUR, None])
    def test_qui_ne_fait_que_lire_ne_corrige_pas(self, demande, dossier, qualite):
        personne = f.un_utilisateur()
        if qualite:
            Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=qualite)
        with pytest.raises(RegleEnfreinte):
            corriger(demande, auteur=personne)


class TestRendre:
    def test_une_microseconde_avant_l_echeance_elle_est_rendue(self, demande, dossier):
        corriger(demande)
        rendue = rendre(demande, recu_le=demande.echeance - UNE_MICROSECONDE)
        assert (rendue.rendue_par, rendue.rendue_le) == (f.porteur_de(dossier), demande.echeance - UNE_MICROSECONDE)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert Courrier.objects.filter(cle__startswith=f"correction-rendue-{demande.pk}-").count() == 1

    def test_a_l_echeance_il_est_trop_tard_et_les_deux_instants_sont_dits(self, demande, dossier):
        corriger(demande)
        with pytest.raises(EcheanceDepassee) as refus:
            rendre(demande, recu_le=demande.echeance)
        assert (refus.value.recu_le, refus.value.echeance) == (demande.echeance, demande.echeance)
        with pytest.raises(EcheanceDepassee):
            corriger(demande, maintenant=demande.echeance, revision=1)
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE

    def test_il_faut_avoir_corrige_quelque_chose(self, demande):
        with pytest.raises(RegleEnfreinte, match="Rien n’a encore été corrigé"):
            rendre(demande)
        corriger(demande, projets=f.un_contenu()["projets"]["projets"])
        with pytest.raises(RegleEnfreinte, match="Rien n’a encore été corrigé"):
            rendre(demande)

    def test_seul_le_porteur_la_rend_et_une_fois(self, demande, dossier):
        corriger(demande)
        collegue = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        with pytest.raises(RegleEnfreinte):
            rendre(demande, auteur=collegue)
        rendre(demande)
        with pytest.raises(RegleEnfreinte, match="n’est plus attendue"):
            rendre(demande)

    def test_ce_qui_reste_sans_reponse_est_dit_avant_puis_au_service(self, dossier, instructeur):
        demande = demander(dossier, instructeur, questions=[QUESTION, "projets.nombre_projets"])
        corriger(demande)
        with pytest.raises(RegleEnfreinte) as refus:
            rendre(demande, sans_le_reste=False)
        restes = ["Nombre de projets connus", dossier.cahier.cahier.piece("lettre").libelle]
        assert refus.value.message == (
            "2\u00a0demandes restent sans réponse\u00a0: "
            + ", ".join(f"«\u00a0{reste}\u00a0»" for reste in restes)
            + ". "
            "Corrigez, ou confirmez que vous rendez la correction sans y répondre."
        )
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE
        rendre(demande, sans_le_reste=True)
        (lettre,) = Courrier.objects.filter(cle__startswith=f"correction-rendue-{demande.pk}-")
        assert all(reste in lettre.texte for reste in restes)

    def test_dans_la_derniere_minute_personne_n_a_rien_a_confirmer(self, demande, dossier):
        corriger(demande)
        avant = demande.echeance - DERNIERE_MINUTE
        with pytest.raises(RegleEnfreinte, match="reste sans réponse"):
            rendre(demande, recu_le=avant - UNE_MICROSECONDE, sans_le_reste=False)
        rendre(demande, recu_le=avant, sans_le_reste=False)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION

    def test_ce_qu_une_collegue_a_ecrit_depuis_la_relecture_se_relit_d_abord(self, demande, dossier):
        collegue = f.un_utilisateur(prenom="Dominique", nom="Collègue")
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        corriger(demande)
        porteur = client_de(f.porteur_de(dossier))
        lue = porteur.get(page("correction", dossier.pk)).context["restitution"]["lue"].value()
        corriger(demande, auteur=collegue, revision=1, projets="Deux fonderies.")
        refus = porteur.post(page("rendre_correction", dossier.pk), {"lue": lue})
        assert (refus.status_code, etat(dossier)) == (409, EtatCandidature.CORRECTION_DEMANDEE)
        assert "La correction a changé depuis que vous l’avez relue par Dominique Collègue, le" in texte(refus)
        relue = porteur.get(page("correction", dossier.pk)).context["restitution"]["lue"].value()
        assert (
            porteur.post(page("rendre_correction", dossier.pk), {"lue": relue, "sans_le_reste": "on"}).status_code
            == 302
        )

    def test_dans_la_derniere_minute_elle_est_rendue_comme_elle_est(self, demande, dossier):
        corriger(demande)
        bientot = demande.echeance - timedelta(seconds=59)
        auteur = f.porteur_de(dossier)
        rendue = actions.rendre_correction(demande=demande, auteur=auteur, recu_le=bientot, lue="autre")
        assert rendue.rendue_le == bientot

    def test_une_demande_qui_a_attendu_jusqu_a_la_derniere_minute_n_est_pas_renvoyee_a_une_relecture(
        self, demande, dossier
    ):
        """A busy portal answers late: what counts is how long is left to whoever reads the refusal."""
        corriger(demande)
        recu_le = demande.echeance - 2 * DERNIERE_MINUTE
        auteur, attente = f.porteur_de(dossier), {"lue": "autre", "maintenant": recu_le + DERNIERE_MINUTE}
        rendue = actions.rendre_correction(demande=demande, auteur=auteur, recu_le=recu_le, **attente)
        assert (etat(dossier), rendue.rendue_le) == (EtatCandidature.EN_INSTRUCTION, recu_le)

    def test_la_base_garde_ce_qui_est_rendu(self, demande):
        corriger(demande)
        rendre(demande)
        for geste in (
            lambda: DemandeDeCorrection.objects.update(reponses={}),
            lambda: DemandeDeCorrection.objects.all().delete(),
        ):
            with pytest.raises(Exception, match=r"Cannot (update|delete)"), f.dans_un_point_de_reprise():
                geste()

    def test_la_base_refuse_une_correction_rendue_en_retard(self, demande):
        with pytest.raises(Exception, match="correction_rendue_a_temps"), f.dans_un_point_de_reprise():
            DemandeDeCorrection.objects.update(rendue_le=demande.echeance, rendue_par=demande.auteur)


class TestFermer:
    def test_l_echeance_passee_le_dossier_revient_tel_qu_il_etait(self, demande, dossier):
        fin = demande.echeance + actions.GRACE
        assert actions.fermer_corrections_echues(maintenant=fin - UNE_MICROSECONDE) == 0
        assert actions.fermer_corrections_echues(maintenant=fin) == 1
        assert actions.fermer_corrections_echues(maintenant=fin) == 0
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        lettres = Courrier.objects.filter(cle__startswith=f"correction-fermee-{demande.pk}-")
        assert {lettre.destinataire for lettre in lettres} == {f.porteur_de(dossier).email, demande.auteur.email}

    def test_l_instructeur_peut_y_mettre_fin(self, demande, dossier, instructeur):
        client = client_de(instructeur)
        adresse = reverse("instruction:fermer_correction", args=[dossier.pk])
        assert client.post(adresse).status_code == 302
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert client.post(adresse, f.d_une_autre_page()).status_code == 409


class TestPages:
    def test_du_formulaire_de_demande_a_la_lecture_cote_a_cote(self, dossier, instructeur):
        service, porteur = client_de(instructeur), client_de(f.porteur_de(dossier))
        adresse = reverse("instruction:demander_correction", args=[dossier.pk])
        echeance = (horloge_base() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
        envoi = {"questions-projets": [QUESTION], "motif": "Précisez <b>tout</b>.", "echeance": echeance}
        assert "au moins une réponse" in texte(service.post(adresse, {"motif": "Rien", "echeance": echeance}))
        assert service.post(adresse, envoi).status_code == 302

        accueil = texte(porteur.get(page("dossier", dossier.pk)))
        assert "Une correction vous est demandée" in accueil
        assert page("correction", dossier.pk) in accueil
        lue = texte(porteur.get(page("correction", dossier.pk)))
        assert "Précisez &lt;b&gt;tout&lt;/b&gt;." in lue
        section = page("correction_section", dossier.pk, "projets")
        assert porteur.get(page("correction_section", dossier.pk, "choc")).status_code == 404
        assert f.un_contenu()["projets"]["projets"] in texte(porteur.get(section))
        assert porteur.post(section, {"revision": 0, "projets": "Une fonderie."}).status_code == 302
        assert "sans y répondre" not in texte(porteur.get(page("correction", dossier.pk)))
        assert porteur.post(page("rendre_correction", dossier.pk)).status_code == 302

        html = texte(service.get(reverse("instruction:dossier", args=[dossier.pk])))
        assert "Une fonderie." in html
        assert "Corrigée" in html
        assert "Rendue le" in texte(porteur.get(page("correction", dossier.pk)))

    def test_la_page_nomme_ce_qui_reste_et_le_fait_confirmer(self, demande, dossier):
        porteur = client_de(f.porteur_de(dossier))
        corriger(demande)
        lue = texte(porteur.get(page("correction", dossier.pk)))
        assert "Une demande reste sans réponse" in lue
        assert f"<li>{dossier.cahier.cahier.piece('lettre').libelle}</li>" in lue
        adresse = page("rendre_correction", dossier.pk)
        assert porteur.post(adresse).status_code == 409
        assert porteur.post(adresse, {"sans_le_reste": "on"}).status_code == 302
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION

    def test_une_page_ouverte_avant_un_autre_enregistrement_garde_ce_qui_est_saisi(self, demande, dossier):
        porteur = client_de(f.porteur_de(dossier))
        corriger(demande, projets="La sienne.")
        reponse = porteur.post(
            page("correction_section", dossier.pk, "projets"), {"revision": 0, "projets": "La mienne."}
        )
        assert reponse.status_code == 409
        assert "La mienne." in texte(reponse)
        assert "La sienne." in texte(reponse)

    def test_ce_qui_n_est_pas_rendu_ne_se_lit_pas_cote_etat(self, demande, dossier, instructeur):
        porteur = f.porteur_de(dossier)
        piece = actions.joindre_a_la_correction(
            demande=demande,
            fichier=ContentFile(f.PDF + b"%", "a.pdf"),
            nom="lettre.pdf",
            nature="lettre",
            auteur=porteur,
            maintenant=horloge_base(),
        )
        corriger(demande, projets="Encore secret.")
        service = client_de(instructeur)
        adresse = reverse("instruction:piece_de_correction", args=[dossier.pk, piece.pk])
        assert service.get(adresse).status_code == 404
        assert "Encore secret." not in texte(service.get(reverse("instruction:dossier", args=[dossier.pk])))
        assert lu(client_de(porteur).get(page("piece_de_correction", dossier.pk, piece.pk))) == f.PDF + b"%"
        rendre(demande)
        assert lu(service.get(adresse)) == f.PDF + b"%"

    def test_pour_les_autres_rien_n_existe(self, demande, dossier):
        etranger = client_de(f.un_utilisateur())
        for adresse in (page("correction", dossier.pk), page("correction_section", dossier.pk, "projets")):
            assert etranger.get(adresse).status_code == 404
        assert etranger.post(page("rendre_correction", dossier.pk)).status_code == 404


def test_la_base_garde_les_pieces_d_une_correction_rendue(demande, dossier):
    auteur = f.porteur_de(dossier)
    piece = actions.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(f.PDF + b"%", "a.pdf"),
        nom="lettre.pdf",
        nature="lettre",
        auteur=auteur,
        maintenant=horloge_base(),
    )
    rendre(demande)
    for geste in (piece.delete, lambda: PieceDeCorrection.objects.update(nom="autre.pdf")):
        with pytest.raises(Exception, match="n'est plus attendue"), f.dans_un_point_de_reprise():
            geste()


@pytest.mark.parametrize("decision", SensDecision)
def test_rien_de_ce_que_lit_le_territoire_ne_trahit_une_decision(dossier, decision):
    """Every page of a file, in each secret state, byte for byte what it is while the instruction goes on."""
    porteur = client_de(f.porteur_de(dossier))
    pk = dossier.pk
    pages = [page("liste"), *(page(nom, pk) for nom in ("dossier", "lire", "equipe", "groupement", "pieces"))]
    pages += [page("messages", pk), page("correction", pk), page("depot", pk, 1), page("contenu_depose", pk, 1)]

    def lues():
        return [stable(texte(porteur.get(adresse))) for adresse in pages]

    attendues = lues()
    instructeur, maintenant = f.un_agent(Role.INSTRUCTEUR), horloge_base()
    instruction.constater_recevabilite(
        candidature=dossier, recevable=True, motif="", auteur=instructeur, maintenant=maintenant
    )
    assert lues() == attendues
    for revision, sens in enumerate((SensDecision.NE_PAS_RETENIR, SensDecision.LABELLISER)):
        instruction.proposer(
            candidature=dossier,
            sens=sens,
            motif="Motif secret.",
            auteur=instructeur,
            maintenant=maintenant,
            revision=revision,
        )
        assert etat(dossier) == EtatCandidature.INSTRUITE
        assert lues() == attendues
    decider(dossier, decision)
    assert etat(dossier) in ETATS_DECIDES
    assert lues() == attendues


def decider(dossier, decision):
    labellisation.labelliser(
        vague=dossier.vague,
        decisions={dossier.pk: decision},
        valideur=f.un_agent(Role.VALIDEUR),
        maintenant=horloge_base(),
    )


def stable(html):
    return re.sub(r'name="(csrfmiddlewaretoken|cle_d_envoi)" value="[\w-]+"', "", html)
