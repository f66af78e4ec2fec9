"""The environment of the processes that tests start."""

import os

#: What this process alone needs, for as long as a browser's event loop runs in it: `check --deploy` refuses it.
BOUCLE_DU_NAVIGATEUR = "DJANGO_ALLOW_ASYNC_UNSAFE"


def environ_d_un_enfant(*, sauf: tuple[str, ...] = ()) -> dict[str, str]:
    """This process's environment, without what it holds for itself; `sauf`: prefixes of names left out besides."""
    omis = (BOUCLE_DU_NAVIGATEUR, "PYTEST", *sauf)
    return {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(omis)}
