// @ts-check
// Enhancements only: every page works without this file.

/** Moves the focus to the summary of errors, so that it is read out first. */
/** @type {HTMLElement | null} */
const resume = document.querySelector("[data-resume-erreurs]");
if (resume) resume.focus();

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
