"""Pages of the agents and of the experts: who sees what, how many queries, and what is kept when a rule refuses."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.etats import SensAvis
from candidatures.labellisation import actions as labellisation
from candidatures.models import Avis, Candidature, Proposition, Vague
from rebond.comptes.actions import habiliter
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.models import Organisme
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close

pytestmark = pytest.mark.django_db


def connecter(personne):
    client = Client()
    client.force_login(personne)
    return client


@pytest.fixture
def nord():
    return f.un_departement()


@pytest.fixture
def jura():
    return f.un_departement("39", "27")


def requetes(client, adresse):
    client.get(adresse)
    with CaptureQueriesContext(connection) as captees:
        reponse = client.get(adresse)
    assert reponse.status_code == 200
    return len(captees)


@pytest.mark.parametrize(
    ("nom", "role"),
    [
        ("instruction:vagues", Role.INSTRUCTEUR),
        ("instruction:vague", Role.INSTRUCTEUR),
        ("instruction:avis", Role.EXPERT),
        ("instruction:decisions", Role.VALIDEUR),
        ("tableau_de_bord", Role.INSTRUCTEUR),
    ],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(nom, role):
    agent = f.un_agent(role)
    client = connecter(agent)
    mesures = []
    for nombre in (1, 3):
        vague, dossiers = une_vague_close_avant(*[None] * nombre)
        for dossier in dossiers:
            instructeur = instruire(dossier)
            if role == Role.EXPERT:
                demander(dossier, agent, instructeur)
        arguments = [] if nom in {"instruction:vagues", "instruction:avis", "tableau_de_bord"} else [vague.numero]
        mesures.append(requetes(client, reverse(nom, args=arguments)))
    assert mesures[0] == mesures[1]


def une_vague_close_avant(*departements):
    """A closed wave that does not overlap those that exist."""
    premiere = Vague.objects.order_by("ouverture").first()
    cloture = premiere.ouverture if premiere else horloge_base() - timedelta(minutes=5)
    return une_vague_close(*departements, cloture=cloture)


def demander(dossier, expert, auteur, question="Quels projets ?"):
    return instruction.demander_avis(
        candidature=dossier, expert=expert, question=question, auteur=auteur, maintenant=horloge_base()
    )


def adresses(dossier):
    numero = dossier.vague.numero
    depot = dossier.depots.get()
    return {
        "vagues": "/instruction/",
        "avis": "/instruction/avis/",
        "vague": f"/instruction/vagues/{numero}/",
        "csv": f"/instruction/vagues/{numero}/dossiers.csv",
        "xlsx": f"/instruction/vagues/{numero}/dossiers.xlsx",
        "pv": f"/instruction/vagues/{numero}/proces-verbal/",
        "json": f"/instruction/vagues/{numero}/proces-verbal/1/complet.json",
        "decisions": f"/instruction/vagues/{numero}/decisions/",
        "dossier": f"/instruction/dossiers/{dossier.pk}/",
        "piece": f"/instruction/dossiers/{dossier.pk}/pieces/{depot.pieces.get().pk}/",
        "recevabilite": f"/instruction/dossiers/{dossier.pk}/recevabilite/",
        "demander": f"/instruction/dossiers/{dossier.pk}/avis/demander/",
        "rendre": f"/instruction/dossiers/{dossier.pk}/avis/rendre/",
        "interets": f"/instruction/dossiers/{dossier.pk}/interets/",
        "calendrier": "/administration/vagues/",
        "roles": "/administration/roles/",
        "donner": "/administration/roles/donner/",
        "organisme": "/administration/organismes/ajouter/",
        "journal": "/journal/",
        "courriers": "/courriers/",
    }


LECTURE = {"vagues", "vague", "csv", "xlsx", "dossier", "piece", "interets"}
OUVERTES = {
    Role.INSTRUCTEUR: LECTURE | {"pv", "json", "recevabilite", "demander", "rendre"},
    Role.COMITE: LECTURE | {"pv", "json"},
    Role.VALIDEUR: LECTURE | {"pv", "json", "decisions"},
    Role.EXPERT: {"avis"},
    Role.ADMINISTRATEUR: {"pv", "json", "calendrier", "roles", "donner", "organisme", "courriers"},
    Role.AUDITEUR: {"journal"},
    Role.CHARGE_MISSION: set(),
    Role.GESTIONNAIRE: set(),
    Role.PRESSE: set(),
}


@pytest.mark.parametrize("role", OUVERTES)
def test_chacun_n_ouvre_que_ses_pages_et_le_reste_n_existe_pas(role):
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(role))
    ouvertes = set()
    for nom, adresse in adresses(dossier).items():
        reponse = client.get(adresse)
        if nom == "piece" and reponse.streaming:
            assert b"".join(reponse.streaming_content) == f.PDF
        assert reponse.status_code in {200, 404}, (nom, reponse.status_code)
        if reponse.status_code == 200:
            ouvertes.add(nom)
    assert ouvertes == OUVERTES[role]


def test_le_porteur_n_ouvre_aucune_page_des_agents_et_le_visiteur_se_connecte():
    _, (dossier,) = une_vague_close(None)
    porteur, visiteur = connecter(f.porteur_de(dossier)), Client()
    for adresse in adresses(dossier).values():
        assert porteur.get(adresse).status_code == 404
        assert visiteur.get(adresse).status_code == 302


def test_l_instructeur_d_une_region_ne_voit_que_la_sienne(nord, jura):
    vague, (ici, la_bas) = une_vague_close(nord, jura)
    client = connecter(f.un_agent(Role.INSTRUCTEUR, region=nord.region))
    page = client.get(f"/instruction/vagues/{vague.numero}/")
    assert [dossier.pk for dossier in page.context["page"]] == [ici.pk]
    exporte = client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv").getvalue().decode("utf-8-sig")
    (ligne,) = csv.DictReader(io.StringIO(exporte), delimiter=";")
    assert ligne["Référence"] == ici.reference
    assert f"Vague {vague.numero} – dossiers en instruction au" in ligne["Source"]
    assert la_bas.reference not in exporte
    refusees = {adresse for nom, adresse in adresses(la_bas).items() if nom in {"dossier", "piece", "recevabilite"}}
    assert {client.get(adresse).status_code for adresse in refusees} == {404}
    # The procès-verbal names every territory of the wave.
    assert client.get(f"/instruction/vagues/{vague.numero}/proces-verbal/").status_code == 404


def test_un_expert_lit_le_dossier_qui_lui_est_soumis_et_rien_de_l_instruction():
    _, (soumis, autre) = une_vague_close(None, None)
    expert = f.un_agent(Role.EXPERT)
    instructeur = instruire(soumis)
    demander(soumis, expert, instructeur, "Que pensez-vous du calendrier ?")
    client = connecter(expert)
    page = client.get(f"/instruction/dossiers/{soumis.pk}/").content.decode()
    assert "Que pensez-vous du calendrier" in page
    assert "Une usine ferme." in page
    assert "Le territoire est prêt." not in page
    assert "Historique" not in page
    assert client.get(f"/instruction/dossiers/{autre.pk}/").status_code == 404
    assert client.get(f"/instruction/dossiers/{soumis.pk}/proposition/").status_code == 404


def test_la_page_montre_le_depot_qui_compte_et_non_le_brouillon():
    _, (dossier,) = une_vague_close(None)
    Candidature.objects.filter(pk=dossier.pk).update(contenu={"choc": {"description": "Phrase du brouillon."}})
    page = connecter(f.un_agent(Role.COMITE)).get(f"/instruction/dossiers/{dossier.pk}/").content.decode()
    assert "Une usine ferme." in page
    assert "Phrase du brouillon." not in page


def test_la_piece_telechargee_est_celle_du_dossier_et_de_lui_seul():
    _, (un, autre) = une_vague_close(None, None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    piece = un.depots.get().pieces.get()
    reponse = client.get(f"/instruction/dossiers/{un.pk}/pieces/{piece.pk}/")
    assert b"".join(reponse.streaming_content) == f.PDF
    assert client.get(f"/instruction/dossiers/{autre.pk}/pieces/{piece.pk}/").status_code == 404


def test_un_conflit_declare_cache_le_dossier_partout():
    vague, (dossier, _) = une_vague_close(None, None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/interets/", {"motif": "Mandat local."})
    assert (reponse.status_code, reponse.url) == (302, "/tableau-de-bord/")
    refusees = ["dossier", "piece", "recevabilite", "demander", "rendre", "interets"]
    assert {client.get(adresses(dossier)[nom]).status_code for nom in refusees} == {404}
    assert dossier.reference not in client.get(f"/instruction/vagues/{vague.numero}/").content.decode()
    assert dossier.reference not in client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv").getvalue().decode()


@pytest.fixture
def trois():
    """Three files: « Val d’Étain » with a rendered avis, « Pays noir » waiting for one, « Rives » without."""
    vague, dossiers = une_vague_close(None, None, None, noms=["Val d’Étain", "Pays noir", "Rives"])
    auteur = f.un_agent(Role.INSTRUCTEUR)
    expert = f.un_agent(Role.EXPERT)
    for dossier in dossiers[:2]:
        demander(dossier, expert, auteur)
    instruction.rendre_avis(
        candidature=dossiers[0], expert=expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
    )
    instruire(dossiers[2], instructeur=auteur)
    return connecter(auteur), vague, dossiers


@pytest.mark.parametrize(
    ("filtre", "trouves"),
    [
        ({}, ["Pays noir", "Rives", "Val d’Étain"]),
        ({"tri": "-territoire"}, ["Val d’Étain", "Rives", "Pays noir"]),
        ({"q": "etain"}, ["Val d’Étain"]),
        ({"avis": "sans"}, ["Rives"]),
        ({"avis": "attendus"}, ["Pays noir"]),
        ({"avis": "rendus"}, ["Val d’Étain"]),
        ({"etat": "instruite"}, ["Rives"]),
        ({"filiere": "naval"}, []),
        ({"filiere": "textile", "q": "pays"}, ["Pays noir"]),
        ({"region": "32"}, ["Pays noir", "Rives", "Val d’Étain"]),
        ({"tri": "n’importe quoi", "region": "inconnue"}, ["Pays noir", "Rives", "Val d’Étain"]),
    ],
)
def test_la_liste_se_filtre_se_trie_et_se_cherche(trois, filtre, trouves):
    client, vague, _ = trois
    page = client.get(f"/instruction/vagues/{vague.numero}/", filtre).context["page"]
    assert [dossier.territoire.nom for dossier in page] == trouves


def test_la_recherche_trouve_par_reference_et_par_siren(trois):
    client, vague, dossiers = trois
    cherche = dossiers[1]
    for saisie in (cherche.reference, cherche.reference.lower(), cherche.territoire.chef_de_file.siren):
        page = client.get(f"/instruction/vagues/{vague.numero}/", {"q": saisie}).context["page"]
        assert [dossier.pk for dossier in page] == [cherche.pk]


def test_l_export_dit_que_les_donnees_sont_de_demonstration(trois, tmp_path):
    client, vague, dossiers = trois
    Candidature.objects.filter(pk=dossiers[0].pk).update(demonstration=True)
    fichier = tmp_path / "liste.xlsx"
    fichier.write_bytes(client.get(f"/instruction/vagues/{vague.numero}/dossiers.xlsx?tri=territoire").getvalue())
    lignes = CalamineWorkbook.from_path(str(fichier)).get_sheet_by_index(0).to_python()
    assert [ligne[1] for ligne in lignes] == ["Territoire", "Pays noir", "Rives", "Val d’Étain"]
    assert {ligne[-1].split(" – ")[0] for ligne in lignes[1:]} == {"Données de démonstration"}


def test_un_formulaire_refuse_garde_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    client = connecter(instructeur)
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/avis/rendre/", {"texte": "Un avis long à écrire."})
    assert reponse.status_code == 200
    assert "Un avis long à écrire." in reponse.content.decode()
    assert not Avis.objects.exists()


def test_une_regle_qui_refuse_se_lit_au_dessus_de_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    instruire(dossier)
    autre = f.un_agent(Role.EXPERT)
    instruction.declarer_interet(candidature=dossier, utilisateur=autre, motif="Mandat.", maintenant=horloge_base())
    reponse = client.post(
        f"/instruction/dossiers/{dossier.pk}/avis/demander/", {"expert": autre.pk, "question": "Ma question."}
    )
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "Un conflit d’intérêts est déclaré" in page
    assert "Ma question." in page


def test_de_la_recevabilite_a_la_proposition_par_les_pages():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    client.post(f"/instruction/dossiers/{dossier.pk}/recevabilite/", {"recevable": "oui", "motif": ""})
    client.post(f"/instruction/dossiers/{dossier.pk}/proposition/", {"sens": "ajourner", "motif": "À compléter."})
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.INSTRUITE
    assert Proposition.objects.get().sens == SensDecision.AJOURNER


def test_une_irrecevabilite_demande_son_motif_sur_son_champ():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/recevabilite/", {"recevable": "non", "motif": ""})
    assert reponse.context["formulaire"].errors == {"motif": ["Écrivez pourquoi le dossier est irrecevable."]}


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
    reponse = client.post(adresse, {"sens": "ajourner", "motif": "Les entreprises manquent.", "revision": ""})

    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert f"La proposition de {premier}, enregistrée" in page
    assert "Le territoire est prêt." in page
    assert "Les entreprises manquent." in page
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
    return instruction.constater_recevabilite(
        candidature=dossier, recevable=recevable, motif=motif, auteur=auteur, maintenant=horloge_base()
    )


def test_le_second_constat_lit_le_premier_et_garde_ce_qui_est_ecrit():
    _, (dossier,) = une_vague_close(None)
    premier = f.un_agent(Role.INSTRUCTEUR)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    adresse = f"/instruction/dossiers/{dossier.pk}/recevabilite/"
    assert client.get(adresse).status_code == 200
    constater(dossier, premier)
    reponse = client.post(adresse, {"recevable": "non", "motif": "Un long motif."})
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
    assert agent.post(f"{page}avis/demander/", {"expert": expert.pk, "question": ""}).status_code == 302
    assert "1\u00a0avis vous est demandé." in client.get("/tableau-de-bord/").content.decode()
    assert "Rendre mon avis" in client.get(page).content.decode()
    assert client.post(f"{page}avis/rendre/", {"sens": "favorable", "texte": "Oui."}).status_code == 302
    assert Avis.objects.get().rendu_le is not None
    # A proposal waits for the correction: it says so, and leads back to the file.
    refus = agent.get(f"{page}proposition/")
    assert refus.status_code == 409
    assert "Une correction est attendue du territoire" in refus.content.decode()
    assert f'<a class="fr-btn" href="{page}">Revenir au dossier</a>' in refus.content.decode()


def test_un_avis_attendu_se_rend_jusqu_a_l_annonce_et_le_tableau_de_bord_le_compte_comme_la_liste():
    vague, (dossier,) = une_vague_close(None)
    expert, valideur = f.un_agent(Role.EXPERT), f.un_agent(Role.VALIDEUR)
    demander(dossier, expert, instruire(dossier))
    client = connecter(expert)

    def attendus():
        liste = client.get("/instruction/avis/").content.decode()
        return "1\u00a0avis vous est demandé." in client.get("/tableau-de-bord/").content.decode(), "À rendre" in liste

    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: SensDecision.LABELLISER},
        valideur=valideur,
        maintenant=horloge_base(),
    )
    assert attendus() == (True, True)
    envoi = {"sens": "defavorable", "texte": "Trop tard, mais dit."}
    with transaction.atomic():
        assert client.post(f"/instruction/dossiers/{dossier.pk}/avis/rendre/", envoi).status_code == 302
        assert "après la décision" in connecter(valideur).get(f"/instruction/dossiers/{dossier.pk}/").content.decode()
        transaction.set_rollback(True)
    maintenant = horloge_base()
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant, maintenant=maintenant)
    assert attendus() == (False, False)
    refus = client.post(f"/instruction/dossiers/{dossier.pk}/avis/rendre/", envoi)
    assert refus.status_code == 409
    assert "Trop tard, mais dit." in refus.content.decode()


def test_le_conflit_d_un_expert_annule_sa_demande_et_previent_son_auteur():
    _, (dossier,) = une_vague_close(None)
    instructeur, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander(dossier, expert, instructeur)
    connecter(expert).post(f"/instruction/dossiers/{dossier.pk}/interets/", {"motif": "Mandat local."})
    demande = Avis.objects.get()
    lettre = Courrier.objects.get(cle=f"avis-revoque-{demande.pk}-{instructeur.pk}")
    assert demande.revoque_le is not None
    assert (lettre.destinataire, str(expert) in lettre.texte) == (instructeur.email, True)
    client = connecter(instructeur)
    page = client.get(f"/instruction/dossiers/{dossier.pk}/").content.decode()
    assert "cette personne a déclaré un conflit d’intérêts" in page
    assert "Demander l’avis de quelqu’un d’autre" in page
    liste = client.get(f"/instruction/vagues/{dossier.vague.numero}/").context["page"]
    assert [(lu.avis_demandes, lu.avis_rendus) for lu in liste] == [(0, 0)]
    assert list(Avis.objects.attendus_de(expert)) == []


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


def test_sans_personne_a_consulter_la_liste_dit_pourquoi_et_que_faire():
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    adresse = f"/instruction/dossiers/{dossier.pk}/avis/demander/"
    phrase = "demandez à un administrateur de donner ce rôle"
    assert phrase in client.get(adresse).content.decode()
    f.un_agent(Role.EXPERT)
    assert phrase not in client.get(adresse).content.decode()


def test_un_expert_ailleurs_instructeur_ne_lit_dans_la_liste_que_les_dossiers_de_sa_region(nord, jura):
    """What is put to an expert comes without the instruction: not in a list that shows proposals and opinions."""
    vague, (ici, la_bas) = une_vague_close(nord, jura)
    double = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    habiliter(utilisateur=double, role=Role.EXPERT, organisme=Organisme.objects.get(), acteur=None)
    demander(la_bas, double, instruire(la_bas))
    client = connecter(double)
    liste = client.get(f"/instruction/vagues/{vague.numero}/").content.decode()
    assert (ici.reference in liste, la_bas.reference in liste) == (True, False)
    export = client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv")
    assert la_bas.reference not in b"".join(export.streaming_content).decode()
    page = client.get(f"/instruction/dossiers/{la_bas.pk}/").content.decode()
    assert "Le territoire est prêt." not in page
