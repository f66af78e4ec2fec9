"""What a page writes in its forms by itself, beside what people type."""

#: The key that makes a form sent twice act once (`rebond.socle.envois`).
CLE_D_ENVOI = "cle_d_envoi"
PROPRES_A_LA_PAGE = ("csrfmiddlewaretoken", CLE_D_ENVOI)
