"""Writing of the press release, in the manner of communiqué n° 1097 of 29 August 2023, from the figures alone.

Sentences are written here with plain spaces; `ponctuer` puts the no-break ones where they belong.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.conf import settings

from projets.carte.laureats import carte_annoncee
from projets.chiffres import Chiffre, Chiffres
from projets.communique.arrondis import a_la_centaine, en_millions
from projets.communique.contenu import Bloc, Contenu, Laureat
from projets.communique.faits import AxeAnnonce, Faits
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.accords import avec_article, de, denombrer, en_lettres, enumerer, majuscule, minuscule, mois_fr
from rebond.socle.texte.typographie import INSECABLE, date_fr, pluriel, sur_une_ligne

REBOND = "« Rebond industriel »"
CE_QUE_PERMET_UNE_MISSION = (
    "un état des lieux de l’écosystème industriel du territoire, de sa dynamique et de ses enjeux ;",
    "un accompagnement des projets industriels structurants, pour les faire aboutir plus vite ;",
    "une feuille de route pour l’industrie : compétences, innovation, transition écologique, foncier.",
)
LIENS = (
    "https://www.entreprises.gouv.fr/fr/industrie/politique-industrielle/territoires-d-industrie",
    "https://agence-cohesion-territoires.gouv.fr/territoires-dindustrie-44",
    "https://www.banquedesterritoires.fr/ingenierie-rebond-industriel",
)
CONTACT_A_RENSEIGNER = "[Nom du service de presse, téléphone et adresse e-mail à renseigner]"


def rediger(chiffres: Chiffres, faits: Faits) -> Contenu:
    """The press release of these national figures, with the laureates and the roadmap of the same date."""
    carte = chiffres.releve.carte if chiffres.releve else carte_annoncee(chiffres.au)
    svg, legende = carte.dessiner()
    nouveaux = {ligne.libelle for ligne in chiffres["nouveaux_laureats"].lignes}
    return Contenu(
        au=chiffres.au,
        titre=ponctuer(_titre(chiffres)),
        blocs=tuple(_blocs(chiffres, faits)),
        laureats=tuple(
            Laureat(forme.numero or 0, sur_une_ligne(forme.nom), region, forme.nom in nouveaux, forme.fictive)
            for region, formes in carte.regions.items()
            for forme in formes
        ),
        carte_titre=carte.titre,
        carte_legende=legende,
        carte=svg,
        liens=LIENS,
        contacts=tuple(ponctuer(contact) for contact in settings.PRESSE_CONTACTS) or (CONTACT_A_RENSEIGNER,),
        avis=tuple(ponctuer(avis) for avis in _avis(chiffres)),
    )


def _titre(chiffres: Chiffres) -> str:
    nouveaux = chiffres["nouveaux_laureats"].quantite
    annonce = denombrer(nouveaux, "nouveau territoire lauréat", "nouveaux territoires lauréats")
    appel = f"l’appel à manifestation d’intérêt {REBOND} de France 2030"
    missions = enumerer([mission.titre for mission in chiffres.restitutions if mission.nouvelle])
    if missions and nouveaux:
        return f"{missions} : restitution, et annonce {de(annonce)} de {appel}"
    if missions:
        return f"{missions} : restitution"
    return f"{majuscule(annonce)} de {appel}" if nouveaux else f"Point d’étape de {appel}"


def _blocs(chiffres: Chiffres, faits: Faits) -> Iterator[Bloc]:
    if chiffres.restitutions:
        yield from _chapo(chiffres, faits)
    if chiffres["nouveaux_laureats"].valeur:
        yield _paragraphe(_annonce(chiffres))
    if chiffres.restitutions:
        yield from _portefeuille(chiffres, faits)
        yield from _feuille_de_route(chiffres, faits)
    yield from _dispositif(chiffres)
    yield from _calendrier(chiffres)


def _chapo(chiffres: Chiffres, faits: Faits) -> Iterator[Bloc]:
    """Promises an envelope and a roadmap only where there are some."""
    for mission in chiffres.restitutions:
        yield _paragraphe(
            f"{mission.titre} : lancée en {mois_fr(mission.debut)}, elle a rendu ses conclusions le "
            f"{date_fr(mission.restituee_le)}."
        )
    apports = []
    if chiffres["enveloppe"].valeur:
        apports.append(_somme_des_enveloppes(chiffres["enveloppe"]))
    if faits.axes:
        territoires = pluriel(len(chiffres.restitutions), "du territoire", "des territoires")
        feuilles = pluriel(_feuilles(chiffres, faits), "une feuille de route", "des feuilles de route")
        apports.append(f"{feuilles} pour l’industrie {territoires}")
    if apports:
        yield _paragraphe(
            "L’accompagnement de l’État et de ses partenaires associe "
            f"{enumerer(['un appui en ingénierie', *apports])}.{_financement(chiffres, faits)}"
        )


def _somme_des_enveloppes(enveloppe: Chiffre) -> str:
    """« une enveloppe … de 5 millions d’euros », « deux enveloppes … de 8 millions d’euros au total »."""
    nombre = len(enveloppe.lignes)
    mots = denombrer(nombre, "enveloppe d’investissement", "enveloppes d’investissement", feminin=True, lettres=True)
    return f"{mots} de **{en_millions(enveloppe.quantite)}**{pluriel(nombre, '', ' au total')}"


def _feuilles(chiffres: Chiffres, faits: Faits) -> int:
    """How many of the missions have a roadmap."""
    return len(chiffres.restitutions) - len(faits.sans_feuille)


def _financement(chiffres: Chiffres, faits: Faits) -> str:
    enveloppe = chiffres["enveloppe"]
    if not enveloppe.valeur or not faits.financeurs:
        return ""
    verbe = "cofinancée" if len(faits.financeurs) > 1 else "financée"
    sujet = pluriel(len(enveloppe.lignes), f"Cette enveloppe est {verbe}", f"Ces enveloppes sont {verbe}s")
    return f" {sujet} par {enumerer([avec_article(nom) for nom in faits.financeurs])}."


def _annonce(chiffres: Chiffres) -> str:
    nouveaux = denombrer(
        chiffres["nouveaux_laureats"].quantite, "nouveau territoire lauréat", "nouveaux territoires lauréats"
    )
    total = denombrer(chiffres["territoires_laureats"].quantite, "territoire lauréat", "territoires lauréats")
    regions = denombrer(chiffres["regions"].quantite, "région", feminin=True)
    jours = [f"du {date_fr(jour)}" for jour in _jours_d_annonce(chiffres)]
    annonce = (
        f"L’annonce {jours[0]} porte"
        if len(jours) == 1
        else f"Les annonces {', '.join(jours[:-1])} et {jours[-1]} portent"
    )
    return f"{annonce} sur **{nouveaux}**. Le dispositif {REBOND} compte désormais **{total} dans {regions}**."


def _jours_d_annonce(chiffres: Chiffres) -> list[date]:
    """Of the new laureates: there may be several since the last release."""
    annonces = chiffres.releve.annonces if chiffres.releve else {}
    return sorted({jour_de_paris(annonces[ligne.pk]) for ligne in chiffres["nouveaux_laureats"].lignes})


def _portefeuille(chiffres: Chiffres, faits: Faits) -> Iterator[Bloc]:
    """Says nothing of what nobody counted: neither « 0 projet », nor « pour 0 euro »."""
    rencontres, recenses = chiffres["industriels_rencontres"].quantite, chiffres["projets_recenses"].quantite
    rencontre = pluriel(len(chiffres.restitutions), "La mission a rencontré", "Les missions ont rencontré")
    industriels = f"{rencontre} **{denombrer(rencontres, 'industriel')}** {faits.rencontres}." if rencontres else ""
    if not recenses:
        if industriels:
            yield _paragraphe(industriels)
        return
    projets = denombrer(recenses, "projet industriel", "projets industriels")
    yield _titre_de_section("Un projet industriel recensé" if recenses == 1 else f"Un portefeuille {de(projets)}")
    leur = pluriel(rencontres, "Son", "Leur") if rencontres else "Le"
    mesures = enumerer(list(_mesures(chiffres)))
    yield _paragraphe(
        f"{industriels} {leur} portefeuille réunit **{projets}**{f', pour {mesures}' if mesures else ''}. "
        "Chaque industriel a été aidé à identifier les aides de l’État et des partenaires du programme Territoires "
        "d’industrie qui correspondent à ses projets."
    )
    yield from _orientes(chiffres)


def _mesures(chiffres: Chiffres) -> Iterator[str]:
    sommes = (
        _somme(chiffres["investissements"], lambda montant: f"{en_millions(montant)} d’investissements productifs"),
        _somme(
            chiffres["creations_potentielles"],
            lambda emplois: denombrer(
                emplois, "création potentielle d’emploi", "créations potentielles d’emplois", feminin=True
            ),
        ),
    )
    return filter(None, sommes)


def _orientes(chiffres: Chiffres) -> Iterator[Bloc]:
    orientes = chiffres["projets_orientes"].quantite
    if not orientes:
        return
    structurants = denombrer(orientes, "projet d’investissement structurant", "projets d’investissement structurants")
    emplois = _somme(
        chiffres["creations_previsionnelles"],
        lambda nombre: a_la_centaine(
            nombre, "création prévisionnelle d’emploi", "créations prévisionnelles d’emplois"
        ),
    )
    enveloppe = chiffres["enveloppe"]
    plusieurs = len(enveloppe.lignes) > 1
    somme = en_millions(enveloppe.quantite) if enveloppe.valeur else ""
    if plusieurs:
        vers = f"les {en_lettres(len(enveloppe.lignes))} enveloppes d’aides ({somme} au total)"
    else:
        vers = f"l’enveloppe {f'de {somme} ' if somme else ''}d’aides"
    yield _paragraphe(
        f"Parmi ces projets, **{structurants}** {pluriel(orientes, 'a été orienté', 'ont été orientés')} vers {vers}"
        f"{f', pour {emplois}' if emplois else ''}."
    )
    if emplois and chiffres["creations_potentielles"].valeur:
        yield _paragraphe(
            "Les créations potentielles portent sur tous les projets recensés, les créations prévisionnelles sur les "
            f"seuls projets orientés vers {'les enveloppes' if plusieurs else 'l’enveloppe'} : ces deux nombres ne "
            "s’additionnent pas."
        )


def _somme(chiffre: Chiffre, ecrire: Callable[[int], str]) -> str:
    """In bold, with what is missing beside it; empty when there is nothing to say: a release boasts of no 0."""
    if not chiffre.connue:
        return ""
    return f"**{ecrire(chiffre.connue)}**{f' ({chiffre.reserve})' if chiffre.reserve else ''}"


def _feuille_de_route(chiffres: Chiffres, faits: Faits) -> Iterator[Bloc]:
    if not faits.axes:
        return
    feuilles, axes = _feuilles(chiffres, faits), denombrer(len(faits.axes), "axe", lettres=True)
    mots = majuscule(denombrer(feuilles, "feuille de route", "feuilles de route", feminin=True, lettres=True))
    yield _titre_de_section(f"{mots}{pluriel(feuilles, ' en ', ', ')}{axes}")
    engages = pluriel(len(chiffres.restitutions), "le territoire s’engage", "les territoires s’engagent")
    yield _paragraphe(f"Au-delà de l’appui à chaque industriel, {engages} dans la durée sur :")
    yield _puces(_item(axe, dernier=rang == len(faits.axes)) for rang, axe in enumerate(faits.axes, start=1))


def _item(axe: AxeAnnonce, *, dernier: bool) -> str:
    return f"{minuscule(axe.titre.rstrip('.'))}{f', {axe.portee}' if axe.portee else ''}{'.' if dernier else ' ;'}"


def _dispositif(chiffres: Chiffres) -> Iterator[Bloc]:
    total = chiffres["territoires_laureats"].quantite
    yield _titre_de_section(
        majuscule(f"{denombrer(total, 'territoire lauréat', 'territoires lauréats')} du dispositif {REBOND}")
        if total
        else f"Le dispositif {REBOND}"
    )
    yield _paragraphe(
        f"{REBOND} s’adresse aux territoires confrontés à un choc industriel. Il combine un soutien en ingénierie, "
        "opéré par la Banque des Territoires, et un soutien financier, opéré par Bpifrance. Expérimenté dans le cadre "
        "du programme Territoires d’industrie et de France Relance, il a été pérennisé par France 2030."
    )
    yield _paragraphe("Dans chaque territoire, une mission apporte :")
    yield _puces(CE_QUE_PERMET_UNE_MISSION)


def _calendrier(chiffres: Chiffres) -> Iterator[Bloc]:
    prochaine = chiffres["prochaine_releve"].jour
    if prochaine is None:
        return
    yield _titre_de_section(f"Prochaine relève : {date_fr(prochaine)}")
    yield _paragraphe(
        "L’appel à manifestation d’intérêt est ouvert par vagues successives, tous les quatre mois. La prochaine "
        f"relève se tiendra le **{date_fr(prochaine)}**. Les territoires déposent leur dossier de candidature en "
        f"ligne : {settings.PRESSE_ADRESSE}"
    )


def _avis(chiffres: Chiffres) -> Iterator[str]:
    """What is invented, precisely."""
    if not chiffres.demonstration:
        return
    yield "Données de démonstration. Ce document n’émane d’aucun ministère et n’a pas à être diffusé."
    territoires = sum(ligne.demonstration for ligne in chiffres["territoires_laureats"].lignes)
    if territoires:
        inventes = denombrer(territoires, "territoire lauréat est inventé", "territoires lauréats sont inventés")
        yield (f"{majuscule(inventes)}, et {pluriel(territoires, 'signalé', 'signalés')} par la mention « (fictif) ».")
    if chiffres["projets_recenses"].demonstration or chiffres["industriels_rencontres"].demonstration:
        industriels = denombrer(len(chiffres["industriels_rencontres"].lignes), "industriel")
        projets = denombrer(len(chiffres["projets_recenses"].lignes), "projet")
        yield f"Le détail du portefeuille ({industriels}, {projets}, leurs montants et leurs emplois) est inventé."


def _titre_de_section(texte: str) -> Bloc:
    return Bloc("titre", (ponctuer(texte),))


def _paragraphe(texte: str) -> Bloc:
    return Bloc("paragraphe", (ponctuer(texte),))


def _puces(textes: Iterable[str]) -> Bloc:
    return Bloc("puces", tuple(ponctuer(texte) for texte in textes))


def ponctuer(texte: str) -> str:
    """No-break spaces before double punctuation, inside guillemets, and in « France 2030 »; one line; true
    apostrophes, which names of the reference do not have."""
    texte = re.sub(r"(?<=\w)'(?=\w)", "’", sur_une_ligne(texte))
    return re.sub(r" (?=[:;!?»])|(?<=«) |(?<=France) (?=2030)", INSECABLE, texte)
