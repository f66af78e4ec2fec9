"""One vintage a year, what became of the EPCI that are gone, and how a search leads from the old name to the new."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, ProgrammingError

from rebond.socle.erreurs import RegleEnfreinte
from territoires import referentiel
from territoires.actions import territoire_pour
from territoires.chargement import charger_referentiel
from territoires.etats import Nature
from territoires.millesimes.suites import DEVENIR_MAX, devenir, heritieres, lignees
from territoires.models import Commune, Epci, MillesimeDEpci, Succession, Territoire
from territoires.models.millesimes import au_jour
from territoires.propositions import Rang
from territoires.recherche import chercher, touches_par
from territoires.referentiel import AUCUNE_HISTOIRE, MILLESIME
from tests.fabriques import dans_un_point_de_reprise, un_siren

if TYPE_CHECKING:
    from collections.abc import Callable

CAMBRAI, CAUDRESIS = "200068500", "200030633"
# The year that the tests add to the real ones; its 1 January is past once `a_present` is patched in.
ANNEE = MILLESIME + 1
NOUVELLE = un_siren(9_001)


def millesime(
    tables: dict[str, Any], *, sans: set[str], avec: list[list[Any]], passages: list[tuple]
) -> dict[str, Any]:
    """The vintage of `ANNEE`: without some EPCI, with others, and what the rule of the construction says of them."""
    histoire = replace(AUCUNE_HISTOIRE, passages=passages)
    epcis = [ligne for ligne in tables["epcis"] if ligne[0] not in sans] + avec
    return {"millesime": ANNEE, "regions": tables["regions"], "departements": tables["departements"]} | {
        "epcis": epcis,
        "histoire": histoire,
    }


@pytest.fixture
def a_present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test reads on 2 February of `ANNEE`."""
    monkeypatch.setattr("territoires.propositions.jour_de_paris", lambda _: date(ANNEE, 2, 2))


@pytest.fixture
def fusion(charge: None, tables: dict[str, Any], a_present: None) -> Territoire:
    """Cambrai and the Caudrésis have merged; a territory of before speaks of both."""
    epcis = [Epci.objects.get(siren=siren) for siren in (CAMBRAI, CAUDRESIS)]
    territoire = territoire_pour(epcis=epcis, chef_de_file=epcis[0], nom="Cambrésis")
    neuve = [NOUVELLE, "CA du Grand Cambrésis", "CA", 145_000, "32", ["32"], ["59"]]
    passages = [(ANNEE, CAMBRAI, NOUVELLE, 100), (ANNEE, CAUDRESIS, NOUVELLE, 100)]
    charger_referentiel(millesime(tables, sans={CAMBRAI, CAUDRESIS}, avec=[neuve], passages=passages))
    return territoire


def etat() -> list[Any]:
    return [
        list(MillesimeDEpci.objects.order_by("pk").values_list()),
        list(Succession.objects.order_by("pk").values_list()),
        list(Epci.objects.order_by("pk").values_list("pk", "nom", "du", "au", "devenir")),
        list(Commune.objects.order_by("pk").values_list("pk", "depuis")),
    ]


def test_les_quatre_millesimes_se_chargent_et_une_seconde_fois_n_ecrit_rien(db: None) -> None:
    histoire = referentiel.histoire()
    parties = {code for _, code, _, _ in histoire.mouvements}
    communes = [commune for commune in referentiel.communes_nommees() if commune.code in parties]
    contenu = referentiel.tables() | {"histoire": histoire, "communes": communes}
    charger_referentiel(contenu)
    lunel = Epci.objects.get(siren="243400520")
    assert list(lunel.millesimes.values_list("millesime", "nom", "nature", "du", "au")) == [
        (2023, "CC du Pays de Lunel", Nature.CC, date(2023, 1, 1), date(2024, 1, 1)),
        (2024, "CA Lunel Agglo", Nature.CA, date(2024, 1, 1), date(2025, 1, 1)),
        (2025, "CA Lunel Agglo", Nature.CA, date(2025, 1, 1), date(2026, 1, 1)),
        (2026, "CA Lunel Agglo", Nature.CA, date(2026, 1, 1), None),
    ]
    assert MillesimeDEpci.objects.count() == 4 * 1266
    assert not Epci.objects.exclude(au=None).exists()
    assert Commune.objects.exclude(depuis="").count() == 9
    (emerchicourt,) = chercher("Émerchicourt").trouvees
    assert emerchicourt.appartenance == (
        "Émerchicourt fait partie de la CA de la Porte du Hainaut, depuis le 1er\u00a0janvier\u00a02024 "
        "(avant\u00a0: CA Coeur d'Ostrevent)"
    )
    assert [la.siren for la in chercher("CC du Pays de Lunel").trouvees] == [lunel.siren]
    avant = etat()
    charger_referentiel(contenu)
    assert etat() == avant


def test_un_millesime_ancien_ne_recouvre_pas_le_nouveau(charge: None, tables: dict[str, Any]) -> None:
    avant = etat()
    with pytest.raises(Exception, match="Le millésime 2023 précède celui qui est chargé, 2026"):
        charger_referentiel(tables | {"millesime": 2023})
    assert etat() == avant


def test_ce_qu_un_millesime_passe_a_dit_ne_change_plus_et_le_dernier_se_corrige(
    fusion: Territoire, tables: dict[str, Any]
) -> None:
    passe = MillesimeDEpci.objects.filter(epci__siren=CAMBRAI, millesime=MILLESIME)
    assert passe.get().au == date(ANNEE, 1, 1)
    for changer in (lambda: passe.update(nom="CA de Demain"), lambda: passe.update(au=None), passe.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), dans_un_point_de_reprise():
            changer()
    avant = etat()
    ligne = next(ligne for ligne in tables["epcis"] if ligne[0] == CAMBRAI)
    autrement = {MILLESIME: [(CAMBRAI, "CA de Demain", *ligne[2:4])]}
    rechargee = millesime(tables, sans={CAMBRAI, CAUDRESIS}, avec=[], passages=[])
    rechargee["histoire"] = replace(AUCUNE_HISTOIRE, epcis=autrement)
    with pytest.raises(RegleEnfreinte, match=f"Le millésime {MILLESIME} est passé"), dans_un_point_de_reprise():
        charger_referentiel(rechargee)
    assert etat() == avant
    MillesimeDEpci.objects.filter(epci__siren=NOUVELLE).update(population=145_001)


def test_deux_millesimes_d_une_meme_intercommunalite_ne_se_chevauchent_pas(cambrai: Epci) -> None:
    autre = {"epci": cambrai, "nom": "CA", "nature": "CA", "population": 1}
    with pytest.raises(IntegrityError, match="millesime_sans_chevauchement"), dans_un_point_de_reprise():
        MillesimeDEpci.objects.create(**autre, millesime=2025, du=date(2025, 1, 1), au=date(2026, 1, 2))
    # The first day of one is the end of the other.
    MillesimeDEpci.objects.create(**autre, millesime=2025, du=date(2025, 1, 1), au=date(2026, 1, 1))


def test_une_intercommunalite_finie_dit_ce_qu_elle_est_devenue(cambrai: Epci) -> None:
    for champs in ({"au": date(2026, 1, 1)}, {"devenir": "devenue CA"}):
        with pytest.raises(IntegrityError, match="epci_devenir_dit"), dans_un_point_de_reprise():
            Epci.objects.filter(pk=cambrai.pk).update(**champs)


def test_le_territoire_et_ses_membres_disent_la_fusion_sans_changer_de_nom(fusion: Territoire) -> None:
    fusion.refresh_from_db()
    suite = f"au 1er\u00a0janvier\u00a0{ANNEE}, devenue CA du Grand Cambrésis"
    assert fusion.nom == "Cambrésis"
    assert fusion.suite == (f"CA du Caudrésis et du Catésis\u00a0: {suite} ; CA de Cambrai\u00a0: {suite}")
    assert Epci.objects.get(siren=CAMBRAI).nom_suivi == f"CA de Cambrai ({suite})"
    assert Epci.objects.get(siren=NOUVELLE).du == date(ANNEE, 1, 1)


def test_un_nom_se_lit_comme_au_jour_dit(fusion: Territoire) -> None:
    Epci.objects.filter(siren="200030385").update(nom="CA renommée")

    def nom(siren: str, jour: date) -> str:
        return Epci.objects.filter(siren=siren).annotate(dit=au_jour("nom", jour)).get().dit

    assert nom(CAMBRAI, date(ANNEE - 1, 12, 31)) == "CA de Cambrai"
    assert nom("200030385", date(2022, 10, 1)) == "CA de Blois «\u00a0Agglopolys\u00a0»"
    assert nom(NOUVELLE, date(ANNEE, 1, 1)) == "CA du Grand Cambrésis"


def test_l_ancien_nom_mene_a_celle_qui_succede_et_ne_la_choisit_pas(fusion: Territoire) -> None:
    for saisie in ("CA de Cambrai", CAMBRAI):
        reponse = chercher(saisie)
        assert [(la.siren, la.rang) for la in reponse.trouvees] == [(NOUVELLE, Rang.DEBUT)]
        assert reponse.trouvees[0].precision == (
            f"La CA de Cambrai\u00a0: au 1er\u00a0janvier\u00a0{ANNEE}, devenue CA du Grand Cambrésis"
        )
        assert reponse.designee is None
    assert [la.siren for la in chercher("Grand Cambrésis").trouvees] == [NOUVELLE]
    assert chercher(CAMBRAI, sauf=[Epci.objects.get(siren=NOUVELLE)]).trouvees == []


def test_avant_le_jour_dit_elle_se_choisit_encore(fusion: Territoire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("territoires.propositions.jour_de_paris", lambda _: date(ANNEE - 1, 12, 31))
    assert [la.siren for la in chercher("CA de Cambrai").trouvees] == [CAMBRAI]


def test_une_liste_se_cherche_par_le_nom_d_avant_et_par_celui_d_apres(fusion: Territoire) -> None:
    for saisie in ("Cambrai", "Grand Cambrésis"):
        assert fusion.pk in [ligne["territoire"] for ligne in touches_par(saisie)]


def test_une_scission_dit_a_qui_vont_ses_habitants(charge: None, tables: dict[str, Any], a_present: None) -> None:
    autres = [un_siren(9_002), un_siren(9_003)]
    neuves = [[siren, f"CC {nom}", "CC", 1000, "32", ["32"], ["59"]] for siren, nom in zip(autres, "AB", strict=True)]
    passages = [(ANNEE, CAMBRAI, autres[0], 60), (ANNEE, CAMBRAI, autres[1], 40)]
    charger_referentiel(millesime(tables, sans={CAMBRAI}, avec=neuves, passages=passages))
    assert Epci.objects.get(siren=CAMBRAI).devenir == (
        "partagée entre CC A (60\u00a0% de ses habitants) et CC B (40\u00a0% de ses habitants)"
    )
    assert {la.siren for la in chercher(CAMBRAI).trouvees} == set(autres)


def test_sans_suite_la_recherche_le_dit(charge: None, tables: dict[str, Any], a_present: None) -> None:
    charger_referentiel(millesime(tables, sans={CAMBRAI}, avec=[], passages=[]))
    reponse = chercher(CAMBRAI)
    assert (reponse.trouvees, reponse.introuvable) == ([], True)
    assert reponse.phrase.startswith(f"La CA de Cambrai\u00a0: au 1er\u00a0janvier\u00a0{ANNEE}, n’existe plus.")


def test_la_lignee_va_dans_les_deux_sens(fusion: Territoire) -> None:
    pks = {siren: Epci.objects.get(siren=siren).pk for siren in (CAMBRAI, CAUDRESIS, NOUVELLE)}
    assert lignees([pks[NOUVELLE]]) == {pks[NOUVELLE]: set(pks.values())}
    assert lignees([pks[CAMBRAI]]) == {pks[CAMBRAI]: {pks[CAMBRAI], pks[NOUVELLE]}}


def test_les_fichiers_disent_les_annees_qu_ils_portent() -> None:
    histoire = referentiel.histoire()
    assert sorted(histoire.epcis) == [2023, 2024, 2025]
    assert histoire.disparus == histoire.passages == []
    assert (2024, "59192", "245901152", "200042190") in histoire.mouvements


@pytest.fixture
def trois(charge: None) -> list[Epci]:
    return [Epci.objects.get(siren=siren) for siren in (CAMBRAI, CAUDRESIS, "200030385")]


def finir(*epcis: Epci, au: date = date(2026, 1, 1)) -> None:
    for epci in epcis:
        Epci.objects.filter(pk=epci.pk).update(au=au, devenir="devenue autre chose")


def succeder(*paires: tuple[Epci, Epci], le: date = date(2026, 1, 1)) -> None:
    for ancienne, nouvelle in paires:
        Succession.objects.create(ancienne=ancienne, nouvelle=nouvelle, le=le, part=100)


def test_une_boucle_de_successions_se_lit_et_finit(trois: list[Epci]) -> None:
    """Communes go and come back: two living EPCI may each have taken of the other. A loop of EPCI that are all gone
    would be a fault of the files: nobody lives in their place, and nothing turns round for ever."""
    un, deux, trois_ = trois
    succeder((un, deux), (deux, trois_), (trois_, un))
    jour = date(2026, 6, 1)
    assert heritieres(trois, jour) == {epci.pk: [epci.pk] for epci in trois}
    assert lignees([un.pk]) == {un.pk: {epci.pk for epci in trois}}
    finir(un, deux)
    assert heritieres(trois, jour) == {epci.pk: [trois_.pk] for epci in trois}
    finir(trois_)
    assert heritieres(trois, jour) == {}
    noms = {epci.siren: epci.nom for epci in trois}
    suites = {avant.siren: [(apres.siren, 100)] for avant, apres in zip(trois, [deux, trois_, un], strict=True)}
    assert len(devenir(un.siren, noms, suites)) < DEVENIR_MAX


def test_une_succession_a_venir_ne_change_rien_avant_son_jour(trois: list[Epci]) -> None:
    un, deux, _ = trois
    demain = date(2099, 1, 1)
    finir(un, au=demain)
    succeder((un, deux), le=demain)
    assert heritieres([un], date(2098, 12, 31)) == {un.pk: [un.pk]}
    assert heritieres([un], demain) == {un.pk: [deux.pk]}
    assert list(Epci.objects.vivantes(date(2098, 12, 31)).filter(pk=un.pk)) == [un]


@pytest.mark.parametrize("change", ["à soi", "deux fois", "rien", "plus que tout", "avant son début", "même année"])
def test_ce_qui_se_succede_se_tient(trois: list[Epci], change: str) -> None:
    un, deux, _ = trois
    succession = {"ancienne": un, "nouvelle": deux, "le": date(2026, 1, 1), "part": 100}
    periode = {"epci": un, "nom": "CA", "nature": "CA", "population": 1, "du": date(1999, 1, 1)}
    Succession.objects.filter(ancienne=un).delete()
    actes: dict[str, tuple[str, Callable[[], object]]] = {
        "à soi": ("succession_d_une_autre", lambda: Succession.objects.create(**succession | {"nouvelle": un})),
        "deux fois": ("succession_unique", lambda: [Succession.objects.create(**succession) for _ in range(2)]),
        "rien": ("succession_part_en_pour_cent", lambda: Succession.objects.create(**succession | {"part": 0})),
        "plus que tout": (
            "succession_part_en_pour_cent",
            lambda: Succession.objects.create(**succession | {"part": 101}),
        ),
        "avant son début": (
            "millesime_ordonne",
            lambda: MillesimeDEpci.objects.create(**periode, millesime=1999, au=date(1999, 1, 1)),
        ),
        "même année": (
            "millesime_unique",
            lambda: MillesimeDEpci.objects.create(**periode, millesime=MILLESIME, au=date(1999, 1, 2)),
        ),
    }
    contrainte, acte = actes[change]
    with pytest.raises(IntegrityError, match=contrainte), dans_un_point_de_reprise():
        acte()
