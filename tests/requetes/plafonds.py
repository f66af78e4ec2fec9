"""What each page of the portal may ask of the database."""

# Statements: the session, the person and the roles among them; neither savepoints nor the order to only read.
PLAFOND = 12
# Those that ask for more: how many, and why. This table may only shrink: a page that asks for less leaves it, or says
# the smaller number.
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "administration:clotures": (17, "dit l’état de chaque partie du portail : file, messagerie, sonde, alarmes"),
    "presse:communique": (15, "compte à nouveau ses chiffres, et lit les lignes de ce qui a changé depuis"),
    "candidatures:depot": (13, "les accusés, leurs rectificatifs et le procès-verbal, à côté du bandeau du dossier"),
    "presse:fichier": (13, "compte tous les chiffres, puis lit les lignes de chacun"),
    "presse:projet": (13, "compte tous les chiffres, et lit les lignes de ce qui a changé depuis le communiqué"),
    "mfa_add_webauthn": (13, "allauth demande six fois si un second facteur est là"),
}
