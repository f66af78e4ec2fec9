"""A page that reads back before it acts (`rebond.socle.formulaires.relecture`), without a browser."""

import re
from html import unescape
from typing import Any

from django.test import Client


def champs_caches(reponse: Any) -> dict[str, str]:
    """What the page that reads back sends again, its button included."""
    html = reponse.content.decode()
    champs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    boutons = re.findall(r'<button type="submit" class="fr-btn" name="([^"]+)" value="([^"]*)"', html)
    return {nom: unescape(valeur) for nom, valeur in (*champs, *boutons)}


def confirmer(client: Client, page: str, saisie: dict[str, Any]) -> Any:
    """Send, read back, confirm."""
    lue = client.post(page, saisie)
    assert lue.status_code == 200
    return client.post(page, champs_caches(lue))


def lignes_relues(reponse: Any) -> dict[str, str]:
    lignes = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", reponse.content.decode())
    return {nom: unescape(dit).replace("\u00a0", " ").replace("\u202f", " ") for nom, dit in lignes}
