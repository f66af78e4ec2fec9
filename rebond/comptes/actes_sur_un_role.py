"""What an administrateur may do of one role: its button, what the page asks before, and the act behind."""

from collections.abc import Callable
from dataclasses import dataclass

from rebond.comptes import regles
from rebond.comptes.actions import roles
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Habilitation


@dataclass(frozen=True)
class ActeSurUnRole:
    """`cle` is its address. `suite` says what follows, on the page that asks for a confirmation."""

    cle: str
    libelle: str
    suite: str
    succes: str
    empechement: Callable[[Habilitation, Utilisateur], str | None]
    agir: Callable[..., Habilitation]


def _signer(habilitation: Habilitation, acteur: Utilisateur) -> str | None:
    return regles.empechement_de_signer(
        habilitation.etat,
        proposee_par=habilitation.proposee_par_id,
        acteur=acteur.pk,
        adresse=habilitation.adresse,
        adresse_de_l_acteur=acteur.email,
    )


def _ecarter(habilitation: Habilitation, _acteur: Utilisateur) -> str | None:
    return regles.empechement_d_ecarter(habilitation.etat)


def _confirmer(habilitation: Habilitation, acteur: Utilisateur) -> str | None:
    return regles.empechement_de_confirmer(habilitation.etat, titulaire=habilitation.utilisateur_id, acteur=acteur.pk)


def _suspendre(habilitation: Habilitation, acteur: Utilisateur) -> str | None:
    return regles.empechement_de_suspendre(
        habilitation.etat, role=habilitation.role, titulaire=habilitation.utilisateur_id, acteur=acteur.pk
    )


def _retirer(habilitation: Habilitation, acteur: Utilisateur) -> str | None:
    return regles.empechement_de_retirer(
        habilitation.etat, role=habilitation.role, titulaire=habilitation.utilisateur_id, acteur=acteur.pk
    )


ACTES_SUR_UN_ROLE = {
    acte.cle: acte
    for acte in (
        ActeSurUnRole(
            "signer",
            "Signer ce rôle",
            "Assurez-vous que cette personne doit exercer ce rôle et que cette adresse est bien la sienne. "
            "Elle y recevra un e-mail ; le rôle sera à elle une fois son adresse confirmée.",
            "Le rôle est signé. Son titulaire en est prévenu par e-mail.",
            _signer,
            roles.signer,
        ),
        ActeSurUnRole(
            "ecarter",
            "Écarter cette proposition",
            "Le rôle ne sera pas donné.",
            "La proposition est écartée.",
            _ecarter,
            roles.ecarter,
        ),
        ActeSurUnRole(
            "confirmer",
            "Confirmer ce rôle",
            "Le rôle vaudra un an de plus, à l’adresse que la personne a aujourd’hui. Si elle vient d’en changer, "
            "appelez-la d’abord à son service.",
            "Le rôle est confirmé pour un an. Son titulaire en est prévenu par e-mail.",
            _confirmer,
            roles.confirmer,
        ),
        ActeSurUnRole(
            "suspendre",
            "Suspendre ce rôle",
            "L’accès cesse aussitôt, jusqu’à ce qu’un administrateur confirme le rôle.",
            "Le rôle est suspendu. Son titulaire en est prévenu par e-mail.",
            _suspendre,
            roles.suspendre,
        ),
        ActeSurUnRole(
            "retirer",
            "Retirer ce rôle",
            "L’accès cesse aussitôt ; ce qui a été fait reste au journal.",
            "Le rôle est retiré. La personne en est prévenue par e-mail.",
            _retirer,
            roles.retirer,
        ),
    )
}


def actes_ouverts(habilitation: Habilitation, acteur: Utilisateur) -> list[ActeSurUnRole]:
    """Those that nothing keeps `acteur` from doing."""
    return [acte for acte in ACTES_SUR_UN_ROLE.values() if acte.empechement(habilitation, acteur) is None]
