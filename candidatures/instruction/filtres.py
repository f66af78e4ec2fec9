"""What the files of a wave are searched by."""

import re
from typing import Any

from django.db.models import Q

from candidatures.cahier import FILIERES
from candidatures.dossier.etats import ETATS_INSTRUITS, EtatCandidature, SensDecision
from candidatures.instruction.attente import Attente, attentes_de, qui_attendent
from candidatures.instruction.suivi.etats import CasDAvis
from rebond.socle.listes import Cas, Choix, JeuDeFiltres, Recherche, UnParmi
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Region
from territoires.recherche import territoires_cherches

REFERENCE = re.compile(r"R[0-9]+-0*([0-9]+)", re.IGNORECASE)
ETATS = [(etat.value, etat.label) for etat in EtatCandidature if etat in ETATS_INSTRUITS]


def _cherche(texte: str) -> Q:
    """By reference, by the territory's name, or by whatever names one of its members."""
    if reference := REFERENCE.fullmatch(texte):
        return Q(pk=int(reference.group(1)))
    return Q(territoire__in=territoires_cherches(texte).order_by().values("pk"))


def _en_region(region: Region) -> Q:
    return Q(regions__contains=[region.pk])


def _touche(filiere: str) -> Q:
    """What was deposited names this trade."""
    return Q(filieres__contains=[filiere])


class FiltresDesDossiers(JeuDeFiltres):
    """Of `Suivi`, on the states that the reader may know (`etat_connu`)."""

    largeurs = {"q": 8}

    q = Recherche("Territoire, SIREN ou référence", _cherche)
    etat = Choix("État", ETATS, champ="etat_connu")
    region = UnParmi("Région", Region.objects.order_by(alphabetique("nom")), condition=_en_region, par="code")
    filiere = Choix(
        "Filière", [(filiere.cle, filiere.libelle) for filiere in FILIERES], condition=_touche, tous="Toutes"
    )
    avis = Choix("Avis", CasDAvis.choices, champ="cas_avis")
    proposition = Choix("Proposition", SensDecision.choices, champ="candidature__proposition__sens", tous="Toutes")
    attente = Choix("Ce qui reste à faire", Attente.choices, tous="Tout")

    def __init__(self, *args: Any, moi: Utilisateur | None = None, **options: Any) -> None:
        """`moi`: whoever reads, for whom something is left to do."""
        super().__init__(*args, **options)
        if moi is None:
            del self.filters["attente"]
            return
        self.filters["attente"].condition = lambda attente: qui_attendent(moi, attente)
        permis = [(attente.value, attente.label) for attente in attentes_de(moi)]
        self.filters["attente"].extra["choices"] = permis


class FiltresDesAvis(JeuDeFiltres):
    """Of requests that come with `a_rendre` and `chez_un_collegue`."""

    avis = Cas(
        "Votre avis",
        {
            "a_rendre": ("Encore attendus", Q(a_rendre=True)),
            "a_prendre": ("À prendre par quelqu’un", Q(a_rendre=True, expert=None)),
            "collegue": ("Tenus par un collègue", Q(chez_un_collegue=True)),
            "rendu": ("Rendus", Q(rendu_le__isnull=False)),
        },
    )
