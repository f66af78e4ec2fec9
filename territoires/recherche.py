"""The one search of intercommunalités: what a text names comes first, what merely looks like it stays apart."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Replace

from rebond.socle.texte.noms import alphabetique, nom_nu
from territoires.appellations import Lecture, lire
from territoires.millesimes.suites import lignees
from territoires.models import Commune, Epci, MillesimeDEpci, Succession, Territoire
from territoires.propositions import Proposition, Rang, Trouvaille, eteinte, proposer

RESULTATS_MAX = 20
RESSEMBLANTS_MAX = 5
MEMBRES_MAX = 500
SAISIE_MAX = 100
RESSEMBLANCE_MIN = 0.45
LETTRES_MIN = 4


# One statement for one search or for thousands (`trouver`). An announced nature (« CA de … ») says that no commune is
# meant: communes then come after names.
TROUVER = """
SELECT q.numero, r.epci, r.rang, r.commune, r.depuis
FROM (
    SELECT * FROM jsonb_to_recordset(%(lectures)s::jsonb) AS lues(
        numero integer, siren text, debut_de_siren text, code_postal text, nu text, cle text, requete text,
        natures text[], departement text
    ) LIMIT %(nombre)s
) AS q
CROSS JOIN LATERAL (
    SELECT t.epci, min(t.rang) AS rang, sum(t.poids) AS poids, e.siren, bool_or(e.nature = ANY(q.natures)) AS annoncee,
        (array_agg(t.commune ORDER BY t.rang, t.poids DESC))[1] AS commune,
        (array_agg(t.depuis ORDER BY t.rang, t.poids DESC))[1] AS depuis
    FROM (
        SELECT id AS epci, 0 AS rang, population AS poids, NULL AS commune, NULL AS depuis FROM territoires_epci
        WHERE siren = q.siren AND q.siren <> ''
        UNION ALL
        SELECT id, 6, population, NULL, NULL FROM territoires_epci
        WHERE q.debut_de_siren <> '' AND siren LIKE q.debut_de_siren || '%%'
        UNION ALL
        SELECT
            id,
            CASE
                WHEN recherche = q.nu THEN 0
                WHEN cle = q.cle AND nature = ANY(q.natures) THEN 1
                WHEN cle = q.cle THEN 2
                WHEN q.cle <> '' AND cle LIKE q.cle || ' %%' THEN 4
                ELSE 5
            END,
            population,
            NULL,
            NULL
        FROM (
            SELECT id, recherche, cle, nature, population FROM territoires_epci
            WHERE recherche = q.nu AND q.nu <> '' AND q.code_postal = ''
            UNION
            SELECT id, recherche, cle, nature, population FROM territoires_epci
            WHERE cle = q.cle AND q.cle <> '' AND q.code_postal = ''
            UNION
            SELECT id, recherche, cle, nature, population FROM territoires_epci
            WHERE mots @@ q.requete::tsquery AND q.code_postal = ''
        ) AS nommees
        UNION ALL
        SELECT id, 7, population, NULL, NULL FROM territoires_epci
        WHERE q.cle <> '' AND id IN (
            SELECT liens.epci_id FROM territoires_epci_departements AS liens
            JOIN territoires_departement AS departement ON departement.id = liens.departement_id
            WHERE departement.cle = q.cle
        )
        UNION ALL
        SELECT
            membre.epci,
            CASE WHEN q.cle <> '' AND choix.cle <> q.cle OR q.natures <> '{}' THEN 6 ELSE 3 END,
            choix.population,
            choix.nom,
            choix.depuis
        FROM (
            SELECT nom, cle, population, epci_id, ept_id, depuis FROM territoires_commune
            WHERE q.cle <> '' AND q.code_postal = ''
                AND (cle = q.cle OR length(q.cle) > 2 AND cle >= q.cle AND cle < q.cle || chr(1114111))
            UNION ALL
            SELECT nom, cle, population, epci_id, ept_id, depuis FROM territoires_commune
            WHERE q.siren <> '' AND siren = q.siren
            UNION ALL
            SELECT nom, cle, population, epci_id, ept_id, depuis FROM territoires_commune
            WHERE q.code_postal <> '' AND codes_postaux @> ARRAY[q.code_postal]::varchar[]
                AND (q.cle = '' OR starts_with(cle, q.cle))
        ) AS choix
        CROSS JOIN LATERAL (VALUES (choix.epci_id), (choix.ept_id)) AS membre(epci)
        WHERE membre.epci IS NOT NULL
    ) AS t
    JOIN territoires_epci AS e ON e.id = t.epci
    WHERE t.epci <> ALL(%(sauf)s::bigint[]) AND (q.departement = '' OR EXISTS (
        SELECT FROM territoires_epci_departements AS liens
        JOIN territoires_departement AS departement ON departement.id = liens.departement_id
        WHERE liens.epci_id = t.epci AND departement.code = q.departement
    ))
    GROUP BY t.epci, e.siren
    ORDER BY rang, annoncee DESC, poids DESC, e.siren
    LIMIT %(au_plus)s
) AS r
ORDER BY q.numero, r.rang, r.annoncee DESC, r.poids DESC, r.siren
"""

# By its own name, or by that of a commune.
RESSEMBLER = """
SELECT t.epci, (array_agg(t.commune ORDER BY t.ressemblance DESC))[1]
FROM (
    SELECT id AS epci, strict_word_similarity(%(cle)s, cle) AS ressemblance, population, NULL AS commune
    FROM territoires_epci WHERE %(cle)s <<%% cle
    UNION ALL
    SELECT membre.epci, similarity(commune.cle, %(cle)s), commune.population, commune.nom
    FROM territoires_commune AS commune
    CROSS JOIN LATERAL (VALUES (commune.epci_id), (commune.ept_id)) AS membre(epci)
    WHERE commune.cle %% %(cle)s AND membre.epci IS NOT NULL
) AS t
WHERE t.ressemblance >= %(minimum)s AND t.epci <> ALL(%(sauf)s::bigint[])
GROUP BY t.epci ORDER BY max(t.ressemblance) DESC, max(t.population) DESC, t.epci LIMIT %(au_plus)s
"""

# « caudresis catesis » → « cc ».
INITIALES = Func(
    F("cle"), Value(r"(\w)\w*\W*"), Value(r"\1"), Value("g"), function="regexp_replace", output_field=TextField()
)


@dataclass(frozen=True, slots=True)
class Reponse:
    """What a search answers: `trouvees`, or else `ressemblantes`, never both; a sentence when nothing was found."""

    saisie: str
    trouvees: list[Proposition] = field(default_factory=list)
    ressemblantes: list[Proposition] = field(default_factory=list)
    phrase: str = ""

    @property
    def introuvable(self) -> bool:
        """Whether something was looked for that leads nowhere for sure: the page then says whom to ask."""
        return bool(self.phrase) and not self.trouvees

    @property
    def designee(self) -> Epci | None:
        """The one that the text names and that no other may be meant by; None when one must choose."""
        for rang in (Rang.NOM_ENTIER, Rang.NOM_ET_NATURE):
            if nommees := [la for la in self.trouvees if la.rang == rang]:
                return nommees[0].epci if len(nommees) == 1 else None
        seule = self.trouvees[0] if len(self.trouvees) == 1 else None
        return seule.epci if seule and seule.rang == Rang.NOM else None

    @property
    def siren_propose(self) -> str:
        """The one that a list starts on: designated, or alone to be found. A look-alike never is."""
        if self.designee:
            return self.designee.siren
        return self.trouvees[0].siren if len(self.trouvees) == 1 else ""


def chercher(saisie: str, *, sauf: Collection[Epci] = (), au_plus: int = RESULTATS_MAX) -> Reponse:
    """At most `au_plus` EPCI, best first, without those of `sauf`; two queries when some are found, six at most."""
    saisie = saisie.strip()[:SAISIE_MAX]
    lecture = lire(saisie)
    exclus = [epci.pk for epci in sauf]
    if lecture.alerte and not lecture.siren:
        return Reponse(saisie, phrase=lecture.alerte)
    trouvees = proposer(trouver([lecture], sauf=exclus, au_plus=au_plus)[0], exclus)
    if lecture.alerte:
        return Reponse(saisie, ressemblantes=[*trouvees], phrase=lecture.alerte)
    if not trouvees and trouvees.eteintes:
        return Reponse(saisie, phrase=eteinte(trouvees.eteintes[0]))
    if trouvees or not (lecture.siren or lecture.debut_de_siren or lecture.nu):
        return Reponse(saisie, trouvees=trouvees)
    if isolee := _commune_isolee(lecture):
        return Reponse(saisie, phrase=isolee)
    if trouvees := proposer(_autrement_ecrites(lecture, exclus), exclus):
        return Reponse(saisie, trouvees=trouvees)
    ressemblantes = proposer(_ressemblantes(lecture, exclus), exclus)
    return Reponse(saisie, ressemblantes=ressemblantes, phrase=_rien(saisie, lecture, ressemblantes, sauf))


def trouver(
    lectures: Sequence[Lecture], *, sauf: Iterable[int] = (), au_plus: int = RESULTATS_MAX
) -> list[list[Trouvaille]]:
    """What each text names, best first; one query for all of them."""
    lignes = [
        asdict(lecture) | {"numero": numero, "requete": _requete(lecture.mots)}
        for numero, lecture in enumerate(lectures)
    ]
    trouvailles: list[list[Trouvaille]] = [[] for _ in lectures]
    valeurs: dict[str, Any] = {
        "lectures": json.dumps(lignes),
        "nombre": len(lignes),
        "sauf": [*sauf],
        "au_plus": au_plus,
    }
    with connection.cursor() as curseur:
        curseur.execute(TROUVER, valeurs)
        for numero, epci, rang, commune, depuis in curseur.fetchall():
            trouvailles[numero].append(Trouvaille(epci, Rang(rang), commune or "", depuis or ""))
    return trouvailles


def territoires_cherches(saisie: str) -> QuerySet[Territoire]:
    """Territories by their own name, or by whatever names one of their members; for the filters of lists."""
    nomme = Q(nom_nu__contains=nom_nu(saisie)) if nom_nu(saisie) else Q(pk=None)
    nommes = Territoire.objects.annotate(nom_nu=alphabetique("nom")).filter(nomme).order_by().values("pk")
    return Territoire.objects.filter(pk__in=nommes.union(touches_par(saisie)))


def touches_par(saisie: str) -> QuerySet[Any, Any]:
    """The keys of the territories of which `saisie` names a member, whatever they are called themselves.

    One query when it is made; those of the beginning of a commune's name are left out: a list is not a search box.
    """
    lecture = lire(saisie[:SAISIE_MAX])
    membres = [
        trouvaille.epci
        for trouvaille in trouver([lecture], au_plus=MEMBRES_MAX)[0]
        if trouvaille.rang != Rang.DEBUT or lecture.debut_de_siren
    ]
    if membres and Succession.objects.exists():
        membres = [*set().union(*lignees(membres).values())]
    return Territoire.epcis.through.objects.filter(epci__in=membres).order_by().values("territoire")


def _requete(mots: Iterable[str]) -> str:
    """Every word, each the beginning of one; bare names hold no quote."""
    return " & ".join(f"'{mot}':*" for mot in mots)


def _autrement_ecrites(lecture: Lecture, exclus: list[int]) -> list[Trouvaille]:
    """Names that hold the text once spaces and apostrophes are forgotten, or of which it is the initials: « CA2C »;
    and those that bore that very name in an earlier vintage."""
    choix = Q()
    if lecture.compacte:
        autrefois = MillesimeDEpci.objects.alias(nu=alphabetique("nom")).filter(nu=lecture.nu).values("epci")
        choix |= Q(tenant__contains=lecture.compacte) | Q(pk__in=autrefois)
    for sigle, natures in lecture.sigles:
        choix |= Q(initiales=sigle, nature__in=natures) if natures else Q(initiales=sigle)
    if not choix:
        return []
    d_un_tenant = Replace(F("recherche"), Value(" "), Value(""), output_field=TextField())
    trouves = Epci.objects.alias(tenant=d_un_tenant, initiales=INITIALES).filter(choix).exclude(pk__in=exclus)
    pks = trouves.order_by("-population", "siren").values_list("pk", flat=True)[:RESULTATS_MAX]
    return [Trouvaille(pk, Rang.DEBUT, "") for pk in pks]


def _ressemblantes(lecture: Lecture, exclus: list[int]) -> list[Trouvaille]:
    if len(lecture.cle) < LETTRES_MIN:
        return []
    valeurs: dict[str, Any] = {
        "cle": lecture.cle,
        "sauf": exclus,
        "minimum": RESSEMBLANCE_MIN,
        "au_plus": RESSEMBLANTS_MAX,
    }
    with connection.cursor() as curseur:
        curseur.execute(RESSEMBLER, valeurs)
        return [Trouvaille(epci, Rang.DEBUT, commune or "") for epci, commune in curseur.fetchall()]


def _commune_isolee(lecture: Lecture) -> str:
    """Four islands of one commune belong to no intercommunalité (CGCT, art. L5210-1-1, V)."""
    choix = Q(pk=None)
    if lecture.cle:
        choix |= Q(cle=lecture.cle)
    if lecture.siren:
        choix |= Q(siren=lecture.siren)
    if lecture.code_postal:
        choix |= Q(codes_postaux__contains=[lecture.code_postal])
    commune = Commune.objects.filter(choix, epci=None, ancienne=False).select_related("departement").first()
    if commune is None:
        return ""
    return (
        f"{commune.nom} ({commune.departement.code}) n’appartient à aucune intercommunalité, comme la loi le permet "
        "aux îles d’une seule commune. Cherchez celle avec laquelle elle candidate."
    )


def _rien(saisie: str, lecture: Lecture, ressemblantes: list[Proposition], sauf: Collection[Epci]) -> str:
    autre = "autre " if sauf else ""
    if lecture.siren:
        return (
            f"Aucune {autre}intercommunalité ne correspond à «\u00a0{saisie}\u00a0»\u00a0: ce numéro est valable, "
            "mais ce n’est pas celui d’une intercommunalité. Cherchez plutôt son nom, ou l’une de ses communes."
        )
    if ressemblantes:
        return f"Aucune {autre}intercommunalité ne correspond exactement à «\u00a0{saisie}\u00a0»."
    return (
        f"Aucune {autre}intercommunalité ne correspond à «\u00a0{saisie}\u00a0». Essayez une partie de son nom, l’une "
        "de ses communes, un code postal, ou les neuf chiffres de son numéro SIREN."
    )
