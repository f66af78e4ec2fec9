"""The calendar of waves: proposed every four months, corrected by hand as long as a wave has not opened."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.calendrier.actions import phases
from candidatures.calendrier.requetes import fin_de_serie
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.series import FinDeSerie
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import (
    ACCORDS_FIGES,
    HORIZON_ANNEES,
    PREMIERE_OUVERTURE,
    PREMIERE_RELEVE,
    SILENCE_FIGE,
    empechement_de_deplacer,
    empechement_de_fixer_le_silence,
    empechement_de_regler_les_accords,
    horizon,
    releve_suivante,
)
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

TROP_LOIN = f"Une vague se programme {HORIZON_ANNEES} ans à l’avance au plus\u00a0: vérifiez l’année."
CONFLITS = {
    **phrases_de(Vague, "vague_sans_chevauchement", "vague_ouvre_avant_de_clore"),
    "vague_dans_le_siecle": TROP_LOIN,
}
TROP_TARD = {
    **CONFLITS,
    "vague_suspendue_avant_d_ouvrir": "L’ouverture de cette vague est passée\u00a0: elle ne peut plus être suspendue "
    "ni rétablie.",
}
SILENCE = {"silence_fige_a_l_ouverture": SILENCE_FIGE}
SERIE_TERMINEE = phrases_de(FinDeSerie, "fin_de_serie_une_seule_en_vigueur")


def generer_calendrier(
    *, jusqu_a: datetime, acteur: Utilisateur | None, maintenant: datetime, accords_requis: bool | None = None
) -> list[Vague]:
    """Add the waves that follow the last one, each opening when the previous closes, up to the first that closes after
    `jusqu_a`. Return the new ones; none when the calendar already reaches that far. `accords_requis`: whether they ask
    for the marks of the members, as the one before does when nothing is said.

    Raises `RegleEnfreinte` once the series has ended, and for a year that is none of the call's.
    """
    nouvelles: list[Vague] = []
    with traduire(CONFLITS), transaction.atomic():
        derniere = _tenir_la_serie()
        if fin := fin_de_serie():
            raise RegleEnfreinte(
                f"La série des vagues est terminée depuis le {instant_fr(fin.decidee_le)}\u00a0: reprenez-la avant "
                "de programmer d’autres vagues."
            )
        while derniere is None or derniere.cloture <= jusqu_a:
            derniere = Vague.objects.create(
                numero=derniere.numero + 1 if derniere else 1,
                ouverture=derniere.cloture if derniere else PREMIERE_OUVERTURE,
                cloture=releve_suivante(derniere.cloture) if derniere else PREMIERE_RELEVE,
                accords_requis=_accords(derniere) if accords_requis is None else accords_requis,
                **_silence(derniere),
            )
            cahier_en_vigueur(vague=derniere, auteur=acteur)
            phases.programmer(derniere)
            consigner(ActeDeVague.PROGRAMMER, derniere, acteur=acteur, fait_le=maintenant, **_bornes(derniere))
            nouvelles.append(derniere)
    return nouvelles


def modifier_vague(
    *, vague: Vague, ouverture: datetime, cloture: datetime, acteur: Utilisateur, maintenant: datetime
) -> Vague:
    """Move the opening and the closing of a wave that has not opened yet.

    Raises `RegleEnfreinte` once the wave is open (putting off its deadline is then an extension, with two
    signatories), closed or suspended, and when the new opening would already be past.
    """
    with traduire(CONFLITS), transaction.atomic():
        vague = Vague.objects.select_for_update().get(pk=vague.pk)
        avant = _bornes(vague)
        if refus := empechement_de_deplacer(vague.phase(maintenant)):
            raise RegleEnfreinte(refus)
        if ouverture <= maintenant:
            raise RegleEnfreinte("La nouvelle ouverture est déjà passée\u00a0: choisissez un instant à venir.")
        if cloture > horizon(maintenant):
            raise RegleEnfreinte(TROP_LOIN)
        vague.ouverture, vague.cloture = ouverture, cloture
        try:
            vague.validate_constraints()
        except ValidationError as erreur:
            raise RegleEnfreinte(" ".join(erreur.messages)) from erreur
        vague.save(update_fields=["ouverture", "cloture"])
        consigner(ActeDeVague.DEPLACER, vague, acteur=acteur, fait_le=maintenant, avant=avant, apres=_bornes(vague))
    return vague


def fixer_le_silence(*, vague: Vague, mois: int, texte: str, acteur: Utilisateur, maintenant: datetime) -> Vague:
    """Say how many months after the closing silence is a decision, and which: what the receipts of the wave print.

    Raises `RegleEnfreinte` once the wave is open, and for a text that has no place for the date.
    """
    with traduire(SILENCE), transaction.atomic():
        vague = Vague.objects.select_for_update().get(pk=vague.pk)
        if refus := empechement_de_fixer_le_silence(vague.phase(maintenant)):
            raise RegleEnfreinte(refus)
        avant = _silence(vague)
        vague.silence_mois, vague.silence = mois, texte
        try:
            vague.validate_constraints()
        except ValidationError as erreur:
            raise RegleEnfreinte(" ".join(erreur.messages)) from erreur
        vague.save(update_fields=["silence_mois", "silence"])
        consigner(
            ActeDeVague.FIXER_LE_SILENCE, vague, acteur=acteur, fait_le=maintenant, avant=avant, apres=_silence(vague)
        )
    return vague


def exiger_les_accords(*, vague: Vague, requis: bool, acteur: Utilisateur, maintenant: datetime) -> Vague:
    """Say whether a grouping deposits in this wave once each member has marked the version « bon pour dépôt ».

    Raises `RegleEnfreinte` once the wave is open.
    """
    with traduire({"accords_figes_a_l_ouverture": ACCORDS_FIGES}), transaction.atomic():
        vague = Vague.objects.select_for_update().get(pk=vague.pk)
        if refus := empechement_de_regler_les_accords(vague.phase(maintenant)):
            raise RegleEnfreinte(refus)
        if vague.accords_requis != requis:
            vague.accords_requis = requis
            vague.save(update_fields=["accords_requis"])
            consigner(ActeDeVague.EXIGER_LES_ACCORDS, vague, acteur=acteur, fait_le=maintenant, requis=requis)
    return vague


def _accords(vague: Vague | None) -> bool:
    return vague.accords_requis if vague else False


def _silence(vague: Vague | None) -> dict[str, Any]:
    return {"silence_mois": vague.silence_mois, "silence": vague.silence} if vague else {}


def suspendre(*, vague: Vague, motif: str, acteur: Utilisateur, maintenant: datetime) -> Vague:
    """Suspend a wave that has not opened yet: it will not open, and nothing will be closed for it.

    `motif` is published with the calendar. Raises `RegleEnfreinte` when the wave has opened, by the database's clock.
    """
    with traduire(TROP_TARD), transaction.atomic():
        return appliquer(
            vague,
            ActeDeVague.SUSPENDRE,
            acteur=acteur,
            maintenant=maintenant,
            champs={"suspendue_le": maintenant, "motif_suspension": motif},
            motif=motif,
        )


def retablir(*, vague: Vague, motif: str, acteur: Utilisateur, maintenant: datetime) -> Vague:
    """Put a suspended wave back in the calendar, with its own dates, as long as its opening lies ahead.

    Raises `RegleEnfreinte` otherwise, when the series has ended, or when another wave took its period.
    """
    with traduire(TROP_TARD), transaction.atomic():
        _tenir_la_serie()
        if fin_de_serie():
            raise RegleEnfreinte("La série des vagues est terminée\u00a0: reprenez-la avant de rétablir une vague.")
        return appliquer(
            vague,
            ActeDeVague.RETABLIR,
            acteur=acteur,
            maintenant=maintenant,
            champs={"suspendue_le": None, "motif_suspension": ""},
            motif=motif,
        )


def finir_la_serie(*, motif: str, acteur: Utilisateur, maintenant: datetime) -> FinDeSerie:
    """Suspend every wave that has not opened yet, and program no other until the series is resumed.

    The open wave goes on to its deadline. Raises `RegleEnfreinte` when the series has ended already.
    """
    with traduire(SERIE_TERMINEE | TROP_TARD), transaction.atomic():
        _tenir_la_serie()
        fin = FinDeSerie.objects.create(motif=motif, decidee_le=maintenant, decidee_par=acteur)
        a_venir = list(Vague.objects.a_venir(maintenant))
        for vague in a_venir:
            suspendre(vague=vague, motif=motif, acteur=acteur, maintenant=maintenant)
        vagues = [vague.numero for vague in a_venir]
        consigner(ActeDeVague.FINIR_SERIE, fin, acteur=acteur, fait_le=maintenant, motif=motif, vagues=vagues)
    return fin


def reprendre_la_serie(*, motif: str, acteur: Utilisateur, maintenant: datetime) -> FinDeSerie:
    """Let waves be programmed again. Those that the end of the series suspended stay so until each is put back.

    Raises `RegleEnfreinte` when the series has not ended.
    """
    with transaction.atomic():
        fin = FinDeSerie.objects.select_for_update().filter(reprise_le=None).first()
        if fin is None:
            raise RegleEnfreinte("La série des vagues n’est pas terminée.")
        fin.reprise_le, fin.reprise_par = maintenant, acteur
        fin.save(update_fields=["reprise_le", "reprise_par"])
        consigner(ActeDeVague.REPRENDRE_SERIE, fin, acteur=acteur, fait_le=maintenant, motif=motif)
    return fin


def _tenir_la_serie() -> Vague | None:
    """The last wave, locked: nobody programs waves while another ends the series."""
    return Vague.objects.select_for_update().order_by("numero").last()


def _bornes(vague: Vague) -> dict[str, str]:
    return {"ouverture": vague.ouverture.isoformat(), "cloture": vague.cloture.isoformat()}
