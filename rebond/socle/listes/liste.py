"""A list of rows: chosen by its filters, sorted by its columns, shown page by page, written whole in a file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import QueryDict, StreamingHttpResponse
from django.urls import reverse

from rebond.socle.listes import lecture, tableaux
from rebond.socle.listes.cles import Cles
from rebond.socle.listes.colonnes import Colonne
from rebond.socle.listes.filtres import FormulaireDeFiltres, JeuDeFiltres
from rebond.socle.listes.tri import Cle, ordonner
from rebond.socle.requete.pages import page_demandee

A_CORRIGER = "Corrigez la recherche pour voir la liste."


class Liste:
    """Declared by its class attributes; made of the rows that its reader may see, and of what the address asks.

    Nothing is read of a row but its key, what the columns shown need and what `lit` adds: a column that is left out
    costs neither its fields nor its joins.
    """

    modele: ClassVar[type[Model]]
    colonnes: ClassVar[Sequence[Colonne]]
    filtres: ClassVar[type[JeuDeFiltres] | None] = None
    #: Names the search to screen readers.
    recherche: ClassVar[str] = ""
    #: The caption of the table, on screen or for screen readers alone, and what the links between pages lead through.
    titre: ClassVar[str]
    titre_masque: ClassVar[bool] = True
    pages: ClassVar[str] = "les pages de résultats"
    #: « dossier », or singular and plural, to say how many; empty to say nothing.
    unite: ClassVar[Sequence[str]] = ()
    #: What a list says that has nothing to show, and what it says when filters are why.
    vide: ClassVar[str]
    vide_filtree: ClassVar[str] = ""
    #: What is next for whoever finds it empty: words and the name of an address.
    vide_mene_a: ClassVar[tuple[str, str] | None] = None
    par_page: ClassVar[int] = 25
    #: The key of the sort when the address names none, « - » before it to reverse it…
    tri_par_defaut: ClassVar[str] = ""
    #: … or the order of a list that nobody sorts, as `order_by` takes it; that of the rows when there is none.
    ordre: ClassVar[Sequence[Any]] = ()
    #: A list of thousands: the keys of the page are chosen alone, on the columns that an index holds, and the rest is
    #: then read for these rows only. Its order must be whole, or a row could be on two pages.
    cles_d_abord: ClassVar[bool] = False
    #: Fields that the rows need beside their columns.
    lit: ClassVar[Collection[str]] = ()
    #: What a template calls the row, beside « ligne ».
    objet: ClassVar[str] = "ligne"
    #: The template of the table's foot, if it has one.
    pied: ClassVar[str] = ""
    #: What says of a row that it is invented: « candidature.demonstration », which `lit` reads. The list says so once.
    fictive: ClassVar[str] = ""
    #: The name of its addresses of download, without « _csv »; none when it is not downloaded.
    telechargement: ClassVar[str] = ""

    def __init__(
        self,
        lignes: QuerySet[Any],
        demande: QueryDict | None = None,
        *,
        sans: Collection[str] = (),
        arguments: Sequence[Any] = (),
        fichier: str = "",
        **options: Any,
    ) -> None:
        """`sans`: the columns that this reader does not get. `arguments`: those of the addresses of download.

        `fichier`: the name of what is downloaded. `options` go to the filters.
        """
        self.base = lignes
        self.demande = QueryDict() if demande is None else demande
        self.sans = frozenset(sans)
        self.arguments = arguments
        self.fichier = fichier
        self.jeu = self.filtres(self.demande, queryset=lignes, **options) if self.filtres else None

    @property
    def contexte(self) -> dict[str, Any]:
        return {"liste": self, "page": self.page, "filtres": self.formulaire}

    @property
    def formulaire(self) -> FormulaireDeFiltres | None:
        return self.jeu.formulaire if self.jeu else None

    @property
    def illisible(self) -> bool:
        """Whether the search is to be corrected before anything is shown."""
        return self.formulaire is not None and self.formulaire.illisible

    @property
    def dit_vide(self) -> str:
        """What is read instead of the table."""
        if self.illisible:
            return A_CORRIGER
        filtree = self.formulaire is not None and self.formulaire.rempli
        return (self.vide_filtree if filtree else "") or self.vide

    @property
    def mene_a(self) -> tuple[str, str] | None:
        """Words and address, when nothing that was searched for is why it is empty."""
        cherche = self.formulaire is not None and self.formulaire.rempli
        if self.vide_mene_a is None or cherche:
            return None
        libelle, nom = self.vide_mene_a
        return libelle, reverse(nom)

    @property
    def a_du_fictif(self) -> bool:
        """Whether a row of the page is invented."""
        return bool(self.fictive) and any(map(attrgetter(self.fictive), self.page))

    @cached_property
    def colonnes_lues(self) -> list[Colonne]:
        """Those that this reader gets: the others are not shown, written nor read, and tell nothing by an order."""
        return [colonne for colonne in self.colonnes if colonne.cle not in self.sans]

    @cached_property
    def colonnes_de_la_page(self) -> list[Colonne]:
        return [colonne for colonne in self.colonnes_lues if colonne.page]

    @cached_property
    def colonnes_du_fichier(self) -> list[Colonne]:
        return [colonne for colonne in self.colonnes_lues if colonne.fichier]

    @cached_property
    def selection(self) -> QuerySet[Any]:
        """All that the filters keep, in order."""
        gardees = self.jeu.qs if self.jeu else self.base
        ordre = self._ordre()
        return gardees.order_by(*ordre) if ordre else gardees

    @cached_property
    def page(self) -> Page[Any]:
        """The page that the address asks for: the last one for a number too high, the first for what is no number."""
        demandee = self.demande.get("page")
        if self.cles_d_abord:
            page: Page[Any] = page_demandee(Cles(self.selection, self.compter), demandee, par_page=self.par_page)
            lignes = self._lignes_de([*page.object_list])
        else:
            lues = self.lues(self.selection, self.colonnes_de_la_page)
            page = page_demandee(lues, demandee, par_page=self.par_page)
            lignes = list(page.object_list)
        page.object_list = self.completer(lignes)
        return page

    def compter(self) -> int:
        """How many rows the filters keep: a list of thousands may know it without reading them."""
        return self.selection.count()

    def _lignes_de(self, cles: Sequence[Any]) -> list[Any]:
        """The rows of these keys, in their order; without one that went meanwhile."""
        if not cles:
            return []
        lues = self.lues(self.base.filter(pk__in=cles).order_by(), self.colonnes_de_la_page)
        par_cle = {ligne.pk: ligne for ligne in lues}
        return [par_cle[cle] for cle in cles if cle in par_cle]

    def completer(self, lignes: list[Any]) -> list[Any]:
        """What the rows of one page need beyond their own fields, in a constant number of queries."""
        return lignes

    def telecharger(self, format_: str, mentions: Sequence[str] = ()) -> StreamingHttpResponse:
        """The whole selection as a file, written as it is read: for what one statement may bring at once."""
        return tableaux.reponse(self.tableau(mentions), format_)

    def tableau(
        self,
        mentions: Sequence[str] = (),
        *,
        par_curseur: bool = False,
        noter: Callable[[Any], object] | None = None,
    ) -> tableaux.Tableau:
        """The whole selection to be written: `par_curseur` for any length, within a transaction; `noter` is given the
        key of each row."""
        colonnes = self.colonnes_du_fichier
        return tableaux.Tableau(
            nom=self.fichier,
            colonnes=[colonne.titre_du_fichier for colonne in colonnes],
            lignes=lecture.rangees(
                self.selection, colonnes, self.champs(colonnes), par_curseur=par_curseur, noter=noter
            ),
            mentions=mentions,
        )

    @classmethod
    def tris(cls, colonnes: Sequence[Colonne]) -> Mapping[str, Sequence[Cle]]:
        """What each key of `?tri=` sorts by."""
        cles = {colonne.cle: colonne.cles(cls.modele) for colonne in colonnes}
        return {cle: suite for cle, suite in cles.items() if suite}

    def _ordre(self) -> list[Any]:
        tris = self.tris(self.colonnes_lues)
        for tri in (self.demande.get("tri", ""), self.tri_par_defaut):
            if suite := tris.get(tri.removeprefix("-")):
                return ordonner(suite, descendant=tri.startswith("-"), modele=self.modele)
        return [*self.ordre]

    @classmethod
    def champs(cls, colonnes: Sequence[Colonne]) -> set[str]:
        """The fields that these columns read, and those of every row."""
        return {"pk", *cls.lit}.union(*(colonne.champs(cls.modele) for colonne in colonnes))

    @classmethod
    def lues(cls, lignes: QuerySet[Any], colonnes: Sequence[Colonne]) -> QuerySet[Any]:
        """The rows with what these columns need, and nothing else."""
        champs = cls.champs(colonnes)
        relations = {champ.rpartition(LOOKUP_SEP)[0] for champ in champs} - {""}
        lues = lignes.select_related(None)
        if relations:
            lues = lues.select_related(*sorted(relations))
        precharges = [precharge for colonne in colonnes for precharge in colonne.precharge()]
        return lues.only(*sorted(champs)).prefetch_related(*precharges)
