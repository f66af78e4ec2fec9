"""Documents that workers make, photos that a request makes into one, and the pages meanwhile."""

import io
import resource
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

from django.urls import reverse
from PIL import Image

from candidatures.cloture.actions import cloture
from candidatures.models import ImpressionProcesVerbal
from projets.models import Rapport
from projets.rapport import actions as rapports
from projets.rapport.etats import EtatRapport
from rebond.socle.documents import photos as reunion
from rebond.socle.documents.photos import PHOTOS_MAX
from rebond.socle.horloge.temps import PARIS, horloge_base
from tests import fabriques as f
from tests.banc.a_part import fabriquer
from tests.banc.comparaison import empiler
from tests.banc.donnees import portefeuilles, vagues_closes
from tests.banc.mesures import Ligne, au_moins, au_plus
from tests.banc.reference import lenteur
from tests.banc.service.http import centile, charger, requete
from tests.banc.service.ouvriers import ouvriers
from tests.banc.service.pesees import famille, peser, processeur, pss
from tests.banc.terrain import Terrain
from tests.projets import decor

RAPPORT_MAX, PROCES_VERBAL_MAX_S, MEMOIRE_MAX_MO, VOISIN_MAX = 1.15, 10, 150, 1.5
DEPOTS, RAPPORTS, PROJETS = 2_000, 50, 20
CONNEXIONS = 2
# Reports made meanwhile, and how long they may take on a machine that has something else to do.
FABRIQUES, FABRICATION_MAX_S = 3, 60.0
IMPRESSION_MAX_S = 240.0
# Of a telephone; as many as the pages of a deliberation. A person who waits longer believes that nothing happens.
PIXELS, QUELQUES_PHOTOS, PHOTOS_MAX_S, VOISIN_MIN = (4000, 3000), 5, 10, 0.7
EN_ATTENTE = (EtatRapport.DEMANDE, EtatRapport.EN_COURS)


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    yield _rapport(terrain)
    yield _proces_verbal(terrain)
    yield _rapports_en_file(terrain)
    yield _photos(terrain)


def _rapport(terrain: Terrain) -> Ligne:
    semes = terrain.portefeuilles
    nombre = min(semes.jours)
    demande = Rapport.objects.create(
        mission=semes.missions[nombre], version=1, au=semes.jours[nombre], demande_par=semes.equipier
    )
    fait = fabriquer("rapport", demande.pk)
    rapports.fabriquer(rapport_id=demande.pk, maintenant=horloge_base())
    rapport = fait["secondes"] / fait["weasyprint"]
    return Ligne(
        "rapport",
        f"Rapport de mission de {nombre} projets",
        {
            "p50_ms": 1000 * fait["secondes"],
            "base_ms": 1000 * fait["weasyprint"],
            "memoire_mo": fait["memoire_mo"],
            "rapport": rapport,
        },
        [au_plus("de WeasyPrint seul", rapport, RAPPORT_MAX)],
        note="« base ms » est ici WeasyPrint seul, sur le même HTML",
    )


def _proces_verbal(terrain: Terrain) -> Ligne:
    """Printed as production does: by the worker of documents, as soon as the wave is closed."""
    vague = vagues_closes.une_vague_close(terrain.taille(DEPOTS))
    with ouvriers(terrain) as pids:
        pid = pids["documents"]
        au_repos, calcul = sum(map(pss, famille(pid))), processeur(pid)
        with peser(pid) as pesee:
            debut = time.monotonic()
            assert cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
            faites = ImpressionProcesVerbal.objects.filter(proces_verbal__vague=vague)
            clos = time.monotonic()
            _attendre(faites.exists, IMPRESSION_MAX_S)
            duree = time.monotonic() - clos
        calcul = processeur(pid) - calcul
    return Ligne(
        "proces-verbal",
        f"Procès-verbal de {DEPOTS} dépôts, imprimé par un ouvrier",
        {
            "p50_ms": 1000 * duree,
            "processeur_s": calcul,
            "cloture_ms": 1000 * (clos - debut),
            "memoire_mo": pesee.plus_lourd,
            "ensemble_mo": pesee.ensemble,
            "au_repos_mo": au_repos,
            "octets": faites.get().document.taille,
        },
        [
            au_plus("secondes", duree, PROCES_VERBAL_MAX_S * lenteur(empiler(terrain))),
            au_plus("Mo du plus lourd des processus", pesee.plus_lourd, MEMOIRE_MAX_MO),
            au_plus("Mo, de plus que l’ouvrier au repos", pesee.ensemble - au_repos, MEMOIRE_MAX_MO),
        ],
        note=f"l’ouvrier et ce qui imprime pour lui : {pesee.ensemble:.0f} Mo en tout (PSS), {au_repos:.0f} au repos",
    )


def _rapports_en_file(terrain: Terrain) -> Ligne:
    """A page at two connections, the workers idle (before, and once they have ended), and in between while they make
    one report after the other: for as long as it takes them to make some."""
    vague = decor.une_releve(2, date(2022, 9, 1), ouverture=date(2022, 5, 1))
    annonce = datetime(2022, 9, 27, 10, tzinfo=PARIS)
    nombre = terrain.taille(RAPPORTS, minimum=2)
    missions = [
        portefeuilles.une_mission(decor.un_laureat(vague, annonce), date(2023, 7, 3), PROJETS) for _ in range(nombre)
    ]
    demande = requete(reverse("tableau_de_bord"), Cookie=terrain.session(f.un_utilisateur()))
    acteur = f.un_utilisateur()

    def lire(secondes: float) -> list[float]:
        duree = terrain.duree(secondes)
        return charger(terrain.portail.port, lambda: demande, connexions=CONNEXIONS, secondes=duree).durees

    restants = Rapport.objects.filter(etat__in=EN_ATTENTE)
    usuelles: list[float] = []
    pendant: list[float] = []
    with ouvriers(terrain):
        usuelles += lire(4.0)
        for mission in missions:
            rapports.demander_rapport(mission=mission, au=date(2023, 7, 3), acteur=acteur)
        limite = time.monotonic() + FABRICATION_MAX_S
        while not pendant or (nombre - restants.count() < min(FABRIQUES, nombre) and time.monotonic() < limite):
            pendant += lire(4.0)
        faits = nombre - restants.count()
    usuelles += lire(4.0)
    retard = centile(pendant, 95) / centile(usuelles, 95)
    return Ligne(
        "pendant-rapports",
        f"L’accueil d’un responsable, pendant {RAPPORTS} rapports",
        {
            "p50_ms": centile(pendant, 50),
            "p95_ms": centile(pendant, 95),
            "p95_usuel_ms": centile(usuelles, 95),
            "rapports_faits": faits,
            "rapport": retard,
        },
        [
            au_plus("95e centile, de l’usuel", retard, VOISIN_MAX),
            # Nothing is told by a page that nobody bothered.
            au_moins("rapports faits pendant la mesure", faits, min(FABRIQUES, nombre)),
        ],
        note=f"{faits} rapports sur {nombre} étaient faits à la fin de la mesure",
    )


def _photos(terrain: Terrain) -> Ligne:
    """Photos of a telephone made into one attachment, as the request does it; then a page while as many as the portal
    takes at once are made without an end."""
    photos = [_une_photo(rang) for rang in range(PHOTOS_MAX)]
    noms = [f"{rang}.jpg" for rang in range(PHOTOS_MAX)]

    def reunir(nombre: int) -> float:
        debut = time.perf_counter()
        reunion.reunir([io.BytesIO(photo) for photo in photos[:nombre]], noms[:nombre])
        return time.perf_counter() - debut

    avant = processeur_des_enfants()
    peu, toutes = (min(reunir(nombre) for _ in range(2)) for nombre in (QUELQUES_PHOTOS, PHOTOS_MAX))
    calcul = (processeur_des_enfants() - avant) / 2
    demande = requete(reverse("calendrier"))

    def lire() -> float:
        return charger(terrain.portail.port, lambda: demande, connexions=8, secondes=terrain.duree(4.0)).par_seconde

    seul, fini = lire(), threading.Event()

    def reunir_sans_fin() -> None:
        while not fini.is_set():
            reunir(QUELQUES_PHOTOS)

    fils = [threading.Thread(target=reunir_sans_fin) for _ in range(reunion.ENSEMBLE)]
    for fil in fils:
        fil.start()
    pendant = lire()
    fini.set()
    for fil in fils:
        fil.join()
    return Ligne(
        "photos",
        f"{PHOTOS_MAX} photos de {PIXELS[0] * PIXELS[1] / 1e6:.0f} millions de pixels, réunies en un PDF",
        {
            "p50_ms": 1000 * toutes,
            f"p50_ms_{QUELQUES_PHOTOS}": 1000 * peu,
            "processeur_s": calcul,
            "octets": sum(map(len, photos)),
            "par_seconde_8": pendant,
            "seul_par_seconde_8": seul,
            "rapport": pendant / seul,
        },
        [
            au_plus("secondes", toutes, PHOTOS_MAX_S * lenteur(empiler(terrain))),
            au_moins("le calendrier, de ce qui se lit sans elles", pendant / seul, VOISIN_MIN),
        ],
        note=f"{QUELQUES_PHOTOS} photos en {peu:.1f} s",
    )


def _une_photo(rang: int) -> bytes:
    """As large as a telephone's, and no smoother: what a decoder works for."""
    sortie = io.BytesIO()
    grains = Random(rang).randbytes(PIXELS[0] * PIXELS[1] * 3 // 64)  # noqa: S311 (a picture, not a secret)
    petite = Image.frombytes("RGB", (PIXELS[0] // 8, PIXELS[1] // 8), grains)
    petite.resize(PIXELS).save(sortie, "JPEG", quality=90)
    return sortie.getvalue()


def processeur_des_enfants() -> float:
    """Seconds of the processes that this one has waited for."""
    pris = resource.getrusage(resource.RUSAGE_CHILDREN)
    return pris.ru_utime + pris.ru_stime


def _attendre(fait: Callable[[], bool], secondes: float) -> None:
    limite = time.monotonic() + secondes
    while not fait():
        assert time.monotonic() < limite, f"toujours rien au bout de {secondes:.0f} s"
        time.sleep(0.1)
