"""The forms of an avis."""

from datetime import datetime, timedelta
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.files import File

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.pieces.verification import VIDE, extensions_permises, verifier_piece
from candidatures.instruction.avis.actions.demandes import PERSONNE
from candidatures.instruction.avis.actions.reponses import FORMATS
from candidatures.instruction.avis.requetes import Cible, consultables, jour_propose
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.forms import TexteLong
from candidatures.instruction.regles import NATURE_DU_CONFLIT
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.instruction.saisine.models import BrouillonDAvis
from candidatures.instruction.saisine.regles import empechement_de_fixer
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from rebond.socle.formulaires.formulaire import Avec, EntreesNettes, FormulaireDsfr
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur

LE_PREMIER = "tous"


class DemandeDAvisForm(FormulaireDsfr, forms.Form):
    """For each organisme: nobody, whoever takes it, or somebody. Cleaned to `cibles`."""

    bouton = "Demander ces avis"

    question = TexteLong(label="Question posée", required=False, lignes=4)
    a_rendre_avant = ChampJour(
        label="À rendre avant le", help_text="Un rappel part trois jours avant, puis ce jour-là."
    )

    def __init__(self, *args: Any, candidature: Candidature, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aujourd_hui = jour_de_paris(maintenant)
        jour: Any = self.fields["a_rendre_avant"]
        jour.initial = jour_propose(candidature.vague_id, aujourd_hui)
        jour.borner(
            minimum=aujourd_hui + timedelta(days=1),
            maximum=aujourd_hui + UN_AN_AU_PLUS,
            trop_tot=empechement_de_fixer(aujourd_hui, aujourd_hui) or "",
            trop_tard=empechement_de_fixer(aujourd_hui + 2 * UN_AN_AU_PLUS, aujourd_hui) or "",
        )
        self.consultables = {f"organisme-{un.organisme.pk}": un for un in consultables(candidature)}
        for nom, un in self.consultables.items():
            tous = compte(len(un.experts), "personne")
            choix = [("", "Ne pas demander"), (LE_PREMIER, f"À l’organisme\u00a0: qui la prendra ({tous})")]
            choix += [(str(expert.pk), f"À {expert}") for expert in un.experts]
            self.fields[nom] = forms.ChoiceField(label=un.organisme.nom, choices=choix, required=False)

    def disposition(self) -> Layout:
        return Layout(Fieldset("À qui demander un avis\u00a0?", *self.consultables), "question", "a_rendre_avant")

    def clean(self) -> dict[str, Any]:
        recus = super().clean() or self.cleaned_data
        cibles = []
        for nom, un in self.consultables.items():
            if choisi := recus.pop(nom, ""):
                expert = next((qui for qui in un.experts if str(qui.pk) == choisi), None)
                cibles.append(Cible(un.organisme, expert))
        if not cibles and not any(nom in self.errors for nom in self.consultables):
            raise forms.ValidationError(PERSONNE)
        return recus | {"cibles": cibles}


class EcritDAvis(EntreesNettes, forms.Form):
    """What is kept of an answer while it is written: anything, and the revision of the draft that was read."""

    sens = forms.ChoiceField(choices=SensAvis.choices, required=False)
    reserves = forms.CharField(required=False, max_length=5000)
    texte = forms.CharField(required=False, max_length=5000)
    qualite = forms.CharField(required=False, max_length=160)
    revision = forms.IntegerField(min_value=0, required=False)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class SuiteForm(EntreesNettes, forms.Form):
    """What comes with an answer: what its page showed of the file (`lecture`), and what to do next."""

    lecture = forms.CharField(required=False)
    suite = forms.CharField(required=False)

    def _dit(self, nom: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(nom) or "")

    @property
    def lu(self) -> str:
        return self._dit("lecture")

    @property
    def est_un_brouillon(self) -> bool:
        # « ici » is what `static/rebond/saisie.js` sends again of what it had kept.
        return self._dit("suite") in {"brouillon", "fichier", "ici"}

    @property
    def vers_le_fichier(self) -> bool:
        return self._dit("suite") == "fichier"


class AvisForm(FormulaireDsfr, forms.Form):
    """The answer. `brouillon`: what was written so far. Cleaned to the arguments of the act."""

    avec_balise = False
    bouton = ""

    sens = forms.TypedChoiceField(
        label="Votre avis", choices=SensAvis.choices, coerce=SensAvis, widget=forms.RadioSelect
    )
    reserves = TexteLong(
        label="Réserves",
        required=False,
        lignes=4,
        help_text="Une réserve par ligne, si votre avis est favorable avec réserves. Le service qui instruit pourra "
        "les lever une par une, en disant pourquoi.",
    )
    texte = TexteLong(label="Motivation", help_text="Une fois rendu, l’avis ne peut plus être modifié.", lignes=10)
    qualite = forms.CharField(
        label="En quelle qualité rendez-vous cet avis\u00a0?",
        max_length=160,
        help_text="Par exemple «\u00a0directrice régionale adjointe\u00a0».",
    )

    def __init__(self, *args: Any, brouillon: BrouillonDAvis | None = None, **kwargs: Any) -> None:
        if brouillon is not None:
            kwargs["initial"] = {nom: getattr(brouillon, nom) for nom in ("sens", "reserves", "texte", "qualite")}
        super().__init__(*args, **kwargs)

    def disposition(self) -> Layout:
        return Layout(Avec("sens", en_ligne=True), "reserves", "texte", "qualite")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        lignes = [propre for ligne in (donnees.get("reserves") or "").splitlines() if (propre := ligne.strip())]
        sens = donnees.get("sens")
        if sens == SensAvis.RESERVE and not lignes and "reserves" not in self.errors:
            self.add_error("reserves", "Écrivez au moins une réserve, une par ligne.")
        if sens and sens != SensAvis.RESERVE and lignes:
            self.add_error("reserves", "Choisissez «\u00a0Favorable avec réserves\u00a0», ou retirez les réserves.")
        return donnees | {"reserves": lignes}


class FichierDAvisForm(FormulaireDsfr, forms.Form):
    bouton = "Joindre ce fichier"

    fichier = ChampFichier(
        label="Fichier joint à l’avis",
        help_text="PDF ou image. Il remplace celui qui est déjà joint.",
        error_messages={"empty": VIDE, "required": "Choisissez un fichier."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fichier"].widget.attrs["accept"] = ",".join(extensions_permises(FORMATS))

    def clean_fichier(self) -> File:
        fichier: File = self.cleaned_data["fichier"]
        try:
            verifier_piece(fichier, FORMATS)
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichier


class PriseForm(EntreesNettes, forms.Form):
    """`tenue_par`: who held the request on the page that was read."""

    tenue_par = forms.IntegerField(required=False)


class DeclinForm(FormulaireDsfr, forms.Form):
    """Why no avis will come. A colleague of the organisme may be handed the request at once."""

    bouton = "Envoyer cette réponse"

    raison = forms.ChoiceField(
        label="Pourquoi ne rendrez-vous pas cet avis\u00a0?",
        choices=[
            (FinDeSaisine.CONFLIT, "J’ai un conflit d’intérêts"),
            (FinDeSaisine.HORS_COMPETENCE, "Ce dossier est hors de ma compétence"),
            (FinDeSaisine.AILLEURS, "C’est à quelqu’un d’autre de répondre"),
        ],
        widget=forms.RadioSelect,
    )
    a = forms.ChoiceField(
        label="Si c’est à un collègue de votre organisme, lequel\u00a0?",
        required=False,
        help_text="La demande lui passe aussitôt, avec ce que vous avez écrit.",
    )
    motif = TexteLong(
        label="Précisions",
        required=False,
        lignes=3,
        help_text="Obligatoires pour un conflit d’intérêts, ou si la personne n’est pas de votre organisme.",
    )

    def __init__(self, *args: Any, collegues: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collegues = {str(qui.pk): qui for qui in collegues}
        champ: Any = self.fields["a"]
        champ.choices = [("", "Personne de mon organisme"), *((cle, str(qui)) for cle, qui in self.collegues.items())]
        if not self.collegues:
            del self.fields["a"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        raison, a = donnees.get("raison"), self.collegues.get(donnees.get("a") or "")
        motif = donnees.get("motif", "")
        if raison == FinDeSaisine.CONFLIT and not motif:
            self.add_error("motif", NATURE_DU_CONFLIT)
        if raison == FinDeSaisine.AILLEURS and not motif and a is None:
            self.add_error("motif", "Dites à qui demander cet avis.")
        return donnees | {"a": a}


class RevocationForm(FormulaireDsfr, forms.Form):
    bouton = "Annuler cette demande"

    motif = TexteLong(label="Pourquoi", lignes=3, help_text="L’expert lira cette raison, s’il avait reçu la demande.")


class LeveeDeReserveForm(FormulaireDsfr, forms.Form):
    bouton = "Lever cette réserve"

    motif = TexteLong(label="Pourquoi cette réserve est levée", lignes=4)
