"""The grid by its pages: the levels of a criterion, rows that go up and down, and what applicants read of them."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.cahier import MODELE, Niveau, vers_json
from candidatures.cahier.actions import DEPASSE, cahier_en_vigueur
from candidatures.cahier.requetes import cahier_courant
from candidatures.dossier.papier.formulaire import formulaire_de
from candidatures.models import CahierDesCharges
from tests import fabriques as f
from tests.candidatures.pages.cahiers.outils import cahier_de, changer, envoyer, lignes, page
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db
NB = "\u00a0"
CHOC, GOUVERNANCE, PROJETS, MISSION = MODELE.criteres
COMPTE = f"Cette réponse compte pour le critère «{NB}Gravité du choc industriel{NB}»."


def saisie_de(critere, **autres):
    """What the page of a criterion sends when it is left as it is."""
    niveaux = [{"valeur": niveau.valeur, "phrase": niveau.phrase} for niveau in critere.echelle]
    dites = {}
    for adresse in critere.questions:
        section, _, question = adresse.partition("/")
        dites.setdefault(f"dans_{section}", []).append(question)
    plancher = "" if critere.plancher is None else str(critere.plancher)
    return lignes("niveaux", *niveaux) | dites | {"plancher": plancher} | autres


def test_les_niveaux_d_un_critere_se_recrivent(client, vague):
    niveaux = [
        {"valeur": "4", "phrase": "Tout est\r\nchiffré\u00a0: et daté."},
        {"valeur": "1", "phrase": "Rien ne l’est."},
    ]
    envoi = lignes("niveaux", *niveaux) | {"plancher": "4", "dans_projets": ["foncier"], "dans_choc": ["nature"]}
    assert envoyer(client, vague, "cahier_critere", "mission", **envoi).url.endswith("#critere-mission")
    ecrit = replace(
        MISSION,
        niveaux=(Niveau(1, "Rien ne l’est."), Niveau(4, "Tout est chiffré\u00a0: et daté.")),
        plancher=4,
        questions=("choc/nature", "projets/foncier"),
    )
    assert cahier_de(vague) == replace(MODELE, criteres=(CHOC, GOUVERNANCE, PROJETS, ecrit))
    assert cahier_courant(vague=vague).commentaire == f"Critère «{NB}{MISSION.libelle}{NB}» modifié"


def test_une_page_renvoyee_telle_quelle_ne_change_rien(client, vague):
    for critere in MODELE.criteres:
        assert envoyer(client, vague, "cahier_critere", critere.cle, **saisie_de(critere)).status_code == 302
    anciens = tuple(replace(critere, niveaux=(), plancher=None, questions=()) for critere in MODELE.criteres)
    changer(vague, replace(MODELE, criteres=anciens))
    for critere in anciens:
        envoyer(client, vague, "cahier_critere", critere.cle, version=2, **saisie_de(critere))
    assert cahier_courant(vague=vague).version == 2


def test_une_note_donnee_deux_fois_se_dit_et_rien_n_est_perdu(client, vague):
    niveaux = [{"valeur": "1", "phrase": "Peu."}, {"valeur": "1", "phrase": "Beaucoup."}]
    reponse = envoyer(client, vague, "cahier_critere", "mission", **lignes("niveaux", *niveaux), plancher="")
    assert reponse.status_code == 409
    assert "chacun la sienne" in texte(reponse)
    assert "Beaucoup." in texte(reponse)
    assert cahier_de(vague) == MODELE


def test_un_critere_qui_n_existe_pas_n_a_pas_de_page(client, vague):
    assert client.get(page("cahier_critere", vague, "ailleurs")).status_code == 404


def rangees(criteres):
    return [{"cle": c.cle, "libelle": c.libelle, "poids": c.poids, "aide": c.aide} for c in criteres]


def test_un_critere_monte_et_garde_ses_niveaux(client, vague):
    envoi = lignes("criteres", *rangees(MODELE.criteres)) | {"criteres-monter": "1"}
    reponse = envoyer(client, vague, "cahier_grille", **envoi)
    assert reponse.status_code == 200
    montrees = reponse.context["formulaire"].lignes.visibles
    assert [ligne["cle"].value() for ligne in montrees] == ["gouvernance", "choc", "projets", "mission"]
    assert 'id="criteres-0" tabindex="-1" data-deplacee' in texte(reponse)
    assert 'value="1" formaction="#criteres-0"' in texte(reponse)
    assert cahier_de(vague) == MODELE
    ordre = (GOUVERNANCE, CHOC, PROJETS, MISSION)
    assert envoyer(client, vague, "cahier_grille", **lignes("criteres", *rangees(ordre))).status_code == 302
    assert cahier_de(vague) == replace(MODELE, criteres=ordre)


def test_une_version_d_avant_se_reprend_comme_une_nouvelle(client, vague, administrateur):
    changer(vague, replace(MODELE, texte="Lisez bien.", criteres=(replace(CHOC, poids=55), PROJETS, MISSION)))
    lue = texte(client.get(page("cahier_version", vague, 1)))
    assert page("cahier_restaurer", vague, 1) in lue
    assert page("cahier_restaurer", vague, 2) not in texte(client.get(page("cahier_version", vague, 2)))

    avant = texte(client.get(page("cahier_restaurer", vague, 1)))
    assert "Le texte de l’appel est modifié" in avant
    assert f"Il compte pour 30{NB}%, au lieu de 55{NB}%." in avant
    assert f"Critère <strong>«{NB}{GOUVERNANCE.libelle}{NB}»</strong>" in avant
    assert "Lisez" in avant.partition("mot à mot")[2]
    assert cahier_courant(vague=vague).version == 2

    reponse = envoyer(client, vague, "cahier_restaurer", 1, version=2)
    assert reponse.url == page("cahier", vague)
    courant = cahier_courant(vague=vague)
    assert (courant.version, courant.cahier, courant.commentaire) == (3, MODELE, "Version 1 reprise")
    assert courant.auteur == administrateur
    assert CahierDesCharges.objects.get(vague=vague, version=2).cahier.texte == "Lisez bien."


def test_reprendre_une_version_pendant_qu_un_autre_ecrit_est_refuse_et_montre_ce_qui_changerait(client, vague):
    changer(vague, replace(MODELE, texte="De l’un."))
    changer(vague, replace(MODELE, texte="De l’autre."))
    reponse = envoyer(client, vague, "cahier_restaurer", 1, version=2)
    assert (reponse.status_code, DEPASSE in texte(reponse)) == (409, True)
    assert '<input type="hidden" name="version" value="3">' in texte(reponse)
    assert cahier_de(vague).texte == "De l’autre."


def test_une_version_que_le_portail_n_accepterait_plus_ne_se_reprend_pas(client, vague):
    changer(vague, replace(MODELE, texte="Lisez."))
    mauvais = replace(MODELE, criteres=(replace(CHOC, questions=("choc/disparue",)), GOUVERNANCE, PROJETS, MISSION))
    CahierDesCharges.objects.create(vague=vague, version=3, definition=vers_json(mauvais))
    changer(vague, MODELE)
    reponse = envoyer(client, vague, "cahier_restaurer", 3, version=4)
    assert (reponse.status_code, "porte sur une question que" in texte(reponse)) == (409, True)
    assert cahier_courant(vague=vague).version == 4


def test_la_version_actuelle_n_a_rien_a_reprendre(client, vague):
    lue = texte(client.get(page("cahier_restaurer", vague, 1)))
    assert "il n’y a rien à reprendre" in lue
    assert client.get(page("cahier_restaurer", vague, 9)).status_code == 404


def test_chacun_lit_criteres_poids_et_niveaux_de_la_vague_ouverte():
    cahier_en_vigueur(vague=f.une_vague())
    lue = texte(Client().get("/cahier-des-charges/"))
    for critere in MODELE.criteres:
        assert f'{critere.libelle} <span class="fr-text--regular">({critere.poids}{NB}%)</span>' in lue
        for niveau in critere.niveaux:
            assert niveau.phrase in lue
    assert f"Minimum attendu{NB}: niveau 1." in lue
    assert COMPTE in lue


def test_les_niveaux_se_lisent_a_cote_des_questions_pendant_qu_on_ecrit():
    porteur = f.un_utilisateur()
    dossier = f.une_candidature(porteur=porteur)
    lue = texte(client_de(porteur).get(reverse("candidatures:section", args=[dossier.pk, "choc"])))
    questions = [adresse for adresse in CHOC.questions if adresse.startswith("choc/")]
    assert lue.count(COMPTE) == len(questions)
    assert "Comment cette rubrique sera évaluée" in lue
    assert all(niveau.phrase in lue for niveau in CHOC.niveaux)
    assert not any(niveau.phrase in lue for niveau in MISSION.niveaux)
    contact = texte(client_de(porteur).get(reverse("candidatures:section", args=[dossier.pk, "contact"])))
    assert "Comment cette rubrique sera évaluée" not in contact
    bloc = texte(client_de(porteur).get(reverse("candidatures:section", args=[dossier.pk, "entreprises"])))
    assert f'<p class="fr-hint-text">{COMPTE}</p>' in bloc


def test_le_formulaire_sur_papier_le_dit_aussi():
    papier = formulaire_de("R1-0001", MODELE, {}, {}, {})
    aides = [case.aide for case in papier.rubriques[0].cases]
    assert [COMPTE in aide for aide in aides] == [True, False, True, True, True, False]
