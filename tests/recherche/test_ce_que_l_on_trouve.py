"""One field finds whatever one may see: by reference, name, number, word, beginning of a word, or nearly."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from candidatures.models import TexteDuDossier, Vague
from projets.models import Mission
from rebond.recherche.expressions import DEBUT, FIN, surligner
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import mettre_en_instruction, une_vague_close
from tests.outils.roles import sans_declencheurs
from tests.projets import decor as projets

pytestmark = pytest.mark.django_db


def chercher(personne, saisie: str, dans: str = ""):
    client = Client()
    client.force_login(personne)
    return client.get("/recherche/", {"q": saisie} | ({"dans": dans} if dans else {}))


def trouves(personne, saisie: str, dans: str = "") -> dict[str, list[str]]:
    """By kind, the addresses that are found; those that are merely spelled alike under « ≈ »."""
    page = chercher(personne, saisie, dans)
    return {
        ("≈ " if groupe.proches else "") + groupe.source.genre: [resultat.adresse for resultat in groupe.resultats]
        for groupe, _ in page.context["groupes"]
    }


def un_dossier_lu(nom: str, mots: str = "Une fonderie ferme."):
    """In instruction, with these words in what was deposited."""
    ouverte = Vague.objects.ouvertes(horloge_base()).first() or f.une_vague()
    dossier = f.une_candidature(vague=ouverte, territoire=f.un_territoire(nom))
    f.reecrire(dossier, mots)
    f.un_depot(dossier)
    return mettre_en_instruction(dossier)


def test_un_agent_trouve_un_dossier_par_tout_ce_qui_le_nomme_ou_qu_il_dit():
    dossier = un_dossier_lu("Pays d’Écully", "Les fonderies d’aluminium ferment, l’hydrogène n’y peut rien.")
    un_dossier_lu("Val de Moselle", "Un papetier réduit ses équipes.")
    moi, page = f.un_agent(Role.INSTRUCTEUR), f"/instruction/dossiers/{dossier.pk}/"
    membre = dossier.territoire.chef_de_file
    saisies = (
        *(dossier.reference, dossier.reference.lower(), f"R{dossier.vague.numero}-{dossier.pk}", "pays d'ecully"),
        *("Écully", "ecul", membre.siren, f"{membre.siren[:3]} {membre.siren[3:6]} {membre.siren[6:]}"),
        *("fonderie", "aluminium fonderies", "hydrogene", "hydrog", "FERMENT hydrogène"),
    )
    assert {saisie: trouves(moi, saisie).get("dossiers") for saisie in saisies} == {
        saisie: [page] for saisie in saisies
    }
    # Nearly so, and only when nothing answers.
    assert trouves(moi, "Ecuilly")["≈ dossiers"] == [page]
    assert "dossiers" not in trouves(moi, "fonderie papetier")


def test_le_nom_meme_vient_avant_ce_qui_le_contient_et_avant_ce_qui_en_parle():
    parle = un_dossier_lu("Val de Moselle", "Près de Cambrai, une usine ferme.")
    nomme = un_dossier_lu("Cambrai")
    contient = un_dossier_lu("Cambrai et le Caudrésis")
    attendus = [f"/instruction/dossiers/{dossier.pk}/" for dossier in (nomme, contient, parle)]
    assert trouves(f.un_agent(Role.COMITE), "Cambrai")["dossiers"] == attendus


def test_un_dossier_ne_se_trouve_pas_par_ce_que_son_brouillon_dit_depuis():
    dossier = un_dossier_lu("Val", "Une tannerie ferme.")
    with sans_declencheurs():
        type(dossier).objects.filter(pk=dossier.pk).update(contenu={"choc": {"description": "Une cokerie ferme."}})
    moi, porteur = f.un_agent(Role.VALIDEUR), f.porteur_de(dossier)
    assert [trouves(moi, mot).get("dossiers", []) != [] for mot in ("tannerie", "cokerie")] == [True, False]
    assert [trouves(porteur, mot).get("mes-dossiers", []) != [] for mot in ("tannerie", "cokerie")] == [False, True]


def test_le_dernier_depot_remplace_les_mots_du_precedent():
    dossier = f.une_candidature()
    f.reecrire(dossier, "Une tannerie ferme.")
    f.un_depot(dossier)
    f.reecrire(dossier, "Une cokerie ferme.")
    f.un_depot(dossier)
    (texte,) = TexteDuDossier.objects.filter(candidature=dossier)
    assert ("tanner" in texte.vecteur, "coker" in texte.vecteur) == (False, True)


def test_chacun_trouve_ses_dossiers_par_leur_nom_et_leur_texte():
    dossier = f.une_candidature(territoire=f.un_territoire("Pays d’Écully"))
    f.reecrire(dossier, "La verrerie n’embauche plus.")
    moi, page = f.porteur_de(dossier), f"/candidatures/{dossier.pk}/"
    saisies = (dossier.reference, "ecully", "verreries", "verr", dossier.territoire.chef_de_file.siren)
    assert {saisie: trouves(moi, saisie).get("mes-dossiers") for saisie in saisies} == {
        saisie: [page] for saisie in saisies
    }
    assert "mes-dossiers" not in trouves(f.un_utilisateur(), "ecully")
    lue = chercher(moi, "verrerie").content.decode()
    assert "<mark>verrerie</mark> n’embauche plus" in lue
    assert "Brouillon" in lue


def test_une_mission_ses_projets_et_ses_entreprises_se_trouvent():
    laureat = projets.un_laureat(
        projets.une_releve(1, date(2023, 2, 1), ouverture=date(2022, 10, 1)),
        datetime(2023, 3, 27, 10, tzinfo=UTC),
        territoire=f.un_territoire("Pays d’Écully"),
    )
    mission = projets.une_mission(laureat, titre="Mission du Rhône")
    industriel = projets.un_industriel(mission, 1)
    type(industriel).objects.filter(pk=industriel.pk).update(nom="Verreries Thévenot", activite="Verre creux")
    industriel.refresh_from_db()
    moi = f.un_agent(Role.VALIDEUR)
    projet = projets.un_projet(industriel, moi)
    type(projet).objects.filter(pk=projet.pk).update(intitule="Four électrique", description="Fondre sans gaz.")
    adresses = {
        "missions": f"/missions/{mission.pk}/",
        "projets": f"/missions/{mission.pk}/projets/{projet.pk}/",
        "entreprises": f"/missions/{mission.pk}/industriels/?q={industriel.siren}",
    }
    saisies = {
        **dict.fromkeys(("ecully", "mission rhône", "tissu dense"), "missions"),
        **dict.fromkeys(("four electr", "fondre gaz"), "projets"),
        **dict.fromkeys(("thevenot", "verrerie creux", industriel.siren, industriel.siren[:5]), "entreprises"),
    }
    assert {saisie: trouves(moi, saisie).get(genre) for saisie, genre in saisies.items()} == {
        saisie: [adresses[genre]] for saisie, genre in saisies.items()
    }
    assert trouves(moi, "Tevenot")["≈ entreprises"] == [adresses["entreprises"]]
    # Entered by mistake: neither listed nor found.
    with sans_declencheurs():
        for objet in (industriel, projet):
            type(objet).objects.filter(pk=objet.pk).update(annule_le=horloge_base(), annule_par=moi, annulation="Bis.")
    assert {"projets", "entreprises"} & trouves(moi, "thevenot four verrerie").keys() == set()
    assert Mission.objects.count() == 1


def test_vagues_intercommunalites_comptes_et_pages_d_aide_se_trouvent():
    vague, (dossier,) = une_vague_close(None, cloture=f.midi_a_paris(date(2023, 6, 1)))
    epci, autre = (
        dossier.territoire.chef_de_file,
        f.un_utilisateur("odile@mairie.example", prenom="Odile", nom="Féret"),
    )
    moi, agent, admin = f.un_utilisateur(), f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.ADMINISTRATEUR)
    for saisie in (f"vague {vague.numero}", "juin 2023", "relève juin"):
        assert trouves(moi, saisie)["vagues"] == ["/calendrier/"]
        assert trouves(agent, saisie)["vagues"] == [f"/instruction/vagues/{vague.numero}/"]
    assert trouves(moi, epci.siren)["intercommunalites"] == trouves(moi, epci.nom)["intercommunalites"]
    assert trouves(moi, epci.nom)["intercommunalites"][0].startswith("/puis-je-candidater/?q=")
    page = f"/administration/comptes/{autre.pk}/"
    assert [trouves(admin, saisie)["comptes"] for saisie in ("odile feret", "odile@mairie")] == [[page], [page]]
    assert trouves(admin, "Odyle Feret")["≈ comptes"] == [page]
    assert [trouves(qui, "feret").get("comptes") for qui in (moi, agent)] == [None, None]
    assert "/questions-frequentes/" in trouves(moi, "combien coûte")["aide"]
    assert trouves(moi, "date limite")["aide"][0] == "/calendrier/"


def test_d_une_sorte_on_voit_le_debut_puis_la_suite_a_part():
    dossiers = [un_dossier_lu(f"Val {rang}", "Une tuilerie ferme.") for rang in range(7)]
    moi = f.un_agent(Role.COMITE)
    page = chercher(moi, "tuilerie")
    ((groupe, suite),) = page.context["groupes"]
    assert (len(groupe.resultats), suite) == (5, "/recherche/?q=tuilerie&dans=dossiers")
    assert "&amp;dans=dossiers" in page.content.decode()
    tous = trouves(moi, "tuilerie", "dossiers")["dossiers"]
    assert tous == [f"/instruction/dossiers/{dossier.pk}/" for dossier in reversed(dossiers)]


def test_rien_de_trouve_est_dit_avec_de_quoi_essayer():
    page = chercher(f.un_utilisateur(), "xylophonie").content.decode()
    assert "Aucun résultat pour « xylophonie » dans ce que vous pouvez voir." in page
    assert "une référence, comme « R14-0042 »" in page


def test_un_extrait_n_est_jamais_du_html():
    piege = f'<img src=x onerror=alert(1)> {DEBUT}usine{FIN} & "co" {DEBUT}{FIN}{DEBUT}reste'
    assert surligner(piege) == (
        "&lt;img src=x onerror=alert(1)&gt; <mark>usine</mark> &amp; &quot;co&quot; <mark></mark><mark>reste</mark>"
    )
    dossier = f.une_candidature()
    f.reecrire(dossier, "<script>alert(1)</script> Une usine & son dépôt ferment.")
    lue = chercher(f.porteur_de(dossier), "usine").content.decode()
    assert "<script>alert" not in lue
    assert "Une <mark>usine</mark> &amp; son dépôt ferment." in lue


@pytest.mark.parametrize(
    "ecrit",
    [
        "<script>alert(1)</script> Une verrerie ferme.",
        "Moins de <verrerie fermée> et rien d’autre.",
        "<!-- Une verrerie ferme.",
        "Un effectif <100, une verrerie, un autre >50.",
        "&lt;b&gt;verrerie&lt;/b&gt;",
        "<a href='x'>verrerie</a>",
    ],
)
def test_rien_de_ce_qu_un_dossier_dit_ne_se_cache_de_la_recherche(ecrit: str):
    """Postgres takes « < » for the beginning of a tag, of which it keeps no word, and « <script> » for all that
    follows."""
    dossier = un_dossier_lu("Pays d’Écully", ecrit)
    assert trouves(f.un_agent(Role.COMITE), "verrerie")["dossiers"] == [f"/instruction/dossiers/{dossier.pk}/"]
