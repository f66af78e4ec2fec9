"""The feeds of the calendar, read back by the libraries that agendas and readers use."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar

from candidatures.calendrier.actions.vagues import modifier_vague, retablir, suspendre
from candidatures.calendrier.flux import en_atom, en_icalendar
from candidatures.cloture.actions import cloture, prolongations
from candidatures.labellisation import actions as labellisation
from candidatures.models import Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import PARIS, horloge_base
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PAGE = "https://portail.example/calendrier/"
FLUX = "https://portail.example/calendrier.atom"
UN_JOUR = timedelta(days=1)
MOTIF = "Crédits épuisés ; reprise l’an prochain, sous réserve."


@pytest.fixture
def maintenant() -> datetime:
    return horloge_base()


@pytest.fixture
def a_venir(maintenant):
    ouverture = datetime(maintenant.year + 1, 6, 1, 12, tzinfo=PARIS)
    return f.une_vague(ouverture=ouverture, cloture=ouverture.replace(month=10))


def agenda(client: Client) -> list[dict]:
    """The events of the feed, in order."""
    calendrier = Calendar.from_ical(client.get("/calendrier.ics").content)
    return [
        {
            "uid": str(evenement["uid"]),
            "debut": evenement.decoded("dtstart"),
            "resume": str(evenement["summary"]).replace("\u00a0", " "),
            "etat": str(evenement["status"]),
            "sequence": evenement["sequence"],
            "texte": str(evenement["description"]),
        }
        for evenement in calendrier.walk("VEVENT")
    ]


def nouvelles(vagues, maintenant: datetime) -> list[tuple[str, str]]:
    """Title and instant of each entry, latest first."""
    racine = ET.fromstring(en_atom(vagues, maintenant, adresse=PAGE, flux=FLUX))  # noqa: S314
    return [
        (entree.findtext(f"{ATOM}title").replace("\u00a0", " "), entree.findtext(f"{ATOM}updated"))
        for entree in racine.findall(f"{ATOM}entry")
    ]


def nom_de(vague: Vague) -> str:
    return f"Période de dépôt n° {vague.numero}"


def a_la_seconde(vague: Vague) -> datetime:
    """Agendas know no smaller unit."""
    return vague.echeance.replace(microsecond=0)


class TestAgenda:
    def test_une_vague_a_deux_rendez_vous_a_la_seconde(self, client, a_venir):
        ouverture, cloture = agenda(client)
        assert (ouverture["debut"], cloture["debut"]) == (a_venir.ouverture, a_venir.cloture)
        assert {ouverture["debut"].tzinfo.utcoffset(None), cloture["debut"].tzinfo.utcoffset(None)} == {timedelta(0)}
        assert ouverture["resume"] == f"Rebond industriel : ouverture de la période de dépôt n° {a_venir.numero}"
        assert cloture["resume"] == f"Rebond industriel : clôture de la période de dépôt n° {a_venir.numero}"
        assert (ouverture["etat"], ouverture["sequence"]) == ("CONFIRMED", 0)

    def test_un_rendez_vous_deplace_suspendu_puis_retabli_reste_le_meme(self, client, a_venir, maintenant):
        acteur = f.un_utilisateur()
        versions = [agenda(client)]
        modifier_vague(
            vague=a_venir,
            ouverture=a_venir.ouverture + UN_JOUR,
            cloture=a_venir.cloture,
            acteur=acteur,
            maintenant=maintenant,
        )
        versions.append(agenda(client))
        suspendre(vague=a_venir, motif=MOTIF, acteur=acteur, maintenant=maintenant)
        versions.append(agenda(client))
        retablir(vague=a_venir, motif="Elle aura lieu.", acteur=acteur, maintenant=maintenant)
        versions.append(agenda(client))

        ouvertures, clotures = zip(*versions, strict=True)
        assert {len({e["uid"] for e in ouvertures}), len({e["uid"] for e in clotures})} == {1}
        assert [e["sequence"] for e in ouvertures] == [0, 1, 2, 3]
        assert [e["etat"] for e in ouvertures] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
        assert ouvertures[1]["debut"] == ouvertures[0]["debut"] + UN_JOUR
        assert MOTIF in clotures[2]["texte"]

    def test_le_calendrier_est_conforme(self, client, a_venir):
        reponse = client.get("/calendrier.ics")
        assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
        assert all(len(ligne) <= 75 for ligne in reponse.content.split(b"\r\n"))
        calendrier = Calendar.from_ical(reponse.content)
        assert (calendrier["version"], calendrier.walk("VTIMEZONE")) == ("2.0", [])
        assert [evenement.errors for evenement in calendrier.walk("VEVENT")] == [[], []]
        assert {evenement.decoded("last-modified") for evenement in calendrier.walk("VEVENT")} == {
            Vague.objects.get().revisee_le.replace(microsecond=0)
        }


class TestNouvelles:
    def test_elles_suivent_l_horloge(self, a_venir):
        un_an = timedelta(days=365)
        vague = Vague.objects.get()
        nom, instant = nom_de(vague), timedelta(microseconds=1)

        def titres(quand):
            return [titre for titre, _ in nouvelles([vague], quand)]

        assert titres(vague.ouverture - instant) == [f"{nom} programmée"]
        assert titres(vague.ouverture) == [f"{nom} ouverte"]
        assert titres(vague.cloture - instant) == [f"{nom} ouverte"]
        assert titres(vague.cloture) == titres(vague.cloture + un_an) == [f"{nom} close", f"{nom} ouverte"]

    def test_l_instant_d_une_nouvelle_est_celui_du_fait(self, a_venir):
        (_, close), (_, ouverte) = nouvelles([a_venir], a_venir.cloture + UN_JOUR)
        assert (datetime.fromisoformat(close), datetime.fromisoformat(ouverte)) == (a_venir.cloture, a_venir.ouverture)

    def test_une_suspension_est_une_nouvelle_avec_son_motif(self, a_venir, maintenant):
        suspendre(vague=a_venir, motif=MOTIF, acteur=f.un_utilisateur(), maintenant=maintenant)
        vague = Vague.objects.get()
        assert [titre for titre, _ in nouvelles([vague], vague.cloture + UN_JOUR)] == [f"{nom_de(vague)} suspendue"]
        assert MOTIF in en_atom([vague], maintenant, adresse=PAGE, flux=FLUX)

    def test_une_prolongation_repousse_la_cloture_et_le_dit(self, client, maintenant):
        vague = f.une_vague(cloture=maintenant + UN_JOUR)
        avant = agenda(client)
        signataires = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.VALIDEUR)
        proposee = prolongations.proposer(
            vague=vague,
            candidature=None,
            jusqu_au=vague.cloture + UN_JOUR,
            motif="Panne du réseau.",
            acteur=signataires[0],
            maintenant=maintenant,
        )
        assert agenda(client) == avant
        prolongations.signer(prolongation=proposee, acteur=signataires[1], maintenant=maintenant)
        vague = Vague.objects.get()

        ouverture, cloture = agenda(client)
        assert (ouverture["debut"], cloture["debut"]) == (vague.ouverture.replace(microsecond=0), a_la_seconde(vague))
        assert (cloture["uid"], cloture["sequence"]) == (avant[1]["uid"], avant[1]["sequence"] + 1)
        assert "Prolongée jusqu’au" in cloture["texte"]
        titres = [titre for titre, _ in nouvelles([vague], vague.cloture)]
        assert titres == [f"{nom_de(vague)} prolongée", f"{nom_de(vague)} ouverte"]
        assert next(titre for titre, _ in nouvelles([vague], vague.echeance)) == f"{nom_de(vague)} close"
        for page in ("/", "/calendrier/"):
            assert "Prolongée jusqu’au" in client.get(page).content.decode()

    def test_le_flux_est_conforme(self, client, a_venir):
        reponse = client.get("/calendrier.atom")
        assert reponse["Content-Type"] == "application/atom+xml; charset=utf-8"
        racine = ET.fromstring(reponse.content)  # noqa: S314
        assert racine.tag == f"{ATOM}feed"
        for obligatoire in ("id", "title", "updated", "author"):
            assert racine.find(f"{ATOM}{obligatoire}") is not None, obligatoire
        soi = [lien.get("href") for lien in racine.findall(f"{ATOM}link") if lien.get("rel") == "self"]
        assert soi == ["http://localhost:8000/calendrier.atom"]
        (entree,) = racine.findall(f"{ATOM}entry")
        for obligatoire in ("id", "title", "updated"):
            assert entree.findtext(f"{ATOM}{obligatoire}")
        assert entree.findtext(f"{ATOM}id").startswith("urn:uuid:")

    def test_un_calendrier_vide_ne_dit_pas_quand_il_a_ete_fait(self, client):
        racine = ET.fromstring(client.get("/calendrier.atom").content)  # noqa: S314
        assert racine.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


class TestEmbargo:
    def test_rien_ne_change_dans_les_flux_tant_que_les_resultats_ne_sont_pas_publics(self, maintenant):
        vague = f.une_vague(cloture=maintenant - 30 * UN_JOUR)

        def flux(quand):
            vagues = list(Vague.objects.all())
            return en_icalendar(vagues, adresse=PAGE), en_atom(vagues, quand, adresse=PAGE, flux=FLUX)

        avant, publique_a = flux(maintenant), maintenant + UN_JOUR
        valideur = f.un_agent(Role.VALIDEUR)
        cloture.clore(vague_id=vague.pk, maintenant=maintenant)
        labellisation.labelliser(vague=vague, decisions={}, valideur=valideur, maintenant=maintenant)
        labellisation.annoncer(vague=vague, valideur=valideur, publique_a=publique_a, maintenant=maintenant)
        assert Vague.objects.get().etat == EtatVague.PUBLIEE
        assert flux(maintenant) == flux(publique_a - timedelta(microseconds=1)) == avant
        assert flux(publique_a) != avant
        (resultats, quand), *_ = nouvelles(Vague.objects.all(), publique_a)
        assert (resultats, datetime.fromisoformat(quand)) == (
            f"{nom_de(vague)} : résultats publiés",
            publique_a,
        )


@pytest.mark.parametrize("adresse", ["/calendrier.ics", "/calendrier.atom"])
class TestHttp:
    def test_qui_a_deja_cette_version_ne_la_recoit_pas(self, client, adresse, a_venir):
        premiere = client.get(adresse)
        assert premiere["Cache-Control"] == "public, max-age=60"
        seconde = client.get(adresse, headers={"If-None-Match": premiere["ETag"]})
        assert (seconde.status_code, seconde.content) == (304, b"")
        Vague.objects.filter(pk=a_venir.pk).update(cloture=a_venir.cloture + UN_JOUR)
        assert client.get(adresse, headers={"If-None-Match": premiere["ETag"]}).status_code == 200

    def test_un_calendrier_vide_est_un_flux_valable(self, client, adresse):
        assert client.get(adresse).status_code == 200

    @pytest.mark.parametrize("vagues", [1, 3])
    def test_une_requete_quel_que_soit_le_nombre_de_vagues(
        self, client, adresse, vagues, maintenant, django_assert_num_queries
    ):
        for rang in range(vagues):
            f.une_vague(ouverture=maintenant + rang * 9 * UN_JOUR, cloture=maintenant + (rang + 1) * 9 * UN_JOUR)
        # Its version twice, until when it is true, in two; then the waves.
        with django_assert_num_queries(5):
            client.get(adresse)
        with django_assert_num_queries(1):
            client.get(adresse)

    def test_le_calendrier_et_l_accueil_y_menent(self, client, adresse):
        f.une_vague()
        for page in ("/", "/calendrier/"):
            contenu = client.get(page).content.decode()
            assert f'<link rel="alternate" type="{self.type_mime(adresse)}"' in contenu.split("</head>")[0]
        assert f'href="{adresse}"' in contenu.split("</head>")[1]

    def type_mime(self, adresse):
        return "text/calendar" if adresse.endswith("ics") else "application/atom+xml"
