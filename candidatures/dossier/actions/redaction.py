"""Writing in the sections of a draft, without ever losing an answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from candidatures.cahier import Section
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.dossier_tenu import SectionTenue, section_tenue
from candidatures.dossier.actions.ecriture import ecrire_la_version
from candidatures.dossier.completude import est_vide
from candidatures.dossier.fusion import Conflit, fusionner
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import Presence, VersionDeSection
from candidatures.dossier.regles import SANS_PART
from candidatures.dossier.requetes import VERSION_ABSENTE, exiger_l_ecriture, section_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.citations import citer
from rebond.socle.utilisateur import Utilisateur


class ConflitDeSaisie(RegleEnfreinte):
    """Someone answered the same questions otherwise since the form was opened; nothing was written.

    `revision` is the section's now: whoever settles the conflict starts from there.
    """

    def __init__(self, conflits: tuple[Conflit, ...], derniere: VersionDeSection) -> None:
        super().__init__(
            f"D’autres réponses ont été enregistrées pendant que vous écriviez, par {citer(derniere.auteur)}. Rien "
            "n’a été écrasé\u00a0: choisissez, pour chaque question, la réponse à garder."
        )
        self.conflits = conflits
        self.derniere = derniere

    @property
    def revision(self) -> int:
        return self.derniere.revision


def enregistrer_section(
    *,
    candidature: Candidature,
    section: str,
    reponses: Mapping[str, Any],
    auteur: Utilisateur,
    maintenant: datetime,
    revision: int | None = None,
    automatique: bool = False,
) -> VersionDeSection:
    """Save the answers of one section; they may be incomplete. Deposited versions are not touched.

    `revision` is the section's when the form was opened (None: whatever it is): answers that others saved since to
    other questions are kept. Returns the version that holds the result, the present one when nothing changes.

    Raises `ConflitDeSaisie` when the same question was answered otherwise since, `EcheanceDepassee` after the
    deadline, `RegleEnfreinte` when the file is no longer open to changes.
    """
    with section_tenue(dossier=candidature.pk, section=section, revision=revision, personne=auteur) as tenue:
        if tenue is None:
            raise RegleEnfreinte(SANS_PART)
        version = enregistrer(tenue, reponses, auteur=auteur, maintenant=maintenant, automatique=automatique)
        candidature.contenu, candidature.revision = tenue.candidature.contenu, tenue.candidature.revision
    return version


def enregistrer(
    tenue: SectionTenue,
    reponses: Mapping[str, Any],
    *,
    auteur: Utilisateur,
    maintenant: datetime,
    automatique: bool = False,
) -> VersionDeSection:
    """`enregistrer_section` for a section that is held already, in its transaction."""
    exiger_l_ecriture(tenue.candidature, tenue.qualite, maintenant)
    rubrique = section_de(tenue.candidature, tenue.section)
    retenues = _fusion(tenue, rubrique, reponses)
    if tenue.derniere is not None and retenues == tenue.derniere.reponses:
        return tenue.derniere
    return _ajouter(tenue, retenues, auteur, maintenant, automatique=automatique)


def restaurer(
    *, candidature: Candidature, section: str, revision: int, auteur: Utilisateur, maintenant: datetime
) -> VersionDeSection:
    """Take back the answers of an earlier version, as a new version: nothing is lost in doing so."""
    with section_tenue(dossier=candidature.pk, section=section, revision=revision, personne=auteur) as tenue:
        if tenue is None:
            raise RegleEnfreinte(SANS_PART)
        exiger_l_ecriture(tenue.candidature, tenue.qualite, maintenant)
        rubrique = section_de(tenue.candidature, section)
        if not revision:
            raise RegleEnfreinte(VERSION_ABSENTE)
        retenues = _donnees((question.cle for question in rubrique.saisies), tenue.reponses_de_depart)
        return _ajouter(tenue, retenues, auteur, maintenant, restauree_de=revision)


def signaler_presence(
    *, candidature: Candidature, section: str, utilisateur: Utilisateur, maintenant: datetime
) -> None:
    """Note that `utilisateur` has the section open."""
    Presence.objects.update_or_create(
        candidature=candidature, section=section, utilisateur=utilisateur, defaults={"vue_le": maintenant}
    )


def _fusion(tenue: SectionTenue, section: Section, reponses: Mapping[str, Any]) -> dict[str, Any]:
    cles = [question.cle for question in section.saisies]
    derniere = tenue.derniere
    if derniere is None or tenue.revision is None or tenue.revision == derniere.revision:
        return _donnees(cles, reponses)
    base = tenue.reponses_de_depart
    fusion = fusionner(cles, base=base, enregistrees=derniere.reponses, miennes=reponses)
    if fusion.conflits:
        raise ConflitDeSaisie(fusion.conflits, derniere)
    return _donnees(cles, fusion.reponses)


def _donnees(cles: Iterable[str], reponses: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that say something, in the order of the call: an empty one is none."""
    return {cle: reponses[cle] for cle in cles if not est_vide(reponses.get(cle))}


def _ajouter(
    tenue: SectionTenue,
    reponses: dict[str, Any],
    auteur: Utilisateur,
    maintenant: datetime,
    *,
    automatique: bool = False,
    restauree_de: int | None = None,
) -> VersionDeSection:
    version = VersionDeSection(
        candidature=tenue.candidature,
        section=tenue.section,
        revision=tenue.derniere.revision + 1 if tenue.derniere else 1,
        reponses=reponses,
        auteur=auteur,
        enregistree_le=maintenant,
        automatique=automatique,
        restauree_de=restauree_de,
    )
    ecrire_la_version(tenue, version)
    # Versions tell what was typed; the journal tells what people decided.
    if not automatique:
        acte = ActeDuDossier.RESTAURER if restauree_de else ActeDuDossier.ENREGISTRER
        details = {"section": version.section, "revision": version.revision}
        consigner(acte, tenue.candidature, acteur=auteur, fait_le=maintenant, **details)
    return version
