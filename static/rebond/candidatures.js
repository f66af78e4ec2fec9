// @ts-check
// Enhancements of a territory's pages: everything works without this file.

/** Once a row has been added, removed or moved, the keyboard goes on from there. */
const reprise = document.querySelector("[data-porter-ici]");
if (reprise) {
  const lignes = reprise.querySelectorAll("fieldset.rebond-ligne");
  const deplacee = reprise.querySelector("[data-deplacee]");
  /** @type {HTMLElement} */ (deplacee || lignes[lignes.length - 1] || reprise).focus();
}

/** A long review is folded on a phone; what lacks something, or is come back to, stays open. */
if (matchMedia("(max-width: 47.98em)").matches) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const replis = document.querySelectorAll("[data-replier]");
  for (const bouton of replis) {
    if (`#${bouton.parentElement?.id}` !== location.hash) bouton.setAttribute("aria-expanded", "false");
  }
}

/** Overseas, a deadline is also told in the reader's own time. */
/** @type {NodeListOf<HTMLTimeElement>} */
const echeances = document.querySelectorAll("time[data-heure-locale]");
for (const echeance of echeances) {
  const instant = new Date(echeance.dateTime);
  /** @type {Intl.DateTimeFormatOptions} */
  const format = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  if (instant.getSeconds()) format.second = "2-digit";
  const ici = instant.toLocaleString("fr-FR", format);
  const paris = instant.toLocaleString("fr-FR", { ...format, timeZone: "Europe/Paris" });
  if (ici !== paris)
    echeance.append(`, soit le ${ici.replace(/^1 /, "1er ").replace(/(\d\d):(\d\d)$/, "$1\u00a0h\u00a0$2")} à votre heure`);
}

/** The copy of a section that was sent and is now saved: what the portal keeps may be written otherwise (« 1 250 »). */
/** @type {NodeListOf<HTMLElement>} */
const enregistrees = document.querySelectorAll("[data-enregistree]");
for (const message of enregistrees) {
  const cle = String(message.dataset.enregistree);
  try {
    if (JSON.parse(localStorage.getItem(cle) ?? "null")?.envoyee) localStorage.removeItem(cle);
  } catch {
    // A browser that forbids it keeps no copy.
  }
}

/** Messages that were shown are read: told to the portal without leaving the page. */
/** @type {HTMLFormElement | null} */
const lus = document.querySelector("form[data-marquer-lus]");
if (lus) {
  fetch(lus.action, { method: "POST", body: new FormData(lus), redirect: "manual" })
    .then(() => lus.remove())
    .catch(() => {});
}
