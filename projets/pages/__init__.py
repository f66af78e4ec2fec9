"""Views and addresses, one package for each door that people enter by."""
