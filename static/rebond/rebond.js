// @ts-check
// Enhancements only: every page works without this file.

/**
 * Where the keyboard goes on from: the summary of errors, what has just been done, the table that has just been sorted.
 * An address that leads to a part of the page is obeyed; a row just added is another script's.
 */
/** @type {HTMLElement | null} */
const resume = document.querySelector("[data-resume-erreurs]");
if (resume) {
  resume.focus();
  // The browser goes to what the address names once all is there.
  if (window.location.hash) addEventListener("load", () => requestAnimationFrame(() => resume.focus()), { once: true });
} else if (!meneAUnePartie() && !document.querySelector("[data-porter-ici]")) {
  /** @type {HTMLElement | null} */
  const suite = document.querySelector("[data-message]") || tableauTrie();
  if (suite) suite.focus();
}

/**
 * The fragment may be that of the page before, which an answer inherits: a question that is not in this one.
 * @returns {boolean}
 */
function meneAUnePartie() {
  return document.getElementById(window.location.hash.slice(1)) !== null;
}

/** The skip links leave the address alone: the next page would begin at its content, not at what it has to say. */
/** @type {NodeListOf<HTMLAnchorElement>} */
const evitements = document.querySelectorAll(".fr-skiplinks a[href^='#']");
for (const lien of evitements) {
  lien.addEventListener("click", (evenement) => {
    const partie = document.getElementById(lien.hash.slice(1));
    partie?.focus();
    if (partie && partie === document.activeElement) evenement.preventDefault();
  });
}

/** @returns {HTMLElement | null} the table that the page was asked again for, in another order */
function tableauTrie() {
  const triee = new URLSearchParams(window.location.search).get("tri");
  if (!triee || !document.referrer) return null;
  const venue = new URL(document.referrer);
  if (venue.pathname !== window.location.pathname || venue.searchParams.get("tri") === triee) return null;
  /** @type {HTMLElement | null | undefined} */
  const cadre = document.querySelector("th[aria-sort]")?.closest(".fr-table__container");
  return cadre ?? null;
}

/**
 * Counts the characters left under each text area that has a limit. The browser would cut a long text that is pasted:
 * here it stays whole, and the portal says what is too long.
 */
/** @type {NodeListOf<HTMLElement>} */
const compteurs = document.querySelectorAll("[data-compteur]");
for (const compteur of compteurs) {
  const zone = document.getElementById(String(compteur.dataset.compteur));
  if (!(zone instanceof HTMLTextAreaElement || zone instanceof HTMLInputElement) || zone.maxLength < 0) continue;
  const maximum = zone.maxLength;
  zone.removeAttribute("maxlength");
  const afficher = () => {
    // As the server counts what it has cleaned: a line break for one, and an emoji too.
    const reste = maximum - [...zone.value].length;
    const nombre = Math.abs(reste);
    const s = nombre > 1 ? "s" : "";
    compteur.textContent = `${nombre.toLocaleString("fr-FR")} caractère${s} ${reste < 0 ? "de trop" : `restant${s}`}`;
    compteur.classList.toggle("rebond-depasse", reste < 0);
  };
  zone.addEventListener("input", afficher);
  zone.form?.addEventListener("rebond:repris", afficher);
  afficher();
}
