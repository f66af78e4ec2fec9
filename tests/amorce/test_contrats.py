from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_les_imports_vont_dans_le_sens_de_l_architecture() -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
