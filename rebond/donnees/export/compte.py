"""The account, what opened it, what was sent to it, what the journals say of it."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models.functions import Lower

from candidatures.demandes.models import DemandeDEpci
from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from projets.mission.models import EquipeMission, Mission
from rebond.comptes.seances.appareils import nom_de
from rebond.comptes.seances.models import Appareil
from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.export.rubrique import Rubrique, Sujet, Valeurs
from rebond.exports.models import Export
from rebond.socle.courriers.models import Courrier, PreferenceDeLettres
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.requete.models import Envoi
from territoires.models import Habilitation, Rattachement

LOT = 500
#: Of these the journal's words name somebody else, but for one's own.
OBJETS_QUI_NOMMENT = ("socle.utilisateur", "territoires.habilitation", "territoires.rattachement")


def _compte(sujet: Sujet) -> Iterator[Valeurs]:
    personne = sujet.personne
    yield {
        "numero": personne.pk,
        "prenom": personne.prenom,
        "nom": personne.nom,
        "adresse": personne.email,
        "ouvert": personne.is_active,
        "cree_le": personne.cree_le,
        "derniere_connexion": personne.last_login,
        "mot_de_passe": personne.has_usable_password(),
    }


def _adresses(sujet: Sujet) -> Iterator[Valeurs]:
    for adresse in EmailAddress.objects.filter(user=sujet.personne).order_by("pk"):
        yield {"adresse": adresse.email, "verifiee": adresse.verified, "principale": adresse.primary}


def _facteurs(sujet: Sujet) -> Iterator[Valeurs]:
    for facteur in Authenticator.objects.filter(user=sujet.personne).order_by("pk"):
        yield {
            "genre": facteur.get_type_display(),
            "cree_le": facteur.created_at,
            "derniere_fois": facteur.last_used_at,
        }


def _proconnect(sujet: Sujet) -> Iterator[Valeurs]:
    for compte in SocialAccount.objects.filter(user=sujet.personne).order_by("pk"):
        yield {
            "identifiant": compte.uid,
            "lie_le": compte.date_joined,
            "derniere_fois": compte.last_login,
            "recu": compte.extra_data,
        }


def _sessions(sujet: Sujet) -> Iterator[Valeurs]:
    for session in UserSession.objects.filter(user=sujet.personne).order_by("pk"):
        yield {
            "navigateur": nom_de(session.user_agent),
            "adresse_ip": session.ip,
            "ouverte_le": session.created_at,
            "vue_le": session.last_seen_at,
        }


def _preferences(sujet: Sujet) -> Iterator[Valeurs]:
    for choix in PreferenceDeLettres.objects.filter(utilisateur=sujet.personne).order_by("pk"):
        yield {"sorte": choix.get_sorte_display(), "rythme": choix.get_rythme_display()}


def _appareils(sujet: Sujet) -> Iterator[Valeurs]:
    for appareil in Appareil.objects.filter(utilisateur=sujet.personne).order_by("pk"):
        yield {
            "navigateur": appareil.nom,
            "premiere_fois": appareil.premiere_fois,
            "derniere_fois": appareil.derniere_fois,
        }


def _roles(sujet: Sujet) -> Iterator[Valeurs]:
    """Those that were theirs once: a proposal that nobody has signed is not."""
    tenus = Habilitation.objects.filter(utilisateur=sujet.personne).exclude(activee_le=None)
    for role in tenus.select_related("organisme", "region", "departement", "territoire").order_by("pk"):
        yield {
            "role": role.get_role_display(),
            "organisme": str(role.organisme),
            "la": str(role.region or role.departement or role.territoire or "partout"),
            "etat": role.get_etat_display(),
            "depuis": role.activee_le,
            "jusqu_au": role.jusqu_au,
            "fini_le": role.finie_le,
        }


def _collectivites(sujet: Sujet) -> Iterator[Valeurs]:
    for lien in Rattachement.objects.filter(utilisateur=sujet.personne).order_by("pk"):
        yield {
            "siren": lien.siren,
            "nom": lien.nom,
            "demande_le": lien.demande_le,
            "adresse_proposee": lien.adresse_proposee,
            "moyen": lien.get_moyen_display() if lien.moyen else "",
            "prouve_le": lien.prouve_le,
            "fini_le": lien.fini_le,
        }


def _demandes(sujet: Sujet) -> Iterator[Valeurs]:
    """Made without an account, under an address that is proven since."""
    for demande in DemandeDEpci.objects.alias(a=Lower("email")).filter(a__in=sujet.adresses).order_by("pk"):
        yield {
            "recue_le": demande.recue_le,
            "collectivite": demande.collectivite,
            "commune": demande.commune,
            "siren": demande.siren,
            "situation": demande.get_situation_display(),
            "nom": demande.nom,
            "adresse": demande.email,
            "telephone": demande.telephone,
            "message": demande.message,
            "repondue_le": demande.repondue_le,
            "reponse": demande.reponse,
        }


def _missions(sujet: Sujet) -> Iterator[Valeurs]:
    """None whose laureates are not public."""
    siennes = EquipeMission.objects.filter(utilisateur=sujet.personne, mission__in=Mission.objects.publiques())
    for place in siennes.select_related("mission").order_by("pk"):
        yield {"mission": str(place.mission)}


def _courriels(sujet: Sujet) -> Iterator[Valeurs]:
    """Those that have left: one that waits for the end of an embargo is nobody's yet."""
    recus = Courrier.objects.lisibles().exclude(envoye_le=None)
    siens = recus.alias(a=Lower("destinataire")).filter(a__in=sujet.adresses)
    for courrier in siens.order_by("pk").iterator(chunk_size=LOT):
        yield {"envoye_le": courrier.envoye_le, "objet": courrier.objet, "texte": courrier.texte}


def _acces(sujet: Sujet) -> Iterator[Valeurs]:
    siens = Acces.objects.filter(personne_id_copie=sujet.personne.pk).order_by("pk")
    for acces in siens.iterator(chunk_size=LOT):
        yield {
            "instant": acces.instant,
            "nature": acces.get_nature_display(),
            "page": acces.chemin,
            "objet": acces.objet,
            "roles": acces.roles,
            "adresse_ip": acces.adresse,
            "navigateur": acces.navigateur,
        }


def _actes(sujet: Sujet) -> Iterator[Valeurs]:
    siens = EntreeJournal.objects.filter(acteur_id_copie=sujet.personne.pk).order_by("pk")
    for entree in siens.iterator(chunk_size=LOT):
        tu = entree.objet_type in OBJETS_QUI_NOMMENT and not _le_vise(entree, sujet)
        yield {
            "instant": entree.fait_le or entree.ecrit_le,
            "acte": libelle_acte(entree.acte, entree.objet_type),
            "objet": "" if tu else entree.objet,
        }


def _sur_le_compte(sujet: Sujet) -> Iterator[Valeurs]:
    """What others, or the portal, did to the account; who, and in which words, is the administration's."""
    dits = EntreeJournal.objects.filter(objet_type="socle.utilisateur", objet_id=str(sujet.personne.pk))
    for entree in dits.exclude(acteur_id_copie=sujet.personne.pk).order_by("pk"):
        yield {
            "instant": entree.fait_le or entree.ecrit_le,
            "acte": libelle_acte(entree.acte, entree.objet_type),
        }


def _le_vise(entree: EntreeJournal, sujet: Sujet) -> bool:
    return entree.objet_type == "socle.utilisateur" and entree.objet_id == str(sujet.personne.pk)


def _envois(sujet: Sujet) -> Iterator[Valeurs]:
    for envoi in Envoi.objects.filter(utilisateur=sujet.personne).exclude(vers="").order_by("pk"):
        yield {"recu_le": envoi.recu_le, "vers": envoi.vers}


def _exports(sujet: Sujet) -> Iterator[Valeurs]:
    for export in ExportDeDonnees.objects.filter(personne=sujet.personne).order_by("pk"):
        yield {"demande_le": export.demande_le, "pret_le": export.pret_le}


def _listes(sujet: Sujet) -> Iterator[Valeurs]:
    for export in Export.objects.filter(personne=sujet.personne).defer("cles").order_by("pk"):
        yield {
            "fichier": export.fichier,
            "recherche": export.demande,
            "demande_le": export.demande_le,
            "pret_le": export.pret_le,
        }


def _vues(sujet: Sujet) -> Iterator[Valeurs]:
    for vue in VueEnregistree.objects.filter(proprietaire=sujet.personne).order_by("pk"):
        yield {"nom": vue.nom, "recherche": vue.demande, "enregistree_le": vue.enregistree_le}


RUBRIQUES = (
    Rubrique(
        "compte", "Votre compte",
        {
            "numero": "Numéro", "prenom": "Prénom", "nom": "Nom", "adresse": "Adresse e-mail",
            "ouvert": "Ouvert", "cree_le": "Créé le", "derniere_connexion": "Dernière connexion",
            "mot_de_passe": "A un mot de passe",
        },
        _compte,
        "Le mot de passe n’est pas gardé\u00a0: seule l’est une empreinte, qui ne permet pas de le retrouver.",
    ),
    Rubrique(
        "adresses", "Vos adresses e-mail",
        {"adresse": "Adresse", "verifiee": "Vérifiée", "principale": "Principale"}, _adresses,
    ),
    Rubrique(
        "second_facteur", "Vos seconds facteurs",
        {"genre": "Genre", "cree_le": "Depuis", "derniere_fois": "Dernière utilisation"}, _facteurs,
        "Leurs secrets n’y sont pas\u00a0: qui lirait ce fichier pourrait s’en servir.",
    ),
    Rubrique(
        "proconnect", "Votre identité ProConnect",
        {"identifiant": "Identifiant", "lie_le": "Liée le", "derniere_fois": "Dernière connexion", "recu": "Reçu"},
        _proconnect,
    ),
    Rubrique(
        "sessions", "Vos sessions ouvertes",
        {"navigateur": "Navigateur", "adresse_ip": "Adresse IP", "ouverte_le": "Ouverte le", "vue_le": "Vue le"},
        _sessions,
    ),
    Rubrique(
        "appareils", "Vos appareils connus",
        {"navigateur": "Navigateur", "premiere_fois": "Première fois", "derniere_fois": "Dernière fois"}, _appareils,
    ),
    Rubrique(
        "preferences", "Les e-mails que vous avez choisis", {"sorte": "E-mails", "rythme": "Quand"}, _preferences,
    ),
    Rubrique(
        "roles", "Vos rôles pour l’État",
        {
            "role": "Rôle", "organisme": "Organisme", "la": "Périmètre", "etat": "État", "depuis": "Depuis",
            "jusqu_au": "Jusqu’au", "fini_le": "Fini le",
        },
        _roles,
    ),
    Rubrique(
        "collectivites", "Vos liens avec des collectivités",
        {
            "siren": "SIREN", "nom": "Collectivité", "demande_le": "Demandé le",
            "adresse_proposee": "Adresse que vous aviez proposée", "moyen": "Prouvé par", "prouve_le": "Prouvé le",
            "fini_le": "Fini le",
        },
        _collectivites,
    ),
    Rubrique(
        "demandes", "Vos demandes d’une intercommunalité introuvable",
        {
            "recue_le": "Reçue le", "collectivite": "Intercommunalité cherchée", "commune": "Commune",
            "siren": "SIREN", "situation": "Ce que vous en saviez", "nom": "Nom", "adresse": "Adresse",
            "telephone": "Téléphone", "message": "Message", "repondue_le": "Répondue le", "reponse": "Réponse",
        },
        _demandes,
    ),
    Rubrique("missions", "Les missions dont vous êtes de l’équipe", {"mission": "Mission"}, _missions),
    Rubrique(
        "courriels", "Les e-mails que vous avez reçus",
        {"envoye_le": "Envoyé le", "objet": "Objet", "texte": "Texte"}, _courriels,
        "Le texte d’un code de connexion n’est pas gardé une fois parti.",
    ),
    Rubrique(
        "acces", "Vos accès au portail",
        {
            "instant": "Le", "nature": "Nature", "page": "Page", "objet": "Objet", "roles": "Au titre de",
            "adresse_ip": "Adresse IP", "navigateur": "Navigateur",
        },
        _acces,
    ),
    Rubrique(
        "actes", "Ce que le journal garde de vos actes", {"instant": "Le", "acte": "Acte", "objet": "Sur"}, _actes,
        "Le nom des autres personnes que vos actes concernent n’y est pas.",
    ),
    Rubrique(
        "sur_le_compte", "Ce que d’autres, ou le portail, ont fait sur votre compte",
        {"instant": "Le", "acte": "Acte"}, _sur_le_compte,
        "Pour savoir qui, et pourquoi, écrivez-nous\u00a0: nous répondons après examen (RGPD, article 15.4).",
    ),
    Rubrique(
        "formulaires", "Vos formulaires des derniers jours", {"recu_le": "Reçu le", "vers": "Page suivante"}, _envois
    ),
    Rubrique(
        "exports", "Vos exports de données", {"demande_le": "Demandé le", "pret_le": "Prêt le"}, _exports
    ),
    Rubrique(
        "listes", "Les longues listes que vous avez demandées",
        {"fichier": "Fichier", "recherche": "Recherche", "demande_le": "Demandé le", "pret_le": "Prêt le"}, _listes,
    ),
    Rubrique(
        "vues", "Les vues de liste que vous avez enregistrées",
        {"nom": "Nom", "recherche": "Recherche", "enregistree_le": "Enregistrée le"}, _vues,
    ),
)  # fmt: skip
