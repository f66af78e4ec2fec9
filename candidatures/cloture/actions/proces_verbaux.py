"""Recording a procès-verbal: the lines first, then the row that seals them."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.entete import entete
from candidatures.cloture.proces_verbal.lignes import Portee, arbre_des_lignes, ecrire_lignes
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd import verrous
from rebond.socle.preuve.empreintes import json_canonique
from rebond.socle.taches import planifier


def etablir(*, vague: Vague, rang: int, candidatures: QuerySet[Candidature], maintenant: datetime) -> ProcesVerbal:
    """Record what `candidatures`, files of `vague`, hold: deposits that count, drafts that were not deposited.

    Called in the transaction that decides them, before their states change, with the wave's row locked. `rang` is 1
    for the closing and follows for what completes it. The number of statements and the memory do not depend on the
    number of files.
    """
    with transaction.atomic(savepoint=False):
        pk, precedent = _prendre_place()
        comptes = ecrire_lignes(pk, Portee(vague, rang, candidatures))
        contenu = entete(vague=vague, rang=rang, comptes=comptes, precedent=precedent, maintenant=maintenant)
        LigneProcesVerbal.objects.create(
            proces_verbal_id=pk, ordre=0, nature=NatureLigne.ENTETE, texte=json_canonique(contenu).decode()
        )
        acte = ProcesVerbal.objects.create(
            pk=pk, vague=vague, rang=rang, contenu=contenu, empreinte=arbre_des_lignes(pk).racine().hex()
        )
        planifier("candidatures.tasks.fabriquer_proces_verbal", acte.pk)
    return acte


def _prendre_place() -> tuple[int, str | None]:
    """The primary key to come, and the `empreinte` of the last procès-verbal recorded.

    Whoever records another one waits here until this one is committed.
    """
    verrous.attendre("proces_verbaux")
    with connection.cursor() as curseur:
        curseur.execute("""
            SELECT nextval(pg_get_serial_sequence('candidatures_procesverbal', 'id')),
                   (SELECT empreinte FROM candidatures_procesverbal ORDER BY id DESC LIMIT 1)
        """)
        pk, precedent = curseur.fetchone()
    return pk, precedent
