"""Building the seals of the journal again, from its entries: what holds, and what does not.

Nothing of what Postgres computed is believed, nor any function of it called: whoever owns the database could have
changed them too. What the whole database in hand cannot do is have the authority date yesterday, nor change a
fingerprint that somebody noted elsewhere (`temoins`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Cast

from rebond.socle.journal.models import EntreeJournal, HorodatageDuJournal, ScelleDuJournal
from rebond.socle.preuve.horodatage import HorodatageImpossible, lire
from rebond.socle.texte.typographie import compte, instant_fr

ORIGINE = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDE = timedelta(microseconds=1)
# A seal a minute: beyond this, the task that makes them is dead, or somebody stops it.
A_SCELLER_SOUS = timedelta(minutes=15)
# An authority may be out of reach for a while; dated later still, a chain could have been made again.
HORODATE_SOUS = timedelta(days=2)
DESARMES = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relname = ANY(%s) AND t.tgenabled IN ('D', 'R') ORDER BY c.relname
"""
ATTENDUS = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_%%'"


@dataclass
class Constat:
    """`tient` and `alterations` are sentences, in French."""

    tient: list[str] = field(default_factory=list)
    alterations: list[str] = field(default_factory=list)


def verifier(maintenant: datetime, temoins: Mapping[int, str] | None = None) -> Constat:
    """What the journal is worth at `maintenant`.

    `temoins` are fingerprints of seals, by number, that were noted outside the database.
    """
    constat = Constat()
    scelles = list(ScelleDuJournal.objects.order_by("numero"))
    _verifier_la_chaine(scelles, constat)
    _verifier_les_entrees(scelles, constat)
    _verifier_la_suite(scelles[-1].fin if scelles else 0, maintenant, constat)
    _verifier_les_temoins({scelle.numero: scelle.empreinte for scelle in scelles}, temoins or {}, constat)
    _verifier_les_horodatages(scelles, constat)
    _verifier_les_gardes(constat)
    return constat


def _verifier_la_chaine(scelles: list[ScelleDuJournal], constat: Constat) -> None:
    numero, fin, empreinte, instant = 0, 0, "", None
    avant = len(constat.alterations)
    for scelle in scelles:
        nom = f"Scellé n° {scelle.numero}"
        if (scelle.numero, scelle.debut, scelle.precedent) != (numero + 1, fin + 1, empreinte):
            constat.alterations.append(f"{nom} : il ne suit pas le précédent. Un scellé a été retiré ou récrit.")
        if scelle.empreinte != empreinte_du_scelle(scelle):
            constat.alterations.append(f"{nom} : son empreinte n’est pas celle de ce qu’il porte.")
        if instant is not None and scelle.scelle_le < instant:
            constat.alterations.append(f"{nom} : il est daté d’avant le précédent.")
        numero, fin, empreinte, instant = scelle.numero, scelle.fin, scelle.empreinte, scelle.scelle_le
    if len(constat.alterations) == avant:
        constat.tient.append(f"La chaîne des scellés tient ({compte(len(scelles), 'scellé')}).")


def _verifier_les_entrees(scelles: list[ScelleDuJournal], constat: Constat) -> None:
    avant, entrees = len(constat.alterations), 0
    for scelle in scelles:
        nombre, racine = _racine(scelle.debut, scelle.fin)
        entrees += nombre
        plage = f"Entrées {scelle.debut} à {scelle.fin} (scellées le {instant_fr(scelle.scelle_le, secondes=True)})"
        if nombre != scelle.nombre:
            constat.alterations.append(
                f"{plage} : {nombre} au lieu de {scelle.nombre}. Des entrées ont été retirées ou ajoutées."
            )
        elif racine != scelle.racine:
            constat.alterations.append(f"{plage} : leur contenu n’est plus celui qui a été scellé.")
    if len(constat.alterations) == avant:
        constat.tient.append(f"Le contenu de ce qui est scellé n’a pas changé ({compte(entrees, 'entrée')}).")


def _verifier_la_suite(fin: int, maintenant: datetime, constat: Constat) -> None:
    reste = EntreeJournal.objects.filter(pk__gt=fin)
    vues = reste.aggregate(nombre=models.Count("pk"), premiere=models.Min("ecrit_le"))
    if vues["nombre"] and vues["premiere"] < maintenant - A_SCELLER_SOUS:
        constat.alterations.append(
            f"Des entrées attendent leur scellé depuis le {instant_fr(vues['premiere'], secondes=True)} : rien ne "
            "prouve qu’elles soient intactes. L’ouvrier qui scelle est arrêté, ou une entrée a été antidatée."
        )
    elif vues["nombre"]:
        en_attente = compte(vues["nombre"], "entrée pas encore scellée", "entrées pas encore scellées")
        constat.tient.append(f"Dernières minutes : {en_attente}.")


def _verifier_les_temoins(empreintes: Mapping[int, str], temoins: Mapping[int, str], constat: Constat) -> None:
    for numero, notee in temoins.items():
        if empreintes.get(numero) == notee.lower():
            constat.tient.append(f"Le scellé n° {numero} est celui qui avait été noté.")
        else:
            constat.alterations.append(
                f"Le scellé n° {numero} n’est pas celui qui avait été noté : le journal a été refait."
            )


def _verifier_les_horodatages(scelles: list[ScelleDuJournal], constat: Constat) -> None:
    if not settings.HORODATAGE_ADRESSE:
        constat.tient.append(
            "Aucune autorité d’horodatage n’est configurée : seule une empreinte notée ailleurs "
            "dirait si tout le journal a été refait."
        )
        return
    autorite = Path(settings.HORODATAGE_AUTORITE)
    dates = {h.scelle_id: h for h in HorodatageDuJournal.objects.all()}
    # The time that the oldest seal not yet covered by a token has been there.
    attend, attestes = None, 0
    for scelle in scelles:
        attend = attend or scelle.scelle_le
        horodatage = dates.get(scelle.pk)
        if horodatage is None:
            continue
        try:
            atteste_le = lire(bytes(horodatage.jeton), scelle.empreinte.encode(), autorite=autorite)
        except HorodatageImpossible as refus:
            constat.alterations.append(f"Scellé n° {scelle.numero} : son horodatage ne vaut pas. {refus}")
            continue
        if atteste_le > attend + HORODATE_SOUS:
            constat.alterations.append(
                f"Scellé n° {scelle.numero} : l’autorité ne l’atteste que le {instant_fr(atteste_le, secondes=True)}, "
                f"pour des entrées scellées dès le {instant_fr(attend, secondes=True)}. Le journal a pu être refait."
            )
        attend, attestes = None, attestes + 1
    constat.tient.append(f"{compte(attestes, 'horodatage vérifié', 'horodatages vérifiés')} auprès de l’autorité.")


def _verifier_les_gardes(constat: Constat) -> None:
    modeles = (EntreeJournal, ScelleDuJournal, HorodatageDuJournal)
    with connection.cursor() as curseur:
        curseur.execute(DESARMES, [[modele._meta.db_table for modele in modeles]])
        desarmees = {ligne[0] for ligne in curseur.fetchall()}
        for modele in modeles:
            curseur.execute(ATTENDUS, [modele._meta.db_table])
            if curseur.fetchone()[0] < len(getattr(modele._meta, "triggers", ())):
                desarmees.add(modele._meta.db_table)
    if desarmees:
        constat.alterations.append(f"Des déclencheurs sont désactivés ou manquent : {', '.join(sorted(desarmees))}.")
    else:
        constat.tient.append("Les déclencheurs qui gardent le journal sont en place.")


def empreinte_du_scelle(scelle: ScelleDuJournal) -> str:
    s = scelle
    contenu = [s.numero, s.debut, s.fin, s.nombre, s.racine, s.precedent, _microsecondes(s.scelle_le)]
    return hashlib.sha256(_texte(contenu).encode()).hexdigest()


def _racine(debut: int, fin: int) -> tuple[int, str]:
    nombre, racine = 0, hashlib.sha256()
    for ligne in _lignes(debut, fin):
        nombre += 1
        racine.update(hashlib.sha256(ligne.encode()).digest())
    return nombre, racine.hexdigest()


def _lignes(debut: int, fin: int) -> Iterator[str]:
    """The text of each entry of the range, as PostgreSQL writes a `jsonb` of it."""
    champs = ("pk", "acte", "acteur_id_copie", "acteur", "objet_type", "objet_id", "objet")
    entrees = (
        EntreeJournal.objects.filter(pk__range=(debut, fin))
        .order_by("pk")
        .annotate(texte=Cast("details", models.TextField()))
        .values_list(*champs, "fait_le", "ecrit_le", "session", "texte")
    )
    for *premiers, fait_le, ecrit_le, session, details in entrees.iterator(chunk_size=5000):
        instants = [_microsecondes(fait_le) if fait_le else None, _microsecondes(ecrit_le)]
        yield f"{_texte([*premiers, *instants, session])[:-1]}, {details}]"


def _texte(valeurs: list[Any]) -> str:
    return json.dumps(valeurs, ensure_ascii=False)


def _microsecondes(instant: datetime) -> int:
    return (instant - ORIGINE) // MICROSECONDE
