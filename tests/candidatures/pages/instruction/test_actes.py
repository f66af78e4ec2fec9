"""Acts done by the pages: what is kept when a rule refuses, and when two agents meet."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions as corrections
from candidatures.models import AvisRendu, Proposition, Saisine
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    constats_envoyes,
    demande_d_avis,
    instruire,
    une_vague_close,
)
from tests.candidatures.pages.instruction.outils import connecter, demander

pytestmark = pytest.mark.django_db

AVIS = {"sens": "favorable", "texte": "Oui.", "qualite": "Experte"}


def test_un_formulaire_refuse_garde_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    client = connecter(instructeur)
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/avis/rendre/", {"texte": "Un avis long à écrire."})
    assert reponse.status_code == 200
    assert "Un avis long à écrire." in reponse.content.decode()
    assert not AvisRendu.objects.exists()


def test_une_regle_qui_refuse_se_lit_au_dessus_de_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    instruire(dossier)
    reponse = client.post(
        f"/instruction/dossiers/{dossier.pk}/avis/demander/",
        demande_d_avis(f.un_agent(Role.EXPERT), question="Ma question."),
    )
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "L’instruction de ce dossier est terminée" in page
    assert "Ma question." in page


def test_de_la_recevabilite_a_la_proposition_par_les_pages():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    client.post(f"/instruction/dossiers/{dossier.pk}/recevabilite/", {"toutes": "oui"})
    client.post(f"/instruction/dossiers/{dossier.pk}/proposition/", {"sens": "ajourner", "motif": "À compléter."})
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.INSTRUITE
    assert Proposition.objects.get().sens == SensDecision.AJOURNER


def test_une_irrecevabilite_demande_son_motif_sur_son_champ():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    envoi = constats_envoyes(dossier, "x") | {"mot_deposant": " "}
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/recevabilite/", envoi)
    pourquoi = "Dites pourquoi cette condition n’est pas remplie\u00a0: le territoire le lira."
    assert reponse.context["formulaire"].errors == {"mot_deposant": [pourquoi]}


def test_deux_agents_qui_proposent_lisent_les_deux_propositions_et_rien_n_est_perdu():
    _, (dossier,) = une_vague_close(None)
    premier, second = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    constater(dossier, premier)
    adresse = f"/instruction/dossiers/{dossier.pk}/proposition/"
    client = connecter(second)
    assert client.get(adresse).status_code == 200
    instruction.proposer(
        candidature=dossier,
        sens=SensDecision.LABELLISER,
        motif="Le territoire est prêt.",
        auteur=premier,
        maintenant=horloge_base(),
    )
    envoi = {"sens": "ajourner", "motif": "Les entreprises manquent.", "revision": ""}
    reponse = client.post(f"{adresse}?liste=etape%3Dproposition", envoi)

    page = reponse.content.decode()
    assert reponse.status_code == 409
    sienne, mienne = page.split("La vôtre, telle que vous l’avez écrite")
    assert f"Celle de {premier}, enregistrée" in sienne
    assert "Le territoire est prêt." in sienne
    assert "Les entreprises manquent." in mienne
    # What to do: keep the colleague's, and go on in the list; or replace it.
    garder = (
        f'href="/instruction/dossiers/{dossier.pk}/?liste=etape%3Dproposition">Garder celle-ci et revenir au dossier'
    )
    assert garder in sienne
    assert "Remplacer par la mienne" in mienne
    assert Proposition.objects.get().auteur == premier

    # Read, then replaced knowingly; a third agent who had read the first one only is stopped in turn.
    envoi = {"sens": "ajourner", "motif": "Les entreprises manquent.", "revision": "1"}
    assert client.post(adresse, envoi).status_code == 302
    assert (Proposition.objects.get().auteur, Proposition.objects.get().revision) == (second, 2)
    assert connecter(premier).post(adresse, {**envoi, "motif": "Une autre."}).status_code == 409
    assert Proposition.objects.get().motif == "Les entreprises manquent."


def test_la_meme_proposition_envoyee_deux_fois_n_en_fait_qu_une():
    _, (dossier,) = une_vague_close(None)
    auteur = f.un_agent(Role.INSTRUCTEUR)
    constater(dossier, auteur)
    envoi = {"sens": "ajourner", "motif": "À compléter.", "revision": ""}
    client = connecter(auteur)
    adresse = f"/instruction/dossiers/{dossier.pk}/proposition/"
    assert [client.post(adresse, envoi).status_code for _ in range(2)] == [302, 302]
    assert Proposition.objects.get().revision == 1


def test_la_base_ne_laisse_remplacer_une_proposition_que_par_la_suivante():
    _, (dossier,) = une_vague_close(None)
    instruire(dossier)
    with pytest.raises(IntegrityError) as erreur, f.dans_un_point_de_reprise():
        Proposition.objects.update(motif="Autre.")
    assert nom_contrainte(erreur.value) == "proposition_revisee_une_a_une"


def constater(dossier, auteur, *, recevable=True, motif=""):
    return constater_recevabilite(
        candidature=dossier, recevable=recevable, motif=motif, auteur=auteur, maintenant=horloge_base()
    )


def test_le_second_constat_lit_le_premier_et_garde_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    premier = f.un_agent(Role.INSTRUCTEUR)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    adresse = f"/instruction/dossiers/{dossier.pk}/recevabilite/"
    assert client.get(adresse).status_code == 200
    constater(dossier, premier)
    reponse = client.post(adresse, constats_envoyes(dossier, "Un long motif."))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "La recevabilité de ce dossier est déjà constatée\u00a0: recevable, le" in page
    assert f"par {premier}." in page
    assert "Un long motif." in page


def demander_une_correction(dossier, auteur):
    return corrections.demander_correction(
        candidature=dossier,
        questions=["projets.projets"],
        natures=[],
        motif="Précisez.",
        echeance=horloge_base() + timedelta(days=3),
        auteur=auteur,
        maintenant=horloge_base(),
    )


def test_un_avis_se_demande_et_se_rend_pendant_qu_une_correction_est_attendue():
    _, (dossier,) = une_vague_close(None)
    instructeur, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander_une_correction(dossier, instructeur)
    agent, client = connecter(instructeur), connecter(expert)
    page = f"/instruction/dossiers/{dossier.pk}/"
    assert "Demander un avis" in agent.get(page).content.decode()
    assert agent.post(f"{page}avis/demander/", demande_d_avis(expert)).status_code == 302
    assert "1\u00a0avis vous est demandé." in client.get("/tableau-de-bord/").content.decode()
    assert "Rendre mon avis" in client.get(page).content.decode()
    assert client.post(f"{page}avis/rendre/", AVIS).status_code == 302
    assert Saisine.objects.get().rendu_le is not None
    # A proposal waits for the correction: it says so, and leads back to the file.
    refus = agent.get(f"{page}proposition/")
    assert refus.status_code == 409
    assert "Une correction est attendue du territoire" in refus.content.decode()
    assert f'<a class="fr-btn" href="{page}">Revenir au dossier</a>' in refus.content.decode()


def test_un_avis_attendu_se_rend_jusqu_a_la_proposition_et_le_tableau_de_bord_le_compte_comme_la_liste():
    _, (dossier,) = une_vague_close(None)
    expert, instructeur = f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR)
    demander(dossier, expert, instructeur)
    client = connecter(expert)

    def attendus():
        liste = client.get("/instruction/avis/").content.decode()
        tableau = client.get("/tableau-de-bord/").content.decode()
        return "1\u00a0avis vous est demandé." in tableau, ">À rendre</p>" in liste

    assert attendus() == (True, True)
    instruire(dossier, instructeur=instructeur)
    assert attendus() == (False, False)
    envoi = AVIS | {"texte": "Trop tard, mais dit."}
    refus = client.post(f"/instruction/dossiers/{dossier.pk}/avis/rendre/", envoi)
    assert refus.status_code == 409
    assert "Trop tard, mais dit." in refus.content.decode()
    assert not AvisRendu.objects.exists()


def test_le_conflit_d_un_expert_annule_sa_demande_et_previent_son_auteur():
    _, (dossier,) = une_vague_close(None)
    instructeur, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander(dossier, expert, instructeur)
    connecter(expert).post(f"/instruction/dossiers/{dossier.pk}/interets/", {"motif": "Mandat local."})
    demande = Saisine.objects.get()
    lettre = Courrier.objects.get(cle=f"avis-revoque-{demande.pk}-{instructeur.pk}")
    assert demande.close_le is not None
    assert (lettre.destinataire, str(expert) in lettre.texte) == (instructeur.email, True)
    client = connecter(instructeur)
    page = client.get(f"/instruction/dossiers/{dossier.pk}/").content.decode()
    assert "<p>Conflit d’intérêts – le" in page
    assert "Demander un autre avis" in page
    liste = client.get(f"/instruction/vagues/{dossier.vague.numero}/").context["page"]
    assert [(lu.avis_demandes, lu.avis_rendus) for lu in liste] == [(0, 0)]
    assert list(Saisine.objects.attendues_de(expert)) == []


def test_l_auteur_de_la_demande_en_conflit_lui_aussi_n_en_est_pas_prevenu():
    _, (dossier,) = une_vague_close(None)
    auteur, autre, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander(dossier, expert, auteur)
    for personne in (auteur, expert):
        instruction.declarer_interet(
            candidature=dossier, utilisateur=personne, motif="Mandat.", maintenant=horloge_base()
        )
    revocations = Courrier.objects.filter(cle__startswith="avis-revoque-")
    assert [lettre.destinataire for lettre in revocations] == [autre.email]
