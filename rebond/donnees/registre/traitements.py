"""What the portal does with personal data, and why it may."""

from dataclasses import dataclass

INTERET_PUBLIC = "mission d’intérêt public (RGPD, art. 6.1.e)"
OBLIGATION = "obligation légale (RGPD, art. 6.1.c)"


@dataclass(frozen=True)
class Traitement:
    """One activity. `personnes`, `donnees` and `destinataires` are the categories of article 30.1."""

    cle: str
    nom: str
    finalite: str
    base: str
    personnes: str
    donnees: str
    destinataires: str


TRAITEMENTS: tuple[Traitement, ...] = (
    Traitement(
        "comptes",
        "Comptes et connexion",
        "Reconnaître qui se connecte, le protéger de qui se ferait passer pour lui.",
        f"{INTERET_PUBLIC} ; sécurité du traitement (art. 32)",
        "toute personne qui a un compte",
        "prénom, nom, adresse e-mail, empreinte du mot de passe, seconds facteurs, identité ProConnect (dont "
        "SIRET de l’administration), sessions, appareils, adresse IP",
        "la personne ; les administrateurs (nom, adresse, état du compte, sans secret ni session)",
    ),
    Traitement(
        "roles",
        "Rôles des agents de l’État",
        "Savoir qui peut quoi, qui l’a décidé, jusqu’à quand.",
        INTERET_PUBLIC,
        "agents de l’État et de ses opérateurs, experts, membres du comité",
        "adresse à laquelle le rôle est donné, rôle, organisme, périmètre, signataires, dates",
        "la personne ; les administrateurs et les auditeurs",
    ),
    Traitement(
        "collectivites",
        "Liens entre personnes et collectivités",
        "Savoir que la personne qui dépose travaille pour la collectivité chef de file.",
        INTERET_PUBLIC,
        "agents des collectivités",
        "collectivité, adresse officielle, moyen et date de la preuve, motif d’une attestation ou d’une fin",
        "la personne ; les administrateurs ; les instructeurs d’un dossier reçu sous réserve",
    ),
    Traitement(
        "dossiers",
        "Dépôt et instruction des candidatures",
        "Recevoir les dossiers à temps, en accuser réception (CRPA, art. L112-11), instruire, décider, et le prouver.",
        f"{INTERET_PUBLIC} ; {OBLIGATION} pour l’accusé de réception",
        "agents des collectivités ; personnes citées dans un dossier ou ses pièces (contacts, élus, entreprises) ; "
        "agents qui instruisent",
        "qualité dans le dossier, réponses, pièces, messages, invitations, dépôts, déclarations d’intérêts, avis, "
        "propositions, décisions",
        "les personnes du dossier ; ceux qui l’instruisent, dans leur périmètre et sans intérêt dans ce dossier "
        "(docs/acces.md) ; jamais la presse",
    ),
    Traitement(
        "missions",
        "Missions des lauréats, projets et aides",
        "Conduire la mission d’un territoire, accorder les aides, en rendre compte.",
        INTERET_PUBLIC,
        "agents des missions ; dirigeants d’entreprises, quand une raison sociale est leur nom",
        "équipe, entreprises rencontrées, projets, aides, auteurs des estimations",
        "l’équipe, le territoire, les gestionnaires et instructeurs de son périmètre",
    ),
    Traitement(
        "communication",
        "Communiqués et textes du portail",
        "Publier des chiffres vérifiables et les textes que la loi demande.",
        INTERET_PUBLIC,
        "agents qui arrêtent un texte ; contacts de presse qu’il nomme",
        "auteur d’une version ; nom, téléphone et adresse professionnels d’un contact de presse",
        "tout public, pour ce qui est publié",
    ),
    Traitement(
        "courriels",
        "E-mails",
        "Prévenir les personnes de ce qui les concerne, et savoir si l’e-mail est parti.",
        INTERET_PUBLIC,
        "toute personne qui a un compte, ou qui est invitée",
        "adresse, objet, texte, instants d’envoi, réponse du serveur de messagerie",
        "le destinataire ; les administrateurs, sans le texte ; l’hébergeur de la messagerie",
    ),
    Traitement(
        "journal",
        "Journal des actes",
        "Prouver qui a fait quoi, et quand ; que personne ne l’a récrit.",
        f"{INTERET_PUBLIC} ; {OBLIGATION} (tenue des archives publiques, code du patrimoine, art. L211-1)",
        "toute personne qui agit sur le portail, ou sur qui l’on agit",
        "nom de l’auteur, acte, objet, instant, détails",
        "les auditeurs ; chacun, pour les siens, dans son export",
    ),
    Traitement(
        "securite",
        "Journal des accès et sécurité",
        "Voir une intrusion, un compte pris, une lecture qui n’avait pas lieu d’être.",
        f"{INTERET_PUBLIC} ; sécurité du traitement (art. 32 ; CNIL, délibération 2021-122)",
        "toute personne qui se connecte, ou qui l’essaie",
        "adresse, adresse IP, navigateur, page, document lu, instant",
        "les administrateurs et les auditeurs, dont la lecture est elle-même consignée",
    ),
    Traitement(
        "droits",
        "Exercice des droits",
        "Répondre à qui demande ses données, effacer ce qui doit l’être, le prouver.",
        f"{OBLIGATION} (RGPD, art. 12 à 20)",
        "toute personne qui exerce un droit",
        "demande, instants, fichier de l’export, motif d’un effacement",
        "la personne ; les administrateurs, sans le contenu de l’export",
    ),
)  # fmt: skip
CLES = frozenset(traitement.cle for traitement in TRAITEMENTS)
