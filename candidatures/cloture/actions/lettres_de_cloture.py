"""What a closing writes to whoever takes part in the files that it decides on."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from candidatures.cloture.regles import PREFIXE_DES_COURRIERS
from candidatures.depot.models import Depot
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature, Participation, reference_sql
from candidatures.vagues.delais import delai_de_l_annonce
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.envoi import mettre_en_file_lot, mettre_en_file_selection
from rebond.socle.courriers.redaction import Lettre, RedactionSql, rediger_en_sql, selon
from rebond.socle.texte.typographie import instant_fr


def _debut(vague: Vague) -> str:
    return f"{PREFIXE_DES_COURRIERS}{vague.pk}-"


def ecrire_aux_territoires(
    *,
    vague: Vague,
    rang: int,
    candidatures: QuerySet[Candidature],
    par_le_portail: list[Depot],
    fin: datetime,
    prolongee: bool,
) -> None:
    """Queue one letter to each person in each of `candidatures`, which are still as their deadline found them.

    `rang` is that of the procès-verbal; `par_le_portail` are the deposits that were asked of the portal; `fin` is
    when the wave ended, or its extension (`prolongee`). Postgres writes the letters of all the others by itself:
    nothing here grows with their number.
    """
    deposes = [depot.candidature_id for depot in par_le_portail]
    participations = Participation.objects.filter(candidature__in=candidatures.values("pk"))
    communes = {"numero": vague.numero, "fin": instant_fr(fin), "prolongee": prolongee}
    # The end of an extension has letters of its own.
    suffixe = f"-{rang}" if rang > 1 else ""
    mettre_en_file_selection(
        participations.exclude(candidature__in=deposes),
        cle=Concat(
            Value(_debut(vague)),
            Cast("candidature_id", TextField()),
            Value("-"),
            Cast("utilisateur_id", TextField()),
            Value(suffixe),
            output_field=TextField(),
        ),
        destinataire=F("utilisateur__email"),
        redaction=_redaction(vague, communes, delai_de_l_annonce(fin).phrase),
    )
    du_portail = {depot.candidature_id: depot for depot in par_le_portail}
    mettre_en_file_lot(
        Lettre(
            gabarit="cloture/depose_par_le_portail",
            valeurs={
                **communes,
                "reference": participation.candidature.reference,
                "territoire": participation.candidature.territoire.nom,
                "depot": du_portail[participation.candidature_id].numero,
                "recu_le": instant_fr(du_portail[participation.candidature_id].recu_le, secondes=True),
            },
            cle=f"{_debut(vague)}{participation.candidature_id}-{participation.utilisateur_id}{suffixe}",
            destinataire=participation.utilisateur.email,
            demonstration=participation.candidature.demonstration,
        )
        for participation in participations.filter(candidature__in=deposes).avec_dossier()
    )


def _redaction(vague: Vague, communes: Mapping[str, object], quand: str) -> RedactionSql:
    """The letter of each participation, by what its file is when the deadline comes."""
    valeurs: dict[str, object] = {
        **communes,
        "reference": reference_sql("candidature__"),
        "territoire": F("candidature__territoire__nom"),
    }
    demonstration = Q(candidature__demonstration=True)
    depose = rediger_en_sql("cloture/depose", valeurs | {"delais": quand}, demonstration=demonstration)
    valeurs |= _suivante(vague)
    jamais_complet = rediger_en_sql("cloture/jamais_complet", valeurs, demonstration=demonstration)
    brouillon = rediger_en_sql("cloture/brouillon", valeurs, demonstration=demonstration)
    sans_accords = []
    if vague.accords_requis:
        # Complete, and asked for: what it lacked is a mark of one of its members.
        lettre = rediger_en_sql("cloture/sans_accords", valeurs, demonstration=demonstration)
        demande = Q(candidature__depot_a_l_echeance_le__isnull=False, candidature__version_complete__isnull=False)
        sans_accords = [(demande, lettre)]
    return selon(
        [
            (~Q(candidature__etat=EtatCandidature.BROUILLON), depose),
            *sans_accords,
            (Q(candidature__depot_a_l_echeance_le__isnull=False), jamais_complet),
        ],
        defaut=brouillon,
    )


def _suivante(vague: Vague) -> dict[str, object]:
    suivante = Vague.objects.maintenues().filter(ouverture__gte=vague.cloture).order_by("ouverture").first()
    if suivante is None:
        return {"suivante": None}
    return {"suivante": suivante.numero, "cloture_suivante": instant_fr(suivante.cloture)}
