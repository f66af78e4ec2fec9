"""« Bon pour dépôt »: what a member of a grouping says of one version of the file, for ever."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import ETATS_MODIFIABLES, GenreDeLien
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.liens import MEMBRE_DU_DOSSIER, Lien
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from territoires.models.contraintes import siren_correct

ETATS = ", ".join(f"'{etat}'" for etat in sorted(ETATS_MODIFIABLES))
# The file is held: nobody marks the version that a colleague is replacing at that instant.
SUR_CETTE_VERSION = f"""
    NEW.donne_le := clock_timestamp();
    PERFORM 1 FROM candidatures_candidature WHERE id = NEW.candidature_id FOR SHARE;
    IF NOT EXISTS (
        SELECT 1 FROM candidatures_candidature
         WHERE id = NEW.candidature_id AND empreinte = NEW.empreinte AND etat IN ({ETATS})
    ) THEN
        RAISE EXCEPTION 'version qui n''est pas celle du dossier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accord_sur_cette_version';
    END IF;
    IF NOT {MEMBRE_DU_DOSSIER} THEN
        RAISE EXCEPTION 'collectivité étrangère au dossier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accord_d_un_membre';
    END IF;
    IF NEW.par_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM candidatures_participation p JOIN territoires_rattachement r USING (utilisateur_id)
         WHERE p.candidature_id = NEW.candidature_id AND utilisateur_id = NEW.par_id AND r.siren = NEW.siren
           AND r.prouve_le IS NOT NULL AND r.fini_le IS NULL
    ) OR NEW.lien_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM candidatures_lien l
         WHERE l.id = NEW.lien_id AND l.candidature_id = NEW.candidature_id AND l.siren = NEW.siren
           AND l.genre = '{GenreDeLien.ACCORD}' AND l.revoque_le IS NULL AND l.expire_le > clock_timestamp()
    ) THEN
        RAISE EXCEPTION 'accord que cette personne ne peut pas donner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accord_de_sa_collectivite';
    END IF;
    RETURN NEW;
"""


class Accord(models.Model):
    """One member's mark on one version: `empreinte` is that of what a deposit would hold.

    `lecture` (revisions of the sections, and the snapshot without its answers) builds that version again, so that what
    changed since can be shown. Given by an account that is known to work for the authority (`par`), or by the link
    that was sent to it (`lien`); `signataire` and `fonction` are what that person said of themselves.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="accords")
    siren = models.CharField("numéro SIREN", max_length=9)
    nom = models.CharField("collectivité", max_length=160)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    lecture = models.JSONField("ce qui a été lu")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lien = models.ForeignKey(Lien, on_delete=models.PROTECT, null=True, blank=True, related_name="accords")
    signataire = models.CharField("nom", max_length=150)
    fonction = models.CharField("fonction", max_length=150)
    donne_le = models.DateTimeField("donné le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "bon pour dépôt"
        verbose_name_plural = "bons pour dépôt"
        ordering = ["pk"]
        constraints = [
            siren_correct("accord_siren_valide"),
            models.CheckConstraint(name="accord_empreinte", condition=Q(empreinte__regex=r"^[0-9a-f]{64}$")),
            models.UniqueConstraint(
                fields=["candidature", "siren", "empreinte"], name="accord_un_par_membre_et_version"
            ),
            models.CheckConstraint(
                name="accord_par_un_compte_ou_un_lien",
                condition=Q(par=None, lien__isnull=False) | Q(par__isnull=False, lien=None),
            ),
            models.CheckConstraint(name="accord_signe", condition=~Q(signataire="") & ~Q(fonction="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="accord_sur_cette_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=SUR_CETTE_VERSION,
            ),
            pgtrigger.Protect(name="accord_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return f"{self.nom} – {self.donne_le}"
