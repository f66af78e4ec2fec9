"""Watching over what went out: data that contradict a frozen release are told to the press office, once a change."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from projets.chiffres import Chiffres, Ecart, calculer, ecarts, empreinte_des_ecarts
from projets.communique.actes import ActeDeCommunique
from projets.communique.figees import chiffres_figes
from projets.publication.models import Communique, EcartConstate
from rebond.comptes.habilitations import titulaires
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.journal.actions import consigner
from rebond.socle.preuve.instantane import instantane
from rebond.socle.texte.typographie import compte, date_fr, instant_fr
from territoires.etats import Role

LIGNES_CITEES = 10


def veiller_sur(*, communique_id: int, maintenant: datetime) -> EcartConstate | None:
    """Recount a frozen release; when what contradicts it has changed, write it down and tell the press office.

    Return the new row, None when nothing changed. Run twice or at once, it writes and tells once.
    """
    with instantane():
        communique = Communique.objects.legers().get(pk=communique_id)
        publies = chiffres_figes(communique)
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
        acte = ActeDeCommunique.CONSTATER_ECARTS if trouves else ActeDeCommunique.LEVER_ECARTS
        libelles = [ecart.libelle for ecart in trouves]
        consigner(acte, communique, acteur=None, fait_le=maintenant, empreinte=empreinte, ecarts=libelles)
        if trouves:
            mettre_en_file_lot(_lettres(constat, trouves, publies, maintenant))
    return constat


@dataclass(frozen=True)
class _EcartCite:
    libelle: str
    publie: str
    recompte: str
    lignes: tuple[str, ...]


def _lettres(
    constat: EcartConstate, trouves: list[Ecart], publies: Chiffres, maintenant: datetime
) -> Iterator[Lettre]:
    communique = constat.communique
    valeurs = {
        "pk": communique.pk,
        "au": date_fr(communique.au),
        "version": communique.version,
        "instant": instant_fr(maintenant),
        "nombre": compte(len(trouves), "élément diffère", "éléments diffèrent"),
        "ecarts": [_cite(ecart) for ecart in trouves],
    }
    for pk, adresse in titulaires(Role.PRESSE).order_by("pk").values_list("pk", "email"):
        yield Lettre(
            gabarit="communique/ecarts",
            valeurs=valeurs,
            cle=f"ecarts-{constat.pk}-{pk}",
            destinataire=adresse,
            demonstration=publies.demonstration,
        )


def _cite(ecart: Ecart) -> _EcartCite:
    lignes = [
        *(f"ajoutée\u00a0: {ligne}" for ligne in ecart.ajoutees),
        *(f"retirée\u00a0: {ligne}" for ligne in ecart.retirees),
        *(f"modifiée\u00a0: {ligne}" for ligne in ecart.modifiees),
    ]
    citees = lignes[:LIGNES_CITEES]
    if len(lignes) > LIGNES_CITEES:
        citees.append(f"et {compte(len(lignes) - LIGNES_CITEES, 'autre ligne', 'autres lignes')}.")
    return _EcartCite(ecart.libelle, str(ecart.publie), str(ecart.recompte), tuple(citees))
