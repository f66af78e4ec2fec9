"""Accounts, journal, letters and stored documents: what every app stands on."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Func
from django.db.models.functions import Lower

from rebond.socle.caracteres import INTERDIT_DANS_UN_IDENTIFIANT, identifiant
from rebond.socle.etats import Disponibilite, Ouverture


class HorlogeBase(Func):
    """`clock_timestamp()`: the instant of the statement, where `now()` is that of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        """An account named by its e-mail address; without a password it signs in by e-mailed code."""
        utilisateur = self.model(email=identifiant(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save()
        return utilisateur

    def get_by_natural_key(self, email: str | None) -> "Utilisateur":
        return self.get(email__iexact=email)


class Utilisateur(AbstractBaseUser):
    """A person. What they may do is held elsewhere: by their habilitations, or by a file that they take part in."""

    email = models.EmailField("adresse électronique", max_length=254)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    nom = models.CharField("nom", max_length=100, blank=True)
    is_active = models.BooleanField("actif", default=True)
    cree_le = models.DateTimeField("créé le", db_default=HorlogeBase())

    objects: ClassVar[UtilisateurManager] = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "utilisateur"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse électronique.",
            ),
            models.CheckConstraint(
                name="utilisateur_email_net",
                condition=~Q(email__regex=INTERDIT_DANS_UN_IDENTIFIANT),
                violation_error_message="Une adresse électronique n’a ni espace ni caractère invisible.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()


class EntreeJournal(models.Model):
    """One act, as it was done. Never changed, never removed: a trigger refuses both.

    `fait_le` is the instant that counts for the act, `ecrit_le` the database's own at writing. Actor and object are
    copied rather than referenced, because the entry outlives them.
    """

    acte = models.CharField(max_length=80)
    acteur_id_copie = models.BigIntegerField(null=True)
    acteur = models.CharField(max_length=254)
    objet_type = models.CharField(max_length=80)
    objet_id = models.CharField(max_length=40)
    objet = models.CharField(max_length=300)
    fait_le = models.DateTimeField(null=True)
    ecrit_le = models.DateTimeField(db_default=HorlogeBase())
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="journal_par_objet")]
        triggers = [pgtrigger.Protect(name="journal_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.acte} – {self.objet}"


class Document(models.Model):
    """A stored file, addressed by its content: the same bytes are kept once, and a row never changes.

    The file lies in private storage under its hash; `rebond.socle.documents` writes and reads it. Names belong to what
    refers to it. `taille` is in bytes.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    taille = models.PositiveBigIntegerField()
    type_mime = models.CharField(max_length=100)
    enregistre_le = models.DateTimeField(db_default=HorlogeBase())

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(name="document_sha256_hexadecimal", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = [pgtrigger.Protect(name="document_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.sha256

    @property
    def chemin(self) -> str:
        """Where the bytes lie in the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Analyse(models.Model):
    """What the antivirus said of a document. Where one is configured, a document without it is in quarantine."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="analyse")
    saine = models.BooleanField("rien trouvé")
    detail = models.CharField("ce qui a été trouvé", max_length=200, blank=True)
    faite_le = models.DateTimeField("faite le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "analyse antivirus"
        verbose_name_plural = "analyses antivirus"
        constraints = [
            models.CheckConstraint(name="analyse_saine_ou_detaillee", condition=Q(saine=True) ^ ~Q(detail=""))
        ]

    def __str__(self) -> str:
        return self.detail or "Rien trouvé"


class Lisibilite(models.Model):
    """What became of a document when it was opened to be read (`rebond.socle.ouverture`). Without it, it waits.

    `contenu` is the media type that was then recognised, which later versions of the portal may know better than the
    document's own; empty for none. `detail` goes with the state in brackets.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="lisibilite")
    contenu = models.CharField("contenu reconnu", max_length=100, blank=True)
    ouverture = models.CharField(max_length=20, choices=Ouverture)
    pages = models.PositiveIntegerField(null=True, blank=True)
    detail = models.CharField("détail", max_length=200, blank=True)
    ouvert_le = models.DateTimeField("ouvert le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "lisibilité"
        verbose_name_plural = "lisibilités"
        constraints = [
            models.CheckConstraint(name="lisibilite_connue", condition=Q(ouverture__in=Ouverture.values)),
            models.CheckConstraint(
                name="lisibilite_pages_de_ce_qui_se_lit",
                condition=Q(pages=None) | Q(ouverture=Ouverture.LISIBLE, pages__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.get_ouverture_display()


class CourrierQuerySet(models.QuerySet["Courrier"]):
    def a_envoyer(self, maintenant: Any) -> "CourrierQuerySet":
        return self.filter(envoye_le=None, abandonne_le=None, prochain_essai__lte=maintenant)

    def venus(self, maintenant: Any) -> "CourrierQuerySet":
        """Those whose first instant has come. A letter of results that waits for the end of an embargo is nobody's to
        see before."""
        return self.exclude(tentatives=0, envoye_le=None, abandonne_le=None, prochain_essai__gt=maintenant)

    def abandonnes(self) -> "CourrierQuerySet":
        return self.exclude(abandonne_le=None)


class Courrier(models.Model):
    """A letter: a row first, written in the act's own transaction, then sent at least once by a worker.

    `cle` says which letter it is (« accuse-R3-0012 »): the same act done twice queues one letter. After repeated
    failures it is set aside (`abandonne_le`) until someone sends it again.
    """

    cle = models.CharField(max_length=200, unique=True)
    destinataire = models.EmailField()
    objet = models.CharField(max_length=200)
    texte = models.TextField()
    pieces = models.ManyToManyField(Document, through="PieceDeCourrier", related_name="courriers")
    cree_le = models.DateTimeField(db_default=HorlogeBase())
    prochain_essai = models.DateTimeField(db_default=HorlogeBase())
    tentatives = models.PositiveSmallIntegerField(default=0)
    envoye_le = models.DateTimeField(null=True, blank=True)
    abandonne_le = models.DateTimeField(null=True, blank=True)
    derniere_erreur = models.TextField(blank=True)

    objects = CourrierQuerySet.as_manager()

    class Meta:
        verbose_name = "courrier"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="courrier_envoye_ou_abandonne", condition=Q(envoye_le=None) | Q(abandonne_le=None)
            )
        ]
        indexes = [
            models.Index(
                fields=["prochain_essai"],
                name="courrier_a_envoyer",
                condition=Q(envoye_le=None, abandonne_le=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.objet} ({self.destinataire})"


class PieceDeCourrier(models.Model):
    courrier = models.ForeignKey(Courrier, on_delete=models.CASCADE)
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    nom = models.CharField(max_length=200)

    class Meta:
        verbose_name = "pièce jointe à un courrier"

    def __str__(self) -> str:
        return self.nom


class PanneMessagerieQuerySet(models.QuerySet["PanneMessagerie"]):
    def en_cours(self) -> "PanneMessagerie | None":
        return self.filter(fin=None).first()


class PanneMessagerie(models.Model):
    """A time during which no letter could leave, whichever it was: from the first try that failed to the next one
    that succeeded (`fin`; null while it lasts). The server is not tried before `prochain_essai`.
    """

    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin", null=True, blank=True)
    prochain_essai = models.DateTimeField()
    essais = models.PositiveIntegerField(default=0)
    erreur = models.TextField(blank=True)

    objects = PanneMessagerieQuerySet.as_manager()

    class Meta:
        verbose_name = "panne de la messagerie"
        verbose_name_plural = "pannes de la messagerie"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="panne_messagerie_une_a_la_fois", fields=["fin"], condition=Q(fin=None), nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"Panne de la messagerie ({self.erreur})"


class Alarme(models.Model):
    """Something that an administrateur must look at, told once by letter, in force until it is put out.

    `cle` says what it is about (« proces-verbal-3 »): one alarm in force for each.
    """

    cle = models.CharField("clef", max_length=100)
    objet = models.CharField(max_length=200)
    texte = models.TextField()
    sonnee_le = models.DateTimeField("sonnée le")
    eteinte_le = models.DateTimeField("éteinte le", null=True, blank=True)

    class Meta:
        verbose_name = "alarme"
        ordering = ["-sonnee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(name="alarme_une_en_vigueur", fields=["cle"], condition=Q(eteinte_le=None)),
            models.CheckConstraint(
                name="alarme_eteinte_apres", condition=Q(eteinte_le=None) | Q(eteinte_le__gte=models.F("sonnee_le"))
            ),
        ]

    def __str__(self) -> str:
        return self.objet


class Observation(models.Model):
    """What the portal's own probe found from `debut` to `fin`, without change and without a silence.

    Rows follow each other without a gap, save where nobody watched: see `rebond.socle.disponibilite`.
    """

    etat = models.CharField("état", max_length=12, choices=Disponibilite)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    detail = models.CharField("détail", max_length=200, blank=True)

    class Meta:
        verbose_name = "observation"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(name="observation_dans_l_ordre", condition=Q(debut__lte=models.F("fin")))
        ]
        indexes = [models.Index(fields=["fin"], name="observation_par_fin")]

    def __str__(self) -> str:
        return f"{self.get_etat_display()} du {self.debut} au {self.fin}"


class Battement(models.Model):
    """Last sign of life of a part of the portal (beat and worker), written by the worker that the beat wakes."""

    nom = models.CharField(max_length=50, primary_key=True)
    instant = models.DateTimeField()

    class Meta:
        verbose_name = "battement"

    def __str__(self) -> str:
        return self.nom


class Envoi(models.Model):
    """A request sent by a form that acted, and the answer that it got: `rebond.socle.envois`.

    `cle` was drawn with the page, `empreinte` is that of the address and of what was sent; `messages` are the level
    and the text of what was said on the way to the address `vers`.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="+")
    cle = models.UUIDField("clé du formulaire")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    vers = models.TextField("adresse de la réponse", blank=True)
    messages = models.JSONField(default=list)
    recu_le = models.DateTimeField("reçu le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "cle", "empreinte"], name="envoi_une_seule_fois")
        ]
        indexes = [models.Index(fields=["recu_le"], name="envoi_par_date")]

    def __str__(self) -> str:
        return str(self.cle)
