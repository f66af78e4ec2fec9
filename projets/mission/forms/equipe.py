"""The form that adds someone to a mission's team."""

from typing import Any

from django import forms

from projets.mission.models import Mission
from rebond.comptes.habilitations import titulaires
from rebond.comptes.requetes import nomme
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


class ChoixDePersonne(ChoixParmiBeaucoup):
    def label_from_instance(self, personne: Utilisateur) -> str:
        return f"{personne} – {personne.email}"


class EquipierForm(FormulaireDsfr, forms.Form):
    """Whoever holds the role of chargé de mission and is not of the team yet."""

    bouton = "Ajouter à l’équipe"
    vides = {
        "utilisateur": "Tous les chargés de mission sont déjà dans l’équipe : demandez à un administrateur "
        "de donner ce rôle à la personne voulue.",
    }

    utilisateur = ChoixDePersonne(
        Utilisateur.objects.none(),
        cherche=nomme,
        label="Chargé de mission",
        empty_label="Choisir une personne",
        help_text="Une personne absente de cette liste n’a pas le rôle de chargé de mission.",
        error_messages={"invalid_choice": "Cette personne est déjà dans l’équipe, ou n’est plus chargée de mission."},
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["utilisateur"].queryset = (  # type: ignore[attr-defined]
            titulaires(Role.CHARGE_MISSION)
            .exclude(pk__in=mission.equipiers.values("utilisateur"))
            .order_by(*par_nom())
        )
