"""« Je ne trouve pas mon intercommunalité »: asked without an account, answered by a person, the instant kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from candidatures.demandes.actions import repondre
from candidatures.demandes.models import DemandeDEpci
from candidatures.models import Prolongation
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.actions import territoire_pour
from territoires.chargement import charger_referentiel
from territoires.etats import Role
from territoires.models import Epci
from territoires.recherche import chercher
from territoires.regles import siren_fictif
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db
DITE = {
    "collectivite": "CC des Deux Caps",
    "situation": "nouvelle",
    "commune": "Audinghen",
    "siren": "",
    "nom": "A. Mairesse",
    "email": "mairie@audinghen.example",
    "telephone": "03 21 00 00 00",
    "message": "Créée le 1er janvier.",
}
SIREN = f.un_siren(70_001)


def demander(client: Client | None = None, **champs: str) -> DemandeDEpci:
    reponse = (client or Client()).post(reverse("epci_introuvable"), DITE | champs)
    assert (reponse.status_code, reponse.url) == (302, f"{reverse('epci_introuvable')}?envoyee")
    return DemandeDEpci.objects.latest("pk")


def saisie(**champs: object) -> dict[str, object]:
    departement = f.un_departement()
    return {
        "siren": SIREN,
        "nom": "CC des Deux Caps",
        "nature": "CC",
        "population": "22 000 habitants",
        "departement": departement.pk,
        "source": "Arrêté préfectoral du 12 décembre 2025",
        "reponse": "Vous pouvez commencer.",
    } | champs


def test_la_demande_garde_l_heure_de_la_base_et_une_personne_est_prevenue(settings) -> None:
    settings.ASSISTANCE_ADRESSE = "aide@rebond.example"
    vague, agent = f.une_vague(), f.un_agent(Role.ADMINISTRATEUR)
    avant = horloge_base()
    demande = demander()
    assert avant <= demande.recue_le <= horloge_base()
    assert (demande.vague, demande.collectivite, demande.repondue_le) == (vague, "CC des Deux Caps", None)
    destinataires = set(Courrier.objects.filter(cle__startswith="demande-epci").values_list("destinataire", flat=True))
    assert destinataires == {"mairie@audinghen.example", "aide@rebond.example", agent.email}
    entree = EntreeJournal.objects.get(acte="demander_epci")
    assert entree.details["recue_le"] == demande.recue_le.isoformat()
    liste = client_de(agent).get(reverse("administration:demandes"))
    assert "À traiter" in texte(liste)


def test_ce_qui_manque_est_dit_et_rien_n_est_perdu() -> None:
    reponse = Client().post(reverse("epci_introuvable"), DITE | {"email": "", "siren": "123"})
    lue = texte(reponse)
    assert reponse.status_code == 200
    assert "Saisissez votre adresse e-mail." in lue
    assert "Ce numéro SIREN n’est pas valable" in lue
    assert b'value="CC des Deux Caps"' in reponse.content
    assert not DemandeDEpci.objects.exists()


def test_une_fois_la_demande_partie_la_page_dit_la_suite_sans_formulaire() -> None:
    client = Client()
    demander(client)
    envoyee = client.get(f"{reverse('epci_introuvable')}?envoyee")
    assert "Votre demande est enregistrée" in texte(envoyee)
    assert "vous répondra par e-mail" in texte(envoyee)
    assert b"<form" not in envoyee.content


def test_au_dela_de_cinq_demandes_on_attend_et_rien_n_est_perdu() -> None:
    for rang in range(5):
        demander(commune=f"Commune {rang}")
    refus = Client().post(reverse("epci_introuvable"), DITE)
    assert (refus.status_code, refus["Retry-After"]) == (429, "3600")
    assert b'value="CC des Deux Caps"' in refus.content
    assert DemandeDEpci.objects.count() == 5


def test_un_double_clic_ne_fait_qu_une_demande_et_garde_la_premiere_heure() -> None:
    premiere = demander()
    assert demander().recue_le == premiere.recue_le
    assert Courrier.objects.filter(cle__startswith="demande-epci").count() == 1


@pytest.mark.parametrize(
    "champs",
    [
        {"recue_le": "2020-01-01T00:00:00Z"},
        {"collectivite": "Autre"},
        {"email": "autre@example.fr"},
        {"email": "", "nom": "", "message": ""},
    ],
)
def test_une_demande_recue_ne_change_pas(champs: dict[str, str]) -> None:
    demande = demander()
    with pytest.raises(IntegrityError, match="une demande reçue ne change pas"), f.dans_un_point_de_reprise():
        DemandeDEpci.objects.filter(pk=demande.pk).update(**champs)


def test_nul_ne_choisit_l_heure_de_sa_demande() -> None:
    demande = DemandeDEpci.objects.create(**DITE, recue_le=horloge_base() - timedelta(days=3))
    demande.refresh_from_db()
    assert demande.recue_le > horloge_base() - timedelta(minutes=5)


def test_l_agent_saisit_l_intercommunalite_et_le_dossier_commence() -> None:
    f.une_vague()
    demande, client = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR))
    adresse = reverse("administration:demande", args=[demande.pk])
    sans_source = client.post(adresse, saisie(source=""))
    assert "Dites d’où vous le savez." in texte(sans_source)
    sans_numero = client.post(adresse, saisie(siren=""))
    assert "Saisissez son numéro SIREN" in texte(sans_numero)
    assert client.post(adresse, saisie()).status_code == 302
    epci = Epci.objects.get(siren=SIREN)
    assert (epci.saisie, epci.population, epci.fictif) == ("Arrêté préfectoral du 12 décembre 2025", 22_000, False)
    demande.refresh_from_db()
    assert (demande.epci, demande.reponse) == (epci, "Vous pouvez commencer.")
    assert [la.siren for la in chercher("Deux Caps").trouvees] == [SIREN]
    lettre = Courrier.objects.get(cle=f"demande-epci-{demande.pk}-reponse")
    assert f"/commencer/?epci={SIREN}" in lettre.texte
    assert "Répondre" not in texte(client.get(adresse))
    assert client.post(adresse, {"reponse": "Encore"}).status_code == 409
    porteur = client_de(f.un_utilisateur())
    assert "CC des Deux Caps" in texte(porteur.get(f"{page('ouvrir')}?epci={SIREN}"))


def test_un_numero_du_referentiel_ne_se_saisit_pas() -> None:
    demande, client, connu = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR)), f.un_epci()
    refus = client.post(reverse("administration:demande", args=[demande.pk]), saisie(siren=connu.siren))
    assert refus.status_code == 409
    assert "choisissez-la plutôt" in texte(refus)


def test_la_demande_prepare_un_delai_que_deux_personnes_signent() -> None:
    vague = f.une_vague()
    demande, client = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR))
    fiche = texte(client.get(reverse("administration:demande", args=[demande.pk])))
    assert f"avant la clôture de la vague {vague.numero}" in fiche
    adresse = f"{reverse('administration:prolongations', args=[vague.numero])}?demande={demande.pk}"
    assert "Le portail ne proposait pas «\u00a0CC des Deux Caps\u00a0»" in texte(client.get(adresse))
    assert not Prolongation.objects.exists()
    valideur = client_de(f.un_agent(Role.VALIDEUR))
    assert "CC des Deux Caps" not in texte(valideur.get(adresse))
    # Its file once begun, and no other, is what the proposal is about.
    epci = f.un_epci()
    client.post(reverse("administration:demande", args=[demande.pk]), {"epci": epci.siren, "reponse": "La voici."})
    demande.refresh_from_db()
    dossier = f.une_candidature(
        vague=vague, territoire=territoire_pour(epcis=[epci], chef_de_file=epci, nom="Deux Caps")
    )
    assert demande.epci == epci
    assert client.get(adresse).context["formulaire"].initial["candidature"] == dossier.pk


def test_un_millesime_qui_la_connait_prend_la_place_de_la_saisie(tables_d_un_departement: dict) -> None:
    f.une_vague()
    demande = demander()
    client_de(f.un_agent(Role.ADMINISTRATEUR)).post(reverse("administration:demande", args=[demande.pk]), saisie())
    charger_referentiel(tables_d_un_departement)
    epci = Epci.objects.get(siren=SIREN)
    assert (epci.au, epci.saisie) == (None, "Arrêté préfectoral du 12 décembre 2025")
    sienne = [SIREN, "CC des Deux Caps", "CC", 22_100, "32", ["32"], ["59"]]
    charger_referentiel(tables_d_un_departement | {"millesime": 2027, "epcis": [sienne]}, confirmer=True)
    epci.refresh_from_db()
    assert (epci.saisie, epci.population, epci.millesime) == ("", 22_100, 2027)


@pytest.fixture
def tables_d_un_departement() -> dict:
    autre = [f.un_siren(70_002), "CC Autre", "CC", 10, "32", ["32"], ["59"]]
    return {
        "millesime": 2026,
        "regions": [["32", "Hauts-de-France"]],
        "departements": [["59", "Nord", "32"]],
        "epcis": [autre],
    }


@pytest.mark.parametrize(
    ("champ", "ecrit"),
    [
        ("collectivite", "CC des Deux Caps\r\nBcc: tous@example.fr"),
        ("collectivite", "CC voir https://exemple.fr"),
        ("collectivite", "x" * 100_000),
        ("nom", "A\u2028Bcc: tous@example.fr"),
        ("message", "é" * 100_000),
        ("telephone", "0" * 10_000),
        ("email", "a@b.fr\nBcc: tous@example.fr"),
        ("situation", "inventée"),
        ("siren", "123456789"),
        ("recue_le", "2020-01-01T00:00:00Z"),
        ("vague", "1"),
        ("epci", "1"),
        ("repondue_le", "2020-01-01"),
    ],
)
def test_ce_qu_un_inconnu_forge_ne_change_ni_une_lettre_ni_l_heure(champ: str, ecrit: str) -> None:
    avant = horloge_base()
    reponse = Client().post(reverse("epci_introuvable"), DITE | {champ: ecrit})
    assert reponse.status_code in (200, 302)
    for courrier in Courrier.objects.filter(cle__startswith="demande-epci"):
        assert "\n" not in courrier.objet
        assert courrier.destinataire == "mairie@audinghen.example"
        assert not [ligne for ligne in courrier.texte.splitlines() if ligne.startswith("Bcc:")]
    for demande in DemandeDEpci.objects.all():
        assert demande.recue_le >= avant
        assert (demande.vague, demande.epci, demande.repondue_le) == (None, None, None)
    if len(ecrit) > 1_000:
        assert not DemandeDEpci.objects.exists()
        assert b"fr-message--error" in reponse.content


@pytest.mark.parametrize(
    ("siren", "dit"),
    [
        (siren_fictif(1), "réservé aux données de démonstration"),
        ("123456789", "Ce numéro SIREN n’est pas valable"),
        ("12345678", "Ce numéro SIREN n’est pas valable"),
        ("\u0661" * 9, "Ce numéro SIREN n’est pas valable"),
    ],
)
def test_un_numero_qui_n_en_est_pas_un_se_refuse_en_une_phrase(siren: str, dit: str) -> None:
    """Those of the demonstration are well-formed and name nobody."""
    demande, client = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR))
    refus = client.post(reverse("administration:demande", args=[demande.pk]), saisie(siren=siren))
    assert refus.status_code in (200, 409)
    assert dit in texte(refus)
    assert b'value="CC des Deux Caps"' in refus.content
    assert not Epci.objects.exists()


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.ADMINISTRATEUR)])
def test_nul_autre_qu_un_administrateur_ne_lit_ni_ne_repond(role: Role | None) -> None:
    """Not even somebody who calls the act itself."""
    demande = demander()
    agent = f.un_agent(role) if role else f.un_utilisateur()
    client = client_de(agent)
    for adresse in (reverse("administration:demandes"), reverse("administration:demande", args=[demande.pk])):
        assert client.get(adresse).status_code in (403, 404)
    assert client.post(reverse("administration:demande", args=[demande.pk]), saisie()).status_code in (403, 404)
    with pytest.raises(RegleEnfreinte, match="Seul un administrateur"):
        repondre(demande=demande, reponse="Non.", epci=None, a_saisir=None, acteur=agent, maintenant=horloge_base())
    trouves = client.get("/recherche/?q=Deux+Caps").context["groupes"]
    assert [groupe.source.genre for groupe, _ in trouves] == []


def test_le_journal_et_la_liste_des_lettres_ne_disent_rien_de_la_personne() -> None:
    demande = demander()
    entree = EntreeJournal.objects.get(acte="demander_epci")
    dits = str(entree.details) + str(entree.objet_libelle if hasattr(entree, "objet_libelle") else "")
    assert not [dit for dit in (demande.email, demande.nom, demande.telephone, demande.message) if dit in dits]


def test_qui_demande_s_oublie_et_l_on_repond_sans_lui_ecrire() -> None:
    demande, client = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR))
    assert DemandeDEpci.objects.filter(pk=demande.pk).oublier_qui_demande() == 1
    adresse = reverse("administration:demande", args=[demande.pk])
    lue = texte(client.get(adresse))
    assert "votre réponse ne lui parviendra pas" in lue
    assert demande.email not in lue
    assert client.post(adresse, saisie()).status_code == 302
    assert Epci.objects.filter(siren=SIREN).exists()
    assert not Courrier.objects.filter(cle__endswith="-reponse").exists()
    with pytest.raises(IntegrityError, match="une demande reçue ne change pas"), f.dans_un_point_de_reprise():
        DemandeDEpci.objects.filter(pk=demande.pk).update(reponse="Autre")
    with pytest.raises(IntegrityError, match="une demande reçue ne change pas"), f.dans_un_point_de_reprise():
        DemandeDEpci.objects.filter(pk=demande.pk).update(email="encore@example.fr")


def test_la_reponse_ne_dit_optionnel_qu_une_fois_et_replie_ce_qui_va_ensemble() -> None:
    demande, administrateur = demander(), client_de(f.un_agent(Role.ADMINISTRATEUR))
    adresse = reverse("administration:demande", args=[demande.pk])
    lue = texte(administrateur.get(adresse))
    assert lue.count("(optionnel)") == 1
    assert '<details class="fr-mb-4w"><summary>Elle n’est pas dans le référentiel' in lue
    # What was begun is shown, with what is missing.
    refusee = texte(administrateur.post(adresse, {"reponse": "Bonjour", "siren": SIREN}))
    assert '<details class="fr-mb-4w" open><summary>' in refusee
    assert "Saisissez sa population." in refusee
