// @ts-check
// Enhancements of the page of a file, for those who instruct it: everything works without this file.

const SIGNE = 20_000;

/** « Mme X lit ce dossier »: said to those who instruct it too, as long as this page is before somebody's eyes. */
/** @type {HTMLFormElement | null} */
const signe = document.querySelector("form[data-presence]");
const lecteurs = document.querySelector("[data-lecteurs]");
if (signe && lecteurs) {
  const dire = async () => {
    if (document.hidden) return;
    try {
      const reponse = await fetch(signe.action, {
        method: "POST",
        body: new FormData(signe),
        redirect: "error",
        signal: AbortSignal.timeout(SIGNE),
      });
      if (!reponse.ok) return;
      /** @type {{ lecteurs: string[] }} */
      const lu = await reponse.json();
      const dit = lu.lecteurs.map((nom) => `${nom} lit ce dossier.`).join(" ");
      if (lecteurs.textContent?.trim() !== dit) lecteurs.textContent = dit;
    } catch {
      // The next sign will say it.
    }
  };
  void dire();
  setInterval(dire, SIGNE);
  document.addEventListener("visibilitychange", dire);
}

/** An attachment that is opened is read: its reader has nothing to press. */
/** @type {NodeListOf<HTMLFormElement>} */
const marques = document.querySelectorAll("form[data-marquer-la-piece]");
for (const marque of marques) {
  const piece = marque.closest("[data-piece]");
  const lire = () => {
    fetch(marque.action, { method: "POST", body: new FormData(marque), redirect: "manual" })
      .then(() => {
        const dit = document.createElement("p");
        dit.className = "rebond-lue";
        dit.textContent = "Lue";
        marque.replaceWith(dit);
      })
      .catch(() => {});
  };
  piece?.querySelector("details")?.addEventListener("toggle", lire, { once: true });
  piece?.querySelector("a[download]")?.addEventListener("click", lire, { once: true });
}
