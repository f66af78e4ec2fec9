"""Drawings are read as XML; what they look like is checked by eye."""

from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from territoires import referentiel
from territoires.actions import inventer_epci, territoire_pour
from territoires.carte import (
    Couche,
    Forme,
    Motif,
    carte_svg,
    carte_territoire_svg,
    couche_perimetre,
    couches_des_territoires,
    par_region,
)
from territoires.carte.geometrie import Cadrage, Interieur, cadrer, contient, trace
from territoires.carte.svg import CREDIT
from territoires.etats import Nature, NatureMembre, Programme
from territoires.groupements import ALES, CAMBRESIS, LAUREATS_CONNUS, MORLAIX, territoire_du_groupement
from territoires.importation import LigneTI
from territoires.industrie import importer
from territoires.models import Departement, Territoire
from territoires.referentiel import Zone

SVG = "{http://www.w3.org/2000/svg}"
POIDS_MAX = 300_000
AU = date(2023, 8, 28)
UN_POUR_UN = Cadrage("metro", 1.0, 0.0, 0.0)


def carre(x: int, y: int) -> Zone:
    return Zone("metro", (x + 5, y + 5), (((x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)),))


def dessin(couches: list[Couche]) -> Element:
    return fromstring(carte_svg(couches, titre="Carte d’essai", description="Pour voir"))  # noqa: S314


def textes(svg: Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def couche_laureats(territoires: list[Territoire]) -> Couche:
    return couches_des_territoires(
        Territoire.objects.filter(pk__in=[territoire.pk for territoire in territoires]), AU
    )[0]


def couche_pilotes() -> Couche | None:
    return couches_des_territoires(Territoire.objects.none(), AU)[1]


def un_territoire_fictif(rang: int = 1, code: str = "59") -> Territoire:
    departement = Departement.objects.select_related("region").get(code=code)
    epci = inventer_epci(
        rang=rang, nom=f"CC Fictive {rang}", nature=Nature.CC, population=1, departement=departement, millesime=2023
    )
    return territoire_pour(epcis=[epci], chef_de_file=epci, nom=f"Territoire fictif {rang}")


def test_la_frontiere_commune_de_deux_zones_disparait() -> None:
    assert trace([carre(0, 0), carre(10, 0)], UN_POUR_UN) == "M0 0l10 0 10 0 0 10-10 0-10 0z"


def test_deux_zones_disjointes_font_deux_anneaux() -> None:
    assert trace([carre(0, 0), carre(30, 0)], UN_POUR_UN).count("z") == 2


def test_un_trou_reste_un_trou() -> None:
    couronne = [carre(x, y) for x in (0, 10, 20) for y in (0, 10, 20) if (x, y) != (10, 10)]
    assert trace(couronne, UN_POUR_UN).count("z") == 2
    assert trace([*couronne, carre(10, 10)], UN_POUR_UN).count("z") == 1


def test_une_zone_d_une_autre_projection_n_est_pas_tracee() -> None:
    assert trace([carre(0, 0)], Cadrage("974", 1.0, 0.0, 0.0)) == ""


def test_le_cadrage_tient_dans_son_cadre_au_milieu() -> None:
    cadrage = cadrer([carre(100, 200)], x=0, y=0, largeur=50, hauteur=20)
    assert (cadrage.point((100, 200)), cadrage.point((110, 210))) == ((15, 0), (35, 20))
    assert cadrage.inverse(25, 10) == (105, 205)


def test_un_point_est_dedans_ou_dehors() -> None:
    assert contient(carre(0, 0), (5, 5))
    assert not contient(carre(0, 0), (15, 5))


def test_un_parallele_ne_se_cherche_qu_une_fois_et_dit_tout_ce_qui_est_dedans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a U and what is between its arms, and of a ring and its hole."""
    u = ((0, 0), (2, 0), (2, 6), (6, 6), (6, 0), (8, 0), (8, 8), (0, 8))
    anneau = ((0, 20), (8, 20), (8, 28), (0, 28)), ((2, 22), (6, 22), (6, 26), (2, 26))
    cherches: list[int] = []
    franchir = Interieur._franchir
    monkeypatch.setattr(Interieur, "_franchir", lambda soi, y: cherches.append(y) or franchir(soi, y))
    interieur = Interieur(Zone("metro", (0, 0), (u, *anneau)))
    dits = {y: [x for x in range(1, 12, 2) if interieur.contient((x, y))] for y in (-1, 3, 7, 21, 24)}
    assert dits == {-1: [], 3: [1, 7], 7: [1, 3, 5, 7], 21: [1, 3, 5, 7], 24: [1, 7]}
    assert cherches == [-1, 3, 7, 21, 24]


def test_les_voisins_partagent_leur_frontiere_au_sommet_pres() -> None:
    """The two EPCI of Cambrésis put together have fewer edges than apart, by the same number on each side."""
    cambrai, caudresis = (referentiel.zones("epcis")[siren] for siren in CAMBRESIS.sirens)
    ensemble = trace([cambrai, caudresis], UN_POUR_UN)
    assert len(ensemble) < 0.95 * len(trace([cambrai], UN_POUR_UN) + trace([caudresis], UN_POUR_UN))


def test_les_laureats_se_numerotent_par_region_et_se_lisent_en_texte(charge: None) -> None:
    territoires = [territoire_du_groupement(groupement) for groupement in (CAMBRESIS, ALES, MORLAIX)]
    couche = couche_laureats([*territoires, un_territoire_fictif()])
    assert {
        region: [(f.numero, f.nom, f.fictive) for f in formes] for region, formes in par_region(couche).items()
    } == {
        "Bretagne": [(1, "Morlaix", False)],
        "Hauts-de-France": [(2, "Cambrésis et Caudrésis-Catésis", False), (3, "Territoire fictif 1", True)],
        "Occitanie": [(4, "Alès", False)],
    }
    ecrits = textes(dessin([couche]))
    assert [texte for texte in ecrits if texte.isdigit()] == ["1", "2", "3", "4"]
    assert "Territoires lauréats de l’AMI Rebond industriel" in ecrits


def test_la_carte_est_nommee_decrite_et_sans_style(charge: None) -> None:
    svg = dessin([couche_laureats([territoire_du_groupement(CAMBRESIS)])])
    assert svg.get("role") == "img"
    cites = [svg.find(f".//*[@id='{identifiant}']") for identifiant in (svg.get("aria-labelledby") or "").split()]
    assert [element.text for element in cites if element is not None] == ["Carte d’essai", "Pour voir"]
    assert not [element for element in svg.iter() if "style" in element.attrib or element.tag.endswith("style")]
    assert any("IGN – ADMIN EXPRESS COG, Licence Ouverte 2.0" in texte for texte in textes(svg))


def test_ce_qui_est_invente_le_dit_sur_la_carte(charge: None) -> None:
    legende = "Territoire fictif (données de démonstration)"
    assert legende not in textes(dessin([couche_laureats([territoire_du_groupement(CAMBRESIS)])]))
    svg = dessin([couche_laureats([un_territoire_fictif(), un_territoire_fictif(2)])])
    assert legende in textes(svg)
    hachures = [element for element in svg.iter(f"{SVG}path") if element.get("fill") == "url(#carte-fictif)"]
    assert len({element.get("d") for element in hachures}) == 3  # two markers side by side, and the legend's


def test_deux_cartes_d_une_page_ne_se_melangent_pas() -> None:
    couche = Couche("Essai", Motif.PILOTE, (Forme("Alès", "Occitanie", ALES.sirens),))
    une = carte_svg([couche], titre="Une", description="", identifiant="une")
    autre = carte_svg([couche], titre="Autre", description="", identifiant="autre")
    assert "url(#une-pilote)" in une
    assert "carte-" not in une + autre
    assert "une-" not in autre
    assert une == carte_svg([couche], titre="Une", description="", identifiant="une")


def test_un_nom_ne_peut_pas_injecter_de_balise() -> None:
    couche = Couche("<script>", Motif.LAUREAT, (Forme('"><b>', "Occitanie", ALES.sirens),))
    svg = carte_svg([couche], titre="<i>", description='"&', identifiant="carte")
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "<i>" not in svg


def test_le_perimetre_ne_se_dessine_qu_une_fois_importe(charge: None) -> None:
    assert couche_perimetre(AU) is None
    ligne = LigneTI("ti-1", "Cambrésis", NatureMembre.EPCI, "CA de Cambrai", siren="200068500")
    commune = LigneTI("ti-2", "Étang", NatureMembre.COMMUNE, "Marignane", siren="211300546")
    importer([ligne, commune], programme=Programme.PREMIER)
    couche = couche_perimetre(AU)
    assert couche is not None
    assert couche.libelle == "Périmètre des 2\u00a0territoires d’industrie"
    assert (couche.formes[0].sirens, couche.communes) == (("200068500",), ("13054",))
    assert len(list(dessin([couche]).iter(f"{SVG}circle"))) == 2 + 1  # the pattern's dots, and the commune


def test_le_perimetre_est_celui_du_programme_en_vigueur_a_la_date(charge: None) -> None:
    """The announcement of 28 August 2023 counts the 149 of the first programme; the 183 came on 9 November."""
    lignes = [
        LigneTI("ti-1", "Cambrésis", NatureMembre.EPCI, "CA de Cambrai", siren="200068500"),
        LigneTI("ti-2", "Alès", NatureMembre.EPCI, "CA Alès Agglomération", siren="200066918"),
    ]
    importer(lignes, programme=Programme.SECOND)
    importer(lignes[:1], programme=Programme.PREMIER)

    def libelle(au: date) -> str:
        couche = couche_perimetre(au)
        return couche.libelle.replace("\u00a0", " ") if couche else ""

    assert {au.isoformat(): libelle(au) for au in (date(2018, 11, 21), AU, date(2023, 11, 8), date(2023, 11, 9))} == {
        "2018-11-21": "",
        "2023-08-28": "Périmètre d’un territoire d’industrie",
        "2023-11-08": "Périmètre d’un territoire d’industrie",
        "2023-11-09": "Périmètre des 2 territoires d’industrie",
    }
    assert libelle(date(2028, 1, 1)) == ""


def test_la_carte_d_une_date_sans_programme_importe_ne_montre_pas_celui_d_apres(charge: None) -> None:
    ligne = LigneTI("ti-1", "Cambrésis", NatureMembre.EPCI, "CA de Cambrai", siren="200068500")
    importer([ligne], programme=Programme.SECOND)
    assert couche_perimetre(AU) is None


def test_les_pilotes_sont_leur_propre_couche(charge: None) -> None:
    assert couche_pilotes() is None
    territoire = territoire_du_groupement(MORLAIX)
    Territoire.objects.filter(pk=territoire.pk).update(pilote_france_relance=True)
    couche = couche_pilotes()
    assert couche is not None
    assert [forme.nom for forme in couche.formes] == ["Morlaix"]
    assert couche.motif is Motif.PILOTE


def test_la_carte_entiere_reste_legere(charge: None) -> None:
    perimetre = Couche("Tout", Motif.PERIMETRE, (Forme("Tout", "", tuple(sorted(referentiel.zones("epcis"))[::2])),))
    laureats = couche_laureats([territoire_du_groupement(groupement) for groupement in LAUREATS_CONNUS])
    assert len(carte_svg([perimetre, laureats], titre="", description="").encode()) < POIDS_MAX


@pytest.mark.parametrize("nombre", [1, 3])
def test_les_couches_coutent_toujours_autant_de_requetes(
    charge: None, django_assert_num_queries: Callable[[int], Any], nombre: int
) -> None:
    for groupement in LAUREATS_CONNUS[:nombre]:
        territoire_du_groupement(groupement)
    with django_assert_num_queries(1):
        laureats, pilotes = couches_des_territoires(Territoire.objects.all(), AU)
    assert (len(laureats.formes), pilotes) == (nombre, None)


def test_une_forme_dit_les_membres_dans_leur_ordre_et_le_premier_departement(charge: None) -> None:
    territoires = [territoire_du_groupement(groupement) for groupement in LAUREATS_CONNUS]
    fictif = un_territoire_fictif()
    Territoire.objects.filter(pk=territoires[0].pk).update(pilote_france_relance=True)
    laureats, pilotes = couches_des_territoires(Territoire.objects.exclude(pk=territoires[0].pk), AU)
    assert pilotes is not None
    lues = {forme.nom: (forme.region, forme.sirens, forme.departement) for forme in laureats.formes + pilotes.formes}
    assert lues == {
        territoire.nom: (
            territoire.region_pilote.nom,
            tuple(epci.siren for epci in territoire.epcis.all() if not epci.fictif),
            territoire.departements[0].code,
        )
        for territoire in [*territoires, fictif]
    }
    assert ([forme.nom for forme in pilotes.formes], pilotes.formes[0].numero) == ([territoires[0].nom], None)


def test_la_carte_d_un_territoire_nomme_ses_membres_et_ses_departements(charge: None) -> None:
    svg = carte_territoire_svg(territoire_du_groupement(CAMBRESIS))
    ecrits = textes(fromstring(svg))  # noqa: S314
    assert "1. CA de Cambrai" in ecrits
    assert "2. CA du Caudrésis et du Catésis" in ecrits
    assert {"Nord (59)", "Aisne (02)", "Somme (80)", "Pas-de-Calais (62)"} <= set(ecrits)
    assert len(svg.encode()) < POIDS_MAX


def test_la_carte_d_un_territoire_invente_le_dit(charge: None) -> None:
    ecrits = textes(fromstring(carte_territoire_svg(un_territoire_fictif())))  # noqa: S314
    assert "Territoire fictif (données de démonstration)" in ecrits
    assert "1. CC Fictive 1" in ecrits


def test_la_carte_d_un_territoire_se_lit_sur_un_telephone(charge: None) -> None:
    """288 pixels of a phone of 320 for 900 units; the same members, the same numbers."""
    territoire = territoire_du_groupement(CAMBRESIS)
    large, etroite = (fromstring(carte_territoire_svg(territoire, etroit=etroit)) for etroit in (False, True))  # noqa: S314
    tailles = {float(texte.get("font-size", "0")) for texte in etroite.iter(f"{SVG}text")}
    assert min(tailles) * 288 / 900 >= 12
    # Nothing written is cut at an edge, not even who made the outlines.
    ecrits = [(texte.text or "", float(texte.get("font-size", "0"))) for texte in etroite.iter(f"{SVG}text")]
    assert max(len(ecrit) * 0.54 * taille for ecrit, taille in ecrits) <= 900
    assert CREDIT in " ".join(ecrit for ecrit, _ in ecrits)
    assert {"1", "2", "1. CA de Cambrai", "2. CA du Caudrésis et du Catésis"} <= {*textes(large)} & {*textes(etroite)}


@pytest.mark.parametrize("etroit", [False, True])
def test_les_noms_des_departements_ne_se_touchent_pas(charge: None, etroit: bool) -> None:
    """« Marne (51) » and « Meuse (55) » are parted by a letter at least, wherever the territory is."""
    nommes = 0
    for code in ("02", "51", "55", "59", "69", "75", "93"):
        rang = int(code)
        svg = fromstring(carte_territoire_svg(un_territoire_fictif(rang=rang, code=code), etroit=etroit))  # noqa: S314
        noms = {
            (lu.text, float(lu.get("x", 0)), float(lu.get("y", 0)), float(lu.get("font-size", 0)))
            for lu in svg.iter(f"{SVG}text")
            if lu.get("font-style") == "italic"
        }
        nommes += len(noms)
        for (un, x, y, corps), (autre, x_autre, y_autre, _) in combinations(noms, 2):
            libre = abs(x - x_autre) - (len(un) + len(autre)) * corps * 0.27
            assert libre >= corps or abs(y - y_autre) >= 1.5 * corps, (code, un, autre)
    assert nommes > 14


def test_une_carte_outre_mer_se_dessine(charge: None) -> None:
    ecrits = textes(fromstring(carte_territoire_svg(un_territoire_fictif(code="974"))))  # noqa: S314
    assert "La Réunion (974)" in ecrits
