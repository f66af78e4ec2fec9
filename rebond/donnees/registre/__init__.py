"""The register of processing (RGPD, article 30): what `docs/donnees-personnelles.md` is drawn from."""
