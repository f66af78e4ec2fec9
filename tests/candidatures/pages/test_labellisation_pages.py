"""Pages of the valideur: decisions, announcement, results, and what the territory reads of them."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.labellisation import actions as labellisation
from candidatures.models import Decision, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.concurrence.attente import attendre

pytestmark = pytest.mark.django_db


def connecter(personne):
    client = Client()
    client.force_login(personne)
    return client


@pytest.fixture
def valideur():
    return f.un_agent(Role.VALIDEUR)


@pytest.fixture
def decidable():
    vague, dossiers = une_vague_close(None, None)
    instruire(dossiers[0])
    instruire(dossiers[1], sens=SensDecision.AJOURNER)
    return vague, dossiers


def decider(vague, dossiers, valideur):
    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: SensDecision.LABELLISER for dossier in dossiers},
        valideur=valideur,
        maintenant=horloge_base(),
    )


def decisions_de(dossiers):
    """What the page of decisions sends: each file labelled, on the proposal that it shows."""
    choix = {f"dossier_{dossier.pk}": "labelliser" for dossier in dossiers}
    return choix | {f"revision_{dossier.pk}": dossier.proposition.revision for dossier in dossiers}


def choisies(page):
    """The option on which each select stands, by file."""
    selects = re.findall(r'<select name="dossier_(\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    return {int(pk): re.search(r'<option value="(\w+)" selected', options)[1] for pk, options in selects}


def adresse(vague, page):
    return f"/instruction/vagues/{vague.numero}/{page}/"


def test_chaque_dossier_est_place_sur_ce_qui_est_propose(decidable, valideur):
    vague, dossiers = decidable
    page = connecter(valideur).get(adresse(vague, "decisions")).content.decode()
    assert choisies(page) == {
        dossiers[0].pk: SensDecision.LABELLISER,
        dossiers[1].pk: SensDecision.AJOURNER,
    }


def test_une_confirmation_prend_toutes_les_decisions(decidable, valideur):
    vague, dossiers = decidable
    envoi = decisions_de(dossiers)
    client = connecter(valideur)
    refus = client.post(adresse(vague, "decisions"), envoi)
    assert "confirmation" in refus.context["formulaire"].errors
    assert not Decision.objects.exists()

    reponse = client.post(adresse(vague, "decisions"), envoi | {"confirmation": "on"})

    assert (reponse.status_code, reponse.url) == (302, adresse(vague, "resultats"))
    assert set(Decision.objects.values_list("sens", flat=True)) == {SensDecision.LABELLISER}


def test_le_second_valideur_lit_par_qui_et_quand(decidable, valideur):
    vague, dossiers = decidable
    envoi = decisions_de(dossiers) | {"confirmation": "on"}
    second = connecter(f.un_agent(Role.VALIDEUR))
    assert second.get(adresse(vague, "decisions")).status_code == 200
    decider(vague, dossiers, valideur)
    reponse = second.post(adresse(vague, "decisions"), envoi)
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert f"Les décisions de la vague {vague.numero} ont été prises le" in page
    assert f"par {valideur}." in page


def test_qui_a_instruit_lit_pourquoi_il_ne_peut_pas_decider():
    vague, (dossier,) = une_vague_close(None)
    personne = instruire(dossier)
    f.un_role(personne, Role.VALIDEUR)
    reponse = connecter(personne).get(adresse(vague, "decisions"))
    assert "Vous avez instruit au moins un dossier" in reponse.content.decode()
    assert "Prendre ces décisions" not in reponse.content.decode()


def test_l_annonce_immediate_rend_les_resultats_publics_aussitot(decidable, valideur):
    vague, dossiers = decidable
    decider(vague, dossiers, valideur)
    reponse = connecter(valideur).post(
        adresse(vague, "annonce"), {"quand": "maintenant", "publique_a": "", "confirmation": "on"}
    )
    assert reponse.url == adresse(vague, "resultats")
    vague = Vague.objects.get(pk=vague.pk)
    assert vague.resultats_publics(horloge_base())


def test_un_embargo_se_saisit_a_l_heure_de_paris(decidable, valideur):
    vague, dossiers = decidable
    decider(vague, dossiers, valideur)
    client = connecter(valideur)
    sans_date = client.post(adresse(vague, "annonce"), {"quand": "embargo", "publique_a": "", "confirmation": "on"})
    assert sans_date.context["formulaire"].errors == {
        "publique_a": ["Indiquez la date et l’heure de la fin de l’embargo."]
    }
    fin = (horloge_base() + timedelta(days=2)).astimezone(PARIS).replace(second=0, microsecond=0)
    client.post(
        adresse(vague, "annonce"), {"quand": "embargo", "publique_a": f"{fin:%Y-%m-%dT%H:%M}", "confirmation": "on"}
    )
    vague = Vague.objects.get(pk=vague.pk)
    assert (vague.etat, vague.publique_a) == (EtatVague.PUBLIEE, fin)
    assert set(Courrier.objects.filter(cle__startswith="resultat-").values_list("prochain_essai", flat=True)) == {fin}


def test_un_embargo_passe_est_refuse_et_ce_qui_est_saisi_reste(decidable, valideur):
    vague, dossiers = decidable
    decider(vague, dossiers, valideur)
    reponse = connecter(valideur).post(
        adresse(vague, "annonce"), {"quand": "embargo", "publique_a": "2023-08-28T10:00", "confirmation": "on"}
    )
    assert reponse.status_code == 409
    assert "2023-08-28T10:00" in reponse.content.decode()
    assert Vague.objects.get(pk=vague.pk).etat == EtatVague.LABELLISEE


def test_le_territoire_ne_lit_la_decision_qu_a_la_fin_de_l_embargo(decidable, valideur):
    vague, dossiers = decidable
    porteur = connecter(f.porteur_de(dossiers[0]))

    def etats():
        return [lu.etat_connu.label for lu, _ in porteur.get("/tableau-de-bord/").context["espace"].dossiers]

    decider(vague, dossiers, valideur)
    assert etats() == ["En instruction"]
    vague.refresh_from_db()
    maintenant = horloge_base()
    labellisation.annoncer(
        vague=vague, valideur=valideur, publique_a=maintenant + timedelta(milliseconds=600), maintenant=maintenant
    )
    page = porteur.get("/tableau-de-bord/").content.decode()
    assert "Lauréate" not in page
    attendre(lambda: etats() == ["Lauréate"])


def test_on_n_ouvre_l_annonce_qu_apres_les_decisions(decidable, valideur):
    vague, _ = decidable
    client = connecter(valideur)
    assert client.get(adresse(vague, "annonce")).status_code == 409
    assert client.get(adresse(vague, "resultats")).status_code == 409


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.COMITE, Role.EXPERT, Role.ADMINISTRATEUR, Role.PRESSE])
def test_seul_le_valideur_ouvre_les_pages_de_decision(decidable, valideur, role):
    vague, dossiers = decidable
    decider(vague, dossiers, valideur)
    client = connecter(f.un_agent(role))
    assert client.get(adresse(vague, "decisions")).status_code == 404
    assert client.post(adresse(vague, "annonce"), {"quand": "maintenant", "confirmation": "on"}).status_code == 404
    attendu = 200 if role in {Role.INSTRUCTEUR, Role.COMITE} else 404
    assert client.get(adresse(vague, "resultats")).status_code == attendu


def test_une_proposition_revue_depuis_ne_se_signe_pas_sans_etre_relue(decidable, valideur):
    vague, dossiers = decidable
    client = connecter(valideur)
    envoi = decisions_de(dossiers) | {"confirmation": "on"}
    revue = dossiers[0].proposition
    instruction.proposer(
        candidature=dossiers[0],
        sens=SensDecision.NE_PAS_RETENIR,
        motif="Une entreprise s’est retirée.",
        auteur=revue.auteur,
        maintenant=horloge_base(),
        revision=revue.revision,
    )
    reponse = client.post(adresse(vague, "decisions"), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert f"La proposition a changé depuis que vous avez ouvert cette page\u00a0: {dossiers[0].reference}." in page
    assert "Proposition\u00a0: Ne pas retenir" in page
    assert choisies(page)[dossiers[0].pk] == "labelliser"
    assert not Decision.objects.exists()
    relu = envoi | {f"revision_{dossiers[0].pk}": revue.revision + 1}
    assert client.post(adresse(vague, "decisions"), relu).status_code == 302


def test_sous_embargo_l_annonce_est_programmee_et_non_faite(decidable, valideur):
    vague, dossiers = decidable
    decider(vague, dossiers, valideur)
    vague.refresh_from_db()
    maintenant = horloge_base()
    fin = maintenant + timedelta(days=2)
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=fin, maintenant=maintenant)
    client = connecter(valideur)
    programmee = f"Annonce programmée le {instant_fr(fin)}"
    for page in ("/instruction/", f"/instruction/vagues/{vague.numero}/"):
        contenu = client.get(page).content.decode()
        assert programmee in contenu
        assert "Résultats annoncés" not in contenu
        assert "Annoncer les résultats" not in contenu
    resultats = client.get(adresse(vague, "resultats")).content.decode()
    assert programmee in resultats
    assert "Annoncées le" not in resultats
    refus = client.post(adresse(vague, "annonce"), {"quand": "maintenant", "confirmation": "on"})
    assert f"L’annonce de la vague {vague.numero} est déjà programmée pour le" in refus.content.decode()
    assert f"L’annonce est programmée le {instant_fr(fin)}." in client.get("/tableau-de-bord/").content.decode()
    administrateur = connecter(f.un_agent(Role.ADMINISTRATEUR)).get("/administration/vagues/").content.decode()
    assert "En instruction" in administrateur
    assert "programmée le" not in administrateur


def test_qui_a_un_interet_dans_la_vague_lit_la_meme_phrase_quoi_qu_il_advienne(decidable, valideur):
    vague, dossiers = decidable
    instruction.declarer_interet(
        candidature=dossiers[0], utilisateur=valideur, motif="Mandat.", maintenant=horloge_base()
    )
    page = connecter(valideur).get(adresse(vague, "decisions")).content.decode()
    assert "Vous avez déclaré un conflit d’intérêts sur un dossier de cette vague, ou vous y participez" in page
    decider(vague, dossiers, f.un_agent(Role.VALIDEUR))
    annonce = connecter(valideur).get(adresse(vague, "annonce"))
    assert dict(annonce.context["comptes"])[EtatCandidature.LAUREATE] == 1
    assert annonce.context["courriers"] == 1
    assert "ne sont pas comptés ici" in annonce.content.decode()


def test_ce_qui_est_a_corriger_se_lit_a_sa_ligne_et_le_reste_est_garde(decidable, valideur):
    vague, dossiers = decidable
    envoi = decisions_de(dossiers) | {f"dossier_{dossiers[0].pk}": "fermer", f"revision_{dossiers[1].pk}": "x"}
    reponse = connecter(valideur).post(adresse(vague, "decisions"), envoi | {"confirmation": "on"})
    premier, second = (f"dossier_{dossiers[0].pk}", f"revision_{dossiers[1].pk}")
    assert (reponse.status_code, set(reponse.context["formulaire"].errors)) == (200, {premier, second})
    page = reponse.content.decode()
    assert f'id="id_{premier}_error"' in page
    assert f'<a href="#id_{premier}">Décision pour {dossiers[0].territoire} ({dossiers[0].reference})</a>' in page
    assert re.search(rf'<select name="{premier}"[^>]* aria-invalid="true"[^>]*>', page)
    assert choisies(page.replace(f'<select name="{premier}"', "<select")) == {dossiers[1].pk: "labelliser"}
    assert not Decision.objects.exists()


def test_une_vague_de_dix_mille_dossiers_se_decide_en_un_envoi(decidable, valideur):
    """Each file sends its decision and the revision that was read."""
    vague, dossiers = decidable
    autres = {f"dossier_{rang}": "labelliser" for rang in range(10**6, 10**6 + 20_000)}
    # As a browser sends a form without files.
    corps, sorte = urlencode(decisions_de(dossiers) | autres), "application/x-www-form-urlencoded"
    reponse = connecter(valideur).post(adresse(vague, "decisions"), corps, content_type=sorte)
    assert (reponse.status_code, set(reponse.context["formulaire"].errors)) == (200, {"confirmation"})
