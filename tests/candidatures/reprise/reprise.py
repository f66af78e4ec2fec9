"""What the tests of the takeover build: answers of the API of Démarches simplifiées, about invented people."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from candidatures.models import Vague
from candidatures.reprise.correspondance import Correspondance, lire_correspondance
from candidatures.reprise.execution import executer
from candidatures.reprise.lecture import lire
from candidatures.reprise.pieces import Fichiers
from candidatures.reprise.rapport import Rapport
from rebond.socle.horloge.temps import PARIS, horloge_base
from territoires.models import Epci
from tests import fabriques as f

OUVERTURE = datetime(2022, 10, 1, 12, tzinfo=PARIS)
CLOTURE = datetime(2023, 2, 1, 12, tzinfo=PARIS)
DEPOT = "2023-01-31T18:30:00+01:00"
TRAITEMENT = "2023-06-12T09:00:00+02:00"
MODIFICATION = "2023-06-12T09:00:05+02:00"
_rangs = count(1)


def la_vague_passee(**autres: Any) -> Vague:
    return f.une_vague(**{"ouverture": OUVERTURE, "cloture": CLOTURE} | autres)


def champ(libelle: str, typename: str = "TextChamp", valeur: Any = None, **autres: Any) -> dict[str, Any]:
    rang = next(_rangs)
    return {
        "id": f"Champ-{rang}",
        "champDescriptorId": f"Descripteur-{rang}",
        "__typename": typename,
        "label": libelle,
        "stringValue": valeur,
        "updatedAt": DEPOT,
        "prefilled": False,
        **autres,
    }


def fichier(nom: str, contenu: bytes = b"", **autres: Any) -> dict[str, Any]:
    return {
        "filename": nom,
        "contentType": "application/pdf",
        "checksum": base64.b64encode(hashlib.md5(contenu, usedforsecurity=False).digest()).decode(),
        "byteSize": len(contenu),
        "url": "https://static.example/expire",
        "createdAt": DEPOT,
        "virusScanResult": "SAFE",
        **autres,
    }


def d_autres_champs() -> list[dict[str, Any]]:
    return [
        champ("Gouvernance", "TextareaChamp", "Un comité de pilotage."),
        champ("Date de la délibération", "DatetimeChamp", "…", datetime="2023-01-15T23:30:00+00:00"),
        champ("Nombre de projets identifiés", "DecimalNumberChamp", "2.5", decimalNumber=2.5),
        champ("Téléphone du contact", "PhoneChamp", "+33 3 27 00 00 00"),
        champ("E-mail", "TextChamp", "contact@collectivite.example"),
        champ("Délibération", "PieceJustificativeChamp", "", files=[fichier("deliberation.pdf", f.PDF)]),
        champ("Zone de revitalisation ?", "YesNoChamp", "true", selected=True),
        champ("J’accepte le règlement", "CheckboxChamp", "false", checked=False),
        champ("Civilité de l’élu référent", "CiviliteChamp", "Mme", civilite="Mme"),
        champ("Type de territoire", "DropDownListChamp", "Rural", value="Rural"),
        champ("Bassin", "LinkedDropDownListChamp", None, primaryValue="Nord", secondaryValue="Cambrésis"),
        champ("Adresse du siège", "AddressChamp", None, address={"label": "1 place de la Mairie 59400 Cambrai"}),
        champ("Commune", "CommuneChamp", None, commune={"name": "Cambrai", "code": "59122"}),
        champ("Département", "DepartementChamp", None, departement={"name": "Nord", "code": "59"}),
        champ("Région", "RegionChamp", None, region={"name": "Hauts-de-France", "code": "32"}),
        champ("Périmètre", "CarteChamp", None, geoAreas=[{"id": "1", "geometry": {"type": "Point"}}]),
        champ("Dossier lié", "DossierLinkChamp", None, dossier={"number": 41}),
        champ("Mesure nouvelle", "ChampVenuPlusTard", None, mesure={"valeur": 7, "unite": "ha"}),
    ]


def des_champs(epci: Epci) -> list[dict[str, Any]]:
    """One field of every type that the API knows, and one that it does not."""
    return [
        champ("Votre territoire", "HeaderSectionChamp"),
        champ("À lire avant de commencer", "ExplicationChamp"),
        champ("EPCI porteur", "EpciChamp", epci.nom, epci={"name": epci.nom, "code": epci.siren}),
        champ("Description du choc industriel", "TextareaChamp", "Une usine ferme.\r\nCent vingt emplois."),
        champ("Date du choc", "DateChamp", "01 mars 2022", date="2022-03-01"),
        champ(
            "Filières concernées",
            "MultipleDropDownListChamp",
            "Textile, Métallurgie, Cuir",
            values=["Textile", "Métallurgie", "Cuir"],
        ),
        champ("Nombre d’emplois concernés", "IntegerNumberChamp", "120", integerNumber="120"),
        champ("Emplois industriels du territoire", "DecimalNumberChamp", "4300.0", decimalNumber=4300.0),
        champ(
            "Entreprises touchées",
            "RepetitionChamp",
            rows=[
                {
                    "champs": [
                        champ("Nom de l’entreprise", valeur="Filature du Nord"),
                        champ("SIRET", "SiretChamp", "73282932000074", etablissement={"siret": "73282932000074"}),
                        champ("Nombre d’emplois", "IntegerNumberChamp", "80", integerNumber="80"),
                        champ("Produit", valeur="Fil de lin"),
                    ]
                },
                {
                    "champs": [
                        champ("Nom de l’entreprise", valeur="Tissage"),
                        champ("Nombre d’emplois", valeur="douze"),
                    ]
                },
            ],
        ),
        *d_autres_champs(),
    ]


def d_anciens_echanges() -> dict[str, Any]:
    return {
        "avis": [
            {
                "question": "Qu’en pensez-vous ?",
                "reponse": "Favorable.",
                "dateQuestion": "2023-03-01T10:00:00+01:00",
                "dateReponse": "2023-03-08T10:00:00+01:00",
                "claimant": {"email": "instructeur@etat.example"},
                "expert": {"email": "expert@banque.example"},
                "attachments": [],
            }
        ],
        "messages": [
            {
                "email": "instructeur@etat.example",
                "body": "<p>Merci de préciser le <b>calendrier</b>.</p>",
                "createdAt": "2023-02-10T10:00:00+01:00",
                "attachments": [fichier("precisions.pdf")],
                "correction": {"reason": "incomplete", "dateResolution": None},
            }
        ],
    }


def un_dossier(epci: Epci | None = None, numero: int = 0, **autres: Any) -> dict[str, Any]:
    """A complete dossier, accepted; any part of it may be given otherwise."""
    epci = epci or f.un_epci()
    numero = numero or 1_000_000 + next(_rangs)
    return {
        "number": numero,
        "state": "accepte",
        "dateDepot": DEPOT,
        "datePassageEnConstruction": DEPOT,
        "datePassageEnInstruction": "2023-02-03T10:00:00+01:00",
        "dateTraitement": TRAITEMENT,
        "dateDerniereModification": MODIFICATION,
        "motivation": "Un choc avéré.",
        "usager": {"email": f"Agent{numero}@Collectivite.example"},
        "deposeParUnTiers": False,
        "nomMandataire": None,
        "prenomMandataire": None,
        "groupeInstructeur": {"label": "défaut"},
        "instructeurs": [{"email": "instructeur@etat.example"}],
        "demandeur": {
            "__typename": "PersonneMorale",
            "siret": f"{epci.siren}00010",
            "naf": "8411Z",
            "address": {"label": "1 place de la Mairie"},
            "entreprise": {"siren": epci.siren, "raisonSociale": epci.nom, "formeJuridiqueCode": "7348"},
        },
        "traitements": [
            {"state": "accepte", "dateTraitement": TRAITEMENT, "emailAgentTraitant": "instructeur@etat.example"}
        ],
        "champs": des_champs(epci),
        "annotations": [champ("Note de l’instructeur", "TextareaChamp", "Territoire prioritaire.")],
        **d_anciens_echanges(),
        "pdf": {"url": "https://static.example/dossier.pdf"},
        "attestation": None,
        **autres,
    }


def une_reponse(*dossiers: Any, numero: int = 66_000, suite: bool | None = False, **autres: Any) -> dict[str, Any]:
    page = {"hasNextPage": suite, "endCursor": "MQ"}
    demarche = {"number": numero, "title": "AMI Rebond industriel", "state": "close", "dateFermeture": None}
    return {"data": {"demarche": demarche | {"dossiers": {"pageInfo": page, "nodes": list(dossiers)}}}} | autres


def reprendre(
    *dossiers: Any, correspondance: Correspondance | None = None, pieces: Path | None = None, a_blanc: bool = False
) -> Rapport:
    """The takeover of these dossiers, as the command does it; through JSON, so that nothing Python stays in them."""
    return executer(
        lire(json.loads(json.dumps(une_reponse(*dossiers)))),
        correspondance or lire_correspondance(),
        maintenant=horloge_base(),
        dossier=Fichiers(pieces) if pieces else None,
        a_blanc=a_blanc,
    )


def plus_tard(dossier: Mapping[str, Any], **autres: Any) -> dict[str, Any]:
    """The dossier as it was modified a day later."""
    le = datetime.fromisoformat(dossier["dateDerniereModification"]) + timedelta(days=1)
    return {**dossier, "dateDerniereModification": le.isoformat(), **autres}


def plat(donnees: Any) -> Any:
    """With plain spaces: no-break ones are another test's concern."""
    if isinstance(donnees, str):
        return donnees.replace("\u00a0", " ").replace("\u202f", " ")
    if isinstance(donnees, (list, tuple)):
        return type(donnees)(plat(donnee) for donnee in donnees)
    return {cle: plat(valeur) for cle, valeur in donnees.items()} if isinstance(donnees, dict) else donnees
