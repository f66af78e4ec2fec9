"""The file that a territory writes: people, content, attachments."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Greatest, Length, LPad

from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.etats import (
    ETATS_A_INSTRUIRE,
    ETATS_REPRIS,
    ETATS_SANS_SUITE,
    TRANSITIONS_CANDIDATURE,
    EtatCandidature,
    Qualite,
    Source,
)
from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.tenue import OUVERTURES_COMPTEES, SANS_TENUE, TENUE_PROUVEE
from candidatures.vagues.etats import EtatVague, Phase
from candidatures.vagues.models.vagues import Vague, prolonge_par_deux_signatures
from candidatures.vagues.regles import dans_quelques_mois
from rebond.socle.bdd.expressions import HorlogeBase, Parmi
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.etats.table import Table, declencheur_etats
from rebond.socle.horloge.temps import jour_de_paris
from territoires.models import Territoire

if TYPE_CHECKING:
    from rebond.socle.utilisateur import Utilisateur


def reference_sql(dossier: str = "") -> Combinable:
    """`Candidature.reference` as Postgres writes it; `dossier` leads to the file (« candidature__ »)."""
    cle = Cast(f"{dossier}pk", models.TextField())
    return Concat(
        models.Value("R"),
        Cast(f"{dossier}vague__numero", models.TextField()),
        models.Value("-"),
        LPad(cle, Greatest(models.Value(4), Length(cle)), models.Value("0")),
        output_field=models.TextField(),
    )


# `candidature.echeance`, as Postgres reads it.
ECHEANCE = models.ExpressionWrapper(
    Greatest("vague__cloture", "vague__prolongee_au", "prolongee_au"), output_field=models.DateTimeField()
)
# `str(candidature)`, as Postgres writes it.
LIBELLE = Concat(reference_sql(), models.Value(" – "), "territoire__nom", output_field=models.TextField())

# What a file holds, by far the most of its row.
CONTENUS = ("contenu", "reprise")
SITUATION = ("vague", "territoire", "territoire__region_pilote", "territoire__chef_de_file")


def resultats_connus(instant: "datetime | Combinable") -> Q:
    """Files whose end everyone who takes part in them may know at `instant`: announced, or told in the system that
    they were taken over from. What is decided here of such a file waits for its announcement like the rest."""
    ailleurs = Q(source=Source.REPRISE, etat__in=ETATS_REPRIS, decision=None)
    return ailleurs | Q(vague__etat=EtatVague.PUBLIEE, vague__publique_a__lte=instant)


def de_son_territoire(utilisateur: "Utilisateur") -> "models.QuerySet[Any, Any]":
    """The keys of the files in which `utilisateur` takes part, or took part until they left."""
    liens = (modele.objects.filter(utilisateur=utilisateur) for modele in (Participation, AncienneParticipation))
    siens, anciens = (lien.order_by().values("candidature") for lien in liens)
    return siens.union(anciens, all=True)


class CandidatureQuerySet(models.QuerySet["Candidature"]):
    def du_porteur(self, utilisateur: "Utilisateur | int | Combinable") -> "CandidatureQuerySet":
        """Files in which `utilisateur` (or whoever has that key) takes part, whatever the quality."""
        parts = Participation.objects.filter(utilisateur=utilisateur).values("candidature")
        return self.filter(Parmi.dans("pk", parts))

    def sous_reserve(self) -> "CandidatureQuerySet":
        """Deposited, and holding no territory yet: the link with the lead is to be proven, or another file has it."""
        return self.filter(territoire_tenu="").exclude(etat__in=SANS_TENUE)

    def ouvertes_depuis_un_jour(self, personne: "Utilisateur") -> "CandidatureQuerySet":
        """Those that `personne` opened in the last twenty-four hours, in waves that are not over."""
        recentes = self.filter(ouverte_par=personne, creee_le__gt=HorlogeBase() - timedelta(hours=24))
        return recentes.filter(vague__cloture__gt=HorlogeBase())

    def de_son_territoire(self, utilisateur: "Utilisateur") -> "CandidatureQuerySet":
        """Files in which `utilisateur` takes part, or took part until they left: theirs, for whoever judges."""
        return self.filter(pk__in=de_son_territoire(utilisateur))

    def a_instruire(self) -> "CandidatureQuerySet":
        """Those that still keep their wave from being decided."""
        return self.filter(etat__in=ETATS_A_INSTRUIRE)

    def copiables(self, maintenant: datetime) -> "CandidatureQuerySet":
        """Of which the open wave may take a copy: `regles.est_copiable` in SQL, on what the territory knows."""
        connus = Q(etat=EtatCandidature.RETIREE) | resultats_connus(maintenant)
        clos = ~Q(vague__etat__in=[EtatVague.PREVUE, EtatVague.SUSPENDUE]) & Q(limite__lte=maintenant)
        jamais_prolonges = Q(limite__lte=F("vague__cloture"))
        brouillons = Q(etat=EtatCandidature.BROUILLON) & (jamais_prolonges | Q(prolongation_close_le__isnull=False))
        return self.alias(limite=ECHEANCE).filter(Q(connus, etat__in=ETATS_SANS_SUITE) | (brouillons & clos))

    def derniers_du_territoire(self) -> "CandidatureQuerySet":
        """Leaves out the files whose people have another one for the same territory, not withdrawn, in a later wave.
        What others have written about it changes nothing.
        """
        suivants = Candidature.objects.exclude(etat=EtatCandidature.RETIREE).filter(
            territoire__cle=models.OuterRef("territoire__cle"),
            vague__ouverture__gt=models.OuterRef("vague__ouverture"),
            participations__utilisateur__participations__candidature=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(suivants))

    def pour_liste(self) -> "CandidatureQuerySet":
        """What names a file and places it: neither its answers nor its specifications, megabytes over a wave."""
        return self.sans_contenu().select_related(*SITUATION)

    def pour_lecture(self) -> "CandidatureQuerySet":
        """One file whole, with the specifications that its answers follow, which each process has read once."""
        return self.select_related("cahier", *SITUATION).defer("cahier__definition")

    def sans_contenu(self) -> "CandidatureQuerySet":
        """Leaves in the database what only the reading of one file needs."""
        return self.defer(*CONTENUS)


class Candidature(models.Model):
    """One territory in one wave.

    `contenu` holds the answers by section and question of its `cahier`, the version of the wave's specifications under
    which it was written; `revision` grows at each save, `empreinte` is that of what a deposit would hold since then.
    `depot_a_l_echeance_le` is the instant from which its porteur asks the portal to deposit the last complete version
    when the wave closes. `prolongee_au` is its own extension
    (`Prolongation`), `prolongation_close_le` the instant at which the end of one was recorded.

    A file taken over from another system says so (`source`), keeps its number there and all that it held
    (`reprise`), whether or not we have a place for it.

    Drafts block nobody: as many as people like speak of the same grouping. `territoire_tenu` is the key of the one
    that the file holds in its wave, once it is deposited and the link of its porteur with the lead is proven; empty:
    it holds none yet (`candidatures.depot.actions.tenue`). `reserve_sue`: its people read that it was received under
    reserve, until what lifts it is no decision that they may not know. `ouverte_par` is who opened it, and is counted.
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_CANDIDATURE

    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="candidatures")
    cahier = models.ForeignKey(CahierDesCharges, on_delete=models.PROTECT, related_name="candidatures")
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="candidatures")
    territoire_tenu = models.CharField("territoire tenu", max_length=1000, blank=True, default="")
    reserve_sue = models.BooleanField("réserve dite à son territoire", default=False)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    etat = models.CharField("état", max_length=20, choices=EtatCandidature.choices, default=EtatCandidature.BROUILLON)
    contenu = models.JSONField("contenu", default=dict, blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    empreinte = models.CharField("empreinte SHA-256 du brouillon", max_length=64, blank=True)
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Participation", related_name="candidatures"
    )
    copie_de = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    depot_a_l_echeance_le = models.DateTimeField("dépôt à l’échéance demandé le", null=True, blank=True)
    depot_a_l_echeance_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    prolongee_au = models.DateTimeField("prolongée jusqu’au", null=True, blank=True)
    prolongation_close_le = models.DateTimeField("fin de prolongation enregistrée le", null=True, blank=True)
    source = models.CharField("origine", max_length=10, choices=Source.choices, default=Source.PORTAIL)
    numero_source = models.CharField("numéro dans le système d’origine", max_length=60, blank=True)
    reprise = models.JSONField("ce que contenait le système d’origine", null=True, blank=True)
    creee_le = models.DateTimeField("créée le", db_default=HorlogeBase())
    modifiee_le = models.DateTimeField("modifiée le", db_default=HorlogeBase())
    demonstration = models.BooleanField("données de démonstration", default=False)

    objects = CandidatureQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vague", "territoire_tenu"],
                name="candidature_territoire_tenu_une_fois",
                condition=~Q(territoire_tenu="") & ~Q(etat__in=SANS_TENUE),
                violation_error_message="Un autre dossier de cette période de dépôt tient déjà ce territoire.",
            ),
            models.CheckConstraint(
                name="candidature_brouillon_ne_tient_rien",
                condition=~Q(etat=EtatCandidature.BROUILLON) | Q(territoire_tenu=""),
            ),
            models.UniqueConstraint(
                fields=["numero_source"], name="candidature_reprise_une_fois", condition=~Q(numero_source="")
            ),
            models.CheckConstraint(
                name="candidature_reprise_numerotee",
                condition=Q(source=Source.PORTAIL, numero_source="")
                | (Q(source=Source.REPRISE) & ~Q(numero_source="")),
            ),
            models.CheckConstraint(
                name="candidature_depot_a_l_echeance_signe",
                condition=Q(depot_a_l_echeance_le=None, depot_a_l_echeance_par=None)
                | Q(depot_a_l_echeance_le__isnull=False, depot_a_l_echeance_par__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["vague", "etat"], name="candidature_par_vague_et_etat")]
        triggers = [
            declencheur_etats(TRANSITIONS_CANDIDATURE),
            prolonge_par_deux_signatures("candidature_id = NEW.id"),
            pgtrigger.Trigger(
                name="territoire_tenu_prouve",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("territoire_tenu"),  # type: ignore[no-untyped-call]
                func=TENUE_PROUVEE,
            ),
            pgtrigger.Trigger(
                name="dossiers_ouverts_par_jour",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OUVERTURES_COMPTEES,
            ),
            # Held FOR SHARE: whoever opens a file waits for a suspension under way, and the other way round.
            pgtrigger.Trigger(
                name="vague_maintenue",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("etat_vague", "TEXT")],
                func=f"""
                    SELECT etat INTO etat_vague FROM candidatures_vague WHERE id = NEW.vague_id FOR SHARE;
                    IF etat_vague = '{EtatVague.SUSPENDUE}' THEN
                        RAISE EXCEPTION 'vague suspendue'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'vague_maintenue';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="cahier_de_sa_vague",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("cahier_id", "vague_id"),  # type: ignore[no-untyped-call]
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM candidatures_cahierdescharges
                         WHERE id = NEW.cahier_id AND vague_id = NEW.vague_id
                    ) THEN
                        RAISE EXCEPTION 'cahier des charges d''une autre vague'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'cahier_de_sa_vague';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @jumeau_de("candidatures.dossier.models.dossiers.LIBELLE")
    def __str__(self) -> str:
        return f"{self.reference} – {self.territoire}"

    @property
    @jumeau_de("candidatures.dossier.models.dossiers.reference_sql")
    def reference(self) -> str:
        """« R14-0042 »: what people quote in letters and on the telephone."""
        return f"R{self.vague.numero}-{self.pk:04d}"

    @property
    @jumeau_de("candidatures.dossier.models.dossiers.ECHEANCE")
    def echeance(self) -> datetime:
        """Until when this file may be deposited, that instant excluded."""
        return max(self.vague.echeance, self.prolongee_au or self.vague.echeance)

    @property
    @jumeau_de("candidatures.depot.models.DECISION_IMPLICITE")
    def decision_implicite_le(self) -> date:
        """The day on which silence becomes a decision: counted from the deadline of the file, as its wave says."""
        return dans_quelques_mois(jour_de_paris(self.echeance), self.vague.silence_mois)

    @jumeau_de("candidatures.depot.models.a_redeposer")
    def a_change_depuis(self, empreinte_deposee: str) -> bool:
        """Whether the draft is no longer what was deposited. Drafts saved before `empreinte` was kept do not say."""
        return bool(self.empreinte) and self.empreinte != empreinte_deposee

    @property
    def sous_reserve(self) -> bool:
        """Deposited, and holding no territory: `CandidatureQuerySet.sous_reserve`."""
        return not self.territoire_tenu and self.etat not in SANS_TENUE

    def phase(self, maintenant: datetime) -> Phase:
        """Where the file stands as to its own deadline."""
        if maintenant < self.vague.ouverture:
            return Phase.PROGRAMMEE
        if maintenant < self.echeance:
            return Phase.OUVERTE
        if self.echeance > self.vague.cloture and self.vague.etat != EtatVague.PREVUE:
            return Phase.CLOSE if self.prolongation_close_le else Phase.EN_CLOTURE
        return self.vague.phase(maintenant)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def avec_dossier(self) -> "ParticipationQuerySet":
        """Each with its person and what a letter names of its file."""
        return self.select_related("utilisateur", "candidature__vague", "candidature__territoire").defer(
            *(f"candidature__{champ}" for champ in CONTENUS)
        )


class Participation(models.Model):
    """A person's part in one file. Exactly one porteur a file, who alone deposits and withdraws."""

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="participations")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations")
    qualite = models.CharField("qualité", max_length=20, choices=Qualite.choices)
    depuis = models.DateTimeField(db_default=HorlogeBase())

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation"
        constraints = [
            models.UniqueConstraint(fields=["candidature", "utilisateur"], name="participation_unique"),
            models.UniqueConstraint(
                fields=["candidature"], name="participation_un_seul_porteur", condition=Q(qualite=Qualite.PORTEUR)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="participation_laisse_une_trace",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func="""
                    INSERT INTO candidatures_ancienneparticipation (candidature_id, utilisateur_id)
                    VALUES (OLD.candidature_id, OLD.utilisateur_id) ON CONFLICT DO NOTHING;
                    RETURN OLD;
                """,
            ),
            pgtrigger.Protect(
                name="participation_a_une_personne",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("candidature", "utilisateur"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} ({self.get_qualite_display()})"

    @property
    def est_porteur(self) -> bool:
        return self.qualite == Qualite.PORTEUR
