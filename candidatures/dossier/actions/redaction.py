"""Writing in the sections of a draft, without ever losing an answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from candidatures.cahier import Section
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import conclure, tenir_pour_ecrire
from candidatures.dossier.completude import est_vide
from candidatures.dossier.fusion import Conflit, fusionner
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import Presence, VersionDeSection
from candidatures.dossier.requetes import derniere_version, reponses_de, section_de, version_de
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
    with transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, auteur, maintenant)
        rubrique = section_de(tenue, section)
        derniere = derniere_version(tenue, section)
        retenues = _fusion(tenue, rubrique, reponses, revision, derniere)
        if derniere is not None and retenues == derniere.reponses:
            return derniere
        version = _ajouter(tenue, section, retenues, derniere, auteur, maintenant, automatique=automatique)
        candidature.contenu, candidature.revision = tenue.contenu, tenue.revision
    return version


def restaurer(
    *, candidature: Candidature, section: str, revision: int, auteur: Utilisateur, maintenant: datetime
) -> VersionDeSection:
    """Take back the answers of an earlier version, as a new version: nothing is lost in doing so."""
    with transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, auteur, maintenant)
        rubrique = section_de(tenue, section)
        ancienne = version_de(tenue, section, revision)
        retenues = _donnees((question.cle for question in rubrique.saisies), ancienne.reponses)
        derniere = derniere_version(tenue, section)
        return _ajouter(tenue, section, retenues, derniere, auteur, maintenant, restauree_de=revision)


def signaler_presence(
    *, candidature: Candidature, section: str, utilisateur: Utilisateur, maintenant: datetime
) -> None:
    """Note that `utilisateur` has the section open."""
    Presence.objects.update_or_create(
        candidature=candidature, section=section, utilisateur=utilisateur, defaults={"vue_le": maintenant}
    )


def _fusion(
    candidature: Candidature,
    section: Section,
    reponses: Mapping[str, Any],
    revision: int | None,
    derniere: VersionDeSection | None,
) -> dict[str, Any]:
    cles = [question.cle for question in section.saisies]
    if derniere is None or revision is None or revision == derniere.revision:
        return _donnees(cles, reponses)
    base = reponses_de(candidature, section.cle, revision)
    fusion = fusionner(cles, base=base, enregistrees=derniere.reponses, miennes=reponses)
    if fusion.conflits:
        raise ConflitDeSaisie(fusion.conflits, derniere)
    return _donnees(cles, fusion.reponses)


def _donnees(cles: Iterable[str], reponses: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that say something, in the order of the call: an empty one is none."""
    return {cle: reponses[cle] for cle in cles if not est_vide(reponses.get(cle))}


def _ajouter(
    candidature: Candidature,
    section: str,
    reponses: dict[str, Any],
    derniere: VersionDeSection | None,
    auteur: Utilisateur,
    maintenant: datetime,
    *,
    automatique: bool = False,
    restauree_de: int | None = None,
) -> VersionDeSection:
    version = VersionDeSection.objects.create(
        candidature=candidature,
        section=section,
        revision=derniere.revision + 1 if derniere else 1,
        reponses=reponses,
        auteur=auteur,
        enregistree_le=maintenant,
        automatique=automatique,
        restauree_de=restauree_de,
    )
    candidature.contenu = candidature.contenu | {section: reponses}
    conclure(candidature, "contenu", auteur=auteur, maintenant=maintenant)
    # Versions tell what was typed; the journal tells what people decided.
    if not automatique:
        acte = ActeDuDossier.RESTAURER if restauree_de else ActeDuDossier.ENREGISTRER
        consigner(acte, candidature, acteur=auteur, fait_le=maintenant, section=section, revision=version.revision)
    return version
