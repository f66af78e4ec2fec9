"""Asking for the link with an authority, proving it in three ways, ending it."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from rebond.comptes.habilitations import a_le_role, titulaires
from rebond.comptes.rattachements.actes import ActeDAdresseOfficielle, ActeDeRattachement
from rebond.comptes.rattachements.regles import (
    ALPHABET,
    CODE_FAUX,
    DELAI_ENTRE_CODES,
    LONGUEUR_DU_CODE,
    VALIDITE_DU_CODE,
    code_ecrit,
    code_lu,
    empechement_d_essayer,
    empechement_de_demander,
    empechement_de_motiver,
)
from rebond.comptes.rattachements.requetes import (
    est_reconnue,
    nom_de_la_collectivite,
)
from rebond.comptes.rattachements.signaux import rattachement_prouve
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import MoyenDePreuve, Role
from territoires.models import AdresseOfficielle, Rattachement
from territoires.models.rattachement import ROLES_QUI_ATTESTENT
from territoires.regles import siret_valide

REFUS = {
    **phrases_de(Rattachement, "rattachement_parole_signee_et_motivee"),
    "rattachement_atteste_par_un_agent": "Seul un agent de l’État qui en a le rôle peut attester ce lien.",
}
INCONNUE = "Aucune collectivité n’a ce numéro SIREN."


def demander(
    *, utilisateur: Utilisateur, siren: str, adresse_proposee: str = "", petr: str = "", maintenant: datetime
) -> Rattachement:
    """Ask that the link be checked. A code leaves at once for the official address when it is known; else an
    administrateur looks for it, helped by `adresse_proposee`. Nothing in the answer tells which. `petr` is the name
    that a file gives to its PETR.

    Raises `RegleEnfreinte` for an unknown authority, or someone who has too many requests that wait.
    """
    with transaction.atomic():
        verrous.attendre(f"rattachement-{utilisateur.pk}")
        nom = nom_de_la_collectivite(siren, petr=petr)
        if not nom:
            raise RegleEnfreinte(INCONNUE)
        rattachement = Rattachement.objects.en_cours().filter(utilisateur=utilisateur, siren=siren).first()
        if rattachement is not None and rattachement.est_prouve:
            return rattachement
        if rattachement is None:
            rattachement = _creer(utilisateur, siren, nom, maintenant)
        rattachement.adresse_proposee = identifiant(adresse_proposee).lower()
        rattachement.save(update_fields=["adresse_proposee"])
        officielle = AdresseOfficielle.objects.filter(siren=siren).first()
        if officielle is None:
            _prevenir_les_administrateurs(rattachement)
        elif _peut_renvoyer(rattachement, maintenant):
            _envoyer_le_code(rattachement, officielle.email, acteur=utilisateur, maintenant=maintenant)
    return rattachement


def valider_adresse(
    *, rattachement: Rattachement, adresse: str, acteur: Utilisateur, maintenant: datetime
) -> AdresseOfficielle:
    """Say what the official address of the authority is, and send a code there for each request that waits for one.

    Raises `RegleEnfreinte` unless `acteur` is an administrateur.
    """
    _exiger_administrateur(acteur)
    with transaction.atomic():
        officielle, _ = AdresseOfficielle.objects.update_or_create(
            siren=rattachement.siren,
            defaults={"email": identifiant(adresse).lower(), "validee_par": acteur, "validee_le": maintenant},
        )
        consigner(
            ActeDAdresseOfficielle.VALIDER,
            officielle,
            acteur=acteur,
            fait_le=maintenant,
            siren=officielle.siren,
            adresse=officielle.email,
        )
        attendent = Rattachement.objects.en_cours().filter(siren=officielle.siren, prouve_le=None)
        for demande in attendent.select_for_update(of=("self",)).select_related("utilisateur").order_by("pk"):
            if demande.adresse != officielle.email or _peut_renvoyer(demande, maintenant):
                _envoyer_le_code(demande, officielle.email, acteur=acteur, maintenant=maintenant)
    return officielle


def prouver_par_code(*, rattachement: Rattachement, code: str, maintenant: datetime) -> Rattachement:
    """The code of the letter, typed by whoever asked. A wrong one counts, even when the page refuses it.

    Raises `RegleEnfreinte` for a wrong code, or one that is no longer good.
    """
    refus: str | None = None
    with transaction.atomic():
        tenu = _tenir(rattachement)
        if tenu.est_prouve:
            return tenu
        refus = empechement_d_essayer(tenu.essais, attendu=tenu.code_attendu(maintenant))
        if refus is None and constant_time_compare(tenu.code, _empreinte(tenu, code_lu(code))):
            return _prouver(tenu, MoyenDePreuve.LETTRE, acteur=tenu.utilisateur, maintenant=maintenant)
        tenu.essais += 1
        tenu.save(update_fields=["essais"])
    raise RegleEnfreinte(refus or CODE_FAUX)


def rattacher_par_siret(*, utilisateur: Utilisateur, siret: str, maintenant: datetime) -> Rattachement | None:
    """What a SIRET that an identity provider has signed proves (ProConnect: `siret` of the userinfo): that
    `utilisateur` works for the authority of that SIREN. None when it is no authority of ours: a commune, a company, a
    PETR that nobody has recognised.

    The caller has checked the signature; called at each sign-in, it proves once.
    """
    siren = siret[:9]
    if not siret_valide(siret) or not est_reconnue(siren):
        return None
    with transaction.atomic():
        verrous.attendre(f"rattachement-{utilisateur.pk}")
        tenu = Rattachement.objects.en_cours().filter(utilisateur=utilisateur, siren=siren).first()
        if tenu is not None and tenu.est_prouve:
            return tenu
        # A PETR that is recognised bears the name under which it was.
        reconnu = Rattachement.objects.filter(siren=siren).order_by("pk").values_list("nom", flat=True).first()
        nom = nom_de_la_collectivite(siren, petr=reconnu or "")
        tenu = tenu or _creer(utilisateur, siren, nom, maintenant, compte=False)
        return _prouver(tenu, MoyenDePreuve.SIRET, acteur=utilisateur, maintenant=maintenant, siret=siret)


def attester(
    *, utilisateur: Utilisateur, siren: str, motif: str, acteur: Utilisateur, maintenant: datetime, petr: str = ""
) -> Rattachement:
    """The word of an agent of the State, with what allows them to give it.

    Raises `RegleEnfreinte` without a `motif`, for oneself, for an unknown authority, or from anyone else.
    """
    if refus := empechement_de_motiver(motif):
        raise RegleEnfreinte(refus)
    if not a_le_role(acteur, *ROLES_QUI_ATTESTENT):
        raise RegleEnfreinte(REFUS["rattachement_atteste_par_un_agent"])
    nom = nom_de_la_collectivite(siren, petr=petr)
    if not nom:
        raise RegleEnfreinte(INCONNUE)
    with traduire(REFUS), transaction.atomic():
        verrous.attendre(f"rattachement-{utilisateur.pk}")
        tenu = Rattachement.objects.en_cours().filter(utilisateur=utilisateur, siren=siren).first()
        if tenu is not None and tenu.est_prouve:
            return tenu
        tenu = tenu or _creer(utilisateur, siren, nom, maintenant, compte=False)
        tenu.prouve_par, tenu.motif = acteur, motif.strip()
        return _prouver(tenu, MoyenDePreuve.PAROLE, acteur=acteur, maintenant=maintenant, motif=tenu.motif)


def terminer(*, rattachement: Rattachement, motif: str, acteur: Utilisateur, maintenant: datetime) -> Rattachement:
    """Refuse a request, or end a link that was proven, with a reason that the person reads.

    Raises `RegleEnfreinte` without a `motif`, or unless `acteur` is an administrateur.
    """
    _exiger_administrateur(acteur)
    if refus := empechement_de_motiver(motif):
        raise RegleEnfreinte(refus)
    with transaction.atomic():
        tenu = _tenir(rattachement)
        if tenu.fini_le is None:
            tenu.fini_le, tenu.fini_par, tenu.fin_motif = maintenant, acteur, motif.strip()
            tenu.save(update_fields=["fini_le", "fini_par", "fin_motif"])
            consigner(ActeDeRattachement.TERMINER, tenu, acteur=acteur, fait_le=maintenant, motif=tenu.fin_motif)
            _ecrire(tenu, "comptes/rattachement_termine", motif=tenu.fin_motif)
    return tenu


def _creer(
    utilisateur: Utilisateur, siren: str, nom: str, maintenant: datetime, *, compte: bool = True
) -> Rattachement:
    en_attente = Rattachement.objects.en_cours().filter(utilisateur=utilisateur, prouve_le=None).count()
    if compte and (refus := empechement_de_demander(en_attente)):
        raise RegleEnfreinte(refus)
    rattachement = Rattachement.objects.create(utilisateur=utilisateur, siren=siren, nom=nom, demande_le=maintenant)
    if compte:
        consigner(ActeDeRattachement.DEMANDER, rattachement, acteur=utilisateur, fait_le=maintenant, siren=siren)
    return rattachement


def _prouver(
    tenu: Rattachement, moyen: MoyenDePreuve, *, acteur: Utilisateur, maintenant: datetime, **details: object
) -> Rattachement:
    tenu.moyen, tenu.prouve_le = moyen, maintenant
    tenu.save()
    consigner(
        ActeDeRattachement.PROUVER,
        tenu,
        acteur=acteur,
        fait_le=maintenant,
        siren=tenu.siren,
        moyen=moyen.value,
        **details,
    )
    if moyen is MoyenDePreuve.PAROLE:
        _ecrire(tenu, "comptes/rattachement_prouve")
    rattachement_prouve.send(sender=Rattachement, rattachement=tenu, acteur=acteur, maintenant=maintenant)
    return tenu


def _envoyer_le_code(rattachement: Rattachement, adresse: str, *, acteur: Utilisateur, maintenant: datetime) -> None:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_DU_CODE))
    rattachement.code = _empreinte(rattachement, code)
    rattachement.adresse, rattachement.essais = adresse, 0
    rattachement.lettre_le, rattachement.expire_le = maintenant, maintenant + VALIDITE_DU_CODE
    rattachement.save(update_fields=["code", "adresse", "essais", "lettre_le", "expire_le"])
    consigner(ActeDeRattachement.ENVOYER_LE_CODE, rattachement, acteur=acteur, fait_le=maintenant, adresse=adresse)
    demandeur = rattachement.utilisateur
    mettre_en_file(
        Lettre(
            gabarit="comptes/rattachement_code",
            valeurs={
                "collectivite": rattachement.nom,
                "nom": str(demandeur),
                "email": demandeur.email,
                "code": code_ecrit(code),
                "expire": instant_fr(rattachement.expire_le),
            },
            cle=f"rattachement-code-{rattachement.pk}-{rattachement.code[:16]}",
            destinataire=adresse,
            demande_par=demandeur,
            demonstration=settings.DEMONSTRATION,
        )
    )


def _prevenir_les_administrateurs(rattachement: Rattachement) -> None:
    for administrateur in titulaires(Role.ADMINISTRATEUR).order_by("pk"):
        mettre_en_file(
            Lettre(
                gabarit="comptes/rattachement_demande",
                valeurs={
                    "collectivite": rattachement.nom,
                    "nom": str(rattachement.utilisateur),
                    "email": rattachement.utilisateur.email,
                },
                cle=f"rattachement-demande-{rattachement.pk}-{administrateur.pk}",
                destinataire=administrateur.email,
                demonstration=settings.DEMONSTRATION,
            )
        )


def _ecrire(rattachement: Rattachement, gabarit: str, **valeurs: object) -> None:
    mettre_en_file(
        Lettre(
            gabarit=gabarit,
            valeurs={"collectivite": rattachement.nom, "siren": rattachement.siren, **valeurs},
            cle=f"{gabarit.removeprefix('comptes/')}-{rattachement.pk}",
            destinataire=rattachement.utilisateur.email,
            demonstration=settings.DEMONSTRATION,
        )
    )


def _peut_renvoyer(rattachement: Rattachement, maintenant: datetime) -> bool:
    return rattachement.lettre_le is None or maintenant >= rattachement.lettre_le + DELAI_ENTRE_CODES


def _empreinte(rattachement: Rattachement, code: str) -> str:
    """Keyed: whoever reads the table alone cannot try the codes."""
    return salted_hmac("rebond.comptes.rattachements", f"{rattachement.pk}:{code}", algorithm="sha256").hexdigest()


def _tenir(rattachement: Rattachement) -> Rattachement:
    return Rattachement.objects.select_for_update(of=("self",)).select_related("utilisateur").get(pk=rattachement.pk)


def _exiger_administrateur(acteur: Utilisateur) -> None:
    if not a_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte("Seul un administrateur décide du lien d’une personne avec une collectivité.")
