"""The search of intercommunalités: under any spelling, by commune or number; what is merely alike stays apart."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from rebond.socle.texte.noms import nom_nu
from territoires import referentiel
from territoires.appellations import MOTS_DE_NATURE, MOTS_VIDES, Lecture, cle_de_nom, lire
from territoires.chargement import charger_referentiel
from territoires.etats import Nature
from territoires.groupements import CAMBRESIS, DREUX, LAUREATS_CONNUS, territoire_du_groupement
from territoires.models import Departement, Epci, Territoire
from territoires.propositions import Rang, Trouvaille
from territoires.recherche import Reponse, chercher, territoires_cherches, trouver
from territoires.regles import siret_valide
from tests.fabriques import un_utilisateur
from tests.outils.roles import administrer

ADRESSE = "territoires:recherche_epci"
EN_TOUTES_LETTRES = {
    Nature.CC: "Communauté de communes",
    Nature.CA: "Communauté d’agglomération",
    Nature.CU: "Communauté urbaine",
    Nature.METROPOLE: "Métropole",
    Nature.METROPOLE_LYON: "Métropole",
    Nature.EPT: "Établissement public territorial",
}
PREFIXES = ("CC ", "CA ", "CU ")


def noms(reponse: Reponse) -> list[str]:
    return [proposition.epci.nom for proposition in reponse.trouvees]


@pytest.mark.parametrize(
    ("saisie", "premier"),
    [
        ("cambr", "CA de Cambrai"),
        ("CAMBRAI", "CA de Cambrai"),
        ("Communauté d'agglomération de Cambrai", "CA de Cambrai"),
        ("Cambrai agglo", "CA de Cambrai"),
        ("agglomération de cambrai (59)", "CA de Cambrai"),
        ("Dreux agglomération", "CA Agglo du Pays de Dreux"),
        ("Communauté d’agglomération du Pays de Dreux", "CA Agglo du Pays de Dreux"),
        ("caudresis catesis", "CA du Caudrésis et du Catésis"),
        ("Catésis, Caudrésis", "CA du Caudrésis et du Catésis"),
        ("portesde france thionville", "CA Portes de France-Thionville"),
        ("agglopolys", "CA de Blois «\u00a0Agglopolys\u00a0»"),
        ("metz", "Metz Métropole"),
        ("métropole de Metz", "Metz Métropole"),
        ("200068500", "CA de Cambrai"),
        ("200 068 500", "CA de Cambrai"),
        ("SIREN\u00a0: 200.068.500", "CA de Cambrai"),
        ("20006850", "CA de Cambrai"),
        ("200\u202f068\u202f500\u202f00012", "CA de Cambrai"),
        ("215901224", "CA de Cambrai"),
        ("CA de Cambrai (59) – 81\u202f764\u00a0habitants – SIREN\u00a0200\u00a0068\u00a0500", "CA de Cambrai"),
        ("marcoing", "CA de Cambrai"),
        ("59400", "CA de Cambrai"),
        ("59400 Cambrai", "CA de Cambrai"),
        ("Marseille", "Métropole d'Aix-Marseille-Provence"),
        ("13016", "Métropole d'Aix-Marseille-Provence"),
        ("CA2C", "CA du Caudrésis et du Catésis"),
        ("CCLO", "CC de Lacq-Orthez"),
        ("gpso", "CU Grand Paris Seine et Oise"),
    ],
)
def test_un_epci_se_trouve_par_son_nom_son_numero_ou_une_commune(charge: None, saisie: str, premier: str) -> None:
    assert noms(chercher(saisie))[0] == premier


def test_une_commune_du_grand_paris_mene_a_ses_deux_intercommunalites(charge: None) -> None:
    for saisie in ("L'Haÿ-les-Roses", "l hay les roses", "L’HAY LES ROSES", "94240"):
        reponse = chercher(saisie)
        assert noms(reponse) == ["Métropole du Grand Paris", "Grand-Orly Seine Bièvre"]
        assert [proposition.precision for proposition in reponse.trouvees] == [
            "L'Haÿ-les-Roses fait partie de la Métropole du Grand Paris",
            "L'Haÿ-les-Roses fait partie de Grand-Orly Seine Bièvre",
        ]
        assert (reponse.designee, reponse.siren_propose, reponse.phrase) == (None, "", "")


@pytest.mark.parametrize("saisie", ["L’Île-d’Yeu", "ile d yeu", "85350", "218501138"])
def test_une_ile_sans_intercommunalite_le_dit(charge: None, saisie: str) -> None:
    phrase = chercher(saisie).phrase
    assert phrase.startswith("L'Île-d'Yeu (85) n’appartient à aucune intercommunalité")


@pytest.mark.parametrize(
    ("saisie", "attendue"),
    [
        ("thionvile", "CA Portes de France-Thionville"),
        ("cambrey", "CA de Cambrai"),
        ("LHay les Roses", "Métropole du Grand Paris"),
        ("20006850000017", "CA de Cambrai"),
    ],
)
def test_ce_qui_ressemble_est_propose_a_part_et_jamais_choisi(charge: None, saisie: str, attendue: str) -> None:
    reponse = chercher(saisie)
    assert reponse.trouvees == []
    assert reponse.ressemblantes[0].epci.nom == attendue
    assert (reponse.designee, reponse.siren_propose) == (None, "")
    assert reponse.phrase


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ("zzzzzz", "Aucune intercommunalité ne correspond à «\u00a0zzzzzz\u00a0». Essayez une partie de son nom"),
        ("732829320", "ce numéro est valable, mais ce n’est pas celui d’une intercommunalité"),
        ("200068501", "Ce numéro SIREN n’est pas valable"),
        ("20006850100017", "Ce numéro SIRET n’est pas valable"),
        ("2000685001", "Un numéro SIREN a neuf chiffres"),
        ("99999", "Aucune intercommunalité ne correspond à «\u00a099999\u00a0»"),
        ("200068500; DROP TABLE", ""),
        ("cambrai ' & | ! :* \\ %", ""),
        ("Ωμέγα", "Aucune intercommunalité ne correspond"),
    ],
)
def test_une_recherche_vaine_dit_pourquoi_et_quoi_essayer(charge: None, saisie: str, phrase: str) -> None:
    reponse = chercher(saisie)
    assert phrase in reponse.phrase
    assert bool(reponse.phrase) == (not reponse.trouvees)


@pytest.mark.parametrize("saisie", ["", " ", "%", "_", "'", "«\u00a0»"])
def test_sans_une_lettre_ni_un_chiffre_rien_n_est_cherche(charge: None, saisie: str) -> None:
    assert chercher(saisie) == Reponse(saisie.strip())


@pytest.mark.parametrize(
    ("saisie", "designee"),
    [
        ("CA de Cambrai", "CA de Cambrai"),
        ("cambrai", "CA de Cambrai"),
        ("Communauté d’agglomération de Cambrai", "CA de Cambrai"),
        ("CA de Cambrai (200 068 500)", "CA de Cambrai"),
        ("cambr", None),
        ("Marcoing", None),
        ("59400", None),
        ("Dreux", None),
        ("Ardenne", None),
        ("communauté d’agglomération", None),
    ],
)
def test_seul_un_nom_entier_ou_un_numero_designe(charge: None, saisie: str, designee: str | None) -> None:
    trouvee = chercher(saisie).designee
    assert (trouvee and trouvee.nom) == designee


def ecritures(nom: str, nature: str) -> set[str]:
    """An official name as people write it."""
    court = nom.removeprefix(next((p for p in PREFIXES if nom.startswith(p)), ""))
    entier = f"{EN_TOUTES_LETTRES[Nature(nature)]} {court}"
    ecrites = {nom, entier, f"{court} ({EN_TOUTES_LETTRES[Nature(nature)]})"}
    ecrites |= {re.sub(r"\bSaint\b", "St", ecrite) for ecrite in ecrites}
    ecrites |= {ecrite.replace("'", "’") for ecrite in ecrites} | {ecrite.replace("’", "'") for ecrite in ecrites}
    ecrites |= {ecrite.replace("-", " ") for ecrite in ecrites}
    return ecrites | {ecrite.upper() for ecrite in ecrites} | {nom_nu(ecrite) for ecrite in ecrites}


def un_siret(siren: str) -> str:
    return next(siret for siret in (f"{siren}000{cle:02d}" for cle in range(10, 100)) if siret_valide(siret))


def par_lots(lectures: list[Lecture], taille: int = 500) -> list[list[Trouvaille]]:
    return [
        une
        for debut in range(0, len(lectures), taille)
        for une in trouver(lectures[debut : debut + taille], au_plus=30)
    ]


def test_tout_le_referentiel_se_trouve_sous_toutes_ses_ecritures(db: None) -> None:
    """Every EPCI under every spelling, its SIREN, its SIRET and a commune of its own: the right one first.

    Those that bear the same name come first together. Texts that are read alike are asked once.
    """
    charger_referentiel()
    # As the database does by itself, a moment after so many rows came in.
    administrer(
        "ANALYZE territoires_epci, territoires_commune, territoires_epci_departements, territoires_departement",
    )
    attendus: dict[Lecture, set[str]] = {}
    rangs: dict[Lecture, Rang] = {}

    def attendre(saisie: str, siren: str, rang: Rang) -> None:
        lecture = lire(saisie)
        attendus.setdefault(lecture, set()).add(siren)
        rangs[lecture] = max(rang, rangs.get(lecture, rang))

    for siren, nom, nature, *_ in referentiel.tables()["epcis"]:
        for ecriture in ecritures(nom, nature):
            attendre(ecriture, siren, Rang.NOM)
        for numero in (siren, un_siret(siren)):
            attendre(numero, siren, Rang.NOM_ENTIER)
    vues: set[str] = set()
    for commune in referentiel.communes_nommees():
        if commune.siren_epci and commune.siren_epci not in vues and not commune.ancienne:
            vues.add(commune.siren_epci)
            attendre(f"{commune.nom} {commune.codes_postaux[0]}", commune.siren_epci, Rang.COMMUNE)
            attendre(commune.siren, commune.siren_epci, Rang.COMMUNE)
    epcis = Epci.objects.in_bulk()
    manques = []
    for lecture, trouvailles in zip(attendus, par_lots([*attendus]), strict=True):
        tete = [une for une in trouvailles if une.rang <= max(rangs[lecture], trouvailles[0].rang)]
        premieres = {epcis[une.epci].siren for une in tete}
        # Others may come as first only when they bear the same name, or are reached by the same commune.
        cles = {epcis[une.epci].cle for une in tete}
        if not attendus[lecture] <= premieres or (rangs[lecture] <= Rang.NOM and len(cles) > 1):
            manques.append((lecture, attendus[lecture], premieres))
    assert manques == []
    assert len(vues) == 1255
    with connection.cursor() as curseur:
        curseur.execute("SELECT nom, cle FROM territoires_commune UNION ALL SELECT nom, cle FROM territoires_epci")
        assert [(nom, cle) for nom, cle in curseur.fetchall() if cle_de_nom(nom) != cle] == []


@pytest.mark.jumeau("postgres:cle_de_nom")
def test_les_mots_qui_ne_distinguent_pas_sont_les_memes_en_sql(db: None) -> None:
    vides = ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"]
    natures = ["agglo", "agglomeration", "ca", "cc", "communaute", "communes", "cu", "ept", "metropole", "urbaine"]
    mots = [*vides, *natures, "saint", "sainte", "saints", "saintes", "deux", "trois", "quatre", "cinq", "six", "sept"]
    assert (set(vides), set(natures)) == (MOTS_VIDES, MOTS_DE_NATURE)
    phrases = [
        f"Le {mot} de Saint-{mot} et {mot} {mot} des Deux Sept {mot}" for mot in [*mots, "saint", "deux", "autre"]
    ]
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT cle_de_nom(p) FROM unnest(%s::text[]) WITH ORDINALITY AS t(p, r) ORDER BY r", [phrases]
        )
        assert [cle for (cle,) in curseur.fetchall()] == [cle_de_nom(phrase) for phrase in phrases]


@pytest.mark.parametrize(
    ("saisie", "requetes"), [("ca", 2), ("2000", 2), ("cambrai", 2), ("thionvile", 5), ("zzzz", 4)]
)
def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_est_trouve(
    charge: None, django_assert_num_queries: Callable[[int], Any], saisie: str, requetes: int
) -> None:
    with django_assert_num_queries(requetes):
        assert all(proposition.libelle for proposition in chercher(saisie).trouvees)


def test_les_territoires_se_cherchent_par_leur_nom_ou_leurs_membres(charge: None) -> None:
    cambresis, dreux = (territoire_du_groupement(groupement) for groupement in (CAMBRESIS, DREUX))
    Territoire.objects.filter(pk=dreux.pk).update(nom="Écluses de l’Eure")
    for saisie, trouve in [
        ("Communauté d’agglomération de Cambrai", cambresis),
        ("Marcoing", cambresis),
        ("59400", cambresis),
        ("200 068 500 00012", cambresis),
        ("pays de dreux", dreux),
        ("ECLUSES DE L'EURE", dreux),
    ]:
        assert list(territoires_cherches(saisie)) == [trouve], saisie
    for vaine in ("zzzz", "'", "200068501"):
        assert not territoires_cherches(vaine).exists()


@pytest.mark.parametrize("groupements", [LAUREATS_CONNUS[:1], LAUREATS_CONNUS[:3]])
def test_une_liste_de_territoires_coute_quatre_requetes(
    charge: None, django_assert_num_queries: Callable[[int], Any], groupements: tuple
) -> None:
    for groupement in groupements:
        territoire_du_groupement(groupement)
    with django_assert_num_queries(4):
        lignes = [
            (t.nom, t.chef_de_file.nom, t.region_pilote.nom, t.population, len(t.regions), len(t.departements))
            for t in Territoire.objects.pour_liste()
        ]
    assert len(lignes) == len(groupements)


def test_l_adresse_de_recherche_repond_aux_personnes_connectees(client: Client, charge: None) -> None:
    client.force_login(un_utilisateur())
    cambrai = {
        "siren": "200068500",
        "libelle": "CA de Cambrai (59) – 81\u202f764\u00a0habitants – SIREN\u00a0200\u00a0068\u00a0500",
        "precision": "",
        "saisie": "CA de Cambrai (200\u00a0068\u00a0500)",
    }
    reponse = client.get(reverse(ADRESSE), {"q": "cambrai"})
    assert reponse.json() == {
        "resultats": [cambrai],
        "ressemblants": [],
        "phrase": "",
        "introuvable": False,
    }
    assert len(client.get(reverse(ADRESSE), {"q": "2"}).json()["resultats"]) == 20
    assert client.get(reverse(ADRESSE)).json() == {
        "resultats": [],
        "ressemblants": [],
        "phrase": "",
        "introuvable": False,
    }
    alike = client.get(reverse(ADRESSE), {"q": "cambrey"}).json()
    assert (alike["resultats"], alike["ressemblants"][0]["siren"]) == ([], "200068500")
    assert alike["phrase"] == "Aucune intercommunalité ne correspond exactement à «\u00a0cambrey\u00a0»."


def test_l_adresse_de_recherche_repond_a_tous_et_n_ecrit_pas(client: Client, db: None) -> None:
    assert client.get(reverse(ADRESSE), {"q": "cambrai"}).status_code == 200
    assert client.post(reverse(ADRESSE), {"q": "cambrai"}).status_code == 405


def test_un_territoire_s_affiche_avec_ses_departements(charge: None) -> None:
    territoire = territoire_du_groupement(DREUX)
    assert [str(departement) for departement in territoire.departements] == ["Eure (27)", "Eure-et-Loir (28)"]
    assert territoire_du_groupement(CAMBRESIS).sirens == sorted(CAMBRESIS.sirens)
    assert Departement.objects.get(code="59").region.nom == "Hauts-de-France"
