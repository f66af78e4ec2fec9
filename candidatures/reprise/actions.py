"""Taking over one dossier of Démarches simplifiées: created once, then brought up to date as long as nobody works on
it here. Each runs in a transaction of its own: nothing is written of a dossier that is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Model

from candidatures.depot.actions.depots import reprendre_depot
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.dossiers import membres_initiaux
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.dossier.instantane import instantane, membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.pieces.actions.pieces import demander_analyse
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.models import Proposition, Recevabilite
from candidatures.instruction.saisine.models import Saisine
from candidatures.labellisation.actes import ActeDeLabel
from candidatures.labellisation.models import Labellisation
from candidatures.labellisation.signaux import vague_annoncee
from candidatures.reprise.actes import ActeDeReprise
from candidatures.reprise.plan import Piece, Plan, Porteur
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents.etrangers import nommer
from rebond.socle.documents.lisibilites import garder
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.ouverture import examiner
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import territoire_pour

E = EtatCandidature
SYSTEME = "Démarches simplifiées"
REFUS = {
    "candidature_territoire_tenu_une_fois": "Ce territoire a déjà un dossier dans cette vague. Si l’un des deux "
    'ne compte pas, donnez-lui l’état "retiree" dans la correspondance, sous [dossiers.…].',
    "labellisation_une_par_territoire": "Ce territoire est déjà lauréat, par un autre dossier.",
    "depot_recu_avant_enregistrement": "Sa date de dépôt est dans le futur.",
}
# How a file gets where it must be; the steps that its state does not allow any more are behind it.
CHEMINS: dict[EtatCandidature, tuple[ActeDuDossier, ...]] = {
    E.DEPOSEE: (),
    E.EN_INSTRUCTION: (ActeDuDossier.OUVRIR_INSTRUCTION,),
    E.LAUREATE: (ActeDuDossier.OUVRIR_INSTRUCTION, ActeDuDossier.REPRENDRE_LAUREATE),
    E.NON_RETENUE: (ActeDuDossier.OUVRIR_INSTRUCTION, ActeDuDossier.REPRENDRE_NON_RETENUE),
    E.AJOURNEE: (ActeDuDossier.OUVRIR_INSTRUCTION, ActeDuDossier.REPRENDRE_AJOURNEE),
    E.RETIREE: (ActeDuDossier.RETIRER,),
}


ACTES_D_ICI: tuple[type[Model], ...] = (Recevabilite, Saisine, Proposition, DemandeDeCorrection)


class Resultat(StrEnum):
    CREE = "créé"
    DEJA_LA = "déjà là"
    MIS_A_JOUR = "mis à jour"


@dataclass(frozen=True)
class Issue:
    """What was done; `remarques` are sentences for whoever runs the takeover. `compte_cree`: the porteur's."""

    resultat: Resultat
    candidature: Candidature
    remarques: tuple[str, ...] = ()
    compte_cree: str = ""


def reprendre(*, plan: Plan, acteur: Utilisateur | None, maintenant: datetime) -> Issue:
    """Do what `plan` says. The same plan again changes nothing.

    What the dossier held is kept whole. Once someone has worked on the file here, answers, attachments and state are
    left as they are. Raises `RegleEnfreinte` when the rules or the database refuse.
    """
    with traduire(REFUS), transaction.atomic():
        tenu = (
            Candidature.objects.select_for_update(of=("self",))
            .select_related("vague", "cahier", "territoire__chef_de_file")
            .filter(numero_source=plan.numero)
            .first()
        )
        if tenu is None:
            return _creer(plan, acteur, maintenant)
        return _mettre_a_jour(tenu, plan, acteur, maintenant)


def _creer(plan: Plan, acteur: Utilisateur | None, maintenant: datetime) -> Issue:
    porteur, compte_cree = compte_de(plan.porteur)
    territoire = territoire_pour(epcis=plan.epcis, chef_de_file=plan.epcis[0])
    candidature = Candidature.objects.create(
        vague=plan.vague,
        cahier=plan.cahier,
        territoire=territoire,
        source=Source.REPRISE,
        numero_source=plan.numero,
        modifiee_le=plan.modifie_le or plan.recu_le,
        demonstration=settings.DEMONSTRATION or territoire.demonstration,
    )
    membres_initiaux(candidature=candidature)
    Participation.objects.create(candidature=candidature, utilisateur=porteur, qualite=Qualite.PORTEUR)
    consigner(
        ActeDeReprise.REPRENDRE, candidature, acteur=acteur, fait_le=maintenant, systeme=SYSTEME, numero=plan.numero
    )
    _ecrire(candidature, plan, porteur)
    remarques = [*plan.notes, *_avancer(candidature, plan, acteur, maintenant)]
    _garder(candidature, plan, maintenant)
    return Issue(Resultat.CREE, candidature, tuple(remarques), porteur.email if compte_cree else "")


def _mettre_a_jour(tenu: Candidature, plan: Plan, acteur: Utilisateur | None, maintenant: datetime) -> Issue:
    gardee = tenu.reprise or {}
    plan = replace(plan, pieces=_pieces_deja_jointes(plan.pieces, gardee))
    if _est_plus_ancien(plan, gardee):
        return Issue(Resultat.DEJA_LA, tenu, ("Une version plus récente de ce dossier est déjà reprise.",))
    if gardee.get("empreinte") == plan.empreinte:
        return Issue(Resultat.DEJA_LA, tenu)
    remarques = list(_ecarts(tenu, plan))
    if _travaille_ici(tenu, gardee):
        remarques.append("On a travaillé ici sur ce dossier\u00a0: ses réponses et son état n’ont pas été changés.")
        ici = gardee.get("ici", {})
    else:
        _ecrire(tenu, plan, _porteur_actuel(tenu))
        remarques += _avancer(tenu, plan, acteur, maintenant)
        ici = None
    _garder(tenu, plan, maintenant, ici=ici)
    consigner(ActeDeReprise.METTRE_A_JOUR_REPRISE, tenu, acteur=acteur, fait_le=maintenant, numero=plan.numero)
    return Issue(Resultat.MIS_A_JOUR, tenu, tuple(remarques))


def compte_de(porteur: Porteur) -> tuple[Utilisateur, bool]:
    """The account of this address, and whether it is new: without a password, its owner signs in by e-mailed code."""
    deja = Utilisateur.objects.filter(email__iexact=porteur.email).first()
    if deja is not None:
        return deja, False
    return Utilisateur.objects.create_user(porteur.email, prenom=porteur.prenom, nom=porteur.nom), True


def _ecrire(candidature: Candidature, plan: Plan, porteur: Utilisateur) -> None:
    """The answers, as versions too, the attachments, then the deposit that freezes them if it says anything new."""
    le = plan.modifie_le or plan.recu_le
    revisions = _revisions(candidature)
    VersionDeSection.objects.bulk_create(
        VersionDeSection(
            candidature=candidature,
            section=section,
            revision=revisions.get(section, 0) + 1,
            reponses=reponses,
            auteur=porteur,
            enregistree_le=le,
        )
        for section, reponses in plan.contenu.items()
        if candidature.contenu.get(section) != reponses
    )
    candidature.contenu = dict(plan.contenu)
    candidature.revision += 1
    candidature.modifiee_le = le
    candidature.save(update_fields=["contenu", "revision", "modifiee_le"])
    for piece in plan.pieces:
        _joindre(candidature, piece, porteur, plan.recu_le)
    fige = empreinte(instantane(candidature, pieces_de(candidature), membres_de(candidature)))
    Candidature.objects.filter(pk=candidature.pk).update(empreinte=fige)
    dernier = candidature.depots.order_by("-rang").first()
    if dernier is None or dernier.empreinte != fige:
        rang = dernier.rang + 1 if dernier else 1
        cle = uuid5(NAMESPACE_URL, f"demarches-simplifiees:{plan.numero}:{rang}:{fige}")
        reprendre_depot(candidature=candidature, auteur=porteur, recu_le=plan.recu_le, cle=cle)


def _revisions(candidature: Candidature) -> dict[str, int]:
    versions = VersionDeSection.objects.filter(candidature=candidature).order_by("revision")
    return dict(versions.values_list("section", "revision"))


def _joindre(candidature: Candidature, piece: Piece, porteur: Utilisateur, le: datetime) -> None:
    if piece.chemin is None:
        return
    with piece.chemin.open("rb") as ouvert:
        # What was received there stays received here, whatever can be read of it.
        examen = examiner(ouvert, service=True)
        nom = nom_propre(piece.nom, examen.contenu or nommer(ouvert))
        document = garder(File(ouvert, name=piece.nom), examen)
    demander_analyse(document)
    PieceJointe.objects.get_or_create(
        candidature=candidature,
        document=document,
        defaults={
            "nature": piece.nature,
            "intitule": piece.libelle,
            "nom": nom,
            "ajoutee_par": porteur,
            "ajoutee_le": le,
        },
    )


def _avancer(candidature: Candidature, plan: Plan, acteur: Utilisateur | None, maintenant: datetime) -> Iterator[str]:
    """Through the transitions that lead where `plan` says, each at its instant; a sentence when it is elsewhere."""
    instants = {ActeDuDossier.OUVRIR_INSTRUCTION: plan.instruit_le, ActeDuDossier.RETIRER: plan.modifie_le}
    if candidature.sous_reserve and plan.etat is not E.RETIREE:
        raise RegleEnfreinte(REFUS["candidature_territoire_tenu_une_fois"])
    for acte in CHEMINS[plan.etat]:
        if Candidature.TRANSITIONS.permet(acte, candidature.etat):
            le = instants.get(acte, plan.decide_le) or maintenant
            appliquer(candidature, acte, acteur=acteur, maintenant=le)
    if candidature.etat != plan.etat:
        yield (
            f"Son état est «\u00a0{candidature.get_etat_display()}\u00a0» ici, et devrait être "
            f"«\u00a0{plan.etat.label}\u00a0»\u00a0: il n’a pas été changé."
        )
    elif plan.etat is E.LAUREATE:
        yield from _labelliser(candidature, plan, maintenant)


def _labelliser(candidature: Candidature, plan: Plan, maintenant: datetime) -> Iterator[str]:
    """The label, announced when the mapping says when it was; unannounced, nobody else knows of it."""
    label, _ = Labellisation.objects.get_or_create(
        candidature=candidature,
        defaults={
            "territoire": candidature.territoire,
            "vague": candidature.vague,
            "decidee_le": plan.decide_le or plan.recu_le,
        },
    )
    if label.annoncee_le is not None:
        return
    if plan.annonce_le is None:
        yield (
            f"Lauréat à annoncer\u00a0: donnez la date d’annonce de la vague {candidature.vague.numero} dans la "
            "correspondance, sous [annonces]."
        )
        return
    label.annoncee_le = max(label.decidee_le, min(plan.annonce_le, maintenant))
    label.publique_a = max(label.annoncee_le, plan.annonce_le)
    label.save(update_fields=["annoncee_le", "publique_a"])
    consigner(ActeDeLabel.ANNONCER, label, acteur=None, fait_le=label.annoncee_le)
    vague_annoncee.send(
        sender=Vague, vague=candidature.vague, labellisations=[label], acteur=None, maintenant=label.annoncee_le
    )


def _garder(candidature: Candidature, plan: Plan, maintenant: datetime, *, ici: dict[str, Any] | None = None) -> None:
    """Everything that the dossier held, and what the takeover left here: `ici` tells later whether it changed."""
    candidature.reprise = {
        "format": 1,
        "systeme": SYSTEME,
        "numero": plan.numero,
        "demarche": {"numero": plan.demarche, "titre": plan.titre},
        "repris_le": maintenant.isoformat(),
        "modifie_le": plan.modifie_le.isoformat() if plan.modifie_le else None,
        "dossier": plan.origine,
        "restes": [reste.json for reste in plan.restes],
        "pieces": [piece.json for piece in plan.pieces],
        "empreinte": plan.empreinte,
        "ici": ici or {"contenu": empreinte(candidature.contenu), "etat": candidature.etat},
    }
    candidature.save(update_fields=["reprise"])


def _est_plus_ancien(plan: Plan, gardee: dict[str, Any]) -> bool:
    connue = gardee.get("modifie_le")
    return bool(connue and plan.modifie_le and plan.modifie_le < datetime.fromisoformat(connue))


def _travaille_ici(tenu: Candidature, gardee: dict[str, Any]) -> bool:
    """Whether someone wrote in the file, deposited it again, or began to judge it, since it was taken over."""
    ici = gardee.get("ici", {})
    # The closing of its wave is the portal's own doing.
    if tenu.etat not in {ici.get("etat"), E.EN_INSTRUCTION} or ici.get("contenu") != empreinte(tenu.contenu):
        return True
    if tenu.depots.exclude(source=Source.REPRISE).exists():
        return True
    return any(modele._default_manager.filter(candidature=tenu).exists() for modele in ACTES_D_ICI)


def _pieces_deja_jointes(pieces: tuple[Piece, ...], gardee: dict[str, Any]) -> tuple[Piece, ...]:
    """A takeover without the folder of attachments does not forget those that an earlier one found."""
    jointes = {(piece["md5"], nom_propre(piece["nom"])) for piece in gardee.get("pieces", []) if piece["jointe"]}
    return tuple(replace(piece, jointe=True, motif="") if piece.cle in jointes else piece for piece in pieces)


def _ecarts(tenu: Candidature, plan: Plan) -> Iterator[str]:
    """What a later version says otherwise, and that no takeover changes."""
    if set(tenu.territoire.sirens) != {epci.siren for epci in plan.epcis}:
        yield f"Son territoire a changé là-bas\u00a0; il reste «\u00a0{tenu.territoire}\u00a0» ici."
    if tenu.vague_id != plan.vague.pk:
        yield f"Déposé le {instant_fr(plan.recu_le)} là-bas\u00a0; il reste dans la vague {tenu.vague.numero} ici."


def _porteur_actuel(tenu: Candidature) -> Utilisateur:
    return tenu.participations.select_related("utilisateur").get(qualite=Qualite.PORTEUR).utilisateur
