"""The probe: asks the portal over HTTP what anyone would get, and tells the availability log."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from rebond.socle.vigie import Disponibilite

# In seconds. Whoever deposits would not wait longer either.
DELAI = 5.0
REPONSE_MAX = 64 * 1024


def sonder(adresse: str, *, delai: float = DELAI) -> tuple[Disponibilite, str]:
    """What `adresse` (that of `/sante/`, http or https) answers, and the reason when all is not well. Never raises.

    The reason is the same as long as the cause is: no figure in it.
    """
    requete = Request(adresse, headers={"User-Agent": "Rebond-sonde"})  # noqa: S310 (set by whoever deploys)
    try:
        with urlopen(requete, timeout=delai) as reponse:  # noqa: S310
            corps = json.loads(reponse.read(REPONSE_MAX))
    except HTTPError as erreur:
        erreur.close()
        return Disponibilite.INDISPONIBLE, f"Réponse {erreur.code}"
    except (OSError, HTTPException) as erreur:
        return Disponibilite.INDISPONIBLE, _cause(erreur)
    except ValueError:
        return Disponibilite.INDISPONIBLE, "Réponse illisible"
    if not isinstance(corps, dict) or corps.get("etat") not in {"ok", "degrade"}:
        return Disponibilite.INDISPONIBLE, "Réponse inattendue"
    if corps["etat"] == "ok":
        return Disponibilite.DISPONIBLE, ""
    return Disponibilite.DEGRADE, _raison(corps)


def _raison(corps: dict[str, object]) -> str:
    file = corps.get("file")
    joignable = isinstance(file, dict) and file.get("etat") == "ok"
    return "Battement en retard" if joignable else "File d’attente injoignable"


def _cause(erreur: OSError | HTTPException) -> str:
    # urllib wraps what happens before the answer, and not what happens after.
    raison = getattr(erreur, "reason", erreur)
    if isinstance(raison, TimeoutError):
        return "Pas de réponse à temps"
    return f"Portail injoignable ({type(raison).__name__ if isinstance(raison, Exception) else raison})"[:200]
