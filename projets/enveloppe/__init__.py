"""Aid: envelopes, who funds them, grants, and which projects go there."""
