"""Who did what in a file, in the words of its territory: never an act of the instruction, never a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html

from candidatures.cahier import Cahier
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import Qualite
from candidatures.dossier.lecture import Evenement
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.versions import VersionDeSection
from rebond.socle.courriers.retours.requetes import deja_revenue
from rebond.socle.journal.actes import Lecteurs, actes_lus_par, libelle_acte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import instant_fr

ACTES_DE_SAISIE = (ActeDuDossier.ENREGISTRER, ActeDuDossier.RESTAURER)
# What an act was done to, in the details that the journal keeps of it.
COMPLEMENTS = ("nom", "depot", "email", "personne")


@dataclass(frozen=True)
class Equipier:
    """A participant and the last thing that they did in the file; empty when nothing yet."""

    participation: Participation
    dernier_acte: str
    dernier_le: datetime | None


def actes_du_territoire(candidature: Candidature) -> QuerySet[EntreeJournal]:
    """What the territory may know that was done in its file, latest first."""
    return entrees_sur(candidature).filter(acte__in=actes_lus_par(Lecteurs.TERRITOIRE, candidature._meta.label_lower))


def evenements(candidature: Candidature, entrees: Iterable[EntreeJournal]) -> list[Evenement]:
    """Lines of `composants/chronologie.html`."""
    return [_evenement(candidature, entree) for entree in entrees]


def equipe(candidature: Candidature) -> list[Equipier]:
    """Who takes part: the porteur, then the others by seniority, each with whether a letter came back one day from
    their address (`deja_revenue`)."""
    participations = (
        candidature.participations.select_related("utilisateur")
        .annotate(deja_revenue=deja_revenue("utilisateur__email"))
        .order_by("depuis", "pk")
    )
    derniers = _derniers_actes(candidature)
    return [
        Equipier(participation, *derniers.get(participation.utilisateur_id, ("", None)))
        for participation in sorted(participations, key=lambda la: la.qualite != Qualite.PORTEUR)
    ]


def _derniers_actes(candidature: Candidature) -> dict[int, tuple[str, datetime]]:
    """By person. The journal does not tell what was saved while typing: versions do."""
    cahier = candidature.cahier.cahier
    entrees = (
        actes_du_territoire(candidature)
        .filter(acteur_id_copie__isnull=False)
        .order_by("acteur_id_copie", "-pk")
        .distinct("acteur_id_copie")
    )
    derniers = {
        entree.acteur_id_copie: (_titre(entree, cahier), entree.fait_le or entree.ecrit_le)
        for entree in entrees
        if entree.acteur_id_copie is not None
    }
    saisies = VersionDeSection.objects.filter(candidature=candidature, automatique=True)
    for version in saisies.order_by("auteur", "-pk").distinct("auteur"):
        dernier = derniers.get(version.auteur_id)
        if dernier is None or dernier[1] < version.enregistree_le:
            titre = f"Saisie dans la rubrique {_rubrique(cahier, version.section)}"
            derniers[version.auteur_id] = (titre, version.enregistree_le)
    return derniers


def _evenement(candidature: Candidature, entree: EntreeJournal) -> Evenement:
    texte = f"Par {entree.acteur}" if entree.acteur_id_copie else "Par le portail"
    if motif := entree.details.get("motif"):
        texte = f"{texte}. Motif\u00a0: {motif}"
    section, revision = entree.details.get("section"), entree.details.get("revision")
    if entree.acte in ACTES_DE_SAISIE and revision and section in candidature.cahier.cahier:
        adresse = reverse("candidatures:version", args=[candidature.pk, section, revision])
        texte = format_html(
            '{} – <a href="{}">voir cette version<span class="fr-sr-only"> de la rubrique {}, révision {}</span></a>',
            *(texte, adresse, _rubrique(candidature.cahier.cahier, section), revision),
        )
    return Evenement(
        quand=instant_fr(entree.fait_le or entree.ecrit_le),
        titre=_titre(entree, candidature.cahier.cahier),
        texte=texte,
    )


def _titre(entree: EntreeJournal, cahier: Cahier) -> str:
    """« Rubrique enregistrée : « Le choc » », « Rôle changé dans le dossier : A. Martin, lecteur »."""
    details: dict[str, Any] = entree.details
    morceaux = [_rubrique(cahier, details["section"])] if details.get("section") else []
    morceaux += [str(details[cle]) for cle in COMPLEMENTS if details.get(cle)]
    if details.get("qualite"):
        morceaux.append(Qualite(details["qualite"]).label.lower())
    libelle = libelle_acte(entree.acte, entree.objet_type)
    return f"{libelle}\u00a0: {', '.join(morceaux)}" if morceaux else libelle


def _rubrique(cahier: Cahier, cle: str) -> str:
    titre = cahier.section(cle).titre if cle in cahier else cle
    return f"«\u00a0{titre}\u00a0»"
