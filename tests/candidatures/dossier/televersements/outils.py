"""What the tests of uploads have in common."""

from base64 import b64encode

from candidatures.dossier.pieces.actions import televersements
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import page

TUS = {"Tus-Resumable": "1.0.0"}
FICHIER = f.PDF + bytes(range(256)) * 40
TAILLE = len(FICHIER)


def metadonnees(**valeurs):
    return ",".join(f"{nom} {b64encode(str(valeur).encode()).decode()}" for nom, valeur in valeurs.items())


def annoncer(client, candidature, *, taille=TAILLE, **valeurs):
    valeurs = {"nom": "étude.pdf", "nature": "diagnostic"} | valeurs
    entetes = TUS | {"Upload-Length": str(taille), "Upload-Metadata": metadonnees(**valeurs)}
    return client.post(page("televersements", candidature.pk), headers=entetes)


def envoyer(client, adresse, debut, morceau, **entetes):
    return client.patch(
        adresse,
        data=morceau,
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(debut)} | entetes,
    )


def ou_en_est(client, adresse):
    reponse = client.head(adresse, headers=TUS)
    return int(reponse["Upload-Offset"]), int(reponse["Upload-Length"]), reponse["Cache-Control"]


def commencer(candidature, **arguments):
    valeurs = {
        "utilisateur": f.porteur_de(candidature),
        "nom": "étude.pdf",
        "nature": "diagnostic",
        "taille": len(FICHIER),
        "maintenant": horloge_base(),
    }
    return televersements.commencer(candidature=candidature, **(valeurs | arguments))
