"""The portfolio's figures in SQL: which rows each of them counts and what a row brings, said once for sum and rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, JSONObject, RowNumber

from projets.chiffres.definitions import PORTEFEUILLE
from projets.chiffres.lignes import BAS, HAUTS, POIDS, Compte, Justificatif, Ligne
from projets.chiffres.valeurs import Chiffre, Periode
from projets.enveloppe.models import Cofinancement, Enveloppe, accorde_au
from projets.mission.models import Industriel
from projets.portefeuille.etats import NatureProjet, Voie
from projets.portefeuille.models import Estimation, Projet

UNE = Value(1, output_field=BigIntegerField())
# As `avec_estimation` names them.
ESTIMEES = ("investissement", "emplois_potentiels", "emplois_previsionnels")
LIGNE = ("pk", "libelle", "valeur", "mission__demonstration")
NATURE = Case(
    *[When(nature=nature, then=Value(nature.label)) for nature in NatureProjet],
    default=F("nature"),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Mesure:
    """What a row of the portfolio brings to a figure, and which rows do; all of them without `condition`."""

    valeur: Combinable
    condition: Q | None = None


class Portefeuille:
    """Companies, projects and envelopes known at the end of the Paris day `au`, for any choice of missions.

    A choice is a condition on a row's `mission__…`. Every sum of every choice costs one query, whatever the number of
    rows, and reads none of them.
    """

    def __init__(self, au: date, portees: Mapping[str, Q]) -> None:
        self.au = au
        self.portees = portees
        toutes = Q(*portees.values(), _connector=Q.OR)
        self.industriels = Industriel.objects.rencontres(au).filter(toutes).order_by()
        self.projets = Projet.objects.recenses(au).filter(toutes).order_by()
        self.enveloppes = Enveloppe.objects.filter(toutes, ouverte_le__lte=au).order_by("pk")
        #: By choice, once they are counted: when companies were met, by any of its missions, then first by each.
        self.rencontres: dict[str, tuple[Periode, Periode]] = {}
        #: By choice, once they are counted: who pays for its envelopes, from the first one, then the first written.
        self.parts: dict[str, tuple[Cofinancement, ...]] = {}
        oriente = Q(structurant=True, voie=Voie.ENVELOPPE, oriente_le__lte=au)
        self.mesures = {
            "projets_recenses": Mesure(UNE),
            "investissements": Mesure(F("investissement")),
            "creations_potentielles": Mesure(F("emplois_potentiels")),
            "projets_orientes": Mesure(UNE, oriente),
            "creations_previsionnelles": Mesure(F("emplois_previsionnels"), oriente),
            "concours_accordes": Mesure(F("concours__montant"), accorde_au(au, "concours__")),
        }

    def lignes(self, cle: str, portee: str) -> QuerySet[Any]:
        """The rows of one figure, in their order, with their `LIGNE`."""
        if cle == "industriels_rencontres":
            return self._rencontres(self.portees[portee])
        mesure = self.mesures[cle]
        lues = self.projets.avec_estimation(self.au).filter(self.portees[portee], mesure.condition or Q())
        return lues.annotate(libelle=_libelle_de_projet(), valeur=_entier(mesure.valeur)).order_by("pk")

    def chiffres(self, *, sceller: bool = False) -> dict[str, list[Chiffre]]:
        """By choice of missions. With `sceller` each figure says by its seal whether its rows are the same."""
        projets, industriels = self._des_projets(sceller), self._des_industriels(sceller)
        enveloppes, des_enveloppes = self._enveloppes().query.sql_with_params()
        with connection.cursor() as curseur:
            curseur.execute(
                f"SELECT * FROM ({projets.sql}) projets, ({industriels.sql}) industriels,"  # noqa: S608
                " (SELECT coalesce(jsonb_agg(to_jsonb(lue) ORDER BY lue.pk), '[]')"
                f" FROM ({enveloppes}) lue) enveloppes",
                projets.parametres + industriels.parametres + des_enveloppes,
            )
            ((*lues, json_des_enveloppes),) = curseur.fetchall()
        lu = iter(lues)
        lus = {ou: self._chiffre(*ou, lu) for ou in (*projets.sommes, *industriels.sommes)}
        lus |= self._des_enveloppes(json.loads(json_des_enveloppes))
        for nom in self.portees:
            debut, fin, premiere, derniere = islice(lu, 4)
            self.rencontres[nom] = Periode(debut, fin), Periode(premiere, derniere)
        return {portee: [lus[portee, cle] for cle in PORTEFEUILLE] for portee in self.portees}

    def chiffre(self, cle: str, portee: str) -> Chiffre:
        """One figure of one choice, without its seal: one query, which reads what this figure counts and no more."""
        if cle == "enveloppe":
            return self._des_enveloppes([*self._enveloppes()])[portee, cle]
        lu = (
            self.lignes(cle, portee)
            .order_by()
            .aggregate(
                somme=Sum("valeur"),
                nombre=Count("pk"),
                renseignees=Count("valeur"),
                demonstration=BoolOr("mission__demonstration", default=False),
            )
        )
        return self._chiffre(portee, cle, iter((*lu.values(), "")))

    def _lire(self, cle: str, portee: str, debut: int, fin: int | None) -> Iterator[Ligne]:
        return (Ligne(*lue) for lue in self.lignes(cle, portee)[debut:fin].values_list(*LIGNE))

    def _lire_ensemble(self, noms: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Ligne]]:
        """All the rows of each figure, of each choice of missions, by one statement."""
        voulues = []
        for rang, nom in enumerate(noms):
            lues = self.lignes(*nom)
            ordre = "derniere" if "derniere" in lues.query.annotations else "pk"
            rangees = lues.order_by().annotate(figure=Value(rang), place=F(ordre))
            voulues.append(rangees.values_list("figure", "place", *LIGNE))
        suite: dict[tuple[str, str], list[Ligne]] = {nom: [] for nom in noms}
        for rang, _, *lue in voulues[0].union(*voulues[1:], all=True).order_by("figure", "place"):
            suite[noms[rang]].append(Ligne(*lue))
        return suite

    def _rencontres(self, portee: Q) -> QuerySet[Any]:
        """The first row of each SIREN, where its last one is in the order of rows: one company, one row."""
        return (
            self.industriels.filter(portee)
            .annotate(
                rang=Window(RowNumber(), partition_by="siren", order_by="pk"),
                derniere=Window(Max("pk"), partition_by="siren"),
                libelle=_libelle_d_industriel(),
                valeur=_entier(UNE),
            )
            .filter(rang=1)
            .order_by("derniere")
        )

    def _des_projets(self, sceller: bool) -> "_Passe":
        """One pass over the projects: each is read once, whatever it is counted in."""
        propres = {
            cle: mesure
            for cle, mesure in self.mesures.items()
            if mesure.valeur is not UNE and _nom(mesure) not in ESTIMEES
        }
        lus = self.projets.annotate(
            **{f"portee_{rang}": _vrai(portee) for rang, portee in enumerate(self.portees.values())},
            **{f"v_{cle}": _entier(mesure.valeur) for cle, mesure in propres.items()},
            **{f"c_{cle}": _vrai(mesure.condition) for cle, mesure in self.mesures.items() if mesure.condition},
            **({"libelle": _libelle_de_projet()} if sceller else {}),
        )
        noms = [nom for nom in lus.query.annotations if nom.startswith(("portee_", "v_", "c_"))]
        sommes = {
            (portee, cle): _Somme(
                f"v_{cle}" if cle in propres else _nom(mesure) or "1",
                (f"portee_{rang}", *([f"c_{cle}"] if mesure.condition else [])),
            )
            for rang, portee in enumerate(self.portees)
            for cle, mesure in self.mesures.items()
        }
        comptees = self.projets.values("pk")
        estimations = Estimation.objects.dernieres(self.au).filter(projet__in=comptees).values("projet_id", *ESTIMEES)
        return self._sommer(lus, noms, sommes, sceller, estimations=estimations)

    def _des_industriels(self, sceller: bool) -> "_Passe":
        """Each choice has its own first row of a SIREN. Then, by choice, when they met: all, then first."""
        lus, noms, sommes, bornes = self.industriels, ["rencontre_le"], {}, []
        for rang, (nom, portee) in enumerate(self.portees.items()):
            premiere = Window(RowNumber(), partition_by=["siren", f"portee_{rang}"], order_by="pk")
            lus = lus.annotate(**{f"portee_{rang}": _vrai(portee)}).annotate(**{f"rang_{rang}": premiere})
            noms += [f"portee_{rang}", f"rang_{rang}"]
            sommes[nom, "industriels_rencontres"] = _Somme("1", (f"portee_{rang}", f"rang_{rang} = 1"))
            bornes += [(f"portee_{rang}",), (f"portee_{rang}", f"rang_{rang} = 1")]
        if sceller:
            lus = lus.annotate(libelle=_libelle_d_industriel())
        return self._sommer(lus, noms, sommes, sceller, bornes)

    def _enveloppes(self) -> QuerySet[Any, Any]:
        """One for a mission or two: they are read, with who pays for them."""
        portees = {f"portee_{rang}": _vrai(portee) for rang, portee in enumerate(self.portees.values())}
        parts = Cofinancement.objects.filter(enveloppe=OuterRef("pk")).order_by("pk")
        part = JSONObject(pk="pk", enveloppe_id="enveloppe_id", financeur="financeur", montant="montant")
        lues: QuerySet[Any, Any] = self.enveloppes.annotate(**portees, parts=ArraySubquery(parts.values(part=part)))
        return lues.values("pk", "nom", "montant", "parts", *portees, LIGNE[-1])

    def _des_enveloppes(self, lues: list[dict[str, Any]]) -> dict[tuple[str, str], Chiffre]:
        for rang, portee in enumerate(self.portees):
            comptees = [lue["parts"] for lue in lues if lue[f"portee_{rang}"]]
            self.parts[portee] = tuple(Cofinancement(**part) for part in chain.from_iterable(comptees))
        return {
            (portee, "enveloppe"): PORTEFEUILLE["enveloppe"].chiffre(
                self.au,
                tuple(
                    Ligne(lue["pk"], lue["nom"], lue["montant"], lue["mission__demonstration"])
                    for lue in lues
                    if lue[f"portee_{rang}"]
                ),
            )
            for rang, portee in enumerate(self.portees)
        }

    def _sommer(
        self,
        lus: QuerySet[Any],
        noms: list[str],
        sommes: "dict[tuple[str, str], _Somme]",
        sceller: bool,
        bornes: Sequence[tuple[str, ...]] = (),
        estimations: QuerySet[Any] | None = None,
    ) -> "_Passe":
        """What gives these sums, then for each conditions of `bornes` the first and last day of `rencontre_le`."""
        champs = ["pk", "mission__demonstration", *noms, *(["libelle"] if sceller else [])]
        # Postgres would otherwise count the last estimate of a project once for each sum that reads it.
        lues, parametres = lus.values(*champs).query.sql_with_params()
        jointure = ""
        if estimations is not None:
            dernieres, autres_parametres = estimations.query.sql_with_params()
            jointure, parametres = (
                f" LEFT JOIN ({dernieres}) dernieres ON dernieres.projet_id = lues.pk",
                parametres + autres_parametres,
            )
        poids = POIDS.format(pk="pk", demonstration="mission__demonstration", libelle="libelle") if sceller else "0"
        groupes, par, colonnes = _en_sql([*sommes.values()], bornes, sceller=sceller)
        sql = (
            f"WITH lues AS MATERIALIZED ({lues}),"  # noqa: S608 (our own names, and what Django writes)
            f" pesees AS MATERIALIZED (SELECT *, {poids} AS poids FROM lues{jointure}),"
            f" groupes AS MATERIALIZED (SELECT {groupes} FROM pesees GROUP BY {par})"
            f" SELECT {colonnes} FROM groupes"
        )
        return _Passe(sql, parametres, tuple(sommes))

    def _chiffre(self, portee: str, cle: str, lu: Iterator[Any]) -> Chiffre:
        somme, compte = next(lu), Compte(next(lu), next(lu), next(lu), next(lu))
        return PORTEFEUILLE[cle].chiffre(
            self.au,
            Justificatif(compte, partial(self._lire, cle, portee), self._lire_ensemble, (cle, portee)),
            # Nothing at all adds up to 0; rows that say nothing, to nothing known.
            None if somme is None and compte.nombre else int(somme or 0),
        )


@dataclass(frozen=True, slots=True)
class _Passe:
    """One reading of rows, whose only result says five columns for each figure of `sommes`, in their order."""

    sql: str
    parametres: tuple[Any, ...]
    sommes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Somme:
    """Of one column, over the rows that fulfil `conditions`: their sum, then what `Compte` says of them."""

    valeur: str
    conditions: tuple[str, ...]


def _en_sql(sommes: Sequence[_Somme], bornes: Sequence[tuple[str, ...]], *, sceller: bool) -> tuple[str, str, str]:
    """What is said of each group of rows that fulfil the same conditions, what makes the groups, and the sums of them:
    a row is added up once, not once for each figure that counts it."""
    toutes = [*(somme.conditions for somme in sommes), *bornes]
    oui = {condition: f"oui_{rang}" for rang, condition in enumerate(dict.fromkeys(chain.from_iterable(toutes)))}
    rangs = {valeur: rang for rang, valeur in enumerate(dict.fromkeys(somme.valeur for somme in sommes))}
    groupes = [f"{condition} AS {nom}" for condition, nom in oui.items()]
    groupes += ["count(*) AS nombre", "bool_or(mission__demonstration) AS inventee", "sum(poids) AS entiers"]
    for valeur, rang in rangs.items():
        groupes += [f"sum({valeur}) AS somme_{rang}", f"count({valeur}) AS dites_{rang}"]
        if sceller:
            groupes += [f"sum({BAS.format(poids='poids', valeur=valeur)}) AS bas_{rang}"]
            groupes += [f"sum({HAUTS.format(poids='poids', valeur=valeur)}) AS hauts_{rang}"]
    groupes += ["min(rencontre_le) AS debut", "max(rencontre_le) AS fin"] if bornes else []

    def filtre(conditions: tuple[str, ...]) -> str:
        return f" FILTER (WHERE {' AND '.join(oui[condition] for condition in conditions)})"

    colonnes = []
    for somme in sommes:
        rang, retenus = rangs[somme.valeur], filtre(somme.conditions)
        sceau = [f"coalesce(sum({nom}){retenus}, 0)" for nom in ("entiers", f"bas_{rang}", f"hauts_{rang}")]
        colonnes += [
            f"sum(somme_{rang}){retenus}",
            f"coalesce(sum(nombre){retenus}, 0)::bigint",
            f"coalesce(sum(dites_{rang}){retenus}, 0)::bigint",
            f"coalesce(bool_or(inventee){retenus}, false)",
            f"concat_ws(':', {', '.join(sceau)})" if sceller else "''",
        ]
    for conditions in bornes:
        colonnes += [f"min(debut){filtre(conditions)}", f"max(fin){filtre(conditions)}"]
    return ", ".join(groupes), ", ".join(oui.values()), ", ".join(colonnes)


def _libelle_de_projet() -> Concat:
    return Concat(Value("Projet n° "), Cast("pk", CharField()), Value(" – "), NATURE, Value(" – "), F("epci__nom"))


def _libelle_d_industriel() -> Concat:
    return Concat(Value("Industriel n° "), Cast("pk", CharField()), Value(" – "), F("epci__nom"))


def _nom(mesure: Mesure) -> str:
    return getattr(mesure.valeur, "name", "")


def _vrai(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _entier(valeur: Combinable) -> Cast:
    return Cast(valeur, BigIntegerField())
