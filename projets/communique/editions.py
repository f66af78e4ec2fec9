"""Two ways to come by a press release: write it now from the data, or take out the one that was frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from projets.chiffres import Chiffres, Ecart, calculer, ecarts
from projets.communique.contenu import CommuniquePret, Contenu
from projets.communique.faits import lire
from projets.communique.figees import chiffres_figes
from projets.communique.redaction import rediger
from projets.communique.regles import refus_de_figer
from projets.publication.annonces import Annonces
from projets.publication.models import Communique, FichierDeCommunique
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.models import Document
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.preuve.instantane import instantane
from rebond.socle.texte.typographie import date_fr, sur_une_ligne

SURTITRE = "Communiqué de presse"


def projet(
    *, au: date, maintenant: datetime, entier: bool = False, annonces: Annonces | None = None
) -> CommuniquePret:
    """What the data say now of the date `au`; says that it is a draft, and under embargo as long as one runs.

    `entier`: with the rows of every figure, which are then of the same instant. `annonces` as in `calculer`.
    """
    with instantane():
        chiffres = calculer(au=au, annonces=annonces)
        if entier:
            chiffres = chiffres.lus()
        faits = lire(chiffres)
        contenu = rediger(chiffres, faits)
    embargo = chiffres.embargo(maintenant)
    return CommuniquePret(
        contenu=contenu,
        chiffres=chiffres,
        entete=_entete(f"{SURTITRE} – projet", au, embargo),
        embargo=embargo,
        identifiant=f"communique-{au:%Y-%m-%d}-projet",
        sans_feuille=faits.sans_feuille,
    )


def refus(pret: CommuniquePret, *, maintenant: datetime) -> list[str]:
    """What keeps this draft from being frozen, each in a sentence."""
    return list(
        refus_de_figer(
            au=pret.contenu.au,
            aujourd_hui=jour_de_paris(maintenant),
            laureats=len(pret.contenu.laureats),
            textes=pret.contenu.textes,
            contacts=pret.contenu.contacts,
            sans_feuille=pret.sans_feuille,
            demonstration=settings.DEMONSTRATION,
        )
    )


@dataclass(frozen=True)
class ProjetDeCommunique:
    """The draft of a date, the versions frozen for it, latest first, and why it may not be frozen in its turn."""

    pret: CommuniquePret
    figes: Sequence[Communique]
    refus: Sequence[str]
    ecarts: Sequence[Ecart] = ()

    @property
    def inchange(self) -> bool:
        """Whether the last version says what the data say now: there is nothing to freeze."""
        if not self.figes:
            return False
        dernier = self.figes[0]
        return {"chiffres": dernier.sommaire, "contenu": dernier.contenu} == self.pret.sommaire


def a_figer(*, au: date, maintenant: datetime) -> ProjetDeCommunique:
    # Read first: a version frozen meanwhile makes the draft look changed, never the reverse.
    parus = Communique.objects.dont(Q(au=au))
    figes = sorted((paru for paru in parus if paru.au == au), key=lambda paru: paru.version, reverse=True)
    with instantane():
        pret = projet(au=au, maintenant=maintenant, annonces=Annonces(au, parus))
        trouves = ecarts(chiffres_figes(figes[0]), pret.chiffres) if figes else []
    lu = ProjetDeCommunique(pret=pret, figes=figes, refus=(), ecarts=trouves)
    return lu if lu.inchange else replace(lu, refus=refus(lu.pret, maintenant=maintenant))


def paru(pk: int) -> tuple[Communique, list[Communique]] | None:
    """One release, which knows whether it is the `derniere` of its date, and all of them. One statement."""
    parus = Communique.objects.dont(Q(pk=pk))
    fige = next((lu for lu in parus if lu.pk == pk), None)
    if fige is None:
        return None
    fige.derniere = not any(autre.au == fige.au and autre.version > fige.version for autre in parus)
    return fige, parus


def contredit(communique: Communique, publies: Chiffres, parus: Sequence[Communique]) -> list[Ecart]:
    """What the data say otherwise than these figures, which were frozen in it. `parus`: all the releases."""
    with instantane():
        return ecarts(publies, calculer(au=communique.au, annonces=Annonces(communique.au, parus)))


def fige(communique: Communique, *, maintenant: datetime) -> CommuniquePret:
    """The frozen release: its own text, figures and map, whatever the data have become."""
    chiffres = chiffres_figes(communique)
    carte = documents.lire(Document.objects.get(sha256=communique.contenu["carte"])).decode()
    embargo = chiffres.embargo(maintenant)
    version = f"version {communique.version}"
    if communique.version > 1:
        version += f", rectificative – {sur_une_ligne(communique.motif)}"
    return CommuniquePret(
        contenu=Contenu.depuis_json(communique.contenu, carte=carte),
        chiffres=chiffres,
        entete=_entete(
            f"{SURTITRE} du {date_fr(jour_de_paris(communique.fige_le))} ({version})", communique.au, embargo
        ),
        embargo=embargo,
        identifiant=f"communique-{communique.au:%Y-%m-%d}-v{communique.version}",
    )


def figes(communique: Communique) -> dict[bool, CommuniquePret]:
    """What its files are made from, by whether the embargo runs: a release frozen under embargo goes out twice."""
    chiffres = chiffres_figes(communique)
    fige_le, levee = communique.fige_le, chiffres.publique_a
    if levee is None or not chiffres.sous_embargo(fige_le):
        return {False: fige(communique, maintenant=fige_le)}
    return {True: fige(communique, maintenant=fige_le), False: fige(communique, maintenant=levee)}


def dernier_fige(au: date) -> Communique | None:
    """The last version for that date, which went out and does not change."""
    return Communique.objects.legers().filter(au=au).order_by("-version").first()


def fichiers(communique: Communique, *, maintenant: datetime) -> QuerySet[FichierDeCommunique]:
    """Its files as they were stored: those that bear the embargo as long as it runs."""
    sous_embargo = chiffres_figes(communique).sous_embargo(maintenant)
    return communique.fichiers.filter(sous_embargo=sous_embargo).select_related("document")


def _entete(premiere: str, au: date, embargo: str) -> tuple[str, ...]:
    return tuple(filter(None, (premiere, f"Chiffres au {date_fr(au)}", embargo)))
