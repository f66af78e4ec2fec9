"""What several tests share in the database: made once, undone at the end of those who share it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.outils.roles import administrer


@contextmanager
def partage(bloqueur: Any, dresser: Callable[[], Any]) -> Iterator[Any]:
    """What `dresser` makes, for the tests of a module or of a package: each of them finds it as it was made.

    Its deferred constraints are judged once: left pending, they would be judged, and that undone, at the end of each
    test. The planner is told what the tables hold, as autovacuum would have told it of what is committed.
    """
    from django.db import connection, transaction

    with bloqueur.unblock(), transaction.atomic():
        decor = dresser()
        connection.check_constraints()
        administrer(f"ANALYZE {', '.join(connection.introspection.django_table_names(only_existing=False))}")
        yield decor
        transaction.set_rollback(True)
