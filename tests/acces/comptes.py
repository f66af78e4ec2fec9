"""What belongs to accounts: sessions, keys, links with authorities; and what the administrateur does of them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from candidatures.depot.actions.contestations import contester
from rebond.comptes.rattachements.actions import demander
from rebond.portail.textes.actions import publier
from rebond.portail.textes.pages import PageDeTexte
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.acces.monde import Decor


def une_cle() -> dict[str, Any]:
    """What a security key answers when it is added: nothing that would open a session."""
    publique = ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    cle = AttestedCredentialData.create(Aaguid.NONE, b"une clef", publique)
    donnees = AuthenticatorData.create(
        sha256(b"localhost"), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, cle
    )
    return {
        "id": websafe_encode(b"une clef"),
        "rawId": websafe_encode(b"une clef"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(CollectedClientData.create("webauthn.create", b"", "https://localhost")),
            "attestationObject": websafe_encode(AttestationObject.create("none", donnees, {})),
        },
        "clientExtensionResults": {},
    }


def tenir_les_comptes(monde: Decor) -> None:
    le, porteur = {"maintenant": horloge_base()}, monde["porteur"]
    epci = f.un_epci()
    demande = demander(utilisateur=porteur, siren=epci.siren, **le)
    lettre_de_confort = Courrier.objects.create(
        cle="une-lettre-de-confort", destinataire=porteur.email, objet="Nouvelle", texte="Bonjour", sorte="nouvelles"
    )
    Courrier.objects.filter(pk=lettre_de_confort.pk).update(envoye_le=horloge_base())
    monde.objets["collectivité"] = {"siren": epci.siren}
    monde.objets["compte-porteur"] = {
        "pk": porteur.pk,
        "acte": "desactiver",
        "refuser_des_lettres jeton": lettre_de_confort.jeton.hex,
        "fermer_seance pk": UserSession.objects.create(
            user=porteur, ip="192.0.2.1", session_key="une-seance-ailleurs", user_agent="Essai"
        ).pk,
        **{
            f"mfa_{acte}_webauthn pk": Authenticator.objects.create(
                user=porteur, type=Authenticator.Type.WEBAUTHN, data={"name": "Ma clé", "credential": une_cle()}
            ).pk
            for acte in ("edit", "remove")
        },
    }
    signale = monde.dossiers["signalé"]
    siren = signale.territoire.chef_de_file.siren
    contestation = contester(candidature=signale, siren=siren, auteur=monde["collègue"], **le)
    publier(
        page=PageDeTexte.CONTACT,
        version=0,
        texte="Écrivez-nous.",
        commentaire="",
        auteur=monde["administrateur"],
        **le,
    )
    monde.objets["-"] |= {
        "page": PageDeTexte.CONTACT.value,
        "contestation pk": contestation.pk,
        **{f"rattachement_{acte} pk": demande.pk for acte in ("adresse", "attester", "terminer")},
    }
