"""The register of letters: which are the law's or security's, which are a comfort that one may do without.

The one place that knows. What is not named here always leaves at once, to whatever address and in whatever number:
receipts, decisions, corrections asked for, closings, sign-in, rights given and taken, what a person asked for.
"""

from collections.abc import Mapping

from django.db.models import TextChoices


class Sorte(TextChoices):
    """What a letter is, for whoever receives it."""

    LOI = "loi", "E-mails du droit et de la sécurité"
    # Anybody may have it sent, to any address, from a page without an account.
    FORMULAIRE = "formulaire", "E-mails demandés par un formulaire public"
    RAPPELS = "rappels", "Rappels"
    NOUVELLES = "nouvelles", "Nouvelles"
    MESSAGES = "messages", "Messages"
    # The comfort letters of a day, in one.
    RESUME = "resume", "Résumé du jour"


class Rythme(TextChoices):
    """When somebody wants the letters of a kind."""

    AUSSITOT = "aussitot", "Aussitôt"
    QUOTIDIEN = "quotidien", "Une fois par jour, dans un résumé"
    AUCUN = "aucun", "Jamais"


#: What each of its readers chooses, with what it holds, in their words.
CONFORT: Mapping[Sorte, str] = {
    Sorte.RAPPELS: "La clôture approche et votre dossier n’est pas déposé, ou il a changé depuis son dépôt\u00a0; un "
    "collègue vous rappelle un bon pour dépôt\u00a0; une date de l’instruction approche et des dossiers vous "
    "attendent\u00a0; un avis qui vous est demandé n’est pas rendu.",
    Sorte.NOUVELLES: "Une vague ouvre ou se clôt\u00a0; quelqu’un rejoint ou quitte un de vos dossiers\u00a0; un "
    "fichier dont vous aviez demandé la préparation est prêt\u00a0; un avis que vous aviez demandé est rendu.",
    Sorte.MESSAGES: "Quelqu’un vous écrit dans la messagerie d’un dossier.",
}
GABARITS_DE_CONFORT: Mapping[str, Sorte] = {
    "depot/accord_rappel": Sorte.RAPPELS,
    "depot/rappel_modifie": Sorte.RAPPELS,
    "depot/rappel_non_depose": Sorte.RAPPELS,
    "calendrier/cloture_agents": Sorte.NOUVELLES,
    "calendrier/ouverture_agents": Sorte.NOUVELLES,
    "calendrier/ouverture_territoires": Sorte.NOUVELLES,
    "dossier/invitation_acceptee": Sorte.NOUVELLES,
    "dossier/invitation_declinee": Sorte.NOUVELLES,
    "dossier/participant_parti": Sorte.NOUVELLES,
    "instruction/rappel_de_phase": Sorte.RAPPELS,
    "exports/pret": Sorte.NOUVELLES,
    "instruction/mention": Sorte.MESSAGES,
    "instruction/avis_rappel": Sorte.RAPPELS,
    "instruction/avis_rendus": Sorte.NOUVELLES,
    "instruction/messages": Sorte.MESSAGES,
    "comptes/resume": Sorte.RESUME,
}
#: Those that end with a way to stop them.
DE_CONFORT = frozenset({*CONFORT, Sorte.RESUME})


def sorte_de(gabarit: str) -> Sorte:
    """What the letter made from this template is."""
    return GABARITS_DE_CONFORT.get(gabarit, Sorte.LOI)
