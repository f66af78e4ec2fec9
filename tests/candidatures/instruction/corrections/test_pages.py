"""The pages of a correction, and what they never betray."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from candidatures.dossier.etats import ETATS_DECIDES, EtatCandidature, Qualite, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions
from candidatures.instruction.correction.regles import PAS_SUR_CELLE_CI
from candidatures.labellisation import actions as labellisation
from candidatures.models import Participation
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import QUESTION, corriger, etat, rendre
from tests.candidatures.instruction.instruction import constater_recevabilite
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db


def lu(reponse):
    return b"".join(reponse.streaming_content)


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

    def test_qui_ne_peut_que_lire_n_ouvre_pas_la_page_ou_l_on_corrige(self, demande, dossier):
        lecteur = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=lecteur, qualite=Qualite.LECTEUR)
        client = client_de(lecteur)
        assert client.get(page("correction", dossier.pk)).status_code == 200
        refus = client.get(page("correction_section", dossier.pk, "projets"))
        assert (refus.status_code, PAS_SUR_CELLE_CI in texte(refus)) == (409, True)

    def test_pour_les_autres_rien_n_existe(self, demande, dossier):
        etranger = client_de(f.un_utilisateur())
        for adresse in (page("correction", dossier.pk), page("correction_section", dossier.pk, "projets")):
            assert etranger.get(adresse).status_code == 404
        assert etranger.post(page("rendre_correction", dossier.pk)).status_code == 404


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
    constater_recevabilite(candidature=dossier, recevable=True, motif="", auteur=instructeur, maintenant=maintenant)
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
