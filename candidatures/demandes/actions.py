"""Taking in a request, and answering it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from candidatures.demandes.actes import ActeDeDemande
from candidatures.demandes.models import DemandeDEpci
from candidatures.demandes.regles import DEJA_REPONDUE, EPCI_CONNUE, SANS_SOURCE, SIREN_FICTIF
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, titulaires
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.bdd.verrous import attendre
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Nature, Role
from territoires.models import Departement, Epci
from territoires.models.contraintes import SIREN_INVALIDE
from territoires.referentiel import MILLESIME
from territoires.regles import PREFIXE_FICTIF, siren_valide


@dataclass(frozen=True, kw_only=True)
class EpciASaisir:
    """An authority that no vintage knows yet, and what says that it exists (`source`)."""

    siren: str
    nom: str
    nature: Nature
    population: int
    departement: Departement
    source: str


@transaction.atomic
def demander(*, maintenant: datetime, **dits: str) -> DemandeDEpci:
    """Keep the request with the instant at which it came; whoever asks gets its copy, a person is told.

    Sent again word for word before it is answered, it is the first one that counts, with its instant.
    """
    dits["email"] = identifiant(dits["email"])
    attendre(f"demande-epci-{dits['email'].lower()}")
    if deja := DemandeDEpci.objects.a_traiter().filter(**dits).first():
        return deja
    vague = Vague.objects.ouvertes(maintenant).first()
    demande = DemandeDEpci.objects.create(vague=vague, **dits)
    demande.refresh_from_db(fields=["recue_le"])
    consigner(
        ActeDeDemande.DEMANDER,
        demande,
        acteur=None,
        fait_le=maintenant,
        recue_le=demande.recue_le.isoformat(),
        vague=vague.numero if vague else None,
    )
    valeurs = {
        "collectivite": demande.collectivite,
        "recue_le": instant_fr(demande.recue_le, secondes=True),
        "cloture": instant_fr(vague.cloture) if vague else "",
        "pk": demande.pk,
    }
    mettre_en_file(
        Lettre(gabarit="demandes/recue", valeurs=valeurs, cle=demande.cle_de_la_lettre, destinataire=demande.email)
    )
    for rang, adresse in enumerate(_a_prevenir()):
        mettre_en_file(
            Lettre(
                gabarit="demandes/a_traiter",
                valeurs=valeurs,
                cle=f"{demande.cle_de_la_lettre}-agent-{rang}",
                destinataire=adresse,
            )
        )
    return demande


def _a_prevenir() -> list[str]:
    agents = titulaires(Role.ADMINISTRATEUR).order_by("pk").values_list("email", flat=True)
    assistance = [settings.ASSISTANCE_ADRESSE] if settings.ASSISTANCE_ADRESSE else []
    return list(dict.fromkeys([*assistance, *agents]))


@transaction.atomic
def repondre(
    *,
    demande: DemandeDEpci,
    reponse: str,
    epci: Epci | None,
    a_saisir: EpciASaisir | None,
    acteur: Utilisateur,
    maintenant: datetime,
) -> DemandeDEpci:
    """Answer, and bind the request to an authority of the reference or to one entered by hand: its file may begin.
    No letter leaves when whoever asked is forgotten.

    Raises RegleEnfreinte unless `acteur` is an administrateur, once it is answered, and for what is entered without
    a source, or under a number that the reference has or that the demonstration keeps.
    """
    if not a_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte("Seul un administrateur répond à cette demande.")
    tenue = DemandeDEpci.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    if tenue.repondue_le is not None:
        raise RegleEnfreinte(DEJA_REPONDUE)
    if a_saisir is not None:
        epci = _saisir(a_saisir)
    tenue.repondue_le, tenue.repondue_par, tenue.reponse, tenue.epci = maintenant, acteur, reponse, epci
    tenue.save(update_fields=["repondue_le", "repondue_par", "reponse", "epci"])
    consigner(
        ActeDeDemande.REPONDRE,
        tenue,
        acteur=acteur,
        fait_le=maintenant,
        siren=epci.siren if epci else "",
        saisie=a_saisir.source if a_saisir else "",
    )
    if tenue.email:
        mettre_en_file(_reponse(tenue))
    return tenue


def _reponse(demande: DemandeDEpci) -> Lettre:
    epci = demande.epci
    return Lettre(
        gabarit="demandes/reponse",
        valeurs={
            "collectivite": demande.collectivite,
            "recue_le": instant_fr(demande.recue_le, secondes=True),
            "reponse": demande.reponse,
            "epci": epci.nom if epci else "",
            "siren": epci.siren if epci else "",
        },
        cle=demande.cle_de_la_reponse,
        destinataire=demande.email,
    )


def _saisir(a_saisir: EpciASaisir) -> Epci:
    if not siren_valide(a_saisir.siren):
        raise RegleEnfreinte(SIREN_INVALIDE)
    if a_saisir.siren.startswith(PREFIXE_FICTIF):
        raise RegleEnfreinte(SIREN_FICTIF)
    if not a_saisir.source.strip():
        raise RegleEnfreinte(SANS_SOURCE)
    if Epci.objects.filter(siren=a_saisir.siren).exists():
        raise RegleEnfreinte(EPCI_CONNUE)
    # Somebody else may be entering it at this very instant.
    with traduire({"territoires_epci_siren_key": EPCI_CONNUE}), transaction.atomic():
        epci = Epci.objects.create(
            siren=a_saisir.siren,
            nom=a_saisir.nom,
            nature=a_saisir.nature,
            population=a_saisir.population,
            millesime=MILLESIME,
            region=a_saisir.departement.region,
            saisie=a_saisir.source,
        )
    epci.departements.set([a_saisir.departement])
    epci.regions.set([a_saisir.departement.region])
    return epci
