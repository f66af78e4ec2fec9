"""The public pages: the wave to the second, laureates out of embargo only, figures as they went out."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.carte.laureats import carte_annoncee, carte_publique
from projets.models import Industriel
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from territoires.models import Territoire
from tests.fabriques import un_utilisateur, une_vague
from tests.projets import decor

pytestmark = pytest.mark.django_db


def lire(client: Client, adresse: str) -> str:
    return client.get(adresse).content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_l_accueil_dit_la_date_limite_a_la_seconde_et_la_suite(client: Client) -> None:
    cloture = datetime(horloge_base().year + 1, 2, 1, 12, tzinfo=PARIS)
    vague = une_vague(cloture=cloture)
    suivante = une_vague(ouverture=cloture, cloture=cloture + timedelta(days=120))
    page = lire(client, "/")
    assert f"Période de dépôt n° {vague.numero} : jusqu’au 1er février {cloture.year}, midi (heure de Paris)" in page
    assert f"Période de dépôt n° {suivante.numero} : du 1er février {cloture.year}, midi au " in page


def test_sans_vague_ouverte_l_accueil_le_dit(client: Client) -> None:
    assert "Aucune période de dépôt n’est ouverte en ce moment." in lire(client, "/")
    assert "Les premiers lauréats ne sont pas encore annoncés." in lire(client, "/territoires-laureats/")
    assert "Le calendrier n’est pas encore publié." in lire(client, "/calendrier/")


def test_un_laureat_sous_embargo_ne_parait_nulle_part(client: Client) -> None:
    decor.une_annonce()
    maintenant = horloge_base()
    cache = decor.un_laureat(une_vague(), maintenant - timedelta(hours=1), publique_a=maintenant + timedelta(hours=1))
    for adresse in ("/", "/territoires-laureats/", "/territoires-laureats/carte.svg"):
        page = lire(client, adresse)
        assert "3 territoires lauréats" in page
        assert str(cache.territoire) not in page


def test_la_carte_a_son_tableau(client: Client) -> None:
    mission = decor.une_annonce()
    page = lire(client, "/territoires-laureats/")
    assert '<img src="/territoires-laureats/carte.svg" alt="Carte des territoires lauréats au ' in page
    assert f">{mission.labellisations.get().territoire}</th>".replace("\u00a0", " ") in page
    assert "IGN – ADMIN EXPRESS COG, Licence Ouverte 2.0" in page


def test_tout_ce_qui_a_un_numero_sur_la_carte_est_dans_une_liste_dans_l_ordre(client: Client) -> None:
    decor.une_annonce()
    pilote = Territoire.objects.filter(labellisations__isnull=False).earliest("pk")
    Territoire.objects.filter(pk=pilote.pk).update(pilote_france_relance=True)
    page = lire(client, "/territoires-laureats/")
    numeros = re.findall(r'<td role="cell" data-label="N°">(\d+)</td>', page)
    assert numeros == [str(rang) for rang in range(1, len(numeros) + 1)]
    assert page.count(f">{pilote.nom}</th>") == 2
    for adresse in ("carte.svg", "carte-etroite.svg"):
        dessines = re.findall(r"<text[^>]*>(\d+)</text>", lire(client, f"/territoires-laureats/{adresse}"))
        assert sorted(dessines, key=int) == numeros
    # What is printed keeps the numbers that its own list has: those of the laureates.
    imprimee, _ = carte_publique(horloge_base()).dessiner()
    assert len(re.findall(r"<text[^>]*>(\d+)</text>", imprimee)) == len(numeros) - 1


def test_un_laureat_dont_un_membre_a_fusionne_dit_ce_qu_il_est_devenu_et_ce_qui_est_fige_n_en_dit_rien(
    client: Client,
) -> None:
    mission = decor.une_annonce()
    territoire = mission.labellisations.get().territoire
    Territoire.objects.filter(pk=territoire.pk).update(suite="CA d’Hier : au 1er janvier 2026, devenue CA de Demain")
    ligne = f'>{territoire.nom}<br><span class="fr-text--sm fr-text--regular">CA d’Hier : au 1er janvier 2026, devenue'
    assert f"{ligne} CA de Demain</span></th>" in lire(client, "/territoires-laureats/")
    bulle = f"<title>{territoire.nom} ({territoire.region_pilote}) – CA d’Hier : au 1er janvier 2026, devenue CA de"
    for adresse in ("carte.svg", "carte-etroite.svg"):
        assert bulle in lire(client, f"/territoires-laureats/{adresse}")
    svg, _ = carte_annoncee(jour_de_paris(horloge_base())).dessiner()
    assert territoire.nom in svg
    assert "CA de Demain" not in svg


def test_les_moteurs_de_recherche_lisent_ce_qui_est_public_et_rien_de_ce_qui_est_invente(
    client: Client, settings: Any
) -> None:
    settings.DEMONSTRATION = False
    robots = lire(client, "/robots.txt")
    assert f"Sitemap: {settings.ADRESSE_PUBLIQUE}/sitemap.xml" in robots
    assert "Disallow: /candidatures/" in robots
    adresses = re.findall("<loc>(.*?)</loc>", lire(client, "/sitemap.xml"))
    assert f"{settings.ADRESSE_PUBLIQUE}/calendrier/" in adresses
    for adresse in adresses:
        assert client.get(adresse.removeprefix(settings.ADRESSE_PUBLIQUE)).status_code == 200
    settings.DEMONSTRATION = True
    assert lire(client, "/robots.txt") == "User-agent: *\nDisallow: /\n"


def test_l_accueil_montre_les_chiffres_publies_et_pas_ceux_du_jour(client: Client) -> None:
    decor.une_annonce()
    assert "Les chiffres publiés" not in lire(client, "/")
    decor.un_communique(maintenant=horloge_base())
    decor.un_projet(Industriel.objects.earliest("pk"), un_utilisateur())
    page = lire(client, "/")
    assert "Les chiffres publiés au 28 août 2023" in page
    assert "6 projets" in page
    assert "7 projets" not in page


def test_un_montant_en_vue_est_en_millions_et_son_exact_est_dans_sa_definition(client: Client) -> None:
    decor.une_annonce()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    page = client.get("/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    chiffres = re.search(r'<dl class="[^"]*rebond-chiffres">(.*?)</dl>', page, re.DOTALL)
    assert chiffres is not None
    assert "<dd>10 M€</dd>" in chiffres[1]
    assert " €" not in chiffres[1]
    assert "Montant exact : 10 840 000 €." in page


def test_un_seul_nombre_de_laureats_sur_les_pages_publiques(client: Client) -> None:
    """A release counted three; one more was announced since. Whatever the page, and the map, they say four."""
    decor.une_annonce()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    decor.un_laureat(une_vague(), horloge_base() - timedelta(hours=1))
    for adresse in ("/", "/territoires-laureats/", "/territoires-laureats/carte.svg"):
        assert set(re.findall(r"(\d+) territoires? lauréats?", lire(client, adresse))) == {"4"}
    assert "Territoires lauréats</dt>" not in lire(client, "/")


def test_l_accueil_dit_ce_qui_manque_a_un_total_et_ne_baisse_pas_d_une_restitution_a_l_autre(client: Client) -> None:
    decor.une_annonce()
    auteur = un_utilisateur()
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    assert "10 840 000 €" in lire(client, "/")
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(
        decor.un_laureat(vague, datetime(2023, 9, 1, 12, tzinfo=PARIS)), restituee_le=date(2024, 1, 15)
    )
    decor.un_projet(decor.un_industriel(autre, 91), auteur, investissement=2_000_000)
    decor.un_projet_sans_estimation(autre.industriels.get())
    decor.un_communique(au=date(2024, 1, 15), maintenant=horloge_base())
    page = lire(client, "/")
    assert "Les chiffres publiés au 15 janvier 2024" in page
    assert "12 840 000 € (renseigné pour 7 projets sur 8)" in page


def test_le_calendrier_dit_ou_en_est_chaque_vague(client: Client) -> None:
    decor.une_annonce()
    page = lire(client, "/calendrier/")
    assert "1er octobre 2023, midi" in page
    assert "Clôture en cours d’enregistrement" in page


@pytest.mark.parametrize("laureats", [1, 3])
def test_le_nombre_de_requetes_ne_depend_pas_des_laureats(
    client: Client, laureats: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vague = decor.une_releve(1, decor.RESTITUTION, ouverture=decor.RESTITUTION - timedelta(days=90))
    for _ in range(laureats):
        decor.un_laureat(vague, datetime(2023, 8, 29, 12, tzinfo=PARIS))
    # To make the page: its version twice, until when it is true, in two; then what it shows. To send it again: one.
    for adresse, requetes in (("/", 11), ("/territoires-laureats/", 7), ("/calendrier/", 8)):
        with django_assert_num_queries(requetes):
            client.get(adresse)
        with django_assert_num_queries(1):
            client.get(adresse)
