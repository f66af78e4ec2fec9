"""How far evaluators are from one another in a wave: by criterion, by pair. Of open evaluations alone."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from candidatures.cahier import Cahier, Critere
from candidatures.evaluation.regles import sur_cent
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.suivi.notes import SEUIL_DE_DESACCORD
from candidatures.vagues.models.vagues import Vague
from rebond.socle.texte.typographie import nombre
from rebond.socle.utilisateur import Utilisateur

# What counts of the open files that somebody reads: `dossiers` is that choice, narrow rows by their keys.
COMPTEES = """
    SELECT DISTINCT ON (v.evaluateur_id) v.id, v.candidature_id, v.auteur_id, v.points, v.sur
      FROM candidatures_evaluation v
      JOIN candidatures_evaluateur e ON e.id = v.evaluateur_id AND e.retire_le IS NULL
      JOIN ({dossiers}) lus ON lus.candidature_id = v.candidature_id
     WHERE v.rendue_le IS NOT NULL ORDER BY v.evaluateur_id, v.rang DESC
"""
# By criterion: notes, their sum and extremes; files with several, sum of the gaps within a file, files far apart.
PAR_CRITERE = """
    WITH comptees AS MATERIALIZED ({comptees}),
         notes AS (SELECT c.candidature_id, n.critere, count(*) AS combien, sum(n.valeur) AS somme,
                          min(n.valeur) AS basse, max(n.valeur) AS haute
                     FROM comptees c JOIN candidatures_note n ON n.evaluation_id = c.id
                    WHERE c.points IS NOT NULL GROUP BY c.candidature_id, n.critere)
    SELECT critere, sum(combien), sum(somme), min(basse), max(haute), count(*) FILTER (WHERE combien > 1),
           sum(haute - basse), count(*) FILTER (WHERE haute - basse > 1)
      FROM notes GROUP BY critere
"""
# By pair, in the order of their keys: files of both, sum of the differences, and of their absolute values.
PAR_PAIRE = """
    WITH comptees AS MATERIALIZED ({comptees})
    SELECT a.auteur_id, b.auteur_id, count(*), sum(a.points - b.points), sum(abs(a.points - b.points)), max(a.sur)
      FROM comptees a JOIN comptees b ON b.candidature_id = a.candidature_id AND a.auteur_id < b.auteur_id
     WHERE a.points IS NOT NULL AND b.points IS NOT NULL
     GROUP BY a.auteur_id, b.auteur_id ORDER BY 5 DESC, 1, 2
"""


@dataclass(frozen=True)
class EcartDeCritere:
    """`moyenne` and `ecart_moyen` are written to the tenth; the latter between the evaluators of one file."""

    critere: Critere
    notes: int
    moyenne: str
    basse: int | None
    haute: int | None
    ecart_moyen: str
    eloignes: int


@dataclass(frozen=True)
class EcartDePaire:
    """`difference`: how much higher the first one grades on the whole, out of a hundred; `ecart`, without a sign."""

    premier: Utilisateur
    second: Utilisateur
    dossiers: int
    difference: str
    ecart: str

    @property
    def plus_haut(self) -> Utilisateur | None:
        if self.difference in {"0", "-0"}:
            return None
        return self.second if self.difference.startswith("-") else self.premier

    @property
    def plus_haut_de(self) -> str:
        return self.difference.lstrip("-")


@dataclass(frozen=True)
class Rapport:
    ouverts: int
    en_desaccord: int
    criteres: list[EcartDeCritere]
    paires: list[EcartDePaire]
    seuil: int = SEUIL_DE_DESACCORD


def ouvertes_de(personne: Utilisateur, vague: Vague) -> Any:
    """The narrow rows of the files of `vague` whose evaluations `personne` reads."""
    return suivis_par(personne).filter(vague=vague, evaluations_ouvertes=True)


def rapport(personne: Utilisateur, vague: Vague, cahier: Cahier) -> Rapport:
    """On the files that `personne` reads whole: neither a file in which they have an interest, nor one whose notes are
    still each its author's, counts. Four statements, whatever the number of files."""
    ouvertes = ouvertes_de(personne, vague).order_by()
    etats = list(ouvertes.values_list("desaccord", flat=True))
    sql, parametres = ouvertes.values("candidature_id").query.sql_with_params()
    comptees = COMPTEES.format(dossiers=sql)
    par_critere = {ligne[0]: ligne[1:] for ligne in _lire(PAR_CRITERE.format(comptees=comptees), parametres)}
    paires = _lire(PAR_PAIRE.format(comptees=comptees), parametres)
    gens = Utilisateur.objects.in_bulk({cle for premier, second, *_ in paires for cle in (premier, second)})
    return Rapport(
        ouverts=len(etats),
        en_desaccord=sum(etats),
        criteres=[_critere(critere, par_critere.get(critere.cle)) for critere in cahier.criteres],
        paires=[_paire(gens[premier], gens[second], *suite) for premier, second, *suite in paires],
    )


def _lire(sql: str, parametres: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(sql, parametres)
        lignes: list[tuple[Any, ...]] = curseur.fetchall()
    return lignes


def _critere(critere: Critere, lue: tuple[Any, ...] | None) -> EcartDeCritere:
    if lue is None:
        return EcartDeCritere(critere, 0, "", None, None, "", 0)
    combien, somme, basse, haute, comparables, ecarts, eloignes = lue
    moyen = _dixiemes(ecarts, comparables) if comparables else ""
    return EcartDeCritere(critere, int(combien), _dixiemes(somme, combien), basse, haute, moyen, eloignes)


def _paire(
    premier: Utilisateur, second: Utilisateur, dossiers: int, somme: Any, ecarts: Any, sur: int
) -> EcartDePaire:
    signe = "-" if somme < 0 else ""
    return EcartDePaire(
        premier,
        second,
        dossiers,
        f"{signe}{sur_cent(abs(int(somme)), sur * dossiers)}",
        sur_cent(int(ecarts), sur * dossiers),
    )


def _dixiemes(somme: Any, combien: Any) -> str:
    return nombre(round(somme / combien, 1), 1)
