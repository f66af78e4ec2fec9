"""« Ma vague »: tabs, columns, views that are kept, acts on what is ticked."""

import csv
import io
import re

import pytest
from django.urls import reverse

from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from candidatures.instruction.saisine.regles import DELAI_PROPOSE
from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from candidatures.models import Recevabilite
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role, TypeOrganisme
from territoires.models import Organisme
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db
COCHES = re.compile(r'name="dossiers" value="([^"]*)"')
EMPREINTE = re.compile(r'name="empreinte" value="([0-9a-f]+)"')


@pytest.fixture
def trois():
    vague, dossiers = une_vague_close(None, None, None, noms=["Val d’Étain", "Pays noir", "Rives"])
    moi = f.un_agent(Role.INSTRUCTEUR)
    instruire(dossiers[2], instructeur=moi)
    return connecter(moi), vague, dossiers, moi


def adresse(vague, suite=""):
    return f"/instruction/vagues/{vague.numero}/{suite}"


def test_chaque_onglet_mene_a_ses_dossiers_et_le_dit(trois):
    client, vague, dossiers, _ = trois
    client.post(f"/instruction/dossiers/{dossiers[0].pk}/prendre/")
    lus = {}
    for onglet in client.get(adresse(vague)).context["onglets"]:
        page = client.get(adresse(vague) + onglet.adresse).context
        assert page["page"].paginator.count == onglet.nombre
        lus[onglet.libelle] = [ligne.territoire.nom for ligne in page["page"]]
    assert lus == {
        "À moi": ["Val d’Étain"],
        "À prendre": ["Pays noir", "Rives"],
        "En attente d’autrui": [],
        "Prêts": ["Rives"],
        "Tous": ["Pays noir", "Rives", "Val d’Étain"],
    }
    valideur = connecter(f.un_agent(Role.VALIDEUR)).get(adresse(vague))
    assert [o.libelle for o in valideur.context["onglets"]] == ["En attente d’autrui", "Prêts", "Tous"]
    assert b'name="dossiers"' not in valideur.content


def test_ce_qui_est_demande_se_lit_et_s_enleve(trois):
    client, vague, _, _ = trois
    page = client.get(adresse(vague, "?region=32&etape=pret&q=rives&avis=faux"))
    demandes = {fait.libelle: fait.sans for fait in page.context["demandes"]}
    assert demandes == {
        "Étape\u00a0: Prêt pour le comité": "?region=32&q=rives&avis=faux",
        "Territoire, SIREN ou référence\u00a0: rives": "?region=32&etape=pret&avis=faux",
        "Région\u00a0: Région 32": "?etape=pret&q=rives&avis=faux",
    }
    assert "Ce choix n’existe pas" in page.content.decode()


def test_les_colonnes_choisies_sont_celles_de_la_page_et_du_fichier(trois):
    client, vague, _, _ = trois
    demande = "?colonnes=etape&colonnes=siren&tri=reference"
    page = client.get(adresse(vague, demande)).context["liste"]
    assert [colonne.libelle for colonne in page.colonnes_de_la_page] == [
        *("Choisir", "Référence", "SIREN du chef de file", "Étape")
    ]
    fichier = client.get(adresse(vague, f"dossiers.csv{demande}")).getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(fichier), delimiter=";"))
    assert list(lignes[0]) == ["Référence", "SIREN du chef de file", "Étape", "Source"]
    assert [ligne["Étape"] for ligne in lignes] == [*["Recevabilité à vérifier"] * 2, "Prêt pour le comité"]


def test_une_vue_se_garde_se_partage_et_s_oublie(trois):
    client, vague, _, moi = trois
    (service,) = {h.organisme for h in moi.habilitations.all()}
    collegue, etranger = f.un_agent(Role.INSTRUCTEUR), f.un_utilisateur()
    ailleurs = Organisme.objects.create(nom="Un autre service", type=TypeOrganisme.ANCT)
    f.un_role(etranger, Role.INSTRUCTEUR, organisme=ailleurs)
    vues = reverse("instruction:vues", args=[vague.numero])
    gardee = "onglet=prets&colonnes=etape&tri=-territoire"
    envoi = {"nom": "Prêts", "partage": str(service.pk), "demande": f"{gardee}&page=4&dossiers=7&autre=1"}
    assert client.post(vues, envoi).status_code == 302
    vue = VueEnregistree.objects.get()
    assert (vue.demande, vue.partagee_avec, str(vue.proprietaire)) == (gardee, service, str(moi))
    assert "Vous avez déjà une vue de ce nom" in client.post(vues, {**envoi, "demande": ""}).content.decode()
    interdite = client.post(vues, {"nom": "Ailleurs", "partage": str(ailleurs.pk), "demande": ""})
    assert (interdite.status_code, VueEnregistree.objects.count()) == (200, 1)
    lus = {
        personne: f"?{gardee.replace('&', '&amp;')}" in connecter(personne).get(adresse(vague)).content.decode()
        for personne in (moi, collegue, etranger)
    }
    assert lus == {moi: True, collegue: True, etranger: False}
    supprimer = reverse("instruction:supprimer_vue", args=[vague.numero, vue.pk])
    assert connecter(collegue).post(supprimer).status_code == 404
    assert (client.post(supprimer).status_code, VueEnregistree.objects.count()) == (302, 0)


def test_ce_qui_est_coche_se_relit_puis_se_fait(trois):
    client, vague, (premier, second, fait), moi = trois
    envoi = {"acte": "recevable", "dossiers": [d.pk for d in (premier, second, fait)], "demande": "tri=reference"}
    relu = client.post(adresse(vague, "actes/"), envoi)
    page = relu.content.decode()
    assert "2 dossiers sont concernés, 1 ne peut pas l’être." in " ".join(page.split())
    assert "La recevabilité de ce dossier est déjà constatée." in page
    confirme = {**envoi, "relu": "oui", "empreinte": EMPREINTE.findall(page)[0]}
    reponse = client.post(adresse(vague, "actes/"), confirme)
    groupe = ActeGroupe.objects.get()
    assert reponse.url == reverse("instruction:lot", args=[groupe.pk])
    assert "0\u00a0dossier sur 2" in client.get(reponse.url).content.decode()
    assert client.get(f"{reponse.url}etat.json").json()["fini"] is False
    assert "Un traitement est en cours" in client.get(adresse(vague)).content.decode()
    lots.faire(groupe.pk, maintenant=horloge_base())
    assert "2\u00a0dossiers sont faits." in client.get(reponse.url).content.decode()
    assert Recevabilite.objects.filter(candidature__in=[premier, second], auteur=moi).count() == 2
    assert connecter(f.un_agent(Role.INSTRUCTEUR)).get(reponse.url).status_code == 404


def test_ce_qui_a_change_depuis_l_apercu_se_relit(trois):
    client, vague, (premier, second, _), moi = trois
    envoi = {"acte": "recevable", "tous": "oui", "demande": "etape=recevabilite"}
    lue = EMPREINTE.findall(client.post(adresse(vague, "actes/"), envoi).content.decode())[0]
    instruire(premier, instructeur=moi)
    relu = client.post(adresse(vague, "actes/"), {**envoi, "relu": "oui", "empreinte": lue})
    assert "relisez ce qui sera fait" in relu.content.decode()
    assert not ActeSurDossier.objects.exists()
    confirme = {**envoi, "relu": "oui", "empreinte": EMPREINTE.findall(relu.content.decode())[0]}
    client.post(adresse(vague, "actes/"), confirme)
    assert [ligne.candidature for ligne in ActeSurDossier.objects.all()] == [second]


def test_ce_que_l_acte_demande_se_saisit_dans_l_apercu(trois):
    client, vague, (premier, _, _), _ = trois
    expert = f.un_agent(Role.EXPERT)
    envoi = {"acte": "avis", "dossiers": [premier.pk], "demande": ""}
    page = client.post(adresse(vague, "actes/"), envoi).content.decode()
    envoi |= {"relu": "oui", "empreinte": EMPREINTE.findall(page)[0]}
    le_jour = {"a_rendre_avant": (jour_de_paris(horloge_base()) + DELAI_PROPOSE).isoformat()}
    vide = client.post(adresse(vague, "actes/"), envoi)
    assert (vide.status_code, bool(vide.context["formulaire"].errors), ActeGroupe.objects.count()) == (200, True, 0)
    organisme = expert.habilitations.get().organisme
    client.post(adresse(vague, "actes/"), {**envoi, "organismes": [organisme.pk], "question": "Quoi ?", **le_jour})
    lots.faire(ActeGroupe.objects.get().pk, maintenant=horloge_base())
    assert premier.saisines.get().question == "Quoi ?"


def test_une_cle_de_cinq_chiffres_se_coche_se_confirme_et_se_confie() -> None:
    """Written as a number is read, « 12 345 » names no file, nor « 12 346 » a colleague."""
    for suite in ("candidatures_candidature_id_seq", "socle_utilisateur_id_seq"):
        administrer(f"SELECT setval('{suite}', greatest(12345, nextval('{suite}')))")
    vague, (dossier,) = une_vague_close(None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    client = connecter(moi)
    coches = COCHES.findall(client.get(adresse(vague)).content.decode())
    assert coches == [str(dossier.pk)]
    envoi = {"acte": "prendre", "dossiers": coches, "demande": ""}
    assert COCHES.findall(client.post(adresse(vague, "actes/"), envoi).content.decode()) == coches
    assert f'<option value="{moi.pk}"' in client.get(adresse(vague, "repartir/")).content.decode()


def test_sans_rien_de_coche_la_liste_le_dit_et_ce_qui_l_est_se_telecharge(trois):
    client, vague, (premier, _, _), _ = trois
    rien = client.post(adresse(vague, "actes/"), {"acte": "recevable", "demande": "tri=reference"}, follow=True)
    assert "Cochez au moins un dossier" in rien.content.decode()
    assert rien.request["QUERY_STRING"] == "tri=reference"
    envoi = {"acte": "telecharger_csv", "dossiers": [premier.pk], "demande": "colonnes=etape"}
    fichier = client.post(adresse(vague, "actes/"), envoi, follow=True).getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(fichier), delimiter=";"))
    assert [(ligne["Référence"], ligne["Étape"]) for ligne in lignes] == [
        (premier.reference, "Recevabilité à vérifier")
    ]
    assert client.post(adresse(vague, "actes/"), {"acte": "inconnu", "dossiers": [premier.pk]}).status_code == 404
