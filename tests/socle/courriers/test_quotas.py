"""How many letters one person has the portal send to addresses of their choice in a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.courriers.regles import LETTRES_PAR_JOUR, TROP_DE_LETTRES, empechement_d_ecrire_encore
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def une_lettre(rang: int, personne) -> Lettre:
    return Lettre(
        gabarit="comptes/rattachement_prouve",
        valeurs={"collectivite": "CC du Bocage"},
        cle=f"essai-{rang}",
        destinataire=f"inconnu{rang}@example.fr",
        demande_par=personne,
    )


@pytest.mark.jumeau("postgres:courrier_lettres_par_jour")
def test_la_base_compte_les_lettres_comme_l_application() -> None:
    personne = f.un_utilisateur()
    for rang in range(LETTRES_PAR_JOUR + 2):
        colonnes = une_lettre(rang, personne).colonnes()
        # Whatever instant the application says: the database's own counts.
        colonnes["cree_le"] = horloge_base() - timedelta(days=30)
        if empechement_d_ecrire_encore(Courrier.objects.filter(demande_par=personne).count()) is None:
            Courrier.objects.create(cle=f"essai-{rang}", **colonnes)
        else:
            with pytest.raises(IntegrityError, match="trop de lettres"), f.dans_un_point_de_reprise():
                Courrier.objects.create(cle=f"essai-{rang}", **colonnes)
    assert Courrier.objects.count() == LETTRES_PAR_JOUR


def test_au_dela_la_phrase_le_dit_et_les_autres_ecrivent_encore() -> None:
    personne = f.un_utilisateur()
    for rang in range(LETTRES_PAR_JOUR):
        mettre_en_file(une_lettre(rang, personne))
    with pytest.raises(RegleEnfreinte) as refus:
        mettre_en_file(une_lettre(99, personne))
    assert refus.value.message == TROP_DE_LETTRES
    # The same one again is none more.
    mettre_en_file(une_lettre(0, personne))
    mettre_en_file(une_lettre(100, f.un_utilisateur()))


def test_une_invitation_a_toujours_quelqu_un_qui_l_a_demandee() -> None:
    with pytest.raises(IntegrityError, match="personne n'a demandée"):
        Courrier.objects.create(cle="invitation-1-x", destinataire="a@b.fr", objet="X", texte="X")
