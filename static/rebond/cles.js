// @ts-check
// Passkeys (WebAuthn): the buttons appear where the browser can use one. allauth's scripts speak to the browser.

/** @typedef {{ ids: Record<string, string> }} Ids */
/** @type {{ webauthn: { forms: Record<string, (o: Ids) => void> } } | undefined} */
const allauth = /** @type {any} */ (window).allauth;
/** @type {HTMLFormElement | null} */
const formulaire = document.querySelector("form[data-cle]");
const bouton = document.getElementById("cle-bouton");
/** @type {HTMLElement | null} */
const erreur = document.querySelector("[data-cle-erreur]");

const ids = {
  credential: "cle-reponse",
  data: "cle-donnees",
  add: "cle-bouton",
  authenticate: "cle-bouton",
  login: "cle-bouton",
  passwordless: "id_passwordless",
};

if (formulaire && bouton && allauth && "PublicKeyCredential" in window) {
  const champ = formulaire.querySelector("[name=credential]");
  if (champ) champ.id = ids.credential;
  const { ajouter, confirmer, connecter } = {
    ajouter: allauth.webauthn.forms.addForm,
    confirmer: allauth.webauthn.forms.authenticateForm,
    connecter: allauth.webauthn.forms.loginForm,
  };
  const { cle = "" } = formulaire.dataset;
  ({ ajouter, confirmer, connecter })[/** @type {"ajouter" | "confirmer" | "connecter"} */ (cle)]?.({ ids });
  bouton.hidden = false;
  /** @type {HTMLElement | null} */
  const impossible = document.querySelector("[data-cle-impossible]");
  if (impossible) impossible.hidden = true;
  /** @type {HTMLElement | null} */
  const section = document.querySelector("[data-cle-section]");
  if (section) section.hidden = false;
  // The key is asked for by its button alone: « Entrée » in the name of the key presses it.
  formulaire.addEventListener("submit", (evenement) => {
    evenement.preventDefault();
    bouton.click();
  });
}

document.addEventListener("allauth.error", (evenement) => {
  evenement.preventDefault();
  if (erreur) erreur.hidden = false;
});
