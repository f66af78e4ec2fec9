"""The letters about roles: to whoever holds one, to the addresses that they had and have, to the administrateurs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rebond.comptes.habilitations import titulaires
from rebond.comptes.requetes import offerte_le
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.typographie import date_fr, instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Habilitation
from territoires.regles import DUREE_D_UNE_INVITATION


def role_a_signer(habilitation: Habilitation) -> Iterator[Lettre]:
    """To every administrateur who may sign."""
    valeurs = {**_communes(habilitation), "proposee_par": habilitation.proposee_par}
    for pk, adresse in _administrateurs(habilitation):
        if pk != habilitation.proposee_par_id:
            yield Lettre(
                gabarit="comptes/role_a_signer",
                valeurs=valeurs,
                cle=f"role-{habilitation.pk}-a-signer-{pk}",
                destinataire=adresse,
            )


def invitation(habilitation: Habilitation) -> Iterator[Lettre]:
    """To the address itself, which nobody has proven yet."""
    avant = offerte_le(habilitation) + DUREE_D_UNE_INVITATION
    yield Lettre(
        gabarit="comptes/invitation",
        valeurs={**_communes(habilitation), "avant": instant_fr(avant)},
        cle=f"role-{habilitation.pk}-invitation",
        destinataire=habilitation.adresse,
    )


def role_actif(habilitation: Habilitation) -> Iterator[Lettre]:
    """To the holder, and to the administrateurs."""
    valeurs = {
        **_communes(habilitation),
        "proposee_par": habilitation.proposee_par or "",
        "signee_par": habilitation.signee_par or "",
    }
    cle = f"role-{habilitation.pk}-actif"
    yield _au_titulaire("comptes/role_actif", habilitation, valeurs, cle)
    for pk, adresse in _administrateurs(habilitation):
        yield Lettre(gabarit="comptes/role_donne", valeurs=valeurs, cle=f"{cle}-{pk}", destinataire=adresse)


def adresse_changee(
    utilisateur: Utilisateur, suspendues: Sequence[Habilitation], nouvelle: str, maintenant: datetime
) -> Iterator[Lettre]:
    """To both addresses, and to every other administrateur."""
    ancienne = suspendues[0].adresse
    valeurs = {
        "personne": utilisateur,
        "ancienne": ancienne,
        "nouvelle": nouvelle,
        "roles": [str(habilitation) for habilitation in suspendues],
    }
    cle = f"adresse-{utilisateur.pk}-{maintenant.isoformat()}"
    for rang, destinataire in enumerate((ancienne, nouvelle)):
        yield Lettre(
            gabarit="comptes/adresse_changee", valeurs=valeurs, cle=f"{cle}-{rang}", destinataire=destinataire
        )
    for pk, destinataire in titulaires(Role.ADMINISTRATEUR).order_by("pk").values_list("pk", "email"):
        if pk != utilisateur.pk:
            yield Lettre(
                gabarit="comptes/adresse_changee_administrateurs",
                valeurs=valeurs,
                cle=f"{cle}-administrateur-{pk}",
                destinataire=destinataire,
            )


def role_confirme(habilitation: Habilitation) -> Iterator[Lettre]:
    valeurs = {**_communes(habilitation), "confirmee_par": habilitation.confirmee_par}
    cle = f"role-{habilitation.pk}-confirme-{_instant(habilitation.confirmee_le)}"
    yield _au_titulaire("comptes/role_confirme", habilitation, valeurs, cle)


def role_suspendu(habilitation: Habilitation, *, nomme: str = "", motif: str = "") -> Iterator[Lettre]:
    """`nomme`: the address of whoever was named in their place from the server, for that `motif`."""
    valeurs = {
        **_communes(habilitation),
        "raison": habilitation.get_suspension_display(),
        "email": nomme,
        "motif": motif,
    }
    cle = f"role-{habilitation.pk}-suspendu-{_instant(habilitation.suspendue_le)}"
    yield _au_titulaire("comptes/role_suspendu", habilitation, valeurs, cle)


def role_retire(habilitation: Habilitation) -> Iterator[Lettre]:
    yield _au_titulaire("comptes/role_retire", habilitation, _communes(habilitation), f"role-{habilitation.pk}-retire")


def role_fini(habilitation: Habilitation) -> Iterator[Lettre]:
    yield _au_titulaire("comptes/role_fini", habilitation, _communes(habilitation), f"role-{habilitation.pk}-fini")


def role_a_confirmer(habilitation: Habilitation, delai: timedelta) -> Iterator[Lettre]:
    """To the administrateurs who may confirm it, and to its holder."""
    avant = habilitation.a_confirmer_avant
    if avant is None:
        return
    valeurs = {**_communes(habilitation), "avant": date_fr(jour_de_paris(avant))}
    cle = f"role-{habilitation.pk}-a-confirmer-{_instant(avant)}-{delai.days}"
    yield _au_titulaire("comptes/role_a_confirmer", habilitation, valeurs, cle)
    for pk, adresse in _administrateurs(habilitation):
        yield Lettre(gabarit="comptes/role_a_confirmer", valeurs=valeurs, cle=f"{cle}-{pk}", destinataire=adresse)


def role_bientot_fini(habilitation: Habilitation, delai: timedelta) -> Iterator[Lettre]:
    """To its holder and to the administrateurs, who may give it again."""
    cle = f"role-{habilitation.pk}-bientot-fini-{delai.days}"
    valeurs = _communes(habilitation)
    yield _au_titulaire("comptes/role_bientot_fini", habilitation, valeurs, cle)
    for pk, adresse in _administrateurs(habilitation):
        yield Lettre(gabarit="comptes/role_bientot_fini", valeurs=valeurs, cle=f"{cle}-{pk}", destinataire=adresse)


def _administrateurs(habilitation: Habilitation) -> list[tuple[int, str]]:
    """Those in post, but the holder of the role that it is about."""
    titulaire = habilitation.utilisateur.email if habilitation.utilisateur else ""
    autres = titulaires(Role.ADMINISTRATEUR).exclude(email__in=[titulaire, habilitation.adresse])
    return list(autres.order_by("pk").values_list("pk", "email"))


def _au_titulaire(gabarit: str, habilitation: Habilitation, valeurs: dict[str, object], cle: str) -> Lettre:
    """To the address that its holder has now; to the one it was given to until there is a holder."""
    titulaire = habilitation.utilisateur
    destinataire = titulaire.email if titulaire else habilitation.adresse
    return Lettre(gabarit=gabarit, valeurs=valeurs, cle=cle, destinataire=destinataire)


def _communes(habilitation: Habilitation) -> dict[str, object]:
    dernier = habilitation.dernier_jour
    return {
        "pk": habilitation.pk,
        "role": habilitation.get_role_display(),
        "organisme": habilitation.organisme,
        "perimetre": habilitation.perimetre,
        "titulaire": habilitation.titulaire,
        "adresse": habilitation.adresse,
        "dernier_jour": date_fr(dernier) if dernier else "",
    }


def _instant(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
