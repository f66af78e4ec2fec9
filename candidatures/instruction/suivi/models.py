"""The narrow row of each file in instruction, and the triggers that keep it."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When

from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_DECIDES, EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.suivi import bits
from candidatures.instruction.suivi.etats import CasDAvis, Etape
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.bits import Bits
from rebond.socle.listes import rang
from territoires.models import (
    Territoire,
)

# Sorts that many files share a value of: the key settles the rest, ascending in both directions, and an index read
# backwards would have it descending. What is empty is last in both.
A_DEUX_SENS = ("rang", "recu_le", "avis_rendus", "note", "note_ecart")
PARFOIS_VIDES = ("recu_le", "note", "note_ecart")
# The order of names: `nom` is bare already, and laid bare again it would be read from no index.
PAR_TERRITOIRE = ("nom", "pk")


def _index_des_tris() -> list[models.Index]:
    uniques = {"reference": ("candidature",), "territoire": ("nom", "candidature"), "region": ("region", "nom")}
    suite = [models.Index(fields=["vague", *champs], name=f"suivi_par_{nom}") for nom, champs in uniques.items()]
    for champ in A_DEUX_SENS:
        descendant = F(champ).desc(nulls_last=True) if champ in PARFOIS_VIDES else F(champ).desc()
        suite += [
            models.Index(fields=["vague", champ, "candidature"], name=f"suivi_par_{champ}"),
            models.Index("vague", descendant, "candidature", name=f"suivi_par_{champ}_inverse"),
        ]
    return suite


class SuiviQuerySet(models.QuerySet["Suivi"]):
    def a_instruire(self) -> "SuiviQuerySet":
        """`CandidatureQuerySet.a_instruire`, of the narrow rows."""
        return self.filter(etat__in=ETATS_A_INSTRUIRE)


def avis_en_retard(aujourd_hui: date) -> Q:
    """Narrow rows of which an avis should have come by that day, in Paris."""
    return Q(avis_attendu_avant__lte=aujourd_hui)


#: Those of which the last avis of an organisme is unfavourable.
AVIS_DEFAVORABLE = Q(avis_defavorables__gt=0)
# What became of the opinions that were asked on a file.
CAS = Case(
    When(avis_demandes=0, then=Value(CasDAvis.SANS)),
    When(avis_demandes__gt=F("avis_rendus"), then=Value(CasDAvis.ATTENDUS)),
    When(avis_demandes=F("avis_rendus"), then=Value(CasDAvis.RENDUS)),
    default=Value(""),
)
# Where the work on it stands.
ETAPE = Case(
    When(etat=EtatCandidature.IRRECEVABLE, then=Value(Etape.IRRECEVABLE)),
    When(etat=EtatCandidature.INSTRUITE, then=Value(Etape.PRET)),
    When(etat=EtatCandidature.CORRECTION_DEMANDEE, then=Value(Etape.CORRECTION)),
    When(etat__in=sorted(ETATS_DECIDES), then=Value(Etape.DECIDE)),
    When(irrecevabilite_proposee=True, then=Value(Etape.SIGNATURE)),
    When(recevable=None, then=Value(Etape.RECEVABILITE)),
    When(avis_demandes__gt=F("avis_rendus"), then=Value(Etape.AVIS)),
    default=Value(Etape.PROPOSITION),
)


class Suivi(models.Model):
    """What a file in instruction is filtered and sorted by, in one row of a hundred bytes.

    Postgres writes it, in the transaction of whatever changes it, and nobody else: it is what `verite.VERITE` says.
    There is no row for a draft, nor for a file that is only deposited. `nom` and `region` are bare names (`nom_nu`),
    `filieres` are those of the deposit that counts, `regions` and `departements` the keys of all those where its
    territory lies. `responsable` is the instructeur to whom it is entrusted, nobody when it is to be taken;
    `recevable` what was found of its admissibility, None as long as nothing is, an inadmissibility being proposed or
    not; `etiquettes` its labels, by name. Its notes, in points out of `note_sur`, are only there once they are open to
    all its readers (`notes`).
    """

    candidature = models.OneToOneField(Candidature, models.CASCADE, primary_key=True, related_name="suivi")
    vague = models.ForeignKey(Vague, models.CASCADE, related_name="+", db_index=False)
    territoire = models.ForeignKey(Territoire, models.CASCADE, related_name="+")
    etat = models.CharField("état", max_length=20, choices=EtatCandidature.choices)
    rang = models.GeneratedField(
        expression=rang("etat", EtatCandidature), output_field=models.SmallIntegerField(), db_persist=True
    )
    nom = models.TextField("nom nu du territoire", db_collation="C")
    region = models.TextField("nom nu de la région pilote", db_collation="C")
    recu_le = models.DateTimeField("reçu le", null=True)
    avis_demandes = models.PositiveSmallIntegerField("avis demandés", default=0)
    avis_rendus = models.PositiveSmallIntegerField("avis rendus", default=0)
    avis_defavorables = models.PositiveSmallIntegerField("organismes dont le dernier avis est défavorable", default=0)
    avis_attendu_avant = models.DateField("premier avis attendu avant le", null=True)
    cas_avis = models.GeneratedField(expression=CAS, output_field=models.CharField(max_length=10), db_persist=True)
    filieres = ArrayField(models.TextField(), verbose_name="filières", default=list)
    regions = ArrayField(models.BigIntegerField(), verbose_name="régions", default=list)
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="instructeur",
    )
    departements = ArrayField(models.BigIntegerField(), verbose_name="départements", default=list)
    recevable = models.BooleanField("recevable", null=True)
    irrecevabilite_proposee = models.BooleanField("irrecevabilité à signer", default=False)
    etape = models.GeneratedField(expression=ETAPE, output_field=models.CharField(max_length=20), db_persist=True)
    etiquettes = ArrayField(models.TextField(), verbose_name="étiquettes", default=list)
    evaluations_ouvertes = models.BooleanField("évaluations lues par tous", default=False)
    note = models.IntegerField("note médiane", null=True)
    note_sur = models.IntegerField("note la plus haute possible", null=True)
    note_ecart = models.IntegerField("écart entre les notes", null=True)
    desaccord = models.BooleanField("évaluateurs en désaccord", default=False)
    corrigee = models.BooleanField("correction rendue", default=False)
    interroge = models.BooleanField("message du territoire", default=False)
    industrie = models.BooleanField("en Territoires d’industrie à la clôture", default=False)
    deja_candidat = models.BooleanField("groupement d’un dossier d’une vague passée", default=False)

    objects = SuiviQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi d’un dossier"
        verbose_name_plural = "suivis des dossiers"
        indexes = [
            *_index_des_tris(),
            models.Index(fields=["vague", "etat", "nom", "candidature"], name="suivi_par_etat_et_nom"),
            models.Index(fields=["vague", "responsable", "nom", "candidature"], name="suivi_par_responsable"),
            models.Index(fields=["vague", "etape", "nom", "candidature"], name="suivi_par_etape_et_nom"),
            # What the counts ask of the rows, of which there are no bits: few rows are of these.
            models.Index(
                fields=["vague", "avis_attendu_avant", "candidature"],
                name="suivi_par_avis_attendu",
                condition=Q(avis_attendu_avant__isnull=False),
            ),
            models.Index(
                fields=["vague", "candidature"], name="suivi_par_avis_defavorable", condition=AVIS_DEFAVORABLE
            ),
            GinIndex(fields=["filieres"], name="suivi_par_filiere"),
            GinIndex(fields=["etiquettes"], name="suivi_par_etiquette"),
            GinIndex(fields=["regions"], name="suivi_par_region_touchee"),
            GinIndex(fields=["departements"], name="suivi_par_dept_touche"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name=f"bits_{nom}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
                func=bits.noter(lignes, table=next(iter(tables.values()))),
            )
            for nom, operation, tables, lignes in (
                ("ajoute", pgtrigger.Insert, {"new": "nouveaux"}, bits.AJOUTEES),
                ("ote", pgtrigger.Delete, {"old": "anciens"}, bits.OTEES),
                (
                    "change",
                    pgtrigger.Update,
                    {"old": "anciens", "new": "nouveaux"},
                    f"{bits.AJOUTEES} UNION ALL {bits.OTEES}",
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.candidature)


class BitsDeSuivis(models.Model):
    """Which files of a block of a wave have a value in a column (`bits`), which Postgres alone writes: the exclusive
    or of the rows of that block, that column and that value."""

    vague = models.ForeignKey(Vague, models.CASCADE, related_name="+", db_index=False)
    colonne = models.TextField("colonne, ou toutes", db_collation="C")
    valeur = models.TextField("valeur, ou aucune", db_collation="C")
    bloc = models.IntegerField("bloc")
    bits = Bits("dossiers", largeur=bits.LARGEUR)

    class Meta:
        verbose_name = "bits de suivis"
        verbose_name_plural = "bits de suivis"
        indexes = [models.Index(fields=["vague", "colonne", "valeur", "bloc"], name="bits_par_bloc")]

    def __str__(self) -> str:
        return f"vague {self.vague_id} – {self.colonne}, {self.valeur}, {self.bloc}"
