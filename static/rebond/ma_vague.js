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
  const colonnes = [...formulaire.querySelectorAll("input[name=colonnes]")];
  const changees = colonnes.some((c) => c instanceof HTMLInputElement && c.checked !== c.defaultChecked);
  for (const champ of formulaire.elements) {
    if (!(champ instanceof HTMLInputElement || champ instanceof HTMLSelectElement)) continue;
    const defaut = champ.matches("[data-par-defaut]") && !changees;
    if (champ.value === "" || defaut) champ.disabled = true;
  }
  // Back on this page, everything can be chosen again.
  addEventListener("pageshow", () => {
    for (const champ of formulaire.elements) {
      if (champ instanceof HTMLInputElement || champ instanceof HTMLSelectElement) champ.disabled = false;
    }
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

/** @param {HTMLElement} cadre @returns {HTMLElement[]} */
function rangees(cadre) {
  return [...cadre.querySelectorAll("tbody tr")].filter((rangee) => rangee instanceof HTMLElement);
}

/** @param {HTMLElement} cadre */
function courante(cadre) {
  return rangees(cadre).findIndex((rangee) => rangee.contains(document.activeElement));
}

/** @param {HTMLElement} cadre @param {number} rang */
function aller(cadre, rang) {
  const lien = rangees(cadre)[rang]?.querySelector("th a");
  if (lien instanceof HTMLElement) lien.focus();
}

/** @param {HTMLElement} cadre */
function suivant(cadre) {
  aller(cadre, courante(cadre) + 1);
}

/** @param {HTMLElement} cadre */
function precedent(cadre) {
  aller(cadre, Math.max(courante(cadre) - 1, 0));
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
  const lien = rangees(cadre)[courante(cadre)]?.querySelector("th a");
  if (!(lien instanceof HTMLAnchorElement)) return false;
  lien.click();
  return true;
}

function chercher() {
  const champ = document.querySelector("form.rebond-filtres input[name=q]");
  if (champ instanceof HTMLInputElement) champ.focus();
}

function aider() {
  const aide = document.getElementById("raccourcis");
  if (!(aide instanceof HTMLDetailsElement)) return;
  aide.open = true;
  const titre = aide.querySelector("summary");
  if (titre instanceof HTMLElement) titre.focus();
}
