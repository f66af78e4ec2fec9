"""To whom a flaw is told: RFC 9116, and its date, which is watched."""

from datetime import datetime, timedelta

import pytest

from candidatures.surveillance import veille
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from rebond.socle.tasks import battre
from rebond.socle.vigie import Alarme
from rebond.surveillance import securite
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
ADRESSE = "/.well-known/security.txt"


@pytest.fixture
def contact(settings):
    settings.SECURITE_CONTACT, settings.SECURITE_EXPIRE = "mailto:securite@example.fr", "31/12/2026"
    return settings


def test_le_fichier_dit_a_qui_ecrire_jusqu_a_quand_et_d_ou_il_vient(contact):
    contact.ADRESSE_PUBLIQUE = "https://rebond.example.fr"
    assert securite.texte(datetime(2026, 11, 1, tzinfo=PARIS)) == (
        "Contact: mailto:securite@example.fr\n"
        "Expires: 2027-01-01T00:00:00+01:00\n"
        "Preferred-Languages: fr, en\n"
        "Canonical: https://rebond.example.fr/.well-known/security.txt\n"
    )


def test_il_se_lit_en_texte_par_tous_et_n_existe_pas_sans_contact(contact, client):
    contact.SECURITE_EXPIRE = (jour_de_paris(horloge_base()) + timedelta(days=90)).isoformat()
    lu = client.get(ADRESSE)
    assert (lu.status_code, lu["Content-Type"], lu["Cache-Control"]) == (
        200,
        "text/plain; charset=utf-8",
        "public, max-age=3600",
    )
    contact.SECURITE_CONTACT = ""
    assert client.get(ADRESSE).status_code == 404


def test_un_an_au_plus_est_promis(contact):
    contact.SECURITE_EXPIRE = "2099-12-31"
    assert "Expires: 2027-11-02T00:00:00" in (securite.texte(datetime(2026, 11, 1, tzinfo=PARIS)) or "")


def test_expire_il_ne_se_lit_plus(contact):
    dernier = datetime(2026, 12, 31, 23, 59, 59, tzinfo=PARIS)
    assert securite.texte(dernier) is not None
    assert securite.texte(dernier + timedelta(seconds=1)) is None


def test_un_mois_avant_l_expiration_une_alarme_sonne_jusqu_a_une_nouvelle_date(contact):
    f.un_agent(Role.ADMINISTRATEUR)
    battre()
    maintenant = horloge_base()
    dans = jour_de_paris(maintenant) + timedelta(days=29)
    contact.SECURITE_EXPIRE = dans.isoformat()
    veille.veiller(maintenant=maintenant)
    (alarme,) = Alarme.objects.filter(eteinte_le=None)
    assert (alarme.cle, alarme.objet) == ("securite", "le contact pour signaler une faille va expirer")
    contact.SECURITE_EXPIRE = (dans + timedelta(days=5)).isoformat()
    veille.veiller(maintenant=maintenant)
    assert list(Alarme.objects.filter(eteinte_le=None)) == []
