"""What « Ma vague » counts, counted another way: every row that the reader may see is read, and judged one by one."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from candidatures.instruction.acces import suivis_a_instruire_par, suivis_par
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.echanges.requetes import messages_non_lus_de
from candidatures.instruction.ma_vague.etats import Particularite
from candidatures.instruction.ma_vague.facettes import FACETTES
from candidatures.models import DemandeDeCorrection, Vague
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Departement, MembreTerritoireIndustrie, ProgrammeIndustrie, Region, Territoire

UNES = {"etape": "etape", "etat": "etat_connu", "avis": "cas_avis"}
PLUSIEURS = {
    "region": ("regions", Region),
    "departement": ("departements", Departement),
    "filiere": ("filieres", None),
    "etiquette": ("etiquettes", None),
}


def compter(
    moi: Utilisateur, vague: Vague, conditions: Mapping[str, Q], particularite: str = ""
) -> dict[tuple[str, str], int]:
    """By facet and value, the numbers that are not zero, and the total. `particularite`: the one that is asked."""
    cas = {(f.cle, valeur): q for f in FACETTES if f.cas for valeur, q in f.cas(moi, vague).items()}
    d_origine = {cle: q for cle, q in particularites(moi, vague).items() if ("particularite", cle) in cas}
    cas |= {("particularite", cle): q for cle, q in d_origine.items()}
    if "particularite" in conditions:
        conditions = {**conditions, "particularite": d_origine[particularite]}
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


def particularites(moi: Utilisateur, vague: Vague) -> dict[str, Q]:
    """From the tables themselves, never from what Postgres keeps of them."""
    corriges = DemandeDeCorrection.objects.exclude(rendue_le=None).values("candidature")
    programmes = ProgrammeIndustrie.objects.en_vigueur(jour_de_paris(vague.cloture)).values("programme")
    membres = MembreTerritoireIndustrie.objects.filter(
        territoire_industrie__programme__in=programmes, epci__isnull=False
    )
    de_l_industrie = Territoire.epcis.through.objects.filter(epci__in=membres.values("epci")).values("territoire")
    anciens = suivis_par(moi).filter(vague__ouverture__lt=vague.ouverture)
    groupements = Territoire.objects.filter(cle__in=anciens.values("territoire__cle")).values("pk")
    recus = messages_non_lus_de(moi).filter(du_service=False).values("candidature")
    a_lui = Q(responsable=None) | Q(responsable=moi)
    attendent = suivis_a_instruire_par(moi).filter(a_lui, pk__in=recus).values("pk")
    return {
        Particularite.CORRECTION: Q(etat_connu="en_instruction", pk__in=corriges),
        Particularite.INDUSTRIE: Q(territoire__in=de_l_industrie),
        Particularite.ANCIEN: Q(territoire__in=groupements),
        Particularite.MESSAGE: Q(pk__in=attendent),
    }


def _valeurs(
    ligne: Any, cas: Mapping[tuple[str, str], Q], codes: Mapping[Any, dict[int, str]]
) -> set[tuple[str, str]]:
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
