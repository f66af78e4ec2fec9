"""Letters that did not arrive: what comes back to the portal, from a mailbox or from the provider."""
