"""Run in a process of its own: `python -m tests.banc.fabrique KIND …`; prints JSON, with its peak of memory.

What a worker makes is measured as a worker makes it: alone, from the database to the bytes.
"""

import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.banc.service.pesees import sommet


def fichier(adresse: str, personne: str, courte: str) -> dict[str, float]:
    """Seconds to write the file of this address of export for that account, its bytes, and the millions of bytes that
    it takes of memory beyond those of `courte`, another such address with a few rows."""
    ecrire, _ = _ecriture(courte, personne)
    ecrire()
    au_depart = sommet()
    ecrire, _ = _ecriture(adresse, personne)
    ecrire()
    debut = time.perf_counter()
    octets = ecrire()
    return {"secondes": time.perf_counter() - debut, "octets": octets, "de_plus_mo": sommet() - au_depart}


def archive(adresse: str, personne: str, quelques_uns: str, tous: str) -> dict[str, float]:
    """The same of an archive of files, by two questions (« q=… ») that the address is asked."""
    from tempfile import TemporaryFile

    from rebond.exports.archives import archiver

    preparer = _archive(adresse, personne)

    def ecrire(demande: str) -> float:
        with TemporaryFile() as sortie:
            archiver(preparer(demande), sortie, suivi=iter, noter=lambda _: None, inclure=lambda _: None)
            return float(sortie.tell())

    ecrire(quelques_uns)
    au_depart = sommet()
    debut = time.perf_counter()
    octets = ecrire(tous)
    return {"secondes": time.perf_counter() - debut, "octets": octets, "de_plus_mo": sommet() - au_depart}


def planchers(adresse: str, personne: str) -> dict[str, float]:
    """Seconds to write the same rows, already in memory, by the writers alone."""
    _, lire = _ecriture(adresse, personne)
    rangees = lire()
    return {"xlsx": _chrono(lambda: _xlsx_nu(rangees)), "ods": _chrono(lambda: _ods_nu(rangees))}


def rapport(pk: str) -> dict[str, float]:
    """Seconds from the row to the PDF, then of WeasyPrint alone on the same HTML with the same fonts, turn by turn."""
    import statistics

    from weasyprint import HTML

    from projets.models import Rapport
    from projets.rapport.impression import en_html, imprimer
    from projets.rapport.modele import assembler
    from rebond.socle.documents.impression import FichiersDuPortail
    from rebond.socle.horloge.temps import horloge_base

    demande = Rapport.objects.get(pk=pk)
    maintenant = horloge_base()
    html = en_html(assembler(demande, connu_le=maintenant))

    def seul() -> bytes:
        page = HTML(string=html, base_url="statique:/", url_fetcher=FichiersDuPortail())
        return page.write_pdf(pdf_variant="pdf/ua-1")

    entiers, seuls = [], []
    # What is loaded once is none of either.
    seul()
    for _ in range(5):
        entiers.append(_chrono(lambda: imprimer(demande, lambda _: None, connu_le=maintenant)))
        seuls.append(_chrono(seul))
    return {"secondes": statistics.median(entiers), "weasyprint": statistics.median(seuls)}


def _ecriture(adresse: str, personne: str) -> tuple[Callable[[], int], Callable[[], list[Any]]]:
    """What writes the file and tells its bytes; what reads its rows."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.http import HttpRequest, QueryDict
    from django.urls import resolve

    from rebond.socle.listes import tableaux

    trouvee = resolve(adresse)
    request = HttpRequest()
    request.method, request.path, request.path_info, request.GET = "GET", adresse, adresse, QueryDict()
    request.user = get_user_model().objects.get(pk=personne)
    arguments = dict(trouvee.kwargs)
    preparer = getattr(trouvee.func, "preparer", None)

    def sortir(morceaux: Iterable[bytes]) -> int:
        return sum(len(morceau) for morceau in morceaux)

    if preparer is None:
        # Written within the answer itself.
        def en_csv() -> list[Any]:
            reponse = trouvee.func(request, **arguments | {"format_": "csv"})
            texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
            return list(csv.reader(io.StringIO(texte), delimiter=";"))

        return lambda: sortir(trouvee.func(request, **arguments).streaming_content), en_csv
    format_ = arguments.pop("format_")

    def tableau() -> Any:
        extrait = preparer(request, **arguments)
        return extrait.liste.tableau(extrait.mentions, par_curseur=True)

    @transaction.atomic
    def ecrire() -> int:
        return sortir(tableaux.ECRITURES[format_](tableau()))

    @transaction.atomic
    def lire() -> list[Any]:
        return [list(rangee) for rangee in tableau().rangees]

    return ecrire, lire


def _archive(adresse: str, personne: str) -> Callable[[str], Any]:
    """What gives the `Archive` of what is asked."""
    from django.contrib.auth import get_user_model

    from rebond.exports.lecture import Adresse

    moi = get_user_model().objects.get(pk=personne)
    return lambda demande: Adresse.lire(adresse, demande).relire(moi)[0]


def _xlsx_nu(rangees: list[Any]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "remove_timezone": True}) as classeur:
        feuille = classeur.add_worksheet()
        instant = classeur.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for rang, rangee in enumerate(rangees):
            for colonne, valeur in enumerate(rangee):
                if hasattr(valeur, "year"):
                    feuille.write_datetime(rang, colonne, valeur, instant)
                else:
                    feuille.write(rang, colonne, valeur)


def _ods_nu(rangees: list[Any]) -> None:
    from rebond.socle.listes import ods

    ods.ecrire(io.BytesIO(), "Liste", [""] * len(rangees[0]), rangees)


def _chrono(faire: Callable[[], object]) -> float:
    debut = time.perf_counter()
    faire()
    return time.perf_counter() - debut


if __name__ == "__main__":
    import django

    django.setup()
    nom, *arguments = sys.argv[1:]
    faits = {"fichier": fichier, "archive": archive, "planchers": planchers, "rapport": rapport}[nom](*arguments)
    faits["memoire_mo"] = sommet()
    print(json.dumps(faits))
