"""What the head of each page says of it: its title, and what is shown of it where its address is shared."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
SITE = "Rebond industriel"
ERREUR = "Erreur\u00a0: "


@register.simple_block_tag(takes_context=True, end_name="fintitre")
def titre(context: Context, content: str) -> SafeString:
    """`<title>` of the page named `content`: what was refused says so first; then the file, the page of a list, the
    site. A page for everyone says it again to whoever shares its address.

    `{% titre %}{% block titre %}…{% endblock %}{% fintitre %}`
    """
    nom = SafeString(" ".join(content.split()))
    morceaux = [nom]
    reference = _reference(context)
    if reference and reference not in nom:
        morceaux.append(format_html("dossier {}", reference))
    page = _page(context)
    if page is not None and page.paginator.num_pages > 1 and "page " not in nom:
        morceaux.append(format_html("page {} sur {}", page.number, page.paginator.num_pages))
    entier = SafeString(" – ".join([*morceaux, SITE]))
    if _est_refuse(context) and not nom.startswith("Erreur"):
        entier = format_html("{}{}", ERREUR, entier)
    partage = format_html('\n  <meta property="og:title" content="{}">', entier) if context.get("pour_tous") else ""
    return format_html("<title>{}</title>{}", entier, partage)


def _reference(context: Context) -> str:
    for nom in ("candidature", "dossier"):
        reference = getattr(context.get(nom), "reference", "")
        if isinstance(reference, str) and reference:
            return reference
    return ""


def _page(context: Context) -> Page[Any] | None:
    """The page of the list that it shows, when it shows one."""
    lue = context.get("page")
    if not isinstance(lue, Page):
        lue = getattr(context.get("liste"), "page", None)
    return lue if isinstance(lue, Page) else None


def _est_refuse(context: Context) -> bool:
    """Whether something that was sent comes back to be corrected (RGAA 8.6): a form, what holds several and lists
    their `points`, or an act refused."""
    request = context.get("request")
    envoye = request is not None and request.method == "POST"
    if envoye and context.get("refus"):
        return True
    # By their type: to ask anything of a value that waits to be read (the key of a form, the person) would read it.
    lus = context.flatten().values()
    return any(_a_des_erreurs(lu) for lu in lus if issubclass(type(lu), BaseForm | BaseFormSet)) or (
        envoye and any(getattr(lu, "points", None) for lu in lus if hasattr(type(lu), "points"))
    )


def _a_des_erreurs(lu: Any) -> bool:
    if isinstance(lu, BaseFormSet):
        return lu.is_bound and (bool(lu.non_form_errors()) or any(any(erreurs) for erreurs in lu.errors))
    return lu.is_bound and bool(lu.errors)
