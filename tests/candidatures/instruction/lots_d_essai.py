"""What the tests of acts on many files have in common."""

from collections import Counter
from datetime import timedelta

from candidatures.instruction.acces import avec_etat_connu
from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.models import ActeSurDossier
from candidatures.instruction.lots.registre import ACTES
from candidatures.models import Affectation, Candidature
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f

JOUR = timedelta(days=1)


def nomme(prenom, **perimetre):
    agent = f.un_utilisateur(prenom=prenom, nom="Martin")
    f.un_role(agent, Role.INSTRUCTEUR, **perimetre)
    return agent


def lancer(acte, vague, moi, dossiers, **donnees):
    return lots.demander(
        acte=ACTES[acte],
        vague=vague,
        personne=moi,
        dossiers=[d.pk for d in dossiers],
        donnees={nom: valeur if isinstance(valeur, list) else [str(valeur)] for nom, valeur in donnees.items()},
    )


def faire(groupe, apres=timedelta()):
    lots.faire(groupe.pk, maintenant=horloge_base() + apres)
    return dict(ActeSurDossier.objects.filter(groupe=groupe).values_list("candidature", "refus"))


def connus(vague, moi):
    return list(avec_etat_connu(Candidature.objects.filter(vague=vague), moi, horloge_base()).pour_liste())


def refus(acte, vague, moi, **donnees):
    return ACTES[acte].refus(connus(vague, moi), {"par": moi, **donnees})


def tenants():
    return {a.candidature_id: str(a.instructeur) for a in Affectation.objects.en_cours().select_related("instructeur")}


def au_journal(acte):
    return Counter(int(cle) for cle in EntreeJournal.objects.filter(acte=acte).values_list("objet_id", flat=True))


def lettres(personne):
    return list(Courrier.objects.filter(destinataire=personne.email).order_by("pk"))
