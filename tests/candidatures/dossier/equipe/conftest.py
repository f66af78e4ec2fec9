"""What the tests of the team begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

import pytest


@pytest.fixture
def candidature():
    from tests import fabriques as f

    return f.une_candidature(complete=False)
