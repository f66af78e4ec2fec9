"""Nobody acts on a file without having read what was done on it since they opened it."""
