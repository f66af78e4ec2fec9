"""A file that was not retained, copied into the open wave."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.cahier.portage import porter
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.dossiers import CONFLITS, compter_les_ouvertures
from candidatures.dossier.actions.ecriture import conclure, tenir
from candidatures.dossier.actions.equipe import ecrire
from candidatures.dossier.completude import intitule
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.copie.requetes import suit
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.regles import empechement_de_copier
from candidatures.dossier.requetes import deja_ouvert, qualite_de
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import empechement_de_commencer
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.stockage import type_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

DEJA_COPIE = (
    "Vous participez déjà à un dossier de ce territoire dans la période de dépôt ouverte\u00a0: il n’en a pas été "
    "fait d’autre."
)


def copier(*, candidature: Candidature, vague: Vague, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Open a draft in `vague` from a file that went no further, and return it. The original does not change.

    Its answers follow as far as the wave's specifications can hold them, its attachments of the kinds that are still
    asked for, its authorities, and whoever takes part in it, each with the same quality.

    Raises `RegleEnfreinte` when the wave is not open, unless `auteur` is the porteur of a file that was announced as
    not retained, adjourned or inadmissible, withdrawn, or never deposited in a closed wave; when they already take
    part in a file of that territory in `vague`, or have opened too many today. Files of others make no difference.
    """
    if refus := empechement_de_commencer(vague.phase(maintenant), vague.numero):
        raise RegleEnfreinte(refus)
    with traduire(CONFLITS), transaction.atomic():
        compter_les_ouvertures(auteur)
        originale = tenir(candidature)
        etat, phase = etat_connu_du_territoire(originale, maintenant), originale.phase(maintenant)
        if refus := empechement_de_copier(etat, phase, qualite_de(originale, auteur)):
            raise RegleEnfreinte(refus)
        if deja_ouvert(vague=vague, cle=originale.territoire.cle, personne=auteur) is not None:
            raise RegleEnfreinte(DEJA_COPIE)
        copie = Candidature.objects.create(
            vague=vague,
            cahier=cahier_en_vigueur(vague=vague),
            territoire=originale.territoire,
            ouverte_par=auteur,
            copie_de=originale,
            modifiee_le=maintenant,
            demonstration=originale.demonstration,
        )
        copie.contenu = porter(originale.cahier.cahier, copie.cahier.cahier, originale.contenu)
        _copier_les_sections(copie, auteur, maintenant)
        membres = _copier_les_membres(originale, copie)
        _copier_les_pieces(originale, copie, membres, auteur, maintenant)
        participants = _copier_les_participants(originale, copie, maintenant)
        conclure(copie, "contenu", auteur=auteur, maintenant=maintenant)
        _annoncer(originale, copie, participants, auteur, maintenant)
    return copie


def _copier_les_sections(copie: Candidature, auteur: Utilisateur, maintenant: datetime) -> None:
    VersionDeSection.objects.bulk_create(
        VersionDeSection(
            candidature=copie,
            section=section,
            revision=1,
            reponses=reponses,
            auteur=auteur,
            enregistree_le=maintenant,
        )
        for section, reponses in copie.contenu.items()
    )


def _copier_les_membres(originale: Candidature, copie: Candidature) -> dict[int, Membre]:
    """The authorities of the copy, by the key of the original's."""
    anciens = membres_de(originale)
    copies = Membre.objects.bulk_create(
        Membre(candidature=copie, epci=ancien.epci, petr=ancien.petr, chef_de_file=ancien.chef_de_file)
        for ancien in anciens
    )
    return {ancien.pk: nouveau for ancien, nouveau in zip(anciens, copies, strict=True)}


def _copier_les_pieces(
    originale: Candidature,
    copie: Candidature,
    membres: dict[int, Membre],
    auteur: Utilisateur,
    maintenant: datetime,
) -> None:
    cahier, copies = copie.cahier.cahier, []
    for piece in pieces_de(originale):
        attendue = cahier.piece(piece.nature)
        if attendue is None or not suit(piece, cahier):
            continue
        membre = membres.get(piece.membre_id or 0) if attendue.par_membre else None
        copies.append(
            PieceJointe(
                candidature=copie,
                document=piece.document,
                nature=piece.nature,
                intitule=intitule(attendue, membre.nom if membre else ""),
                membre=membre,
                nom=nom_propre(piece.nom, type_de(piece.document)),
                ajoutee_par=auteur,
                ajoutee_le=maintenant,
            )
        )
    PieceJointe.objects.bulk_create(copies)


def _copier_les_participants(originale: Candidature, copie: Candidature, maintenant: datetime) -> list[Participation]:
    """Those whose account is closed stay behind."""
    anciens = Participation.objects.filter(candidature=originale, utilisateur__is_active=True)
    return Participation.objects.bulk_create(
        Participation(candidature=copie, utilisateur=ancien.utilisateur, qualite=ancien.qualite, depuis=maintenant)
        for ancien in anciens.select_related("utilisateur").order_by("pk")
    )


def _annoncer(
    originale: Candidature,
    copie: Candidature,
    participants: Iterable[Participation],
    auteur: Utilisateur,
    maintenant: datetime,
) -> None:
    entree = consigner(ActeDuDossier.COPIER, copie, acteur=auteur, fait_le=maintenant, originale=originale.reference)
    for participation in participants:
        ecrire(
            copie,
            participation.utilisateur,
            entree,
            "dossier/dossier_copie",
            auteur=auteur,
            originale=originale.reference,
            vague=copie.vague.numero,
            qualite=participation.get_qualite_display().lower(),
        )
