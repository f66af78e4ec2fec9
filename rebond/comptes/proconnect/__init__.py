"""ProConnect: the sign-in of public agents by their own administration (OpenID Connect)."""
