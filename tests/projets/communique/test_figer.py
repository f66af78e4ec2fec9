"""What a release refuses to freeze, in the action and in Postgres; its files, made once and kept."""

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from projets.communique import editions, formats, redaction, regles
from projets.communique.actions import conserver_fichiers, figer
from projets.communique.annexes import A_VERIFIER, ANNEXES, TOUS
from projets.models import Axe, Communique, FichierDeCommunique
from projets.tasks import conserver_les_fichiers_des_communiques
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents import stockage as documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests.fabriques import un_agent, un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)
LEVEE = datetime(2023, 8, 29, 18, tzinfo=PARIS)
MINUIT = datetime(2023, 8, 29, tzinfo=PARIS)


def refus(maintenant: datetime = MAINTENANT, **arguments: Any) -> tuple[str, ...]:
    with pytest.raises(RegleEnfreinte) as refuse:
        figer(au=AU, acteur=un_utilisateur(), maintenant=maintenant, **arguments)
    assert not FichierDeCommunique.objects.exists()
    return refuse.value.messages


def octets(communique: Communique) -> dict[tuple[str, bool], bytes]:
    return {
        (fichier.cle, fichier.sous_embargo): documents.lire(fichier.document)
        for fichier in communique.fichiers.select_related("document")
    }


def test_une_journee_qui_n_est_pas_finie_ne_se_fige_pas() -> None:
    decor.une_annonce()
    (raison,) = refus(MINUIT - timedelta(microseconds=1))
    assert raison == (
        "La journée du 28\u00a0août\u00a02023 n’est pas finie\u00a0: ses chiffres peuvent encore changer. Arrêtez les "
        "chiffres au 27\u00a0août\u00a02023, ou revenez demain."
    )
    assert editions.refus(editions.projet(au=AU, maintenant=MINUIT), maintenant=MINUIT) == []


def test_toutes_les_raisons_viennent_ensemble() -> None:
    mission = decor.une_annonce()
    decor.un_communique(maintenant=MAINTENANT)
    Axe.objects.all().delete()
    with override_settings(PRESSE_CONTACTS=[], PRESSE_ADRESSE="http://127.0.0.1:8108"):
        raisons = refus(MINUIT - timedelta(minutes=1), motif="x", relu="autre")
    debuts = (
        "La journée du",
        "Le contact presse",
        "L’adresse http://127.0.0.1:8108",
        "La feuille de route",
        "Le motif",
    )
    assert [raison for raison, debut in zip(raisons, debuts, strict=False) if not raison.startswith(debut)] == []
    assert raisons[len(debuts) :] == (
        "Le texte ou les chiffres ont changé depuis que vous les avez relus : rien n’est arrêté. Relisez-les.",
    )
    assert mission.titre in raisons[3]


def test_la_commande_dit_pourquoi_un_projet_ne_se_figerait_pas(capsys: pytest.CaptureFixture[str]) -> None:
    decor.une_annonce()
    call_command("communique", "--au", "2023-08-28")
    assert capsys.readouterr().err == ""
    Axe.objects.all().delete()
    with override_settings(PRESSE_CONTACTS=[]):
        call_command("communique", "--au", "2023-08-28")
    sorties = capsys.readouterr()
    assert "Ce projet ne peut pas encore être arrêté :\n- Le contact presse" in sorties.err
    assert "\n- La feuille de route de" in sorties.err
    assert "à renseigner]" in sorties.out


@pytest.mark.parametrize(
    ("hote", "joignable"),
    [
        ("localhost", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("192.168.1.12", False),
        ("0.0.0.0", False),  # noqa: S104
        ("web", False),
        ("rebond.local", False),
        ("rebond.test", False),
        ("demonstration.example", False),
        ("www.example.com", False),
        ("", False),
        ("rebond.anct.gouv.fr", True),
        ("LOCALHOST.fr", True),
        ("9.9.9.9", True),
    ],
)
def test_une_adresse_se_joint_de_l_exterieur(hote: str, joignable: bool) -> None:
    assert regles.hote_joignable(hote, demonstration=False) is joignable


def test_une_demonstration_a_des_adresses_inventees() -> None:
    assert regles.hote_joignable("rebond.demonstration.example", demonstration=True)
    assert not regles.hote_joignable("localhost", demonstration=True)


@pytest.mark.parametrize(
    ("contact", "joignable"),
    [
        (redaction.CONTACT_A_RENSEIGNER, False),
        ("Ministère chargé de l’industrie", False),
        ("Service de presse : 01 XX XX XX XX", False),
        ("Presse : presse@localhost", False),
        ("Presse : à compléter", False),
        ("Ministère chargé de l’Industrie : 01 53 18 46 19 - presse@industrie.gouv.fr", True),
        ("Alexxandra Maxximin : alexxandra.maxximin@industrie.gouv.fr", True),
        ("Julia André-Jallerat – 06\u00a070\u00a062\u00a017\u00a062", True),
        ("Secrétariat général pour l’investissement : presse.sgpi@pm.gouv.fr.", True),
    ],
)
def test_un_contact_permet_de_joindre_quelqu_un(contact: str, joignable: bool) -> None:
    assert regles.contact_joignable(contact, demonstration=False) is joignable


def test_rien_ne_se_fige_deux_fois_sans_changement() -> None:
    decor.une_annonce()
    premier = figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT)
    assert figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT) == premier
    with pytest.raises(RegleEnfreinte, match="Rien n’a changé depuis la version 1"):
        figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT, motif="Un projet avait été oublié.")
    assert Communique.objects.count() == 1
    assert EntreeJournal.objects.filter(acte="figer_communique").count() == 1
    assert FichierDeCommunique.objects.count() == len(TOUS)


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"empreinte": "la même"}, "communique_change"),
        ({"version": 3}, "communique_version_suivante"),
        ({"version": 1}, "communique_version_suivante"),
        ({"motif": "x"}, "communique_motif_suffisant"),
        ({"motif": "  x              "}, "communique_motif_suffisant"),
        ({"motif": "motmotmotmotmotmotmot"}, "communique_motif_suffisant"),
        ({"contenu": {"contacts": []}}, "communique_contact_reel"),
        ({"contenu": {"contacts": [redaction.CONTACT_A_RENSEIGNER]}}, "communique_contact_reel"),
        (
            {"contenu": {"contacts": ["a"], "blocs": [["paragraphe", ["http://localhost:8000"]]]}},
            "communique_adresse_publique",
        ),
    ],
)
def test_la_base_refuse_ce_que_l_action_refuse(champs: dict[str, Any], contrainte: str) -> None:
    auteur = un_utilisateur()
    bon: dict[str, Any] = {"au": AU, "chiffres": {}, "contenu": {"contacts": ["a"]}, "fige_par": auteur}
    Communique.objects.create(**bon, version=1, empreinte="la même")
    suivant = bon | {"version": 2, "empreinte": "autre", "motif": "Un projet avait été oublié."}
    with pytest.raises(IntegrityError) as refuse, transaction.atomic():
        Communique.objects.create(**(suivant | champs))
    assert nom_contrainte(refuse.value) == contrainte
    Communique.objects.create(**suivant)


def test_la_base_refuse_une_journee_qui_n_est_pas_finie() -> None:
    aujourd_hui = jour_de_paris(horloge_base())
    bon: dict[str, Any] = {"version": 1, "chiffres": {}, "contenu": {"contacts": ["a"]}, "empreinte": "a"}
    with pytest.raises(IntegrityError) as refuse, transaction.atomic():
        Communique.objects.create(au=aujourd_hui, fige_par=un_utilisateur(), **bon)
    assert nom_contrainte(refuse.value) == "communique_jour_fini"
    Communique.objects.create(au=aujourd_hui - timedelta(days=1), fige_par=un_utilisateur(), **bon)


def _autre_gabarit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "rendre_html", lambda _gabarit, _contexte: "<!DOCTYPE html><title>Demain</title>")


def _autre_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "SURTITRE", "Un autre surtitre")


def _autre_fabrique(monkeypatch: pytest.MonkeyPatch) -> None:
    for cle, format_ in list(TOUS.items()):
        monkeypatch.setitem(
            TOUS,
            cle,
            formats.Format(cle, "Demain", "bin", "application/octet-stream", lambda _: b"demain", format_.suffixe),
        )


def test_le_code_de_demain_sert_les_octets_d_hier(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    decor.une_annonce()
    fige = figer(au=AU, acteur=un_utilisateur(), maintenant=MAINTENANT)
    client.force_login(un_agent(Role.PRESSE))
    adresses = {cle: reverse("presse:fichier_fige", args=[fige.pk, cle]) for cle in TOUS}

    def servis() -> dict[str, tuple[bytes, str, str]]:
        reponses = {cle: client.get(adresse) for cle, adresse in adresses.items()}
        return {
            cle: (reponse.getvalue(), reponse.headers["Content-Type"], reponse.headers["Content-Disposition"])
            for cle, reponse in reponses.items()
        }

    avant = servis()
    assert {cle: contenu for cle, (contenu, *_) in avant.items()} == {cle: o for (cle, _), o in octets(fige).items()}
    assert avant["texte"][1:] == (
        "text/plain; charset=utf-8",
        'attachment; filename="communique-2023-08-28-v1.txt"',
    )
    assert avant["pdf"][0].startswith(b"%PDF-1.7")
    for changer in (_autre_gabarit, _autre_signature, _autre_fabrique):
        changer(monkeypatch)
        assert servis() == avant
    # The draft of the same date is what today's code makes of it.
    assert client.get(reverse("presse:fichier", args=[AU, "texte"])).content == b"demain"


def test_un_communique_d_avant_recoit_ses_fichiers_d_un_ouvrier(client: Client) -> None:
    decor.une_annonce()
    ancien = decor.un_communique(maintenant=MAINTENANT, fige_le=datetime(2023, 8, 29, 9, tzinfo=PARIS))
    client.force_login(un_agent(Role.PRESSE))
    page = reverse("presse:communique", args=[ancien.pk])
    assert "en cours de fabrication" in client.get(page).content.decode()
    assert client.get(reverse("presse:fichier_fige", args=[ancien.pk, "pdf"])).status_code == 404
    with pytest.raises(CommandError, match="pas encore fabriqués"):
        call_command("communique", "--au", "2023-08-28")
    conserver_les_fichiers_des_communiques()
    assert set(octets(ancien)) == {(cle, False) for cle in TOUS}
    assert "arrêté avant que le portail ne conserve les fichiers" in client.get(page).content.decode()
    conserver_fichiers(communique_id=ancien.pk)
    assert ancien.fichiers.count() == len(TOUS)
    fichier = ancien.fichiers.earliest("pk")
    for agir in (fichier.delete, lambda: ancien.fichiers.update(nom="autre.txt")):
        with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
            agir()
    with pytest.raises(IntegrityError) as refuse, transaction.atomic():
        FichierDeCommunique.objects.create(
            communique=ancien, cle=fichier.cle, sous_embargo=False, nom="a", document=fichier.document
        )
    assert nom_contrainte(refuse.value) == "fichier_de_communique_unique"


def test_sous_embargo_les_fichiers_le_portent_jusqu_a_la_levee(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Frozen under embargo, a release has each file twice; the clock alone chooses."""
    decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    levee = horloge_base() + timedelta(days=1)
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS), publique_a=levee)
    fige = figer(au=AU, acteur=un_utilisateur(), maintenant=horloge_base())
    textes = {sous: contenu.decode() for (cle, sous), contenu in octets(fige).items() if cle == "texte"}
    assert ("SOUS EMBARGO" in textes[True], "SOUS EMBARGO" in textes[False]) == (True, False)
    client.force_login(un_agent(Role.PRESSE))
    reponse = client.get(reverse("presse:fichier_fige", args=[fige.pk, "texte"]))
    assert reponse.getvalue().decode() == textes[True]
    assert "communique-2023-08-28-v1-sous-embargo.txt" in reponse.headers["Content-Disposition"]
    (apres,) = editions.fichiers(fige, maintenant=levee).filter(cle="texte")
    assert documents.lire(apres.document).decode() == textes[False]
    assert apres.nom == "communique-2023-08-28-v1.txt"
    call_command("communique", "--au", "2023-08-28")
    assert capsys.readouterr().out == textes[True]


def test_ce_qui_est_a_verifier_n_est_dans_aucun_fichier_a_diffuser() -> None:
    """No row of a single project is in a table to release, and a running mission counts in no figure at all."""
    decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    en_cours = decor.une_mission(
        decor.un_laureat(vague, datetime(2023, 3, 27, 12, tzinfo=PARIS)), restituee_le=None, titre="En cours"
    )
    decor.un_projet(decor.un_industriel(en_cours, 9), un_utilisateur(), investissement=77_777_777)
    pret = editions.projet(au=AU, maintenant=MAINTENANT)

    def mots(contenu: bytes) -> str:
        if not contenu.startswith(b"PK"):
            return contenu.decode("utf-8-sig", "ignore")
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            return "".join(archive.read(nom).decode() for nom in archive.namelist() if nom.endswith(".xml"))

    a_verifier = mots(A_VERIFIER["verification"].fabriquer(pret))
    interdits = ("Projet n° ", "Industriel n° ", "1210000")
    assert [mot for mot in interdits if mot not in a_verifier] == []
    for cle in ("csv", "xlsx"):
        diffuse = mots(ANNEXES[cle].fabriquer(pret))
        assert "10840000" in diffuse
        assert [mot for mot in (*interdits, "77777777") if mot in diffuse] == []
    assert "NE PAS DIFFUSER" in a_verifier
    assert A_VERIFIER["verification"].nom(pret) == ("communique-2023-08-28-projet-a-verifier-ne-pas-diffuser.xlsx")
