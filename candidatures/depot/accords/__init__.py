"""« Bon pour dépôt »: what each member of a grouping says of one version of the file."""
