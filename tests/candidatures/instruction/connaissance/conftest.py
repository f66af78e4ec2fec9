"""What the tests of sight begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.candidatures.instruction.connaissance.outils import Monde


@pytest.fixture
def monde() -> "Monde":
    from candidatures.instruction import actions as instruction
    from candidatures.models import Participation
    from rebond.socle.horloge.temps import horloge_base
    from territoires.etats import Role
    from tests import fabriques as f
    from tests.candidatures.instruction.connaissance.outils import Monde
    from tests.candidatures.instruction.instruction import demander_avis, une_vague_close

    nord, jura = f.un_departement(), f.un_departement("39", "27")
    vague, (dossier,) = une_vague_close(nord)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    gens = {
        "porteur": f.porteur_de(dossier),
        "instructeur": instructeur,
        "instructeur d’ailleurs": f.un_agent(Role.INSTRUCTEUR, region=jura.region),
        "expert": f.un_agent(Role.EXPERT),
        "expert d’un autre dossier": f.un_agent(Role.EXPERT),
        "comité": f.un_agent(Role.COMITE),
        "comité en conflit": f.un_agent(Role.COMITE),
        "comité participant": f.un_agent(Role.COMITE),
        "valideur": f.un_agent(Role.VALIDEUR),
        "valideur en conflit": f.un_agent(Role.VALIDEUR),
        "valideur participant": f.un_agent(Role.VALIDEUR),
        "gestionnaire": f.un_agent(Role.GESTIONNAIRE),
        "chargé de mission": f.un_agent(Role.CHARGE_MISSION),
        "presse": f.un_agent(Role.PRESSE),
        "administrateur": f.un_agent(Role.ADMINISTRATEUR),
    }
    for qui in ("comité participant", "valideur participant"):
        Participation.objects.create(candidature=dossier, utilisateur=gens[qui], qualite="lecteur")
    for qui in ("comité en conflit", "valideur en conflit"):
        instruction.declarer_interet(
            candidature=dossier, utilisateur=gens[qui], motif="Mandat.", maintenant=horloge_base()
        )
    demander_avis(
        candidature=dossier, expert=gens["expert"], question="", auteur=instructeur, maintenant=horloge_base()
    )
    return Monde(vague, dossier, instructeur, gens)
