"""The register of processing (RGPD, article 30), drawn from what `rebond.donnees` declares."""

from collections.abc import Iterator

from rebond.documentation.mermaid import tableau
from rebond.donnees.conservation.regles import REGLES, Regle
from rebond.donnees.registre.mesures import MESURES
from rebond.donnees.registre.sortes import SANS_PERSONNE, SORTES
from rebond.donnees.registre.traitements import TRAITEMENTS, Traitement

PRESENTATION = """\
Le registre des activités de traitement du portail (RGPD, article 30). Il est tiré de `rebond/donnees/registre/`, que
`tests/donnees/test_registre.py` compare à la base : une table nouvelle, un lien nouveau vers un compte ou un texte
nouveau y font échouer la suite tant qu’ils n’y sont pas écrits.

Le responsable du traitement, le délégué à la protection des données et l’hébergeur sont ceux des pages « Mentions
légales » et « Données personnelles et cookies », que les administrateurs écrivent : le code n’en nomme aucun. Aucune
donnée n’est transférée hors de l’Union européenne par le portail : il n’appelle que la base, la file d’attente,
l’antivirus, la messagerie, ProConnect et l’autorité d’horodatage que l’on règle (docs/deploiement.md), et n’envoie à
cette dernière que des empreintes. Aucune décision n’est prise par une machine seule."""
CONSERVATION = """\
`manage.py appliquer_conservation` compte ce dont le temps est passé, sorte par sorte, sans nommer personne, et ne
change rien ; avec `--appliquer`, elle l’efface ou le rend anonyme, et en écrit les nombres au journal. Ce qui est dit
« d’office » l’est aussi chaque heure par le battement.

Un e-mail dont le temps est passé garde sa ligne et sa clé, qui empêche de l’écrire une seconde fois ; adresse, objet
et texte s’en vont. Treize mois : un an pendant lequel un acte mal notifié peut encore être contesté (Conseil d’État,
13 juillet 2016, n° 387763), et un mois pour en répondre. Le journal des accès : six mois (CNIL, délibération
2021-122). Les invitations : six mois, pour que le responsable d’un dossier voie qui n’a pas répondu. Un compte dont
l’adresse n’a jamais été vérifiée : trente jours, car elle peut être celle d’un autre. Un brouillon que personne n’a
déposé : trois ans après son échéance, les neuf vagues pendant lesquelles on peut encore le copier ; réponses,
versions et pièces s’en vont, la référence reste au procès-verbal et à l’historique. C’est à la demande, pour que l’on
prévienne d’abord qui l’a écrit."""
ARCHIVES = """\
Les dossiers déposés, leur instruction, les accusés, les procès-verbaux, les décisions, les aides et le journal sont
des archives publiques (code du patrimoine, art. L211-1 et L211-4) : le portail n’en efface rien de lui-même. Les
durées de dix ans sont celles que ce registre propose ; le sort final est décidé avec les archives
(art. L212-2 et L212-3), sur visa d’élimination. Ils échappent au droit à l’effacement tant qu’ils servent une
obligation légale ou une mission d’intérêt public (RGPD, art. 17.3.b), l’archivage dans l’intérêt public (art. 17.3.d)
ou la défense de droits en justice (art. 17.3.e). Une donnée fausse se rectifie à côté, par une version nouvelle."""
DROITS = (
    (
        "accès et portabilité (art. 15 et 20)",
        (
            "« Mon compte », « Mes données » : un ouvrier prépare une archive (une page à lire, un fichier JSON), "
            "un e-mail prévient, elle reste sept jours. Pour qui écrit à l’État, un administrateur la fait "
            "préparer depuis la page du compte ; il n’en lit rien : elle est remise à la seule personne, "
            "connectée, ou par un lien secret envoyé à son adresse vérifiée si son compte est fermé. Elle ne "
            "contient rien d’autrui, ni l’état d’aucun dossier, ni un e-mail qui attend la fin d’un embargo."
        ),
    ),
    (
        "motifs écrits par l’administration sur une personne",
        "sur demande, après examen (art. 15.4) : ils ne sont pas dans l’archive",
    ),
    (
        "rectification (art. 16)",
        "la personne change son adresse et son mot de passe ; le reste sur demande",
    ),
    (
        "fermeture d’un compte",
        (
            "« Mon compte », « Fermer mon compte » : le compte ne s’ouvre plus ; mot de passe, seconds facteurs, "
            "identité ProConnect et sessions s’en vont ; la personne quitte les équipes des dossiers en cours. "
            "Qui porte un dossier ou tient un rôle le passe d’abord. Ce qu’elle a écrit reste sous son nom."
        ),
    ),
    (
        "effacement : anonymisation d’une personne (art. 17)",
        (
            "un an après que son titulaire a fermé son compte (`manage.py appliquer_conservation --appliquer`), "
            "ou plus tôt, par un administrateur, à sa demande : le compte ne nomme plus personne et ne se rouvre "
            "pas ; ses adresses, invitations, appareils, seconds facteurs et les e-mails qu’elle a reçus s’en "
            "vont. Un e-mail envoyé à un autre, qui la nomme, part avec son propre temps. Ne changent jamais, "
            "et gardent son nom : le journal, les dépôts et leurs pièces, les accusés, les procès-verbaux, les "
            "avis et décisions, l’adresse d’un rôle donné, les textes arrêtés (art. 17.3.b et d) ; PostgreSQL "
            "le refuse à tous. Le journal des accès s’efface de lui-même. Un compte désactivé par un "
            "administrateur attend qu’on le demande."
        ),
    ),
    (
        "effacement d’un document (art. 5.1.c et 17)",
        (
            "un fichier qui contient ce qu’il ne doit pas (santé, coordonnées bancaires) : un administrateur le "
            "demande par son empreinte et dit pourquoi, un autre signe. Les octets s’en vont ; la ligne reste, "
            "avec l’empreinte, la taille, la date, qui et pourquoi. Partout où il se lisait, on lit « document "
            "effacé le… » (410) ; les dépôts et procès-verbaux qui le citent se vérifient toujours par son "
            "empreinte ; les mêmes octets ne peuvent être joints de nouveau. Ce que le portail a fabriqué "
            "(accusés, procès-verbaux, rapports, communiqués) ne s’efface pas. Une sauvegarde le garde le temps "
            "qu’elle dure : ne restaurez jamais les documents sans la base du même jour."
        ),
    ),
    (
        "opposition, limitation (art. 18 et 21)",
        "sur demande ; un administrateur peut désactiver un compte",
    ),
)


def rubriques() -> Iterator[str]:
    yield PRESENTATION
    yield "## Les traitements"
    for traitement in TRAITEMENTS:
        yield from _traitement(traitement)
    yield "## Les durées qui passent"
    yield CONSERVATION
    yield tableau(("sorte", "garde", "par"), ((r.nom, r.en_mots, _par(r)) for r in REGLES))
    yield "## Les archives d’une procédure"
    yield ARCHIVES
    yield "## Les droits des personnes"
    yield tableau(("droit", "comment"), DROITS)
    yield "## Les mesures de sécurité"
    yield tableau(("mesure", "où"), ((mesure, f"`{ou}`") for mesure, ou in MESURES))
    yield "## Ce qui ne tient à personne"
    yield tableau(("table", "ce qu’elle tient"), ((_table(nom), quoi) for nom, quoi in sorted(SANS_PERSONNE.items())))


def _traitement(traitement: Traitement) -> Iterator[str]:
    yield f"### {traitement.nom}"
    yield "\n".join(
        f"- **{nom}** : {dit}"
        for nom, dit in (
            ("pourquoi", traitement.finalite),
            ("à quel titre", traitement.base),
            ("de qui", traitement.personnes),
            ("quoi", traitement.donnees),
            ("qui les lit", traitement.destinataires),
        )
    )
    yield tableau(
        ("table", "liens vers un compte", "textes d’une personne", "durée"),
        (
            (_table(s.modele), ", ".join(s.liens) or "–", ", ".join(sorted(s.personnels)) or "–", s.garde)
            for s in SORTES
            if s.traitement == traitement.cle
        ),
    )


def _table(modele: str) -> str:
    """« `Habilitation` (territoires) »."""
    application, _, nom = modele.partition(".")
    return f"`{nom}` ({application})"


def _par(regle: Regle) -> str:
    if regle.ailleurs:
        return f"`{regle.ailleurs}`"
    return "d’office, chaque heure" if regle.d_office else "`manage.py appliquer_conservation`"
