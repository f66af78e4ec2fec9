"""The link between a person and a local authority: asked for, then proven, then ended."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.texte.caracteres import INTERDIT_DANS_UN_IDENTIFIANT
from territoires.etats import MoyenDePreuve, Role
from territoires.models.contraintes import siren_correct
from territoires.models.gardes_des_roles import EN_VIGUEUR

# Who may say, on behalf of the State, that a person works for an authority.
ROLES_QUI_ATTESTENT = (Role.ADMINISTRATEUR, Role.INSTRUCTEUR)

# What was proven stays as it was proven; it may only end. Whoever attests holds the role to do so, in force.
PREUVE = f"""
    IF TG_OP = 'UPDATE' AND OLD.prouve_le IS NOT NULL AND (
        (NEW.utilisateur_id, NEW.siren, NEW.nom, NEW.moyen, NEW.prouve_le, NEW.prouve_par_id, NEW.motif)
        IS DISTINCT FROM
        (OLD.utilisateur_id, OLD.siren, OLD.nom, OLD.moyen, OLD.prouve_le, OLD.prouve_par_id, OLD.motif)
    ) OR TG_OP = 'UPDATE' AND OLD.fini_le IS NOT NULL AND NEW.fini_le IS DISTINCT FROM OLD.fini_le THEN
        RAISE EXCEPTION 'une preuve ne change pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rattachement_prouve_immuable';
    END IF;
    IF NEW.moyen = '{MoyenDePreuve.PAROLE}' AND (TG_OP = 'INSERT' OR OLD.prouve_le IS NULL) AND NOT EXISTS (
        SELECT 1 FROM territoires_habilitation h JOIN socle_utilisateur u ON u.id = h.utilisateur_id AND u.is_active
         WHERE h.utilisateur_id = NEW.prouve_par_id AND h.role IN ({", ".join(f"'{r}'" for r in ROLES_QUI_ATTESTENT)})
           AND {EN_VIGUEUR}
    ) THEN
        RAISE EXCEPTION 'attesté par qui n''en a pas le rôle'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rattachement_atteste_par_un_agent';
    END IF;
    RETURN NEW;
"""


class RattachementQuerySet(models.QuerySet["Rattachement"]):
    def en_cours(self) -> "RattachementQuerySet":
        """Asked for or proven, and not ended."""
        return self.filter(fini_le=None)

    def prouves(self) -> "RattachementQuerySet":
        """Those that count: proven, and not ended."""
        return self.en_cours().filter(prouve_le__isnull=False)


class Rattachement(models.Model):
    """That a person works for an authority (`siren`: an EPCI's or a PETR's), and how it is known (`moyen`).

    Asked for, then proven by a verified SIRET, by the code of a letter sent to the authority's official address, or by
    the word of an agent of the State (`prouve_par`, `motif`); ended with a reason. Only the keyed hash of the code is
    kept. `adresse_proposee` is what the person believes to be the official address: an administrateur judges it.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rattachements")
    siren = models.CharField("numéro SIREN", max_length=9)
    nom = models.CharField("collectivité", max_length=160)
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    adresse_proposee = models.EmailField("adresse officielle proposée", max_length=254, blank=True)
    adresse = models.EmailField("adresse à laquelle le code est parti", max_length=254, blank=True)
    code = models.CharField("empreinte du code", max_length=64, blank=True)
    lettre_le = models.DateTimeField("code envoyé le", null=True, blank=True)
    expire_le = models.DateTimeField("code valable jusqu’au", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("codes essayés", default=0)
    moyen = models.CharField("moyen de preuve", max_length=10, choices=MoyenDePreuve, blank=True)
    prouve_le = models.DateTimeField("prouvé le", null=True, blank=True)
    prouve_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="attesté par"
    )
    motif = models.TextField("motif", blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    fini_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    fin_motif = models.TextField("motif de la fin", blank=True)

    objects = RattachementQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["pk"]
        constraints = [
            siren_correct("rattachement_siren_valide"),
            models.UniqueConstraint(
                fields=["utilisateur", "siren"], name="rattachement_un_seul_en_cours", condition=Q(fini_le=None)
            ),
            models.CheckConstraint(
                name="rattachement_prouve_par_un_moyen",
                condition=Q(prouve_le=None, moyen="") | Q(prouve_le__isnull=False, moyen__in=MoyenDePreuve.values),
            ),
            models.CheckConstraint(
                name="rattachement_parole_signee_et_motivee",
                condition=(~Q(moyen=MoyenDePreuve.PAROLE) & Q(prouve_par=None))
                | (
                    Q(moyen=MoyenDePreuve.PAROLE, prouve_par__isnull=False)
                    & ~Q(motif="")
                    & ~Q(prouve_par=models.F("utilisateur"))
                ),
                violation_error_message="Attester un rattachement se motive, et jamais pour soi-même.",
            ),
            models.CheckConstraint(
                name="rattachement_lettre_partie",
                condition=Q(lettre_le=None, code="", expire_le=None) & ~Q(moyen=MoyenDePreuve.LETTRE)
                | Q(lettre_le__isnull=False, expire_le__gt=models.F("lettre_le")) & ~Q(code="") & ~Q(adresse=""),
            ),
            models.CheckConstraint(
                name="rattachement_fin_motivee",
                condition=Q(fini_le=None, fin_motif="") | (Q(fini_le__isnull=False) & ~Q(fin_motif="")),
            ),
            models.CheckConstraint(
                name="rattachement_adresses_nettes",
                condition=~Q(adresse_proposee__regex=INTERDIT_DANS_UN_IDENTIFIANT)
                & ~Q(adresse__regex=INTERDIT_DANS_UN_IDENTIFIANT),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="rattachement_preuve",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=PREUVE,
            ),
            pgtrigger.Protect(name="rattachement_ne_s_efface_pas", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.nom}"

    @property
    def est_prouve(self) -> bool:
        return self.prouve_le is not None and self.fini_le is None

    def code_attendu(self, maintenant: datetime) -> bool:
        """Whether a code that was sent can still be typed."""
        return self.lettre_le is not None and self.prouve_le is None and maintenant < (self.expire_le or maintenant)


# The authority that a row is about never changes; another address is checked anew, by an administrateur in post, now.
VERIFIEE = f"""
    IF TG_OP = 'UPDATE'
       AND (NEW.siren, NEW.email, NEW.validee_par_id) = (OLD.siren, OLD.email, OLD.validee_par_id) THEN
        NEW.validee_le := OLD.validee_le;
        RETURN NEW;
    END IF;
    NEW.validee_le := clock_timestamp();
    IF TG_OP = 'UPDATE' AND NEW.siren <> OLD.siren OR NOT EXISTS (
        SELECT 1 FROM territoires_habilitation h JOIN socle_utilisateur u ON u.id = h.utilisateur_id AND u.is_active
         WHERE h.utilisateur_id = NEW.validee_par_id AND h.role = '{Role.ADMINISTRATEUR}' AND {EN_VIGUEUR}
    ) THEN
        RAISE EXCEPTION 'adresse officielle que personne n''a vérifiée'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'adresse_officielle_verifiee';
    END IF;
    RETURN NEW;
"""


class AdresseOfficielle(models.Model):
    """Where an authority (`siren`) reads its official mail, as an administrateur has checked it."""

    siren = models.CharField("numéro SIREN", max_length=9, unique=True)
    email = models.EmailField("adresse e-mail officielle", max_length=254)
    validee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    validee_le = models.DateTimeField("vérifiée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "adresse officielle"
        verbose_name_plural = "adresses officielles"
        ordering = ["siren"]
        constraints = [
            siren_correct("adresse_officielle_siren_valide"),
            models.CheckConstraint(
                name="adresse_officielle_nette", condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="adresse_officielle_verifiee",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=VERIFIEE,
            ),
            pgtrigger.Protect(name="adresse_officielle_ne_s_efface_pas", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.email
