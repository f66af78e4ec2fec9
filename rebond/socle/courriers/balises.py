"""What the templates of letters may call; built into their engine."""

from django import template

from rebond.socle.adresses import adresse_complete
from rebond.socle.texte.citations import citer, citer_fichier

register = template.Library()
register.simple_tag(adresse_complete, name="adresse")
register.filter("cite", citer)
register.filter("cite_fichier", citer_fichier)
