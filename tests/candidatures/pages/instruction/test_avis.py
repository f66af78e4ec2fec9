"""Asking for avis and answering, by the pages."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.models import AvisRendu, BrouillonDAvis, DeclarationInteret, Saisine
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.avis.outils import Scene, une_scene
from tests.candidatures.instruction.instruction import demande_d_avis, instruire, rendre_avis
from tests.candidatures.pages.instruction.outils import connecter

pytestmark = pytest.mark.django_db

AVIS = {"sens": "favorable", "texte": "Un projet clair.", "qualite": "Directrice régionale"}


@pytest.fixture
def scene() -> Scene:
    return une_scene()


def page(reponse) -> str:
    return reponse.content.decode()


def du(saisine, suite="") -> str:
    return f"/instruction/avis/{saisine.pk}/{suite}"


def sur(scene, suite="") -> str:
    return f"/instruction/dossiers/{scene.dossier.pk}/{suite}"


def test_plusieurs_organismes_sont_demandes_par_un_seul_formulaire(scene):
    autre = f.un_agent(Role.EXPERT)
    agent = connecter(scene.instructeur)
    montre = page(agent.get(sur(scene, "avis/demander/")))
    assert "À l’organisme\u00a0: qui la prendra (2\u00a0personnes)" in montre
    vide = agent.post(sur(scene, "avis/demander/"), {"question": "Ma question."})
    assert "Choisissez au moins un organisme" in page(vide)
    assert "Ma question." in page(vide)
    envoi = demande_d_avis(autre, question="Quels projets ?") | {f"organisme-{scene.organisme.pk}": "tous"}
    assert agent.post(sur(scene, "avis/demander/"), envoi).status_code == 302
    assert {(s.organisme, s.expert) for s in Saisine.objects.all()} == {
        (scene.organisme, None),
        (cible_de(autre).organisme, autre),
    }
    lu = page(agent.get(sur(scene)))
    assert "Personne ne l’a encore pris" in lu
    assert "Aucun organisme ne peut être consulté ici" in page(agent.get(sur(scene, "avis/demander/")))


def test_la_demande_se_prend_se_lit_et_l_avis_se_rend(scene):
    saisine = scene.demander()
    client = connecter(scene.camille)
    assert "À prendre" in page(client.get("/instruction/avis/"))
    assert client.get(sur(scene)).status_code == 200
    a_prendre = client.get(sur(scene, "avis/rendre/"))
    assert (a_prendre.status_code, "prenez-la d’abord" in page(a_prendre)) == (409, True)
    assert client.post(du(saisine, "prendre/"), {"tenue_par": ""}).status_code == 302
    assert client.post(sur(scene, "avis/rendre/"), AVIS).status_code == 302
    lu = page(client.get(du(saisine)))
    assert "Directrice régionale" in lu
    assert "Un projet clair." in lu


def test_deux_qui_prennent_au_meme_instant_le_second_lit_par_qui(scene):
    saisine = scene.demander()
    premier, second = connecter(scene.camille), connecter(scene.dominique)
    assert 'name="tenue_par" value=""' in page(second.get(du(saisine)))
    premier.post(du(saisine, "prendre/"), {"tenue_par": ""})
    refus = second.post(du(saisine, "prendre/"), {"tenue_par": ""})
    assert refus.status_code == 409
    assert f"{scene.camille} vient de prendre cette demande." in page(refus)
    assert "Reprendre cette demande" in page(second.get(du(saisine)))
    second.post(du(saisine, "prendre/"), {"tenue_par": scene.camille.pk})
    saisine.refresh_from_db()
    assert saisine.expert == scene.dominique


def test_le_brouillon_s_enregistre_seul_et_par_son_bouton_sans_rien_perdre(scene):
    saisine = scene.demander(cible_de(scene.camille))
    client = connecter(scene.camille)
    envoi = {"texte": "Un début.", "revision": "0"}
    seul = client.post(du(saisine, "brouillon/"), envoi)
    assert (seul.status_code, json.loads(seul.content)["revision"]) == (200, 1)
    # Another tab that had opened before: what it typed is still there, and the draft too.
    tapes = {"texte": "De l’autre onglet.", "revision": "0", "suite": "brouillon"}
    autre = client.post(sur(scene, "avis/rendre/"), tapes)
    assert autre.status_code == 409
    assert "De l’autre onglet." in page(autre)
    assert "Un début." in page(autre)
    assert client.post(du(saisine, "brouillon/"), {"texte": "Autre.", "revision": "0"}).status_code == 409
    assert BrouillonDAvis.objects.get().texte == "Un début."
    relu = page(client.get(sur(scene, "avis/rendre/")))
    assert 'name="revision" value="1"' in relu
    assert "Un début." in relu
    suite = client.post(sur(scene, "avis/rendre/"), {"texte": "La suite.", "revision": "1", "suite": "fichier"})
    assert suite["Location"] == du(saisine, "fichier/joindre/")
    assert not AvisRendu.objects.exists()


def test_qui_est_deconnecte_l_apprend_en_json_et_nul_autre_n_ecrit(scene, client):
    saisine = scene.demander(cible_de(scene.camille))
    assert client.post(du(saisine, "brouillon/"), {"texte": "x"}).status_code == 401
    for qui in (scene.dominique, scene.instructeur, f.un_utilisateur()):
        assert connecter(qui).post(du(saisine, "brouillon/"), {"texte": "x"}).status_code == 404


def test_un_fichier_se_joint_puis_se_lit_par_qui_lit_le_dossier_en_entier(scene):
    saisine = scene.demander(cible_de(scene.camille))
    client, agent = connecter(scene.camille), connecter(scene.instructeur)
    fichier = SimpleUploadedFile("note.pdf", f.PDF)
    assert client.post(du(saisine, "fichier/joindre/"), {"fichier": fichier}).status_code == 302

    def lisent():
        lues = {qui: connecter(qui).get(du(saisine, "fichier/")) for qui in lecteurs}
        return {
            nom: (b"".join(reponse.streaming_content) if reponse.streaming else b"") == f.PDF
            for (qui, nom) in lecteurs.items()
            for reponse in [lues[qui]]
        }

    lecteurs = {
        scene.camille: "auteur",
        scene.dominique: "collègue",
        scene.instructeur: "instructeur",
        f.un_agent(Role.VALIDEUR): "valideur",
        f.porteur_de(scene.dossier): "porteur",
    }
    personne = dict.fromkeys(lecteurs.values(), False)
    assert lisent() == personne | {"auteur": True}
    client.post(sur(scene, "avis/rendre/"), AVIS)
    assert lisent() == personne | {"auteur": True, "instructeur": True, "valideur": True}
    assert "note.pdf" in page(agent.get(sur(scene)))
    instruire(scene.dossier, instructeur=scene.instructeur)
    assert lisent() == personne | {"auteur": True, "instructeur": True, "valideur": True}


def test_les_trois_facons_de_decliner(scene):
    autres = [f.un_agent(Role.EXPERT) for _ in range(2)]
    scene.demander(cible_de(scene.camille), *(cible_de(qui) for qui in autres))
    en_conflit, incompetent, a_confier = (
        Saisine.objects.get(expert=qui) for qui in (autres[0], autres[1], scene.camille)
    )
    manque = connecter(autres[0]).post(du(en_conflit, "decliner/"), {"raison": "conflit"})
    assert "Précisez en une phrase" in page(manque)
    connecter(autres[0]).post(du(en_conflit, "decliner/"), {"raison": "conflit", "motif": "Un parent."})
    connecter(autres[1]).post(du(incompetent, "decliner/"), {"raison": "hors_competence"})
    connecter(scene.camille).post(
        du(a_confier, "decliner/"), {"raison": "ailleurs", "a": scene.dominique.pk, "motif": ""}
    )
    assert DeclarationInteret.objects.get().utilisateur == autres[0]
    for saisine in (en_conflit, incompetent, a_confier):
        saisine.refresh_from_db()
    assert [s.fin for s in (en_conflit, incompetent)] == [FinDeSaisine.CONFLIT, FinDeSaisine.HORS_COMPETENCE]
    assert (a_confier.fin, a_confier.expert) == ("", scene.dominique)
    assert connecter(autres[0]).get(du(en_conflit)).status_code == 404


def test_qui_instruit_leve_une_reserve_relance_et_annule_depuis_le_dossier(scene):
    scene.demander(cible_de(scene.camille))
    rendre_avis(
        candidature=scene.dossier,
        expert=scene.camille,
        sens=SensAvis.RESERVE,
        texte="Mais.",
        reserves=["Le foncier <b>."],
        maintenant=horloge_base(),
    )
    attendue = scene.demander(cible_de(scene.dominique))
    agent, rendue = connecter(scene.instructeur), Saisine.objects.first()
    lever = sur(scene, f"avis/{rendue.avis.pk}/reserves/1/")
    lu = page(agent.get(sur(scene)))
    assert lever in lu
    assert "Le foncier &lt;b&gt;." in lu
    statuts = [agent.get(sur(scene, f"avis/{rendue.avis.pk}/reserves/{rang}/")).status_code for rang in (0, 1, 2)]
    assert statuts == [404, 200, 404]
    agent.post(lever, {"motif": "Acte de vente produit."})
    agent.post(sur(scene, f"avis/{attendue.pk}/relancer/"))
    lu = page(agent.get(sur(scene)))
    assert f"par {scene.instructeur}\u00a0: Acte de vente produit." in lu
    assert "Relancé le" in lu
    agent.post(sur(scene, f"avis/{attendue.pk}/annuler/"), {"motif": "Le premier suffit."})
    assert "Demande annulée – le" in page(agent.get(sur(scene)))


def test_la_page_de_la_proposition_dit_quels_avis_ne_viendront_plus(scene):
    scene.demander()
    agent = connecter(scene.instructeur)
    agent.post(sur(scene, "recevabilite/"), {"toutes": "oui"})
    lu = page(agent.get(sur(scene, "proposition/")))
    assert "1\u00a0avis est encore attendu" in lu
    assert "Banque des Territoires" in lu


def test_l_accueil_d_un_expert_va_par_date_et_ses_comptes_sont_ceux_des_listes(scene):
    aujourd_hui = jour_de_paris(horloge_base())
    tot, sans_retard = scene.autres
    loin = scene.demander(cible_de(scene.camille), a_rendre_avant=aujourd_hui + timedelta(days=30))
    proche = scene.demander(candidature=tot, a_rendre_avant=aujourd_hui + timedelta(days=2))
    scene.demander(cible_de(scene.dominique), candidature=sans_retard)
    client = connecter(scene.camille)
    lignes = client.get("/instruction/avis/?avis=a_rendre").context["page"]
    assert [ligne.pk for ligne in lignes] == [proche.pk, loin.pk]
    assert len(client.get("/instruction/avis/?avis=collegue").context["page"]) == 1
    tableau = page(client.get("/tableau-de-bord/"))
    assert "2\u00a0avis vous sont demandés." in tableau
    assert tableau.index(tot.reference) < tableau.index(scene.dossier.reference)


def test_un_dossier_irrecevable_et_un_dossier_propose_se_ressemblent_pour_l_expert(scene):
    saisine = scene.demander(cible_de(scene.camille))
    client = connecter(scene.camille)
    instruire(scene.dossier, instructeur=scene.instructeur)
    assert "L’instruction de ce dossier est terminée" in page(client.get(du(saisine)))
    assert EtatCandidature.INSTRUITE.label not in page(client.get(du(saisine)))
