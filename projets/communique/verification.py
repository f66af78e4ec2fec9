"""Whether what was frozen is still what the facts of its instant say: the proof that a figure never changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from projets.chiffres import Ecart, calculer, ecarts
from projets.communique.figees import chiffres_figes
from projets.publication.models import Communique
from rebond.socle.faits import suivre
from rebond.socle.texte.typographie import compte
from rebond.surveillance import alarmes

ALARME = "chiffres-arretes"
OBJET = "un chiffre arrêté ne se recompte plus"
CITES = 10


@dataclass(frozen=True, slots=True)
class Verification:
    """Of one release: `verifiable` when it was frozen since facts are kept; what its recount says otherwise."""

    communique: Communique
    verifiable: bool
    ecarts: list[Ecart] = field(default_factory=list)


def recompter() -> Iterator[Verification]:
    """Each frozen release, from the first: its date counted again as it was known when it was frozen."""
    for cle in Communique.objects.order_by("fige_le", "pk").values_list("pk", flat=True):
        communique = Communique.objects.legers().get(pk=cle)
        if communique.connu_le is None:
            yield Verification(communique, verifiable=False)
        else:
            recomptes = calculer(au=communique.au, connu_le=communique.connu_le)
            yield Verification(communique, True, ecarts(chiffres_figes(communique), recomptes))


def faits_manquants() -> list[tuple[str, int]]:
    """Rows that figures read and of which the last fact says something else: written past the triggers."""
    return suivre.ecarts()


def veiller(*, maintenant: datetime) -> bool:
    """Ring when one of them fails, put out when all hold again. Whether all hold."""
    dits = [f"{lue.communique}\u00a0: {ecart.libelle}" for lue in recompter() for ecart in lue.ecarts]
    dits += [f"{table}, ligne {cle}\u00a0: son dernier état n’est pas gardé" for table, cle in faits_manquants()]
    if not dits:
        alarmes.eteindre(ALARME, maintenant=maintenant)
        return True
    suite = [] if len(dits) <= CITES else [f"et {compte(len(dits) - CITES, 'autre', 'autres')}."]
    texte = TEXTE.format(dits="\n".join([*dits[:CITES], *suite]))
    alarmes.sonner(cle=ALARME, objet=OBJET, texte=texte, maintenant=maintenant)
    return False


TEXTE = """Le portail recompte chaque communiqué arrêté tel que ses données étaient connues ce jour-là. Il ne \
retrouve pas ce qui suit\u00a0:

{dits}

Ce qui est publié n’a pas changé. Quelque chose a écrit dans la base sans passer par le portail, ou un fait a été \
modifié\u00a0: «\u00a0manage.py verifier_chiffres\u00a0» en donne le détail."""
