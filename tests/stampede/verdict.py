"""What the stampede proves: what the clients were told, beside what the database holds."""

import statistics
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from candidatures.models import Depot, LigneProcesVerbal, Participation, ProcesVerbal, Vague
from rebond.socle.courriers.envoi import identifiant
from rebond.socle.courriers.models import Courrier
from tests.stampede.clients import Client

SEPARATEUR = b"-" * 79


@dataclass(frozen=True)
class Charge:
    """Deposits per second: what the server can, and what it was asked."""

    capacite: float
    offerte: float


@dataclass(frozen=True)
class Ligne:
    libelle: str
    valeur: str
    tenu: bool = True


@dataclass(frozen=True)
class Verdict:
    lignes: list[Ligne]
    reussi: bool
    resume: str


def juger(clients: Collection[Client], *, vague: Vague, charge: Charge, courriels: Path) -> Verdict:
    cloture = vague.cloture.timestamp()
    envoyes = [client for client in clients if client.remises]
    avant = [client for client in envoyes if client.apres < cloture]
    apres = [client for client in envoyes if client.avant >= cloture]
    depots = Counter(Depot.objects.filter(candidature__vague=vague).values_list("candidature_id", flat=True))
    proces_verbaux = list(ProcesVerbal.objects.filter(vague=vague))
    lignes_du_pv = LigneProcesVerbal.objects.filter(proces_verbal__vague=vague, depot__isnull=False)
    au_proces_verbal = set(lignes_du_pv.values_list("depot__numero", flat=True))
    numeros = {numero for client in clients for numero in client.numeros}
    durees = sorted(duree for client in clients for duree in client.durees) or [0.0]
    centile = durees[min(len(durees) - 1, int(len(durees) * 0.99))]
    tardifs = sum(client.depose or depots[client.candidature] > 0 for client in apres)
    refuses = [client for client in avant if not client.depose]
    absents = len(numeros - au_proces_verbal)
    erreurs = [erreur for client in clients for erreur in client.erreurs]
    multiples = sum(depots[client.candidature] > 1 or len(set(client.numeros)) > 1 for client in clients)
    lettres = _lettres_fautives(vague, courriels)
    par_seconde = f"{charge.capacite:.1f} / {charge.offerte:.1f} (×{charge.offerte / charge.capacite:.1f})"
    # Nothing would be proved if nobody had come on one side.
    des_deux_cotes = bool(avant) and bool(apres)
    lignes = [
        Ligne("Demandes reçues avant T / après T", f"{len(avant)} / {len(apres)}", des_deux_cotes),
        Ligne("  à cheval sur T (mises à part)", str(len(envoyes) - len(avant) - len(apres))),
        Ligne("Capacité / charge offerte, par seconde", par_seconde),
        _nul("Reçues après T et acceptées", tardifs),
        _nul("Reçues avant T et refusées", len(refuses)),
        *(
            Ligne(f"  à {cloture - client.apres:.6f} s de T, {client.maniere}", str(client.statuts))
            for client in refuses
        ),
        _nul("« Déposé », absents du procès-verbal", absents),
        _nul("Erreurs du serveur", len(erreurs)),
        Ligne("Procès-verbaux", str(len(proces_verbaux)), len(proces_verbaux) == 1),
        _nul("Dossiers sans lettre de clôture unique et envoyée", lettres),
        _nul("Clés qui ont donné plusieurs dépôts", multiples),
        Ligne("Durée d’un dépôt, médiane / 99e centile", f"{statistics.median(durees):.2f} / {centile:.2f} s"),
    ]
    lignes += [Ligne(f"  {erreur}", str(nombre)) for erreur, nombre in Counter(erreurs).most_common(5)]
    reussi = all(ligne.tenu for ligne in lignes)
    resume = (
        f"stampede: {'PASS' if reussi else 'FAIL'} n={len(clients)} tardifs_acceptes={tardifs} "
        f"a_temps_refuses={len(refuses)} absents_du_pv={absents} erreurs={len(erreurs)} pv={len(proces_verbaux)} "
        f"lettres_fautives={lettres} cles_multiples={multiples} "
        f"p50={statistics.median(durees):.2f}s p99={centile:.2f}s "
        f"charge={charge.offerte:.1f}/s capacite={charge.capacite:.1f}/s"
    )
    return Verdict(lignes, reussi, resume)


def tout_est_enregistre(vague: Vague) -> bool:
    """Whether the procès-verbal exists and every letter of the closing has left."""
    lettres = Courrier.objects.filter(cle__startswith=f"cloture-{vague.pk}-")
    return ProcesVerbal.objects.filter(vague=vague).exists() and not lettres.filter(envoye_le=None).exists()


def _nul(libelle: str, nombre: int) -> Ligne:
    return Ligne(libelle, str(nombre), nombre == 0)


def _lettres_fautives(vague: Vague, courriels: Path) -> int:
    """Files whose porteur has not exactly one closing letter, sent at least once and under no other name."""
    envois: set[tuple[str, str]] = set()
    for fichier in courriels.iterdir():
        for brut in fichier.read_bytes().split(SEPARATEUR):
            message = message_from_bytes(brut.lstrip())
            if message["Message-ID"]:
                envois.add((message["To"], message["Message-ID"]))
    fautives = 0
    connues = {(lettre.destinataire, identifiant(lettre)) for lettre in Courrier.objects.all()}
    participations = Participation.objects.filter(candidature__vague=vague).select_related("utilisateur")
    for participation in participations:
        debut = f"cloture-{vague.pk}-{participation.candidature_id}-{participation.utilisateur_id}"
        lettres = list(Courrier.objects.filter(cle__startswith=debut, cle__in=[debut, f"{debut}-2"]))
        parties = [(lettre.destinataire, identifiant(lettre)) in envois for lettre in lettres]
        fautives += parties != [True]
    return fautives + len(envois - connues)
