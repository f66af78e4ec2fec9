"""What each page of the portal may ask of the database."""

# Statements: the session, the person and the roles among them; neither savepoints nor the order to only read.
PLAFOND = 12
# Those that ask for more: how many, and why. This table may only shrink: a page that asks for less leaves it, or says
# the smaller number.
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "presse:fichier": (27, "compte tous les chiffres, chacun sur ses lignes"),
    "presse:projet": (25, "compte tous les chiffres, chacun sur ses lignes"),
    "presse:communique": (21, "compte à nouveau les chiffres du communiqué, pour dire ce qui a changé depuis"),
    "administration:clotures": (18, "dit l’état de chaque partie du portail : file, messagerie, sonde, alarmes"),
    "instruction:dossier": (16, "réunit ce que disent du dossier huit tables"),
    "candidatures:depot": (13, "les accusés, leurs rectificatifs et le procès-verbal, à côté du bandeau du dossier"),
    "mfa_add_webauthn": (13, "allauth demande six fois si un second facteur est là"),
}
