"""What the templates of letters may call; built into their engine."""

from django import template

from rebond.socle.adresses import adresse_complete
from rebond.socle.texte.citations import citer

register = template.Library()
register.simple_tag(adresse_complete, name="adresse")
register.filter("cite", citer)
