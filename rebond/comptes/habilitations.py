"""Reading of the rights: who holds which role, and where. Writing them is the business of `actions`.

The only reader of what is in force: nothing else filters people by their habilitations (a test looks for it).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest, HttpResponseBase

from rebond.comptes.securite.preuves import suffisent_a
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Epci, Habilitation, Territoire
from territoires.regles import Perimetre

Vue = Callable[..., HttpResponseBase]
Personne = AbstractBaseUser | AnonymousUser
CACHE = "_habilitations"
# A région, a département or a territory; none of them is the whole country.
LIEU = ("region_id", "departement_id", "territoire_id")
Lieu = tuple[int | None, int | None, int | None]


def habilitations_de(utilisateur: Personne) -> tuple[Habilitation, ...]:
    """Rights that a person may use now: those that they hold, but for what their session has not proven enough."""
    return tuple(h for h in habilitations_tenues(utilisateur) if suffisent_a(utilisateur, h.role))


def habilitations_tenues(utilisateur: Personne) -> tuple[Habilitation, ...]:
    """Rights of a person, read once per instance, that is once per request. None for anonymous or closed accounts."""
    if not utilisateur.is_authenticated or not utilisateur.is_active:
        return ()
    if not hasattr(utilisateur, CACHE):
        donner_les_habilitations(utilisateur, en_vigueur_de(utilisateur.pk))
    cache: tuple[Habilitation, ...] = getattr(utilisateur, CACHE)
    return cache


def en_vigueur_de(utilisateur: int | Combinable) -> QuerySet[Habilitation]:
    """What an account (its key, or what says it in a query) holds now, with all that its reading names."""
    tenues = Habilitation.objects.en_vigueur().filter(utilisateur_id=utilisateur)
    return tenues.select_related("organisme", "region", "departement", "territoire")


def donner_les_habilitations(utilisateur: Personne, lues: Iterable[Habilitation]) -> None:
    """To be called by whoever has just read them from `en_vigueur_de`, in this request."""
    setattr(utilisateur, CACHE, tuple(lues))


def roles_suspendus(utilisateur: Personne) -> tuple[Role, ...]:
    """The roles that this person holds and that their session may not use yet, in the order of the list of roles."""
    tenus = {h.role for h in habilitations_tenues(utilisateur) if not suffisent_a(utilisateur, h.role)}
    return tuple(role for role in Role if role in tenus)


def oublier_habilitations(utilisateur: Personne) -> None:
    """After a right was given or withdrawn: the next question reads the database again."""
    if hasattr(utilisateur, CACHE):
        delattr(utilisateur, CACHE)


def a_le_role(utilisateur: Personne, *roles: Role) -> bool:
    """Whether one of these roles is held, wherever that is."""
    return any(habilitation.role in roles for habilitation in habilitations_de(utilisateur))


def est_sans_role(utilisateur: Personne) -> bool:
    """Whether nothing opens to this person but what is open to anybody who has an account."""
    return not habilitations_de(utilisateur)


def tient_le_role(utilisateur: Personne, *roles: Role) -> bool:
    """Like `a_le_role`, asked by an act in its transaction: read again, and held (FOR SHARE) until the end of it.

    Whoever withdraws the role at that instant waits for the act; an act that comes after is refused.
    """
    return bool(_tenus(utilisateur, *roles))


def perimetre_tenu(utilisateur: Personne, *roles: Role) -> Perimetre:
    """Like `perimetre`, asked by an act in its transaction: read again and held, as by `tient_le_role`.

    Whoever holds none of these roles any more holds it nowhere.
    """
    return _perimetre(_tenus(utilisateur, *roles))


def _tenus(utilisateur: Personne, *roles: Role) -> list[Lieu]:
    """Where each of these roles is in force; they are held (FOR SHARE) until the end of the transaction."""
    roles = tuple(role for role in roles if suffisent_a(utilisateur, role))
    if not roles or not utilisateur.is_authenticated or not utilisateur.is_active:
        return []
    tenues = Habilitation.objects.en_vigueur().filter(utilisateur_id=utilisateur.pk, role__in=roles)
    sql, parametres = tenues.order_by("pk").values(*LIEU).query.sql_with_params()
    with connection.cursor() as curseur:
        curseur.execute(f"{sql} FOR SHARE", parametres)
        lieux: list[Lieu] = curseur.fetchall()
    return lieux


def titulaires(*roles: Role) -> QuerySet[Utilisateur]:
    """The people who hold one of these roles now, whose account is open."""
    tenues = Habilitation.objects.en_vigueur().filter(role__in=roles)
    return Utilisateur.objects.filter(is_active=True, pk__in=tenues.values("utilisateur"))


def titulaires_sur(territoire: Territoire, *roles: Role) -> QuerySet[Utilisateur]:
    """Those of them whose périmètre reaches `territoire`: `TerritoireQuerySet.dans`, the other way round."""
    membres = Epci.objects.filter(territoires=territoire).order_by()
    la = Q(region=None, departement=None, territoire=None) | Q(territoire=territoire)
    la |= Q(region__in=membres.values("regions")) | Q(departement__in=membres.values("departements"))
    tenues = Habilitation.objects.en_vigueur().filter(la, role__in=roles)
    return Utilisateur.objects.filter(is_active=True, pk__in=tenues.values("utilisateur"))


def tenues_par_tous(*roles: Role) -> QuerySet[Habilitation]:
    """What is in force of these roles, with the person and the organisme of each; accounts that are open alone."""
    tenues = Habilitation.objects.en_vigueur().filter(role__in=roles, utilisateur__is_active=True)
    return tenues.select_related("organisme", "utilisateur")


def perimetre(utilisateur: Personne, *roles: Role) -> Perimetre:
    """Where one of these roles is held."""
    tenues = [habilitation for habilitation in habilitations_de(utilisateur) if habilitation.role in roles]
    return _perimetre((h.region_id, h.departement_id, h.territoire_id) for h in tenues)


def _perimetre(lieux: Iterable[Lieu]) -> Perimetre:
    lus = list(lieux)
    return Perimetre(
        national=any(lieu == (None, None, None) for lieu in lus),
        regions=frozenset(region for region, _, _ in lus if region),
        departements=frozenset(departement for _, departement, _ in lus if departement),
        territoires=frozenset(territoire for _, _, territoire in lus if territoire),
    )


def role_requis(*roles: Role) -> Callable[[Vue], Vue]:
    """View decorator: one of these roles, or the same 404 as a page that does not exist; visitors sign in first."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not a_le_role(request.user, *roles):
                raise Http404
            # What the journal of accesses keeps of it (`rebond.socle.requete.acces`).
            employes = {habilitation.role for habilitation in habilitations_de(request.user)} & set(roles)
            request.roles_employes = sorted(employes)  # type: ignore[attr-defined]
            return vue(request, *args, **kwargs)

        return gardee

    return decorer
