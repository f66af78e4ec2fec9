"""What people typed is quoted in every letter, and opens no sentence; what is the State's own is named here."""

import re
from pathlib import Path

import pytest

GABARITS = Path(__file__).resolve().parents[2] / "templates" / "courriers"
VARIABLE = re.compile(r"\{\{ ([\w.]+)(\|cite(?:_fichier|:\d+)?)? \}\}")
# Written by the portal: numbers, dates, words of its own, verified addresses, official names.
DU_PORTAIL = frozenset(
    [
        "adresse",
        "adresse_de_la_personne",
        "ancienne",
        "appareil",
        "au",
        "autres",
        "avant",
        "cloture",
        "cloture_suivante",
        "code",
        "collectivites",
        "combien",
        "complete_le",
        "coupure",
        "delais",
        "demande.avant",
        "demande.echeance",
        "demande.reference",
        "depot",
        "depot_demande_le",
        "dernier_jour",
        "dossier.adresse",
        "dossier.reference",
        "ecart.libelle",
        "ecart.publie",
        "ecart.recompte",
        "echeance",
        "email",
        "email_de_l_auteur",
        "expire",
        "fin",
        "forloop.counter",
        "instant",
        "jusqu_au",
        "lien",
        "le",
        "ligne",
        "manque",
        "nom_de_la_liste",
        "nombre",
        "non_lus",
        "nouveaux",
        "nouvelle",
        "empreinte",
        "numero",
        "objet",
        "organisme",
        "originale",
        "ouverture",
        "perimetre",
        "pouvoirs",
        "qualite",
        "quantite",
        "raison",
        "recu_le",
        "recue_le",
        "recu_localement",
        "reference",
        "restant",
        "role",
        "sans_reponse",
        "siren",
        "sonnee_le",
        "suivante",
        "texte",
        "vague",
        "version",
        "un.reference",
    ]
)
# Reasons and answers that agents of the State, or the portal, write: they are its words.
DE_L_ETAT = {
    # Letters that were written under these very rules.
    "comptes/resume": {"lettre.objet", "lettre.texte"},
    "cloture/prolongation_agents": {"motif"},
    "cloture/prolongation_territoire": {"motif"},
    "comptes/rattachement_termine": {"motif"},
    "depot/accuse_rectificatif": {"motif"},
    "depot/contestation_repondue": {"reponse"},
    "depot/contestation_tranchee": {"reponse"},
    "demandes/reponse": {"reponse"},
    "instruction/correction_demandee": {"motif"},
    # Counts and dates, in the portal's own words.
    "instruction/rappel_de_phase": {"a_prendre", "jour", "quoi", "reste"},
    "labellisation/irrecevable": {"motif", "signature"},
}
PAR_GABARIT = {
    str(chemin.relative_to(GABARITS).with_suffix("")): chemin.read_text() for chemin in sorted(GABARITS.rglob("*.txt"))
}


def non_cites(source: str) -> set[str]:
    return {nom for nom, citee in VARIABLE.findall(source) if not citee}


@pytest.mark.parametrize("gabarit", PAR_GABARIT)
def test_ce_que_des_gens_ont_ecrit_est_cite(gabarit: str) -> None:
    assert non_cites(PAR_GABARIT[gabarit]) - DU_PORTAIL == DE_L_ETAT.get(gabarit, set())


@pytest.mark.parametrize("gabarit", PAR_GABARIT)
def test_aucune_phrase_ne_commence_par_les_mots_de_quelqu_un(gabarit: str) -> None:
    source = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", PAR_GABARIT[gabarit])
    assert re.findall(r"(?:^|[.!?][ \u00a0])\{\{ [\w.]+\|cite", source, re.MULTILINE) == (
        # The name of a file, alone on its line under a sentence that says what it is.
        ["{{ nom|cite"] if gabarit in {"surveillance/fichier_infecte", "surveillance/avis_infecte"} else []
    )


def test_une_variable_nouvelle_serait_trouvee() -> None:
    assert non_cites("Bonjour {{ auteur }}, {{ nom|cite:300 }}.") - DU_PORTAIL == {"auteur"}
