"""Holding a territory: one file of a wave does, among those that were deposited for the same grouping.

Every complete file that its porteur deposits in time is received. It holds its territory once the portal knows that
the porteur works for the lead authority, unless another file does already; until then it is received under reserve,
which is judged at admissibility. Postgres holds both: one holder (`candidature_territoire_tenu_une_fois`), proven
(`territoire_tenu_prouve`).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.models import Depot
from candidatures.depot.requetes import chef_depose, qui_tient
from candidatures.dossier.actions.equipe import ecrire
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.tenue import TENIR
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

UNE_FOIS = "candidature_territoire_tenu_une_fois"
# Each time that another file takes the same territory at the same instant, the statement is made again, and sees it.
ESSAIS = 20


def tenir_les_territoires(candidatures: Collection[int]) -> set[int]:
    """Let each of these deposited files (keys) hold its territory when it can; return those that now hold one and did
    not. What a file held for another grouping than the one that it was last deposited for is let go.
    """
    return {pk for pk, tenu in _tenir(candidatures).items() if tenu}


def _tenir(candidatures: Collection[int]) -> dict[int, str]:
    """What those of which it changes now hold: the key of a grouping, or nothing."""
    for _ in range(ESSAIS):
        try:
            with transaction.atomic(), connection.cursor() as curseur:
                curseur.execute(TENIR, [sorted(candidatures)])
                return dict(curseur.fetchall())
        except IntegrityError as erreur:
            if nom_contrainte(erreur) != UNE_FOIS:
                raise
    return {}


def recevoir(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> None:
    """What a deposit, just made, means for the territory of the held file; a reserve is journalled, and said."""
    candidature.territoire_tenu = _tenir([candidature.pk]).get(candidature.pk, candidature.territoire_tenu)
    if candidature.reserve_sue != candidature.sous_reserve:
        candidature.reserve_sue = candidature.sous_reserve
        candidature.save(update_fields=["reserve_sue"])
    if candidature.sous_reserve:
        consigner(ActeDeDepot.RECEVOIR_SOUS_RESERVE, candidature, acteur=auteur, fait_le=maintenant)


def recevoir_de_l_echeance(candidatures: Collection[int]) -> None:
    """The same for those that the portal has just deposited, whatever their number."""
    tenir_les_territoires(candidatures)
    deposees = Candidature.objects.filter(pk__in=candidatures)
    deposees.filter(territoire_tenu="").update(reserve_sue=True)
    deposees.exclude(territoire_tenu="").update(reserve_sue=False)


def lever_les_reserves(
    *, candidatures: Collection[int], acteur: Utilisateur | None, maintenant: datetime
) -> list[Candidature]:
    """Let files received under reserve hold their territory now that something has changed, and return those that do.

    Their people are told, unless it would tell them that a file was found inadmissible before it is announced.
    """
    levees = tenir_les_territoires(candidatures) if candidatures else set()
    tenues = list(Candidature.objects.filter(pk__in=levees).pour_liste().order_by("pk"))
    for tenue in tenues:
        meme = Candidature.objects.filter(vague=tenue.vague_id, territoire_tenu=tenue.territoire_tenu)
        if meme.filter(etat=EtatCandidature.IRRECEVABLE).exists():
            consigner(ActeDeDepot.LEVER_SANS_LE_DIRE, tenue, acteur=acteur, fait_le=maintenant)
        else:
            _dire_la_levee(tenue, acteur, maintenant)
    return tenues


def dire_le_lien_prouve(*, personne: Utilisateur, siren: str, maintenant: datetime) -> None:
    """A file found inadmissible, which its territory does not know, reads the same of its reserve as another would."""
    irrecevables = Candidature.objects.filter(etat=EtatCandidature.IRRECEVABLE, reserve_sue=True).filter(
        participations__utilisateur=personne, participations__qualite=Qualite.PORTEUR
    )
    for dossier in irrecevables.pour_liste().order_by("pk"):
        depot = Depot.objects.filter(candidature=dossier).order_by("-rang").first()
        if depot is not None and chef_depose(depot)[0] == siren and qui_tient(dossier, depot) is None:
            _dire_la_levee(dossier, personne, maintenant)


def _dire_la_levee(dossier: Candidature, acteur: Utilisateur | None, maintenant: datetime) -> None:
    Candidature.objects.filter(pk=dossier.pk).update(reserve_sue=False)
    entree = consigner(ActeDeDepot.LEVER_LA_RESERVE, dossier, acteur=acteur, fait_le=maintenant)
    for participant in dossier.participants.order_by("pk"):
        ecrire(dossier, participant, entree, "depot/reserve_levee")


def laisser_la_place(*, candidature: Candidature, acteur: Utilisateur | None, maintenant: datetime) -> None:
    """A file has gone out of its wave, or is contested: another one, received for the same grouping, may hold it.

    What somebody else is writing at this instant is left to the next sweep.
    """
    reserves = Candidature.objects.filter(vague=candidature.vague_id).sous_reserve().exclude(pk=candidature.pk)
    libres = reserves.select_for_update(of=("self",), skip_locked=True).order_by("pk").values_list("pk", flat=True)
    lever_les_reserves(candidatures=list(libres), acteur=acteur, maintenant=maintenant)


def lever_en_attente(*, maintenant: datetime) -> int:
    """The same for every wave whose decisions are not taken: nothing that could hold its territory is forgotten."""
    levees = 0
    for vague in Vague.objects.filter(etat__in=[EtatVague.PREVUE, EtatVague.EN_INSTRUCTION]).order_by("pk"):
        with transaction.atomic():
            reserves = Candidature.objects.filter(vague=vague).sous_reserve()
            libres = reserves.select_for_update(of=("self",), skip_locked=True).order_by("pk")
            pks = list(libres.values_list("pk", flat=True))
            levees += len(lever_les_reserves(candidatures=pks, acteur=None, maintenant=maintenant))
    return levees
