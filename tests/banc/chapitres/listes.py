"""The agents' list of a wave's files: any facet and any sort, at a hundred files, a thousand and ten thousand."""

from collections.abc import Iterator

from django.urls import reverse

from candidatures.cahier import FILIERES
from candidatures.models import Candidature, Vague
from tests.banc.comparaison import Comparaison
from tests.banc.donnees import dossiers
from tests.banc.mesures import Ligne, Objectif, au_moins, au_plus
from tests.banc.pages import observer, une_page
from tests.banc.reference import PRETALX_LISTE, rapport_de_pretalx
from tests.banc.sql import blocs
from tests.banc.terrain import Terrain

MINIME, PETITE, GRANDE = 100, 1_000, 10_000
BASE_MAX, INSTRUCTIONS_MAX = 1.2, 10
PAR_PAGE = 25
# Below, what is compared is the noise of the clock.
BASE_MIN_MS = 0.5


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    minime, petite, grande = (terrain.vague(nombre) for nombre in (MINIME, PETITE, GRANDE))
    for nom, libelle in (
        ("p1", "page 1"),
        ("derniere", "dernière page"),
        ("filiere", "une filière"),
        ("siren", "un SIREN"),
        ("tri-avis", "tri par avis"),
        ("etat", "un état"),
        ("region", "une région"),
        ("nom", "un nom"),
    ):
        yield _une_liste(terrain, nom, libelle, minime, petite, grande)


def _question(nom: str, vague: Vague) -> str:
    match nom:
        case "derniere":
            return f"?page={-(-Candidature.objects.filter(vague=vague).count() // PAR_PAGE)}"
        case "filiere":
            return f"?filiere={FILIERES[0].cle}"
        case "siren":
            return f"?q={dossiers.un_siren(vague)}"
        case "tri-avis":
            return "?tri=-avis"
        case "etat":
            return "?etat=instruite"
        case "region":
            return f"?region={dossiers.un_dossier(vague).territoire.region_pilote.code}"
        case "nom":
            return f"?q={dossiers.un_dossier(vague).territoire.nom.split()[-1]}"
        case _:
            return ""


def _adresse(nom: str, vague: Vague) -> str:
    return reverse("instruction:vague", args=[vague.numero]) + _question(nom, vague)


def _une_liste(terrain: Terrain, nom: str, libelle: str, minime: Vague, petite: Vague, grande: Vague) -> Ligne:
    grandes, _ = observer(_adresse(nom, grande), terrain.decor.instructeur)
    petites, petit_ms = observer(_adresse(nom, petite), terrain.decor.instructeur)
    minimes, minime_ms = observer(_adresse(nom, minime), terrain.decor.instructeur)

    def juger(mesures: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        mesures["base_ms_petite"], mesures["instructions_petite"] = petit_ms, petites.nombre
        mesures["base_ms_minime"], mesures["instructions_minime"] = minime_ms, minimes.nombre
        mesures["blocs_minime"] = blocs(minimes.instructions)
        mesures["blocs_petite"], mesures["blocs"] = blocs(petites.instructions), blocs(grandes.instructions)
        mesures["croissance"] = mesures["base_ms"] / max(petit_ms, BASE_MIN_MS)
        return [
            au_moins(
                "de la vue vide, à huit (dix fois pretalx)",
                comparaison.rapport(),
                rapport_de_pretalx(PRETALX_LISTE, fois=10),
            ),
            au_plus(f"base, de {PETITE} à {GRANDE}", mesures["croissance"], BASE_MAX),
            au_plus("instructions", mesures["instructions"], INSTRUCTIONS_MAX),
            au_plus("instructions, de plus à 10 000", mesures["instructions"] - petites.nombre, 0),
            au_plus("instructions, de plus à 1 000 qu’à 100", petites.nombre - minimes.nombre, 0),
        ]

    adresse = _adresse(nom, grande)
    return une_page(
        terrain, f"liste-{nom}", f"Liste de {GRANDE}, {libelle}", [adresse], terrain.decor.instructeurs, juger=juger
    )
