"""The lines of a procès-verbal beside what the database says now."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.lignes import SOURCES, selection
from candidatures.cloture.proces_verbal.lignes import Source as SourceDeLignes
from candidatures.depot.models import Depot
from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.texte.typographie import compte

PREMIERE_DIFFERENTE = """
    SELECT l.ordre, l.texte, s.texte
      FROM candidatures_ligneprocesverbal l
      LEFT JOIN ({}) s ON s.objet = l.objet
     WHERE l.proces_verbal_id = %s AND l.nature = %s
       AND ({} IS NOT TRUE
            OR s.depot_id IS DISTINCT FROM l.depot_id OR s.candidature_id IS DISTINCT FROM l.candidature_id)
     ORDER BY l.ordre
     LIMIT 1
"""


IDENTIQUES = "s.texte = l.texte"
# What had not ended may have ended since.
CONTENUE = "s.texte::jsonb @> l.texte::jsonb"


class Difference(Exception):
    """What was recorded and what is there now are not the same: `objet` says where, in French."""

    def __init__(self, objet: str, *, attendu: object, trouve: object) -> None:
        super().__init__(f"{objet}\u00a0: le procès-verbal dit {_dire(attendu)}, on trouve {_dire(trouve)}.")


def comparer_les_lignes(acte: ProcesVerbal) -> Iterator[str]:
    """Every line but the header, selected again: each of them is what the database says."""
    for source in SOURCES:
        annonces = acte.contenu.get("lignes", {}).get(source.nature, 0)
        lignes = LigneProcesVerbal.objects.filter(proces_verbal=acte, nature=source.nature)
        if lignes.count() != annonces:
            raise Difference(f"Lignes «\u00a0{source.nature.label}\u00a0»", attendu=annonces, trouve=lignes.count())
        if not annonces:
            continue
        _comparer(acte, source)
        yield f"{compte(annonces, 'ligne')} «\u00a0{source.nature.label}\u00a0»\u00a0: conformes à la base."


def _comparer(acte: ProcesVerbal, source: SourceDeLignes) -> None:
    lignes = LigneProcesVerbal.objects.filter(proces_verbal=acte, nature=source.nature)
    select, parametres = selection(source, lignes, cle="objet")
    with connection.cursor() as curseur:
        curseur.execute(
            PREMIERE_DIFFERENTE.format(select, CONTENUE if source.ouverte else IDENTIQUES),
            [*parametres, acte.pk, source.nature],
        )
        trouvee = curseur.fetchone()
    if trouvee is None:
        return
    ordre, ecrit, actuel = trouvee
    inscrite = lire(ecrit, f"Ligne {ordre}")
    objet = f"Ligne {ordre}, {source.nature.label.lower()} {inscrite.get('numero') or inscrite.get('reference') or ''}"
    if actuel is None:
        raise Difference(objet.strip(), attendu="qu’il existe", trouve="rien dans la base")
    champ, attendu, trouve = premier_ecart(inscrite, json.loads(actuel))
    raise Difference(f"{objet.strip()}, champ «\u00a0{champ}\u00a0»", attendu=attendu, trouve=trouve)


def depots_oublies(acte: ProcesVerbal) -> str:
    """No file that passed to instruction was left out, and no deposit listed was replaced by a later one.

    What was taken over from another system after the closing is not in it, and says so (`source`); nor is a file that
    came from there already instructed.
    """
    premier = ProcesVerbal.objects.filter(vague=acte.vague, rang=1).values("etabli_le")
    hors = {"source": Source.REPRISE, "enregistre_le__gt": Subquery(premier)}
    depots = Depot.objects.filter(candidature__vague=acte.vague).exclude(**hors)
    instruits = Candidature.objects.filter(vague=acte.vague, source=Source.PORTAIL).exclude(
        etat__in=[EtatCandidature.BROUILLON, EtatCandidature.DEPOSEE, EtatCandidature.RETIREE]
    )
    inscrites = LigneProcesVerbal.objects.filter(proces_verbal__vague=acte.vague, nature=NatureLigne.DEPOT)
    oublie = (
        depots.filter(candidature__in=instruits)
        .exclude(candidature__in=inscrites.values("candidature"))
        .order_by("pk")
        .first()
    )
    if oublie is not None:
        raise Difference(f"Dépôt {oublie.numero}", attendu="rien", trouve="ce dépôt, qui aurait dû y figurer")
    suivant = depots.filter(candidature=OuterRef("depot__candidature"), rang__gt=OuterRef("depot__rang"))
    listees = inscrites.filter(proces_verbal=acte).annotate(suivant=Subquery(suivant.values("numero")[:1]))
    if remplace := listees.exclude(suivant=None).select_related("depot").order_by("ordre").first():
        objet = f"Ligne {remplace.ordre}, dépôt {remplace.depot}"
        raise Difference(objet, attendu="que ce dépôt compte", trouve=f"le dépôt {remplace.suivant}, plus récent")
    return "Aucun dépôt qui compte n’a été oublié."


def premier_ecart(inscrit: Any, actuel: Any, chemin: str = "") -> tuple[str, Any, Any]:
    """The path of the first field that differs, with both values; `("", …)` stands for the whole."""
    if isinstance(inscrit, dict) and isinstance(actuel, dict):
        for cle in [*inscrit, *(cle for cle in actuel if cle not in inscrit)]:
            if inscrit.get(cle) != actuel.get(cle):
                return premier_ecart(inscrit.get(cle), actuel.get(cle), f"{chemin}.{cle}".lstrip("."))
    if isinstance(inscrit, list) and isinstance(actuel, list) and len(inscrit) == len(actuel):
        for rang, (element, present) in enumerate(zip(inscrit, actuel, strict=True)):
            if element != present:
                return premier_ecart(element, present, f"{chemin}[{rang}]")
    return chemin or "texte", inscrit, actuel


def lire(texte: str, ou: str) -> dict[str, Any]:
    try:
        lu = json.loads(texte)
    except ValueError:
        raise Difference(ou, attendu="une ligne en JSON", trouve=texte[:80]) from None
    return lu if isinstance(lu, dict) else {}


def _dire(valeur: object) -> str:
    return f"«\u00a0{valeur}\u00a0»" if isinstance(valeur, str) else json.dumps(valeur, ensure_ascii=False)
