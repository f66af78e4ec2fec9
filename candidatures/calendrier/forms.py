"""Forms of the administration: the calendar of waves and the rights of people."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from candidatures.calendrier.actions.vagues import CONFLITS, TROP_LOIN
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import DERNIER_INSTANT, PREMIERE_OUVERTURE, horizon
from rebond.socle.formulaires.champs_de_temps import HEURE_DE_PARIS, ChampInstant, ChampJour
from rebond.socle.formulaires.formulaire import EntierFr, FormulaireDsfr
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.typographie import instant_fr


class CalendrierForm(FormulaireDsfr, forms.Form):
    bouton = "Ajouter les vagues suivantes"

    jusqu_au = ChampJour(
        label="Programmer jusqu’au",
        trop_tot="Choisissez une date à venir.",
        trop_tard=TROP_LOIN,
        help_text="Une vague tous les quatre mois, chacune ouvrant quand la précédente se clôt.",
    )

    def __init__(self, *args: Any, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jusqu_au: Any = self.fields["jusqu_au"]
        jusqu_au.borner(minimum=jour_de_paris(maintenant), maximum=jour_de_paris(horizon(maintenant)))

    @property
    def jusqu_a(self) -> datetime:
        return fin_de_journee(self.cleaned_data["jusqu_au"])


class VagueForm(FormulaireDsfr, forms.Form):
    """The bounds of a wave that has not opened yet."""

    bouton = "Enregistrer ces dates"

    ouverture = ChampInstant(label="Ouverture", help_text=HEURE_DE_PARIS, trop_tard=TROP_LOIN)
    cloture = ChampInstant(
        label="Clôture",
        help_text=f"{HEURE_DE_PARIS} Ce qui parvient à cet instant précis est déjà trop tard.",
        trop_tard=TROP_LOIN,
    )

    def __init__(self, *args: Any, vague: Vague, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial={"ouverture": vague.ouverture, "cloture": vague.cloture}, **kwargs)
        self.vague = vague
        for nom in ("ouverture", "cloture"):
            champ: Any = self.fields[nom]
            champ.borner(minimum=PREMIERE_OUVERTURE, maximum=horizon(maintenant))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        ouverture, cloture = donnees.get("ouverture"), donnees.get("cloture")
        if not ouverture or not cloture:
            return donnees
        if cloture <= ouverture:
            self.add_error("cloture", CONFLITS["vague_ouvre_avant_de_clore"])
            return donnees
        autres = Vague.objects.maintenues().exclude(pk=self.vague.pk)
        touchees = autres.filter(ouverture__lt=cloture, cloture__gt=ouverture)
        for voisine in touchees.order_by("ouverture"):
            champ = "ouverture" if voisine.ouverture < self.vague.ouverture else "cloture"
            self.add_error(
                champ,
                f"{CONFLITS['vague_sans_chevauchement']} La vague {voisine.numero} va du "
                f"{instant_fr(voisine.ouverture)} au {instant_fr(voisine.cloture)}.",
            )
        return donnees


class SilenceForm(FormulaireDsfr, forms.Form):
    """What the receipts of a wave say of silence."""

    bouton = "Enregistrer ce que disent les accusés"

    mois = EntierFr(
        label="Délai, en mois",
        min_value=1,
        max_value=24,
        help_text="Il se compte depuis la clôture de la vague, ou depuis l’échéance prolongée du dossier.",
    )
    texte = forms.CharField(
        label="Ce que vaut le silence à ce terme",
        help_text="Écrivez {date} là où la date doit paraître.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, vague: Vague, **kwargs: Any) -> None:
        super().__init__(*args, initial={"mois": vague.silence_mois, "texte": vague.silence}, **kwargs)

    def clean_texte(self) -> str:
        texte: str = self.cleaned_data["texte"]
        if "{date}" not in texte:
            raise forms.ValidationError("Écrivez {date} là où la date doit paraître.")
        return texte


class AccordsForm(FormulaireDsfr, forms.Form):
    """Whether the members of a grouping mark what is deposited."""

    bouton = "Enregistrer cette règle"

    requis = forms.BooleanField(
        label="Exiger le bon pour dépôt de chaque collectivité membre",
        help_text="Un groupement ne pourra déposer que la version sur laquelle chacun de ses membres, hors chef de "
        "file, a donné son bon pour dépôt. Les territoires le lisent dès l’ouverture.",
        required=False,
    )

    def __init__(self, *args: Any, vague: Vague, **kwargs: Any) -> None:
        super().__init__(*args, initial={"requis": vague.accords_requis}, **kwargs)


class MotifForm(FormulaireDsfr, forms.Form):
    """Why the calendar changes."""

    aide: ClassVar[str] = "Il est gardé au journal."

    motif = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"].help_text = self.aide


class SuspensionForm(MotifForm):
    bouton = "Suspendre cette vague"
    aide = "Il est publié au calendrier, et gardé au journal."


class RetablissementForm(MotifForm):
    bouton = "Rétablir cette vague"


class FinDeSerieForm(MotifForm):
    bouton = "Mettre fin à la série"
    aide = "Il est publié au calendrier en regard de chaque vague suspendue, et gardé au journal."


class RepriseDeSerieForm(MotifForm):
    bouton = "Reprendre la série"


def annee_suivante(vague: Vague | None, maintenant: datetime) -> date:
    """What the calendar form proposes: a year after the last wave known, or after today."""
    jour = jour_de_paris(vague.cloture if vague else maintenant)
    return jour.replace(year=min(jour.year + 1, DERNIER_INSTANT.year), day=min(jour.day, 28))
