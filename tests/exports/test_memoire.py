"""Ten thousand rows are written by the memory of a few: nothing of the file is kept in Python."""

import tracemalloc

import pytest

from rebond.exports.regles import SEUIL
from territoires.etats import Role
from tests import fabriques as f
from tests.exports.exports import ADRESSE, client_de, demander, des_acces, preparer

pytestmark = pytest.mark.django_db
LIGNES = 10_000
#: Bytes.
CROISSANCE_MAX = 30 * 1024 * 1024


def test_dix_mille_lignes_s_ecrivent_a_memoire_constante() -> None:
    des_acces(LIGNES)
    export = demander(client_de(f.un_agent(Role.AUDITEUR)), ADRESSE)
    tracemalloc.start()
    try:
        assert preparer(export)
        _, maximum = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (export.lignes, maximum < CROISSANCE_MAX) == (LIGNES, True), maximum
    assert LIGNES > SEUIL
