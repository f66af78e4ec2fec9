"""The file as a document to print, to send and to keep: PDF and DOCX."""
