// @ts-check
// A session that nobody uses ends. Whoever is still there is told five minutes before, and stays with one button.
// Without this file nothing is lost either: what is sent too late waits until one has signed in again.

const SECONDE = 1000;
const AVERTIR = 5 * 60; // seconds before the end
// The portal notes that a session is used once in five minutes: the page may have been opened that much later.
const MARGE = 5 * 60;
const AU_PLUS = 2 ** 31 - 1; // what a timer can wait

/** @type {HTMLElement | null} */
const boite = document.querySelector("[data-seance]");
if (boite) veiller(boite);

/** @param {HTMLElement} cadre */
function veiller(cadre) {
  const { seance: adresse = "", inactivite = "0" } = cadre.dataset;
  const texte = /** @type {HTMLElement} */ (cadre.querySelector("[data-quand]"));
  const annonce = /** @type {HTMLElement} */ (cadre.querySelector("[data-annonce-seance]"));
  const alerte = /** @type {HTMLElement} */ (cadre.querySelector("[data-alerte-seance]"));
  const formulaire = /** @type {HTMLFormElement} */ (cadre.querySelector("form"));
  let minuterie = 0;
  /** @type {HTMLElement | null} where the keyboard was when one chose to stay */
  let avant = null;

  /** @param {number} secondes */
  const attendre = (secondes) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(demander, Math.min(AU_PLUS, Math.max(1, secondes) * SECONDE));
  };

  /** @param {RequestInit} [envoi] */
  async function demander(envoi) {
    try {
      const reponse = await fetch(adresse, { headers: { Accept: "application/json" }, cache: "no-store", ...envoi });
      if (reponse.status === 401)
        return dire("Votre session est terminée. Ce que vous aviez tapé est gardé : reconnectez-vous pour continuer.", false);
      if (!reponse.ok) return attendre(60);
      const { reste, prolongeable } = await reponse.json();
      if (reste > AVERTIR) {
        cacher();
        return attendre(reste - AVERTIR);
      }
      const minutes = Math.max(1, Math.round(reste / 60));
      const quand = `Votre session se termine dans ${minutes} minute${minutes > 1 ? "s" : ""}.`;
      if (prolongeable) dire(`${quand} Restez-vous là ?`, true);
      else dire(`${quand} Elle dure depuis longtemps : par prudence, il faudra vous reconnecter. Enregistrez ce que vous écrivez.`, false);
      attendre(reste + 1);
    } catch {
      attendre(60);
    }
  }

  /** @type {(dit: string, prolongeable: boolean) => void} */
  function dire(dit, prolongeable) {
    if (texte.textContent === dit && !alerte.hidden) return;
    texte.textContent = dit;
    formulaire.hidden = !prolongeable;
    alerte.hidden = false;
    annonce.textContent = dit;
  }

  function cacher() {
    alerte.hidden = true;
    annonce.textContent = "";
  }

  cadre.addEventListener("focusin", (evenement) => {
    if (evenement.relatedTarget instanceof HTMLElement && !cadre.contains(evenement.relatedTarget)) avant = evenement.relatedTarget;
  });
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    await demander({ method: "POST", body: new FormData(formulaire) });
    if (!alerte.hidden) return;
    annonce.textContent = "Vous restez connecté.";
    (avant ?? /** @type {HTMLElement} */ (document.querySelector("main"))).focus();
  });
  document.addEventListener("visibilitychange", () => {
    // Timers sleep in a tab that is not seen.
    if (!document.hidden && !alerte.hidden) demander();
  });
  attendre(60 * Number(inactivite) - AVERTIR - MARGE);
}
