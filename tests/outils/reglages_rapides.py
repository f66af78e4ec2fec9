"""The product's settings for a server of the tests: hashing a password slowly is for attackers."""

from rebond.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
