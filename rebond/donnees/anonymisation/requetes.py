"""What is read of an account before it names nobody any more."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from rebond.comptes.securite.actes import ActeDeSecurite
from rebond.comptes.securite.signaux import ce_qui_empeche_de_fermer
from rebond.donnees.anonymisation.regles import Situation
from rebond.donnees.durees import COMPTES_FERMES
from rebond.socle.courriers.models import Courrier
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Habilitation


def adresses_de(personne: Utilisateur) -> set[str]:
    """In small letters: that of the account, and all those of its holder, proven or not."""
    siennes = EmailAddress.objects.filter(user=personne).values_list("email", flat=True)
    return {adresse.lower() for adresse in (*siennes, personne.email)}


def courriers_de(personne: Utilisateur) -> QuerySet[Courrier]:
    """Those sent, or to be sent, to one of their addresses."""
    lus = Courrier.objects.annotate(vers=Lower("destinataire"))
    return Courrier.objects.filter(pk__in=lus.filter(vers__in=adresses_de(personne)).values("pk"))


def situation_de(personne: Utilisateur) -> Situation:
    return Situation(
        anonyme=personne.est_anonyme,
        ouvert=personne.is_active,
        tient_un_role=Habilitation.objects.vivantes().filter(utilisateur=personne).exists()
        or Habilitation.objects.vivantes().filter(adresse__in=adresses_de(personne)).exists(),
        porte_un_dossier=ce_qui_empeche_de_fermer(personne) is not None,
        attend_un_courriel=courriers_de(personne).filter(envoye_le=None, abandonne_le=None, retenu_le=None).exists(),
    )


def fermes_depuis_longtemps(maintenant: datetime) -> QuerySet[Utilisateur]:
    """Accounts that their holder closed long ago, and that nobody opened again. One that an administrateur disabled
    waits for somebody to ask."""
    sur_lui = EntreeJournal.objects.filter(objet_type="socle.utilisateur", objet_id=Cast(OuterRef("pk"), TextField()))
    return Utilisateur.objects.non_anonymes().filter(
        Exists(sur_lui.filter(acte=ActeDeSecurite.COMPTE_FERME, ecrit_le__lt=maintenant - COMPTES_FERMES)),
        ~Exists(sur_lui.filter(acte=ActeDeSecurite.COMPTE_REACTIVE)),
        is_active=False,
    )
