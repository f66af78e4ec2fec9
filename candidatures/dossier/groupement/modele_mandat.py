"""The model to sign: the deliberation by which an authority applies, or gives its mandate to the lead of its grouping.

A frozen dataclass, then HTML, then PDF. What the file knows is filled in; what only the authority knows is left blank.
"""

from dataclasses import dataclass
from datetime import datetime

from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.documents.stockage import html_en_pdf, rendre_html


@dataclass(frozen=True)
class Collectivite:
    nom: str
    siren: str
    nature: NatureMembre = NatureMembre.EPCI


@dataclass(frozen=True)
class Mandat:
    """`autres` are the authorities of the grouping besides the lead."""

    collectivite: Collectivite
    chef_de_file: Collectivite
    autres: tuple[Collectivite, ...]
    territoire: str
    reference: str
    vague: int
    cloture: datetime
    demonstration: bool

    @property
    def du_chef_de_file(self) -> bool:
        return self.collectivite == self.chef_de_file

    @property
    def petr(self) -> bool:
        return self.collectivite.nature is NatureMembre.PETR

    @property
    def nom_de_fichier(self) -> str:
        return f"modele-{'deliberation' if self.du_chef_de_file else 'mandat'}-{self.collectivite.siren}.pdf"


def mandat_de(candidature: Candidature, membres: list[Membre], membre: Membre | None = None) -> Mandat:
    """The model for `membre`, one of `membres` (the lead first); for the lead when it is None."""
    vague, territoire = candidature.vague, candidature.territoire
    collectivites = {autre.pk: Collectivite(autre.nom, autre.siren, autre.nature) for autre in membres}
    chef, *autres = collectivites.values() or [
        Collectivite(territoire.chef_de_file.nom, territoire.chef_de_file.siren)
    ]
    return Mandat(
        collectivite=collectivites[membre.pk] if membre else chef,
        chef_de_file=chef,
        autres=tuple(autres),
        territoire=territoire.nom,
        reference=candidature.reference,
        vague=vague.numero,
        cloture=vague.cloture,
        demonstration=candidature.demonstration,
    )


def en_html(mandat: Mandat) -> str:
    return rendre_html("candidatures/dossier/mandat.html", {"mandat": mandat})


def en_pdf(mandat: Mandat) -> bytes:
    return html_en_pdf(en_html(mandat), identifiant=f"mandat/{mandat.reference}/{mandat.collectivite.siren}")
