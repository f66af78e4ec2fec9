"""What « Ma vague » counts, counted another way: every row that the reader may see is read, and judged one by one."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.ma_vague.facettes import FACETTES
from candidatures.models import Vague
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Departement, Region

UNES = {"etape": "etape", "etat": "etat_connu", "avis": "cas_avis"}
PLUSIEURS = {"region": ("regions", Region), "departement": ("departements", Departement), "filiere": ("filieres", None)}


def compter(moi: Utilisateur, vague: Vague, conditions: Mapping[str, Q]) -> dict[tuple[str, str], int]:
    """By facet and value, the numbers that are not zero, and the total."""
    cas = {(f.cle, valeur): q for f in FACETTES if f.cas for valeur, q in f.cas(moi, vague).items()}
    notes = {f"c_{i}": _oui(q) for i, q in enumerate(cas.values())}
    notes |= {f"k_{i}": _oui(q) for i, q in enumerate(conditions.values())}
    lues = list(suivis_par(moi).filter(vague=vague).order_by().annotate(**notes))
    comptes: Counter[tuple[str, str]] = Counter()
    facettes = {facette.cle for facette in FACETTES}
    codes = {modele: dict(modele.objects.values_list("pk", "code")) for _, modele in PLUSIEURS.values() if modele}
    for ligne in lues:
        refus = {cle for i, cle in enumerate(conditions) if not getattr(ligne, f"k_{i}")}
        if not refus:
            comptes["total", ""] += 1
        for facette, valeur in _valeurs(ligne, cas, codes):
            if refus <= {facette}:
                comptes[facette, valeur] += 1
    assert {facette for facette, _ in comptes} <= {*facettes, "total"}
    return dict(comptes)


def _valeurs(ligne: Any, cas: Mapping[tuple[str, str], Q], codes: Mapping[Any, dict[int, str]]) -> set[tuple[str, str]]:
    vues = {de for i, de in enumerate(cas) if getattr(ligne, f"c_{i}")}
    vues |= {(facette, getattr(ligne, colonne)) for facette, colonne in UNES.items() if getattr(ligne, colonne)}
    for facette, (colonne, modele) in PLUSIEURS.items():
        vues |= {(facette, codes[modele][une] if modele else une) for une in getattr(ligne, colonne)}
    if ligne.responsable_id:
        vues.add(("responsable", str(ligne.responsable_id)))
    elif ligne.etat_connu in ETATS_CONFIES:
        vues.add(("responsable", "0"))
    return vues


def _oui(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
