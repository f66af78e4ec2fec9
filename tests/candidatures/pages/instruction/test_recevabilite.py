"""The pages of the admissibility: what they show, what they keep, and where they lead."""

import pytest
from django.urls import reverse

from candidatures.depot.requetes import depots_de
from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import entiers_de
from candidatures.instruction.archives.contenu import Instruction, instruction_en_html
from candidatures.instruction.recevabilite import actions
from candidatures.instruction.recevabilite.requetes import avec_irrecevabilite
from candidatures.models import Candidature, ExamenDeRecevabilite, PropositionDIrrecevabilite, Recevabilite, Suivi
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    constats_envoyes,
    demander_avis,
    proposer_irrecevabilite,
    une_vague_close,
)
from tests.candidatures.pages.instruction.lecture.outils import adresse
from tests.candidatures.pages.instruction.outils import connecter
from tests.candidatures.pages.pages import texte
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db
TOUTES = "Toutes remplies\u00a0: déclarer recevable"


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def agent() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def valideur() -> Utilisateur:
    return f.un_agent(Role.VALIDEUR)


def test_la_page_du_dossier_dit_chaque_condition_et_ce_que_le_portail_en_sait(dossier, agent):
    page = texte(connecter(agent).get(adresse(dossier)))
    for condition in dossier.cahier.cahier.recevabilite:
        assert condition.libelle in page
    assert "Les pièces obligatoires sont toutes jointes." in page
    assert "Nature du choc\u00a0: Fermeture d’un site." in page
    assert "la date limite était le" in page
    assert "Chef de file\u00a0:" in page
    assert not Recevabilite.objects.exists()


def test_le_raccourci_declare_recevable_depuis_la_page_du_dossier(dossier, agent):
    client = connecter(agent)
    lu = client.get(adresse(dossier))
    assert TOUTES in texte(lu)
    vu = lu.context["dossier"].vu
    reponse = client.post(adresse(dossier, "recevabilite/"), {"toutes": "oui", "vu": vu, "revision": 0})
    assert reponse.url == adresse(dossier)
    constat = Recevabilite.objects.get()
    assert {dit["constat"] for dit in constat.constats.values()} == {"remplie"}
    assert len(constat.constats) == len(dossier.cahier.cahier.recevabilite)
    apres = texte(client.get(adresse(dossier)))
    assert TOUTES not in apres
    assert "Recevable" in apres


def test_le_raccourci_ne_passe_pas_sur_ce_qu_un_collegue_vient_de_constater(dossier, agent):
    client, collegue = connecter(agent), connecter(f.un_agent(Role.INSTRUCTEUR))
    brouillon = constats_envoyes(dossier, "Rien.") | {"brouillon": "oui", "revision": "0"}
    assert collegue.post(adresse(dossier, "recevabilite/"), brouillon).status_code == 302
    reponse = client.post(adresse(dossier, "recevabilite/"), {"toutes": "oui", "revision": "0"})
    assert reponse.status_code == 409
    assert "a été changée depuis que vous avez ouvert cette page" in texte(reponse)
    assert not Recevabilite.objects.exists()


def test_le_brouillon_reste_si_l_on_part_par_le_bouton_ou_de_soi_meme(dossier, agent):
    client = connecter(agent)
    seul = reverse("instruction:brouillon_de_recevabilite", args=[dossier.pk])
    lue = client.post(seul, {"constat_choc": "a_preciser", "mot_choc": "Quelle date\u00a0?", "revision": "0"})
    assert (lue.status_code, lue.json()["etat"], lue.json()["revision"]) == (200, "enregistre", 1)
    page = texte(client.get(adresse(dossier, "recevabilite/")))
    assert "Quelle date\u00a0?" in page
    assert "Brouillon enregistré le" in page
    assert "Reprendre la vérification" in texte(client.get(adresse(dossier)))
    # What somebody else kept since is not replaced.
    refus = client.post(seul, {"mot_choc": "Autre.", "revision": "0"})
    assert (refus.status_code, refus.json()["etat"]) == (409, "refus")
    suite = {"brouillon": "oui", "mot_choc": "Autre.", "revision": "1"}
    assert client.post(adresse(dossier, "recevabilite/"), suite).status_code == 302
    assert ExamenDeRecevabilite.objects.get().constats == {"choc": {"constat": "", "mot": "Autre."}}
    trop = client.post(seul, {"mot_choc": "x" * 1001, "revision": "2"})
    assert trop.status_code == 409


def test_on_ne_conclut_pas_tant_qu_une_condition_reste_a_preciser_ou_a_dire(dossier, agent):
    client, envoi = connecter(agent), constats_envoyes(dossier)
    reponse = client.post(adresse(dossier, "recevabilite/"), envoi | {"constat_choc": "a_preciser"})
    assert "Une condition reste à préciser" in texte(reponse)
    reponse = client.post(adresse(dossier, "recevabilite/"), envoi | {"constat_choc": ""})
    assert reponse.context["formulaire"].errors == {"constat_choc": ["Dites si cette condition est remplie."]}
    assert not Recevabilite.objects.exists()


def test_un_dossier_irrecevable_se_propose_se_signe_et_s_annonce(dossier, agent, valideur):
    envoi = constats_envoyes(dossier, "C’est une commune.")
    assert connecter(agent).post(adresse(dossier, "recevabilite/"), envoi).status_code == 302
    lu = texte(connecter(agent).get(adresse(dossier)))
    assert "Elle attend la signature d’un valideur." in lu
    assert TOUTES not in lu
    client = connecter(valideur)
    assert "Lire et signer l’irrecevabilité" in texte(client.get(adresse(dossier)))
    page = client.get(adresse(dossier, "irrecevabilite/"))
    assert "C’est une commune." in texte(page)
    lue = PropositionDIrrecevabilite.objects.get().pk
    vide = client.post(adresse(dossier, "irrecevabilite/"), {"lue": lue, "qualite": ""})
    assert vide.context["formulaire"].errors.keys() == {"qualite"}
    signature = {"lue": lue, "qualite": "Directrice", "vu": page.context["dossier"].vu}
    assert client.post(adresse(dossier, "irrecevabilite/"), signature).status_code == 302
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.IRRECEVABLE
    assert f"{valideur}, Directrice, pour" in texte(client.get(adresse(dossier)))
    assert client.get(adresse(dossier, "irrecevabilite/")).status_code == 409


def test_renvoyee_la_verification_s_ouvre_sur_ce_qui_avait_ete_constate(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent, motif="C’est une commune.")
    client = connecter(valideur)
    envoi = {"lue": proposee.pk, "mot": "C’est une communauté de communes."}
    assert client.post(adresse(dossier, "irrecevabilite/renvoyer/"), envoi).status_code == 302
    page = connecter(agent).get(adresse(dossier, "recevabilite/"))
    assert "C’est une communauté de communes." in texte(page)
    assert page.context["formulaire"]["mot_deposant"].initial == "C’est une commune."
    assert page.context["formulaire"]["constat_deposant"].initial == "non_remplie"


def test_qui_signe_apres_un_acte_qu_il_n_a_pas_lu_est_arrete(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    client = connecter(valideur)
    vu = client.get(adresse(dossier)).context["dossier"].vu
    expert = f.un_agent(Role.EXPERT)
    demander_avis(candidature=dossier, expert=expert, question="", auteur=agent, maintenant=horloge_base())
    envoi = {"lue": proposee.pk, "qualite": "Directrice", "vu": vu}
    assert client.post(adresse(dossier, "irrecevabilite/"), envoi).status_code == 409
    assert client.post(adresse(dossier, "irrecevabilite/"), envoi | {"vu": vu + 1}).status_code == 302


def test_le_tableau_de_bord_du_valideur_mene_a_ce_qu_il_peut_signer(valideur, agent):
    """Neither what a conflict bars, nor what they instructed: what is counted is what the list shows."""
    vague, dossiers = une_vague_close(None, None, None)
    for dossier in dossiers:
        proposer_irrecevabilite(candidature=dossier, auteur=agent)
    barre, juge, _ = dossiers
    instruction.declarer_interet(candidature=barre, utilisateur=valideur, motif="Mandat.", maintenant=horloge_base())
    f.un_role(agent, Role.VALIDEUR)
    assert "Lire et signer" not in texte(connecter(agent).get(adresse(juge)))
    client = connecter(valideur)
    travaux = [une for une in client.get("/tableau-de-bord/").context["bureau"].a_faire if "signer" in une.quoi]
    assert [une.nombre for une in travaux] == [2]
    assert travaux[0].lien == f"/instruction/vagues/{vague.numero}/?attente=signature"
    liste = client.get(travaux[0].lien)
    assert {ligne.pk for ligne in liste.context["page"]} == {juge.pk, dossiers[2].pk}
    bureau = connecter(agent).get("/tableau-de-bord/").context["bureau"]
    assert not [une for une in bureau.a_faire if "signer" in une.quoi]


def test_ce_qui_attend_une_signature_est_chez_autrui_et_n_attend_plus_l_agent(dossier, agent):
    client, vague = connecter(agent), f"/instruction/vagues/{dossier.vague.numero}/"

    def lus(demande):
        return [ligne.pk for ligne in client.get(f"{vague}?{demande}").context["page"]]

    assert (lus("attente=recevabilite"), lus("onglet=autrui")) == ([dossier.pk], [])
    proposer_irrecevabilite(candidature=dossier, auteur=agent)
    assert (lus("attente=recevabilite"), lus("onglet=autrui")) == ([], [dossier.pk])
    assert lus("etape=signature") == [dossier.pk]


def test_le_lot_dit_ce_qu_il_coche_et_laisse_ce_qui_est_commence_autrement(agent):
    vague, (libre, commence, propose) = une_vague_close(None, None, None)
    actions.garder(
        candidature=commence,
        constats={"choc": {"constat": "a_preciser", "mot": ""}},
        motif="",
        revision=0,
        auteur=agent,
        maintenant=horloge_base(),
    )
    proposer_irrecevabilite(candidature=propose, auteur=agent)
    envoi = {"acte": "recevable", "dossiers": [libre.pk, commence.pk, propose.pk]}
    page = connecter(agent).post(reverse("instruction:preparer_lot", args=[vague.numero]), envoi)
    lu = texte(page)
    for condition in libre.cahier.cahier.recevabilite:
        assert f"«\u00a0{condition.libelle}\u00a0»\u00a0: remplie" in lu
    assert [dossier.pk for dossier in page.context["apercu"].faisables] == [libre.pk]
    refus = {dossier.pk: dit for dossier, dit in page.context["apercu"].refuses}
    assert refus[commence.pk].startswith("Une vérification commencée dit")
    assert refus[propose.pk].startswith("Une irrecevabilité est proposée")


def test_une_correction_ne_se_demande_plus_et_le_bouton_s_en_va(dossier, agent):
    client = connecter(agent)
    assert "Demander une correction" in texte(client.get(adresse(dossier)))
    proposer_irrecevabilite(candidature=dossier, auteur=agent)
    assert "Demander une correction" not in texte(client.get(adresse(dossier)))
    assert client.get(adresse(dossier, "correction/demander/")).status_code == 409


def test_un_constat_d_avant_se_lit_comme_il_etait(dossier, agent):
    """Rows of before conditions: found by one person, with a reason and no signature."""
    with sans_declencheurs():
        Recevabilite.objects.create(
            candidature=dossier, recevable=False, motif="Hors sujet.", auteur=agent, constatee_le=horloge_base()
        )
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.IRRECEVABLE)
        Suivi.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.IRRECEVABLE)
    lu = texte(connecter(f.un_agent(Role.COMITE)).get(adresse(dossier)))
    assert "constaté le" in lu
    assert "Hors sujet." in lu


def test_les_pages_ne_coutent_pas_plus_avec_le_temps(dossier, agent, valideur, django_assert_max_num_queries):
    for _ in range(3):
        proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
        actions.renvoyer_irrecevabilite(
            candidature=dossier, lue=proposee.pk, mot="Non.", valideur=valideur, maintenant=horloge_base()
        )
    client = connecter(agent)
    client.get(adresse(dossier))
    with django_assert_max_num_queries(12):
        client.get(adresse(dossier))
    with django_assert_max_num_queries(12):
        client.get(adresse(dossier, "recevabilite/"))
    constater_recevabilite(candidature=dossier, auteur=agent)


def test_l_archive_du_dossier_dit_ce_qui_est_propose_puis_qui_a_signe(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)

    def lire() -> str:
        lus = avec_irrecevabilite(entiers_de(valideur, horloge_base()).pour_lecture())
        lu = lus.select_related("recevabilite__auteur").get(pk=dossier.pk)
        return instruction_en_html(Instruction(lu, depots_de(lu)[0], (), (), (), horloge_base()))

    page = lire()
    assert "Irrecevabilité proposée le" in page
    assert f"{dossier.cahier.cahier.recevabilite[0].libelle} Non remplie. Rien ne le montre." in page
    actions.signer_irrecevabilite(
        candidature=dossier, lue=proposee.pk, qualite="Directrice", valideur=valideur, maintenant=horloge_base()
    )
    assert f"{valideur}, Directrice, pour" in lire()
