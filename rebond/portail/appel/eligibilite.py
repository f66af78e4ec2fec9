"""« Puis-je candidater ? »: four questions, without an account."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.cahier import MODELE, Cahier
from candidatures.cahier.eligibilite import (
    AUCUN,
    DELIBERATIONS,
    DEPOSANTS,
    Avis,
    Deliberation,
    Deposant,
    examiner,
    natures_du_choc,
)
from candidatures.cahier.requetes import cahier_courant
from candidatures.labellisation.models import Labellisation
from candidatures.vagues.models.vagues import Vague
from rebond.portail.appel.rubriques import contact_de
from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.requetes import texte_courant
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.noms import alphabetique
from territoires.appellations import l_epci
from territoires.forms import ChampEpci
from territoires.millesimes.suites import lignees
from territoires.models import Epci, Territoire


class EligibiliteForm(FormulaireDsfr, forms.Form):
    methode = "get"
    bouton = "Voir la réponse"
    marquer_optionnels = False

    q = ChampEpci(
        par_commune=True,
        label="1. Votre commune ou votre intercommunalité",
        help_text="Par exemple «\u00a0Hirson\u00a0», «\u00a002500\u00a0» ou «\u00a0CC des Trois Rivières\u00a0».",
        error_messages={"required": "Saisissez le nom de votre commune ou de votre intercommunalité."},
    )
    choc = forms.ChoiceField(
        label="2. Quel choc touche l’industrie de votre territoire\u00a0?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites quel choc touche votre territoire."},
    )
    deposant = forms.TypedChoiceField(
        label="3. Qui déposerait le dossier\u00a0?",
        choices=[(cle.value, libelle) for cle, libelle in DEPOSANTS.items()],
        coerce=Deposant,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui déposerait le dossier."},
    )
    deliberation = forms.TypedChoiceField(
        label="4. Votre assemblée peut-elle délibérer, ou donner mandat, avant la date limite\u00a0?",
        choices=[(cle.value, libelle) for cle, libelle in DELIBERATIONS.items()],
        coerce=Deliberation,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si votre assemblée peut délibérer à temps."},
    )

    def __init__(self, *args: Any, cahier: Cahier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["choc"]
        champ.choices = [(choix.cle, choix.libelle) for choix in (*natures_du_choc(cahier), AUCUN)]


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The questions; the answer above them once all four are given. The address carries what was answered."""
    maintenant = horloge_base()
    vague = Vague.objects.ouvertes(maintenant).first()
    cahier = cahier_courant(vague=vague).cahier if vague else MODELE
    repondu = any(nom in request.GET for nom in ("choc", "deposant", "deliberation"))
    # From the home page comes the commune alone: nothing is refused before the other questions were read.
    initial = {"q": request.GET.get("q", "")}
    formulaire = EligibiliteForm(request.GET if repondu else None, cahier=cahier, initial=initial)
    contexte: dict[str, Any] = {
        "formulaire": formulaire,
        "vague": vague,
        "prochaine": None if vague else Vague.objects.a_venir(maintenant).first(),
        "avis": None,
    }
    if repondu and formulaire.is_valid():
        choisi = Epci.objects.select_related("region").get(siren=formulaire.cleaned_data["q"]["siren"])
        contexte |= {
            "epci": choisi,
            "appartenance": formulaire.cleaned_data["q"].get("appartenance", ""),
            "avis": _examiner(cahier, choisi, formulaire, maintenant),
            "contact": contact_de(choisi.region.nom, texte_courant(PageDeTexte.CONTACTS_EN_REGION).texte),
        }
    return render(request, "portail/appel/eligibilite.html", contexte)


def _examiner(cahier: Cahier, epci: Epci, formulaire: EligibiliteForm, maintenant: datetime) -> Avis:
    # A label of the authorities that it comes from is its own.
    siens = Territoire.epcis.through.objects.filter(epci__in=lignees([epci.pk])[epci.pk]).values("territoire")
    laureats = Labellisation.objects.publiques(maintenant).filter(territoire__in=siens)
    reponses = formulaire.cleaned_data
    return examiner(
        cahier,
        epci=l_epci(epci.nom),
        laureats=[*laureats.order_by(alphabetique("territoire__nom")).values_list("territoire__nom", flat=True)],
        nature=reponses["choc"],
        deposant=reponses["deposant"],
        deliberation=reponses["deliberation"],
    )
