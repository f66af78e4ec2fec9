"""Two ways to come by a press release: write it now from the data, or take out the one that was frozen."""

from datetime import date, datetime

from projets.chiffres import Chiffres, calculer
from projets.communique.contenu import CommuniquePret, Contenu
from projets.communique.faits import lire
from projets.communique.redaction import rediger
from projets.models import Communique
from rebond.socle import documents
from rebond.socle.instantane import instantane
from rebond.socle.models import Document
from rebond.socle.temps import jour_de_paris
from rebond.socle.typographie import date_fr, sur_une_ligne

SURTITRE = "Communiqué de presse"


def projet(*, au: date, maintenant: datetime) -> CommuniquePret:
    """What the data say now of the date `au`; says that it is a draft, and under embargo as long as one runs."""
    with instantane():
        chiffres = calculer(au=au)
        contenu = rediger(chiffres, lire(chiffres))
    embargo = chiffres.embargo(maintenant)
    return CommuniquePret(
        contenu=contenu,
        chiffres=chiffres,
        entete=_entete(f"{SURTITRE} – projet", au, embargo),
        embargo=embargo,
        identifiant=f"communique-{au:%Y-%m-%d}-projet",
    )


def fige(communique: Communique, *, maintenant: datetime) -> CommuniquePret:
    """The frozen release: its own text, figures and map, whatever the data have become."""
    chiffres = Chiffres.depuis_json(communique.chiffres)
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


def en_vigueur(*, au: date, maintenant: datetime) -> CommuniquePret:
    """The last release frozen for that date, which went out and does not change; a draft as long as there is none."""
    dernier = Communique.objects.filter(au=au).order_by("-version").first()
    return fige(dernier, maintenant=maintenant) if dernier else projet(au=au, maintenant=maintenant)


def _entete(premiere: str, au: date, embargo: str) -> tuple[str, ...]:
    return tuple(filter(None, (premiere, f"Chiffres au {date_fr(au)}", embargo)))
