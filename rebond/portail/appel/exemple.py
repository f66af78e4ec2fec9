"""A file as one may write it, invented from end to end, for whoever has never written one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.cahier import MODELE
from candidatures.cahier.requetes import cahier_courant
from candidatures.dossier.lecture import Reponse, SectionLue, lire
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import horloge_base

TERRITOIRE = "Communauté de communes du Val d’Exemple (territoire inventé)"
#: By section and question of the first specifications; a wave that asks otherwise shows what is answered here.
REPONSES: dict[str, dict[str, Any]] = {
    "choc": {
        "nature": "fermeture",
        "description": (
            "Le 12 mars, l’équipementier Exemple Mécanique a annoncé l’arrêt de son usine de Bourg-l’Exemple à la fin "
            "de l’année\u00a0: 184 salariés, le premier employeur privé du territoire. Deux sous-traitants, 41 "
            "salariés, font avec lui plus de la moitié de leur chiffre d’affaires.\n\n"
            "Le plan social s’ouvre en mai. Sans repreneur, 225 emplois disparaissent en dix-huit mois, dans un "
            "bassin qui en compte 3\u00a0100 dans l’industrie. Le site, 6 hectares desservis par le rail, se libère "
            "au printemps."
        ),
        "date_choc": "2026-03-12",
        "filieres": ["automobile", "metallurgie"],
    },
    "entreprises": {
        "emplois_concernes": 225,
        "emplois_industriels": 3_100,
        "liste": [
            {"nom": "Exemple Mécanique (inventée)", "siren": "", "emplois": 184},
            {"nom": "Usinage du Val (inventée)", "siren": "", "emplois": 26},
            {"nom": "Traitements de l’Exemple (inventée)", "siren": "", "emplois": 15},
        ],
    },
    "gouvernance": {
        "pilotage": (
            "La vice-présidente chargée de l’économie pilote. Le comité se réunit tous les mois\u00a0: élus, "
            "sous-préfecture, Région, chambre de commerce, organisations syndicales. Une chargée de mission y "
            "consacre la moitié de son temps\u00a0; elle est nommée."
        ),
        "partenaires": (
            "La Région et la chambre de commerce participent au comité. Deux lycées professionnels et la maison de "
            "l’emploi travaillent au reclassement. Trois lettres de soutien sont jointes."
        ),
        "deliberation_le": "2026-06-18",
    },
    "projets": {
        "projets": (
            "1. Usinage du Val\u00a0: se diversifier vers le ferroviaire, une machine de 900\u00a0000 €, 8 emplois. "
            "Devis reçus.\n"
            "2. Une entreprise du bois cherche 2 hectares pour une seconde ligne\u00a0: 2,4 M€, 20 emplois. Première "
            "rencontre faite.\n"
            "3. Un atelier partagé de formation sur le site qui ferme. Idée, non chiffrée."
        ),
        "nombre_projets": 3,
        "investissement": 3_300_000,
        "foncier": "Le site d’Exemple Mécanique, 6 hectares\u00a0; un bâtiment relais de 1\u00a0200 m², libre.",
    },
    "mission": {
        "attentes": (
            "Rencontrer les quarante premières entreprises industrielles du territoire, que nous connaissons mal. "
            "Chiffrer leurs projets et dire lesquels peuvent recréer des emplois d’ici deux ans. Nous aider à choisir "
            "l’usage du site."
        ),
        "priorites": ["competences", "foncier"],
    },
    "contact": {
        "nom": "Camille Exemple (personne inventée)",
        "fonction": "Chargée du développement économique",
        "courriel": "contact@exemple.example",
        "telephone": "01 99 00 00 00",
    },
}
#: Why it is a good one, section by section.
POURQUOI = {
    "choc": "Des faits datés, des nombres, ce qui est encore incertain. Une page suffit.",
    "entreprises": "Les nombres sont ceux de la première rubrique\u00a0: ils se recoupent.",
    "gouvernance": "On sait qui pilote, à quel rythme, et qui s’est engagé par écrit.",
    "projets": "Chaque projet dit où il en est. Une simple idée est dite telle quelle.",
    "mission": "Une attente précise\u00a0: combien d’entreprises, pour décider de quoi.",
    "contact": "Une personne qui répond, et pas seulement un standard.",
}


def exemple_lu(cahier: Any) -> list[tuple[SectionLue, str]]:
    """Each section that is answered, with why; nothing of the questions that the example does not know."""
    lues = zip(cahier.sections, lire(cahier, REPONSES), strict=True)
    return [
        (SectionLue(lue.titre, dites), POURQUOI[section.cle])
        for section, lue in lues
        if section.cle in REPONSES and (dites := tuple(filter(_dite, lue.reponses)))
    ]


def _dite(reponse: Reponse) -> bool:
    return bool(reponse.texte or reponse.lignes)


@require_safe
def exemple(request: HttpRequest) -> HttpResponse:
    vague = Vague.objects.ouvertes(horloge_base()).first()
    cahier = cahier_courant(vague=vague).cahier if vague else MODELE
    contexte = {"territoire": TERRITOIRE, "sections": exemple_lu(cahier), "criteres": cahier.criteres}
    return render(request, "portail/appel/exemple.html", contexte)
