// @ts-check
// Back from ProConnect: the page sends itself on. Without this file its button does.

/** @type {HTMLFormElement | null} */
const formulaire = document.querySelector("form[data-envoi-immediat]");
formulaire?.requestSubmit();
