"""Production scans what people send, unless whoever runs it has written that it does not."""


def empechement_de_demarrer_sans_antivirus(*, adresse: str, antivirus: str, assume: bool) -> str | None:
    """Why the portal at `adresse` may not start; None when it may. `assume`: REBOND_SANS_ANTIVIRUS=oui."""
    if antivirus or assume or not adresse.startswith("https:"):
        return None
    return (
        f"Aucun antivirus n’est réglé pour {adresse} : donnez l’adresse de clamd dans REBOND_ANTIVIRUS (hôte:port, ou "
        "le chemin de sa prise). Pour s’en passer en connaissance de cause, écrivez REBOND_SANS_ANTIVIRUS=oui : les "
        "fichiers reçus seront alors servis sans avoir été analysés."
    )
