// @ts-check
// Keys of « Ma vague », and filters that stand open where there is room. Everything works without it.

const GRAND = matchMedia("(min-width: 62em)");

for (const repli of document.querySelectorAll("details[data-ouvert-en-grand]")) {
  if (GRAND.matches && repli instanceof HTMLDetailsElement) repli.open = true;
}
for (const note of document.querySelectorAll("[data-raccourcis-absents]")) note.remove();
for (const formulaire of document.querySelectorAll("form.rebond-filtres")) {
  formulaire.addEventListener("submit", () => alleger(/** @type {HTMLFormElement} */ (formulaire)));
}

// A key alone may be somebody's voice command: they can be turned off, and stay so.
const CLE = "rebond-raccourcis";
const actifs = document.getElementById("raccourcis-actifs");
for (const reglage of document.querySelectorAll("[data-raccourcis]")) reglage.removeAttribute("hidden");
if (actifs instanceof HTMLInputElement) {
  actifs.checked = localStorage.getItem(CLE) !== "non";
  actifs.addEventListener("change", () => localStorage.setItem(CLE, actifs.checked ? "oui" : "non"));
}

const cadre = document.querySelector("[data-ma-vague]");
if (cadre instanceof HTMLElement) document.addEventListener("keydown", (frappe) => frapper(frappe, cadre));

/**
 * What is left empty, and columns that nobody chose, are not written in the address.
 * @param {HTMLFormElement} formulaire
 */
function alleger(formulaire) {
  /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
  const champs = formulaire.querySelectorAll("input, select");
  /** @type {NodeListOf<HTMLInputElement>} */
  const colonnes = formulaire.querySelectorAll("input[name=colonnes]");
  const changees = [...colonnes].some((c) => c.checked !== c.defaultChecked);
  for (const champ of champs) {
    if (champ.value === "" || (!changees && champ.matches("[data-par-defaut]"))) champ.disabled = true;
  }
  // Back on this page, everything can be chosen again.
  addEventListener("pageshow", () => {
    for (const champ of champs) champ.disabled = false;
  });
}

/**
 * @param {KeyboardEvent} frappe
 * @param {HTMLElement} cadre
 */
function frapper(frappe, cadre) {
  const cible = frappe.target;
  if (actifs instanceof HTMLInputElement && !actifs.checked) return;
  if (frappe.ctrlKey || frappe.altKey || frappe.metaKey || !(cible instanceof Element)) return;
  if (cible.matches("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  const geste = { j: suivant, k: precedent, x: cocher, o: ouvrir, "/": chercher, "?": aider }[frappe.key];
  if (geste && geste(cadre) !== false) frappe.preventDefault();
}

/** @param {HTMLElement} cadre */
function rangees(cadre) {
  return [...cadre.querySelectorAll("tbody tr")];
}

/** @param {HTMLElement} cadre */
function courante(cadre) {
  return rangees(cadre).findIndex((rangee) => rangee.contains(document.activeElement));
}

/** @param {HTMLElement} cadre @param {number} rang @returns {HTMLAnchorElement | null | undefined} */
function lien(cadre, rang) {
  return rangees(cadre)[rang]?.querySelector("th a");
}

/** @param {HTMLElement} cadre */
function suivant(cadre) {
  lien(cadre, courante(cadre) + 1)?.focus();
}

/** @param {HTMLElement} cadre */
function precedent(cadre) {
  lien(cadre, Math.max(courante(cadre) - 1, 0))?.focus();
}

/** @param {HTMLElement} cadre */
function cocher(cadre) {
  const case_ = rangees(cadre)[courante(cadre)]?.querySelector("input[type=checkbox]");
  if (!(case_ instanceof HTMLInputElement)) return false;
  case_.checked = !case_.checked;
  return true;
}

/** @param {HTMLElement} cadre */
function ouvrir(cadre) {
  const trouve = lien(cadre, courante(cadre));
  trouve?.click();
  return Boolean(trouve);
}

function chercher() {
  /** @type {HTMLInputElement | null} */
  const champ = document.querySelector("form.rebond-filtres input[name=q]");
  champ?.focus();
}

function aider() {
  const aide = document.getElementById("raccourcis");
  if (!(aide instanceof HTMLDetailsElement)) return;
  aide.open = true;
  aide.querySelector("summary")?.focus();
}
