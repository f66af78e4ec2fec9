"""The texts that the law wants on every State site: shipped with the portal, then rewritten by the administrateurs."""
