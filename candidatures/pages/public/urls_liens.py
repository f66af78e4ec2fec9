"""Addresses of the secret links: one for each thing that a holder may open, whatever the kind."""

from django.urls import path

from candidatures.pages.public import liens

app_name = "liens"
urlpatterns = [
    path("<slug:jeton>/", liens.lien, name="lien"),
    path("<slug:jeton>/dossier.pdf", liens.exemplaire, {"format_": "pdf"}, name="lien_pdf"),
    path("<slug:jeton>/dossier.docx", liens.exemplaire, {"format_": "docx"}, name="lien_docx"),
    path("<slug:jeton>/pieces/<int:place>/", liens.piece, name="lien_piece"),
]
