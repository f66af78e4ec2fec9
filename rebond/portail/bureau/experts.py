"""What awaits those of whom an avis is asked."""

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from candidatures.instruction.avis.requetes import demandes_d_avis
from rebond.portail.bureau.formes import Compte, Rubrique, Travail, presse
from rebond.socle.bdd.comptes import compter
from rebond.socle.horloge.temps import debut_de_journee
from rebond.socle.texte.typographie import compte, date_fr
from rebond.socle.utilisateur import Utilisateur

AVIS_MONTRES = 5


def donner_avis(moi: Utilisateur, maintenant: datetime) -> tuple[list[Travail], list[Rubrique]]:
    """One line a request, what is due first; past a few, the list."""
    demandes = demandes_d_avis(moi)
    restent = demandes.filter(a_rendre=True)
    comptes = compter(restent=restent, rendus=demandes.filter(rendu_le__isnull=False))
    nombre, liste = comptes["restent"], reverse("instruction:avis")
    travaux = []
    if nombre:
        a_rendre = list(
            restent.select_related("candidature__vague", "candidature__territoire")
            .only("a_rendre_avant", "expert", "candidature__vague__numero", "candidature__territoire__nom")
            .order_by(F("a_rendre_avant").asc(nulls_last=True), "demande_le", "pk")[:AVIS_MONTRES]
        )
        attendus = compte(nombre, "avis vous est demandé", "avis vous sont demandés")
        travaux.append(
            Travail(
                f"{attendus}.",
                _a_rendre(a_rendre[0].a_rendre_avant, "Le premier est à rendre"),
                f"{liste}?avis=a_rendre",
                "Donner mes avis",
                presse=presse(_fin(a_rendre[0].a_rendre_avant), maintenant),
                nombre=nombre,
                avant=_fin(a_rendre[0].a_rendre_avant),
            )
        )
        # One request alone: the line above says it already.
        travaux += [_donner(demande, maintenant) for demande in a_rendre] if nombre > 1 else []
    lus = (
        Compte(nombre, "À rendre", f"{liste}?avis=a_rendre"),
        Compte(comptes["rendus"], "Rendus", f"{liste}?avis=rendu"),
    )
    texte = "Les dossiers sur lesquels un avis vous est demandé, et ceux sur lesquels vous l’avez donné."
    return travaux, [Rubrique("Avis demandés", liste, (texte,), lus)]


def _donner(demande: Any, maintenant: datetime) -> Travail:
    dossier, avant = demande.candidature, _fin(demande.a_rendre_avant)
    quoi = "Avis à donner" if demande.expert_id else "Avis à prendre, demandé à votre organisme,"
    return Travail(
        f"{quoi} sur le dossier {dossier.reference}, {dossier.territoire.nom}.",
        _a_rendre(demande.a_rendre_avant, "À rendre"),
        reverse("instruction:saisine", args=[demande.pk]),
        "Voir la demande",
        precision=dossier.reference,
        presse=presse(avant, maintenant),
        avant=avant,
    )


def _fin(a_rendre_avant: date | None) -> datetime | None:
    return debut_de_journee(a_rendre_avant) if a_rendre_avant else None


def _a_rendre(a_rendre_avant: date | None, debut: str) -> str:
    return f"{debut} avant le {date_fr(a_rendre_avant)}." if a_rendre_avant else ""
