"""What a link with an authority needs, and what an address lets one guess of it: pure predicates."""

from datetime import timedelta

from rebond.socle.texte.caracteres import identifiant

# Neither 0 nor O, 1 nor I nor L: it is read on paper or told on the telephone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LONGUEUR_DU_CODE = 8
VALIDITE_DU_CODE = timedelta(days=30)
DELAI_ENTRE_CODES = timedelta(days=1)
ESSAIS_MAX = 5
DEMANDES_EN_COURS_MAX = 5
CODE_FAUX = "Ce code n’est pas le bon. Vérifiez-le sur l’e-mail reçu par votre collectivité."
MOTIF_ATTENDU = "Écrivez en une phrase ce qui vous permet de le dire\u00a0: cela reste au journal."
# Where anybody has a mailbox: such an address says nothing of where one works.
DOMAINES_GRAND_PUBLIC = frozenset(
    {
        "aol.com", "bbox.fr", "free.fr", "gmail.com", "gmx.fr", "hotmail.com", "hotmail.fr", "icloud.com",
        "laposte.net", "live.fr", "neuf.fr", "orange.fr", "outlook.com", "outlook.fr", "protonmail.com", "sfr.fr",
        "wanadoo.fr", "yahoo.com", "yahoo.fr",
    }
)  # fmt: skip


def code_lu(saisie: str) -> str:
    """« abcd efgh », « ABCD-EFGH » → « ABCDEFGH »."""
    return identifiant(saisie).replace("-", "").replace("–", "").upper()


def code_ecrit(code: str) -> str:
    """« ABCD-EFGH »."""
    return f"{code[:4]}-{code[4:]}"


def empechement_de_demander(en_cours: int) -> str | None:
    """Why someone with so many requests that wait may not make another; None when they may."""
    if en_cours < DEMANDES_EN_COURS_MAX:
        return None
    return (
        f"Vous avez déjà {DEMANDES_EN_COURS_MAX} demandes en attente\u00a0: nous y répondons d’abord. Écrivez à "
        "l’équipe du portail si vous travaillez pour davantage de collectivités."
    )


def empechement_d_essayer(essais: int, *, attendu: bool) -> str | None:
    """Why no code may be tried; None when one may. The same words whether one was sent or not: they tell nothing."""
    if essais < ESSAIS_MAX:
        return None if attendu else CODE_FAUX
    return (
        f"Ce code a été essayé {ESSAIS_MAX} fois\u00a0: il ne peut plus servir. Refaites votre demande, un autre "
        "code partira."
    )


def empechement_de_motiver(motif: str) -> str | None:
    """Why a word given without reason does not count; None when there is one."""
    return None if motif.strip() else MOTIF_ATTENDU


def domaine(adresse: str) -> str:
    return adresse.rpartition("@")[2].lower()


def indice(adresse: str, officielle: str) -> str:
    """What the address of a person lets an administrateur guess; it proves nothing."""
    if officielle and domaine(adresse) == domaine(officielle):
        return f"Même domaine que l’adresse officielle ({domaine(officielle)})."
    if domaine(adresse) in DOMAINES_GRAND_PUBLIC:
        return f"Messagerie grand public ({domaine(adresse)})\u00a0: n’importe qui peut y avoir une adresse."
    if officielle:
        return f"Autre domaine que l’adresse officielle ({domaine(officielle)})."
    return f"Domaine {domaine(adresse)}\u00a0: à comparer avec le site de la collectivité."
