"""« Ma vague »: the files of one wave as those who instruct them go through them."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.depot.retours import accuses_non_arrives
from candidatures.instruction.acces import avec_etat_de_vague_connu, suivis_par
from candidatures.instruction.lots.registre import ACTES
from candidatures.instruction.lots.requetes import dernier_en_cours
from candidatures.instruction.ma_vague.etats import Onglet
from candidatures.instruction.ma_vague.requetes import compter
from candidatures.instruction.vues_enregistrees.requetes import vues_de
from candidatures.pages.instruction.instruction import AGENTS
from candidatures.pages.instruction.listes import COCHE, ListeDesDossiers
from candidatures.pages.instruction.proces_verbaux import lit_les_proces_verbaux
from candidatures.pages.instruction.vague.choix import choisis
from candidatures.pages.instruction.vague.presentation import (
    barre_des_etapes,
    champs_de_choix,
    compter_les_choix,
    demande_gardee,
    filtres_demandes,
    onglets_comptes,
)
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.requetes import phases_de
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import Extrait, tableaux
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role

# What a worker is still at is told for so long: after that it is done, or given up.
DEPUIS = timedelta(days=1)
RIEN_DE_PLUS: dict[str, Any] = {"accuses_perdus": [], "lot_en_cours": None}


@require_safe
@role_requis(*AGENTS)
def vague(request: HttpRequest, numero: int) -> HttpResponse:
    """The files of one wave: by stage and by tab, searched, filtered and sorted in SQL."""
    vague, liste = dossiers_de(request, numero)
    moi = personne(request)
    liste.comptes = compter(moi, vague, liste.conditions)
    compter_les_choix(liste.choix, liste.comptes, moi)
    contexte = {
        "vague": vague,
        "valideur": a_le_role(moi, Role.VALIDEUR),
        "lit_le_proces_verbal": lit_les_proces_verbaux(request),
        "instruit": a_le_role(moi, Role.INSTRUCTEUR),
        "phases": phases_de(vague),
        "maintenant": horloge_base(),
        "onglets": onglets_comptes(liste.choix, liste.comptes, request.GET),
        "etapes": barre_des_etapes(liste.comptes, request.GET),
        "demandes": filtres_demandes(liste.choix, request.GET),
        "champs": champs_de_choix(liste.choix),
        "portes": [(nom, request.GET[nom]) for nom in (*liste.choix.caches, "tri") if request.GET.get(nom)],
        "vues": list(vues_de(moi)),
        "demande": demande_gardee(request.GET),
        "actes": [*ACTES.values()] if a_le_role(moi, Role.INSTRUCTEUR) else [],
    }
    entiere = RIEN_DE_PLUS if _est_cherchee(liste) else _de_toute(request, vague)
    return render(request, "candidatures/instruction/vague.html", {**liste.contexte, **contexte, **entiere})


def _est_cherchee(liste: ListeDesDossiers) -> bool:
    """Whether fewer files are asked for than those of the wave."""
    return any(nom != "onglet" or valeur != Onglet.TOUS for nom, valeur in liste.choix.demandees.items())


def _de_toute(request: HttpRequest, vague: Vague) -> dict[str, Any]:
    """What is said of the whole wave above its list: receipts that did not arrive, work under way."""
    moi = personne(request)
    siens = suivis_par(moi).filter(vague=vague).values("candidature")
    en_cours = dernier_en_cours(moi, vague.pk, horloge_base() - DEPUIS) if a_le_role(moi, Role.INSTRUCTEUR) else None
    return {"accuses_perdus": accuses_non_arrives(siens, f"R{vague.numero}-"), "lot_en_cours": en_cours}


@require_safe
@role_requis(*AGENTS)
def export(request: HttpRequest, numero: int) -> HttpResponse:
    """The same list, whole and in the columns that it shows, as a file; or what was ticked in it (`dossiers`)."""
    return extrait(request, numero)


def extrait(request: HttpRequest, numero: int) -> Extrait:
    vague, liste = dossiers_de(request, numero)
    mentions = [f"Vague {vague.numero} – dossiers en instruction au {instant_fr(horloge_base())} (heure de Paris)"]
    if liste.selection.order_by().filter(candidature__demonstration=True).exists():
        mentions.insert(0, tableaux.MENTION_DEMONSTRATION)
    return Extrait(liste, mentions, revue=True)


def vague_close(request: HttpRequest, numero: int) -> Vague:
    moi, maintenant = personne(request), horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), moi, maintenant)
    trouvee: Vague = get_object_or_404(closes, numero=numero)
    return trouvee


def dossiers_de(request: HttpRequest, numero: int) -> tuple[Vague, ListeDesDossiers]:
    """The wave, and those of its files that this person reads and that the address asks for."""
    vague, moi = vague_close(request, numero), personne(request)
    sans = () if a_le_role(moi, Role.INSTRUCTEUR) else (COCHE.cle,)
    liste = ListeDesDossiers(
        suivis_par(moi).filter(vague=vague),
        request.GET,
        moi=moi,
        vague=vague,
        coches=choisis(request.GET),
        sans=sans,
        arguments=[numero],
        fichier=f"vague-{numero}-dossiers",
    )
    return vague, liste
