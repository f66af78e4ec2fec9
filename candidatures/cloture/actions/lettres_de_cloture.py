"""What a closing writes to whoever takes part in the files that it decides on."""

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from candidatures.depot.models import Depot
from candidatures.dossier.actions.equipe import objet_de
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature, Participation, reference_sql
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.envoi import MENTION_DEMONSTRATION, mettre_en_file_lot, mettre_en_file_selection, remplir
from rebond.socle.courriers.models import Courrier
from rebond.socle.texte.typographie import instant_fr


def ecrire_aux_territoires(
    *,
    vague: Vague,
    rang: int,
    candidatures: QuerySet[Candidature],
    par_le_portail: list[Depot],
    fermeture: str,
) -> None:
    """Queue one letter to each person in each of `candidatures`, which are still as their deadline found them.

    `rang` is that of the procès-verbal; `par_le_portail` are the deposits that were asked of the portal; `fermeture`
    says what ended, and when, after « La vague n ». Postgres writes the letters of all the others by itself: nothing
    here grows with their number.
    """
    deposes = [depot.candidature_id for depot in par_le_portail]
    participations = Participation.objects.filter(candidature__in=candidatures.values("pk"))
    des_brouillons = Q(candidature__etat=EtatCandidature.BROUILLON)
    # The end of an extension has letters of its own.
    suffixe = f"-{rang}" if rang > 1 else ""
    reference = reference_sql("candidature__")
    communs = {
        "numero": str(vague.numero),
        "fermeture": fermeture,
        "annonce": _annonce(vague),
        "adresse": settings.ADRESSE_PUBLIQUE,
        "reference": "{reference}",
        "territoire": "{territoire}",
    }
    gabarit = Case(
        When(~des_brouillons, then=_texte(TEXTE_DEPOSE.format(**communs))),
        When(candidature__depot_a_l_echeance_le__isnull=False, then=_texte(TEXTE_JAMAIS_COMPLET.format(**communs))),
        default=_texte(TEXTE_BROUILLON.format(**communs)),
    )
    objet = Case(
        When(des_brouillons, then=_texte("Votre dossier {reference} n’a pas été déposé")),
        default=_texte("Votre dossier {reference} passe en instruction"),
    )
    marque = Case(When(candidature__demonstration=True, then=_texte(MENTION_DEMONSTRATION)), default=_texte(""))
    mettre_en_file_selection(
        participations.exclude(candidature__in=deposes),
        cle=Concat(
            Value(f"cloture-{vague.pk}-"),
            Cast("candidature_id", TextField()),
            Value("-"),
            Cast("utilisateur_id", TextField()),
            Value(suffixe),
            output_field=TextField(),
        ),
        destinataire=F("utilisateur__email"),
        objet=Concat(marque, remplir(objet, reference=reference), output_field=TextField()),
        texte=remplir(gabarit, reference=reference, territoire=F("candidature__territoire__nom")),
    )
    du_portail = {depot.candidature_id: depot for depot in par_le_portail}
    deposees = participations.filter(candidature__in=deposes).avec_dossier()
    mettre_en_file_lot(
        Courrier(
            cle=f"cloture-{vague.pk}-{participation.candidature_id}-{participation.utilisateur_id}{suffixe}",
            destinataire=participation.utilisateur.email,
            objet=objet_de(
                participation.candidature,
                f"Votre dossier {participation.candidature.reference} a été déposé par le portail et passe en "
                "instruction",
            ),
            texte=TEXTE_DEPOSE_PAR_LE_PORTAIL.format(
                **communs
                | {
                    "reference": participation.candidature.reference,
                    "territoire": participation.candidature.territoire.nom,
                },
                depot=du_portail[participation.candidature_id].numero,
                recu_le=instant_fr(du_portail[participation.candidature_id].recu_le, secondes=True),
            ),
        )
        for participation in deposees
    )


def _texte(valeur: str) -> Combinable:
    return Value(valeur, TextField())


def _annonce(vague: Vague) -> str:
    suivante = Vague.objects.maintenues().filter(ouverture__gte=vague.cloture).order_by("ouverture").first()
    if suivante is None:
        return "Le calendrier des prochaines vagues est publié sur le portail."
    return f"La vague suivante, n° {suivante.numero}, se clôt le {instant_fr(suivante.cloture)} (heure de Paris)."


TEXTE_DEPOSE = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » {fermeture}

Le dossier {reference} du territoire « {territoire} » a été déposé à temps : il passe en instruction. Vous
recevrez un courriel lorsque les résultats seront annoncés.

Suivre votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""

TEXTE_DEPOSE_PAR_LE_PORTAIL = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » {fermeture}

Comme son porteur l’avait demandé, le portail a déposé à l’échéance la dernière version complète du dossier
{reference} du territoire « {territoire} ».

Dépôt n° {depot}
Reçu le {recu_le} (heure de Paris) : l’instant où cette version a été enregistrée, ou celui de la demande s’il est plus tardif.

Ce qui a été écrit après cette version n’est pas déposé. L’accusé de réception vous parvient dans un autre
courriel. Le dossier passe en instruction : vous recevrez un courriel lorsque les résultats seront annoncés.

Suivre votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""  # noqa: E501 (letters are sent as they are written)

TEXTE_BROUILLON = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » {fermeture}

Le dossier {reference} du territoire « {territoire} » était encore un brouillon : il n’a pas été déposé et ne
sera pas examiné. Son contenu est conservé.

{annonce}

Retrouver votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""

TEXTE_JAMAIS_COMPLET = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » {fermeture}

Le porteur du dossier {reference} du territoire « {territoire} » avait demandé au portail de déposer à
l’échéance sa dernière version complète. Le portail n’en avait aucune : avant la clôture, il est toujours resté
dans le dossier des réponses ou des pièces à fournir. Il n’a donc pas été déposé et ne sera pas examiné. Son
contenu est conservé.

{annonce}

Retrouver votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""
