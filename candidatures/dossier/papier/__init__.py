"""The questions of a wave as a document to fill in without the portal, and what comes back of it."""
