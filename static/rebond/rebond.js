// Enhancements only: every page works without this file.

/** Moves the focus to the summary of errors, so that it is read out first. */
const resume = document.querySelector("[data-resume-erreurs]");
if (resume) resume.focus();

/** Counts the characters left under each text area that has a limit. */
for (const compteur of document.querySelectorAll("[data-compteur]")) {
  const zone = document.getElementById(compteur.dataset.compteur);
  if (!zone || zone.maxLength < 0) continue;
  const afficher = () => {
    // A line break counts for two once sent (CRLF), and the server counts it so.
    const longueur = zone.value.replace(/\r?\n/g, "\r\n").length;
    const reste = Math.max(0, zone.maxLength - longueur);
    compteur.textContent = `${reste.toLocaleString("fr-FR")} caractère${reste > 1 ? "s" : ""} restant${reste > 1 ? "s" : ""}`;
  };
  zone.addEventListener("input", afficher);
  afficher();
}
