"""Press releases as they were frozen, what they announced, their files."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, When
from django.db.models.expressions import Combinable

from projets.publication.regles import MOTIF_MOTS, MOTIF_SIGNES
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document, cite_ses_documents
from rebond.socle.parution.models import fait_paraitre

# Nobody is a new laureate twice: two releases frozen at once are put in line by the lock, which lasts to the end of
# the transaction. A rectificatif (same date) repeats what it corrects.
NOUVEAU_UNE_SEULE_FOIS = """
    PERFORM pg_advisory_xact_lock(hashtext('projets_communique nouveaux laureats'));
    IF EXISTS (
        SELECT 1
          FROM projets_communique autre, jsonb_array_elements(autre.resume -> 'nouveaux') deja
         WHERE autre.au <> NEW.au
           AND deja IN (SELECT jsonb_path_query(NEW.chiffres, '$.chiffres.nouveaux_laureats.lignes[*].pk'))
           AND NOT EXISTS (
               SELECT 1 FROM projets_communique corrige
                WHERE corrige.au = NEW.au AND corrige.resume -> 'nouveaux' @> deja
           )
    ) THEN
        RAISE EXCEPTION 'un autre communiqué a annoncé l''un de ces nouveaux lauréats'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'laureat_nouveau_une_seule_fois';
    END IF;
    RETURN NEW;
"""
# Postgres alone sees every release, whoever writes it. The lock puts two releases of a date in line: the second one
# reads the first, since each statement of the trigger sees what was committed before it (READ COMMITTED).
COMMUNIQUE_FIGEABLE = rf"""
    PERFORM pg_advisory_xact_lock(hashtext('projets_communique'), NEW.au - DATE '2000-01-01');
    SELECT version, empreinte INTO derniere, precedente FROM projets_communique
     WHERE au = NEW.au ORDER BY version DESC LIMIT 1;
    refus := CASE
        WHEN NEW.au >= (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date THEN 'communique_jour_fini'
        WHEN NEW.version <> COALESCE(derniere, 0) + 1 THEN 'communique_version_suivante'
        WHEN NEW.empreinte = precedente THEN 'communique_change'
        WHEN NEW.version > 1 AND (
            char_length(btrim(NEW.motif)) < {MOTIF_SIGNES}
            OR (SELECT count(*) FROM regexp_matches(NEW.motif, '\S\S+', 'g')) < {MOTIF_MOTS}
        ) THEN 'communique_motif_suffisant'
        WHEN COALESCE(jsonb_array_length(NEW.contenu -> 'contacts'), 0) = 0
            OR (NEW.contenu ->> 'contacts') ~* '\[[^\]"]*à renseigner' THEN 'communique_contact_reel'
        WHEN NEW.contenu::text ~* 'https?://(localhost|127\.|0\.0\.0\.0|\[::)' THEN 'communique_adresse_publique'
    END;
    IF refus IS NOT NULL THEN
        RAISE EXCEPTION 'ce communiqué ne peut pas être arrêté'
            USING ERRCODE = 'check_violation', CONSTRAINT = refus;
    END IF;
    RETURN NEW;
"""


class CommuniqueQuerySet(models.QuerySet["Communique"]):
    def en_vigueur(self) -> "CommuniqueQuerySet":
        """The last version for each date."""
        return self.filter(_derniere_version())

    def legers(self) -> "CommuniqueQuerySet":
        """Without the rows of their figures: `sommaire` says all the rest, and `lignes_figees` reads them."""
        return self.defer("chiffres")

    def dont(self, voulus: Q) -> "list[Communique]":
        """All of them, from the first frozen, with what they announced (`resume`); `voulus` with their text and what
        their figures say beside. One statement."""
        lourds = ("sommaire", "contenu")
        lus = self.legers().defer(*("chiffres", *lourds)).order_by("pk")
        trouves: list[Any] = list(
            lus.annotate(
                voulu=ExpressionWrapper(voulus, output_field=models.BooleanField()),
                **{f"{champ}_lu": Case(When(voulus, then=F(champ)), default=None) for champ in lourds},
            )
        )
        for lu in trouves:
            for champ in lourds if lu.voulu else ():
                setattr(lu, champ, getattr(lu, f"{champ}_lu"))
        return trouves

    def contredits(self) -> "CommuniqueQuerySet":
        """In force, and today's data say otherwise."""
        return self.en_vigueur().annotate(contredit=_dernier_constat("contredit")).filter(contredit=True)

    def pour_liste(self) -> "CommuniqueQuerySet":
        """Without the figures, the text and their rows, which are long; with `contredit_le`, since when today's data
        say otherwise (None: they do not, or a rectificatif has followed)."""
        contredit = Q(contredit=True) & Q(_derniere_version())
        return (
            self.legers()
            .defer("contenu", "resume", "sommaire")
            .annotate(contredit=_dernier_constat("contredit"))
            .annotate(contredit_le=Case(When(contredit, then=_dernier_constat("constate_le")), default=None))
        )


def _dernier_constat(champ: str) -> Subquery:
    constats = EcartConstate.objects.filter(communique=OuterRef("pk")).order_by("-pk")
    return Subquery(constats.values(champ)[:1])


def _derniere_version() -> Combinable:
    """True of the rows that no rectificatif has followed."""
    return ~Exists(Communique.objects.filter(au=OuterRef("au"), version__gt=OuterRef("version")))


class Communique(models.Model):
    """A frozen press release: text, figures and map as they went out. Contradicted later, it is followed by a
    rectificatif (a new `version` for the same date), never overwritten (design, invariant 5).

    `resume` is made by Postgres from `chiffres`, which may hold the rows of twenty thousand projects: the figures
    without their rows, and primary keys of the laureates listed and called new, and of the missions told of. So is
    `sommaire`: the figures whole but for their rows, of which it holds a count and a seal (`projets.chiffres.lignes`).

    `connu_le`: what was known then is what it says (`projets.chiffres.calculer`); None of those that were frozen
    before facts were kept.
    """

    au = models.DateField("chiffres au")
    version = models.PositiveSmallIntegerField("version")
    chiffres = models.JSONField("chiffres arrêtés")
    resume = models.GeneratedField(
        expression=Func(F("chiffres"), function="resume_des_chiffres", output_field=models.JSONField()),
        output_field=models.JSONField(),
        db_persist=True,
    )
    sommaire = models.GeneratedField(
        expression=Func(F("chiffres"), function="sommaire_des_chiffres", output_field=models.JSONField()),
        output_field=models.JSONField(),
        db_persist=True,
    )
    contenu = models.JSONField("texte arrêté")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    motif = models.TextField("raison de la correction", blank=True)
    fige_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fige_le = models.DateTimeField("arrêté le", db_default=HorlogeBase())
    connu_le = models.DateTimeField("faits connus le", null=True, blank=True)

    # Said of a release that is read among all (`projets.communique.editions.paru`).
    derniere: bool

    objects = CommuniqueQuerySet.as_manager()

    class Meta:
        verbose_name = "communiqué"
        ordering = ["-au", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["au", "version"], name="communique_version_unique"),
            models.CheckConstraint(
                name="communique_rectificatif_motive", condition=Q(version=1) | (Q(version__gt=1) & ~Q(motif=""))
            ),
            models.CheckConstraint(
                name="communique_de_faits_connus", condition=Q(connu_le=None) | Q(connu_le__lte=F("fige_le"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="communique_immuable", operation=IMMUABLE),
            fait_paraitre(pgtrigger.Insert),
            pgtrigger.Trigger(
                name="laureat_nouveau_une_seule_fois",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=NOUVEAU_UNE_SEULE_FOIS,
            ),
            pgtrigger.Trigger(
                name="communique_figeable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("derniere", "INTEGER"), ("precedente", "TEXT"), ("refus", "TEXT")],
                func=COMMUNIQUE_FIGEABLE,
            ),
            cite_ses_documents("communique_cite_sa_carte", "contenu", "$.carte"),
        ]

    def __str__(self) -> str:
        return f"Communiqué au {self.au:%d/%m/%Y} (version {self.version})"


class EcartConstate(models.Model):
    """What a count of today's data said otherwise than a frozen release, from `constate_le` until the next row.

    A row for each change of it, and none as long as nothing changes: the press office gets one letter a row. `ecarts`
    is a list, empty when the data agree with the release again.
    """

    communique = models.ForeignKey(Communique, on_delete=models.PROTECT, related_name="ecarts_constates")
    constate_le = models.DateTimeField("constaté le", db_default=HorlogeBase())
    ecarts = models.JSONField("écarts")
    contredit = models.BooleanField("le communiqué est contredit")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)

    class Meta:
        verbose_name = "écart constaté"
        verbose_name_plural = "écarts constatés"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="ecart_constate_coherent",
                condition=Q(contredit=False, ecarts=[]) | (Q(contredit=True) & ~Q(ecarts=[])),
            )
        ]
        triggers = [pgtrigger.Protect(name="ecart_constate_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.communique} : écarts du {self.constate_le:%d/%m/%Y}"


class FichierDeCommunique(models.Model):
    """One file of a frozen release, as it was made then: no later code makes it again.

    `cle` is its format. A release frozen under embargo has each file twice: with the embargo written on it, without.
    `fabrique_le` is later than the freeze for releases that were frozen before files were kept.
    """

    communique = models.ForeignKey(Communique, on_delete=models.PROTECT, related_name="fichiers")
    cle = models.CharField("format", max_length=20)
    sous_embargo = models.BooleanField("porte l’embargo")
    nom = models.CharField("nom du fichier", max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    fabrique_le = models.DateTimeField("fabriqué le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "fichier de communiqué"
        verbose_name_plural = "fichiers de communiqué"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["communique", "cle", "sous_embargo"], name="fichier_de_communique_unique")
        ]
        triggers = [pgtrigger.Protect(name="fichier_de_communique_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return self.nom
