"""The thread of a file."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.suivi.verite import ecrire
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document


class Message(models.Model):
    """A message of a file's thread, sent once and kept. `du_service`: written by the State's side."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="messages")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    du_service = models.BooleanField("écrit par le service instructeur", default=False)
    texte = models.TextField("message")
    envoye_le = models.DateTimeField("envoyé le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "message"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="message_ecrit", condition=~Q(texte=""))]
        triggers = [
            pgtrigger.Protect(name="message_immuable", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="suivi_du_message",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__du_service=False),
                func=f"{ecrire('ARRAY[NEW.candidature_id]')} RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auteur}, {self.candidature}"


class PieceDeMessage(models.Model):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="pieces")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    nom = models.CharField("nom du fichier", max_length=200)

    class Meta:
        verbose_name = "pièce d’un message"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="piece_de_message_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.nom


class LectureDesMessages(models.Model):
    """How far someone has read a thread; `annonce` is the last message that a digest told them of."""

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="lectures")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lu = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    annonce = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "lecture des messages"
        constraints = [models.UniqueConstraint(fields=["candidature", "utilisateur"], name="lecture_unique")]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.candidature}"
