"""Watching over what went out: data that contradict a frozen release are told to the press office, once a change."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from projets.chiffres import Chiffres, Ecart, calculer, ecarts, empreinte_des_ecarts
from projets.publication.models import Communique, EcartConstate
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.journal.actions import consigner
from rebond.socle.preuve.instantane import instantane
from rebond.socle.texte.typographie import compte, date_fr, instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

LIGNES_CITEES = 10


def veiller_sur(*, communique_id: int, maintenant: datetime) -> EcartConstate | None:
    """Recount a frozen release; when what contradicts it has changed, write it down and tell the press office.

    Return the new row, None when nothing changed. Run twice or at once, it writes and tells once.
    """
    with instantane():
        communique = Communique.objects.get(pk=communique_id)
        publies = Chiffres.depuis_json(communique.chiffres)
        trouves = ecarts(publies, calculer(au=communique.au))
    empreinte = empreinte_des_ecarts(trouves)
    with transaction.atomic():
        verrous.attendre(f"écarts du communiqué {communique_id}")
        dernier = EcartConstate.objects.filter(communique=communique).order_by("-pk").first()
        if empreinte == (dernier.empreinte if dernier else empreinte_des_ecarts([])):
            return None
        constat = EcartConstate.objects.create(
            communique=communique,
            ecarts=[asdict(ecart) for ecart in trouves],
            contredit=bool(trouves),
            empreinte=empreinte,
        )
        acte = "constater_ecarts" if trouves else "lever_ecarts"
        libelles = [ecart.libelle for ecart in trouves]
        consigner(acte, communique, acteur=None, fait_le=maintenant, empreinte=empreinte, ecarts=libelles)
        if trouves:
            mettre_en_file_lot(_courriers(constat, trouves, publies, maintenant))
    return constat


def _courriers(
    constat: EcartConstate, trouves: list[Ecart], publies: Chiffres, maintenant: datetime
) -> Iterator[Courrier]:
    communique = constat.communique
    mention = "[Données de démonstration] " if publies.demonstration else ""
    texte = TEXTE.format(
        au=date_fr(communique.au),
        version=communique.version,
        instant=instant_fr(maintenant),
        nombre=compte(len(trouves), "élément diffère", "éléments diffèrent"),
        ecarts="\n\n".join(_en_texte(ecart) for ecart in trouves),
        adresse=f"{settings.ADRESSE_PUBLIQUE}/presse/communiques/{communique.pk}/",
    )
    adresses = Utilisateur.objects.filter(habilitations__role=Role.PRESSE, is_active=True)
    for pk, adresse in adresses.order_by("pk").values_list("pk", "email").distinct():
        yield Courrier(
            cle=f"ecarts-{constat.pk}-{pk}",
            destinataire=adresse,
            objet=f"{mention}Communiqué au {date_fr(communique.au)} : les données ont changé",
            texte=texte,
        )


def _en_texte(ecart: Ecart) -> str:
    lignes = [
        *(f"ajoutée : {ligne}" for ligne in ecart.ajoutees),
        *(f"retirée : {ligne}" for ligne in ecart.retirees),
        *(f"modifiée : {ligne}" for ligne in ecart.modifiees),
    ]
    citees = [f"  – {ligne}" for ligne in lignes[:LIGNES_CITEES]]
    if len(lignes) > LIGNES_CITEES:
        citees.append(f"  – et {compte(len(lignes) - LIGNES_CITEES, 'autre ligne', 'autres lignes')}.")
    return "\n".join([f"{ecart.libelle}", f"  Publié : {ecart.publie}", f"  Aujourd’hui : {ecart.recompte}", *citees])


TEXTE = """Bonjour,

Les données du portail ne disent plus la même chose que le communiqué au {au} (version {version}).
Constaté le {instant} (heure de Paris) : {nombre}.

{ecarts}

Le communiqué reste tel qu’il a été figé. Si le changement est justifié, préparez un rectificatif : {adresse}

Ce courriel n’est envoyé qu’une fois pour ce changement.

L’équipe Rebond industriel
"""
