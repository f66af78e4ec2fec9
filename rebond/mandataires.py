"""How many reverse proxies stand before the portal: what a visitor's address is read by.

Nothing here touches Django: the settings call it while they load.
"""

from rebond.environnement import Environnement, ReglageInvalide

VARIABLE = "REBOND_MANDATAIRES"
MAXIMUM = 9


def nombre_de_mandataires(env: Environnement, *, adresse: str) -> int:
    """Those that are known to add the address that they see; 0 when people reach gunicorn themselves.

    Raises ReglageInvalide when nobody said it of a portal at an `https:` address: something ends TLS before gunicorn,
    and the whole country would have that machine's address.
    """
    if not env.texte(VARIABLE, ""):
        if adresse.startswith("https:"):
            raise ReglageInvalide(
                f"{VARIABLE} est obligatoire avec REBOND_ADRESSE={adresse} : écrivez combien de mandataires se "
                "suivent devant le portail (1 pour un nginx seul)."
            )
        return 0
    nombre = env.entier(VARIABLE, 0)
    if not 0 <= nombre <= MAXIMUM:
        raise ReglageInvalide(f"{VARIABLE} vaut « {nombre} » : un nombre de 0 à {MAXIMUM} est attendu.")
    return nombre
