"""Reading a wave's specifications: the administrateur's overview, its versions, its preview, and the public page."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.cahier import Cahier, Critere, Question, Section
from candidatures.cahier.models import CahierDesCharges
from candidatures.cahier.presentation import comptent, presenter_grille, presenter_pieces
from candidatures.cahier.requetes import cahier_courant
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.pages.administration.listes import ListeDesVersionsDuCahier
from candidatures.pages.commun.cahiers import en_clair
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import empechement_de_changer_le_cahier
from rebond.comptes.habilitations import role_requis
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@dataclass
class Atelier:
    """A wave's specifications as an administrateur reads them at one instant."""

    vague: Vague
    maintenant: datetime

    @cached_property
    def courant(self) -> CahierDesCharges:
        return cahier_courant(vague=self.vague)

    @property
    def cahier(self) -> Cahier:
        return self.courant.cahier

    @property
    def empechement(self) -> str | None:
        return empechement_de_changer_le_cahier(self.vague.phase(self.maintenant))

    @property
    def modifiable(self) -> bool:
        return self.empechement is None

    def reprend(self, version: CahierDesCharges) -> bool:
        """Whether `version` may become the present one again."""
        return self.modifiable and self.courant.pk != version.pk

    def section(self, cle: str) -> Section:
        """A 404 for a section that is not there, or no longer."""
        if cle not in self.cahier:
            raise Http404
        return self.cahier.section(cle)

    def question(self, section: str, cle: str) -> Question:
        trouvee = next((question for question in self.section(section).questions if question.cle == cle), None)
        if trouvee is None:
            raise Http404
        return trouvee

    def critere(self, cle: str) -> Critere:
        trouve = self.cahier.critere(cle)
        if trouve is None:
            raise Http404
        return trouve

    def contexte(self, **autres: Any) -> dict[str, Any]:
        return {"vague": self.vague, "courant": self.courant, "cahier": self.cahier, "atelier": self, **autres}


def mon_atelier(numero: int) -> Atelier:
    return Atelier(get_object_or_404(Vague, numero=numero), horloge_base())


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def cahier(request: HttpRequest, numero: int) -> HttpResponse:
    """Everything that the specifications say, with what changes it as long as the wave is not open."""
    atelier = mon_atelier(numero)
    contexte = atelier.contexte(**en_clair(atelier.cahier))
    return render(request, "candidatures/administration/cahier/cahier.html", contexte)


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def versions(request: HttpRequest, numero: int) -> HttpResponse:
    """Who changed what, and when: latest first."""
    atelier = mon_atelier(numero)
    liste = ListeDesVersionsDuCahier(CahierDesCharges.objects.filter(vague=atelier.vague), request.GET)
    contexte = atelier.contexte(**liste.contexte)
    return render(request, "candidatures/administration/cahier/cahier_versions.html", contexte)


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def version(request: HttpRequest, numero: int, version: int) -> HttpResponse:
    """A version as it was, to be read; taken again from there as long as the wave is not open."""
    trouvee = get_object_or_404(
        CahierDesCharges.objects.select_related("vague", "auteur"), vague__numero=numero, version=version
    )
    return render(
        request,
        "candidatures/administration/cahier/cahier_version.html",
        {
            "vague": trouvee.vague,
            "courant": trouvee,
            "se_reprend": Atelier(trouvee.vague, horloge_base()).reprend(trouvee),
            **en_clair(trouvee.cahier),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def apercu(request: HttpRequest, numero: int, cle: str = "") -> HttpResponse:
    """The page of a section as the porteurs will see it. Rows of its blocks may be tried; nothing is ever saved."""
    atelier = mon_atelier(numero)
    section = atelier.section(cle) if cle else atelier.cahier.sections[0]
    donnees: QueryDict | None = request.POST if request.method == "POST" else None
    saisie = SaisieDeSection(section, reponses={}, donnees=donnees, comptent=comptent(atelier.cahier, section))
    if donnees is not None:
        saisie.is_valid()
    return render(
        request,
        "candidatures/administration/cahier/cahier_apercu.html",
        atelier.contexte(
            saisie=saisie,
            criteres=presenter_grille(atelier.cahier, section.cle),
            pieces=[une for une in presenter_pieces(atelier.cahier) if une.piece.section == section.cle],
        ),
    )
